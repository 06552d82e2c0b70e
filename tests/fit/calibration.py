#!/usr/bin/env python3
"""Prints what the confidence of a verdict is worth: of the verdicts in each band, the share that is right.

    python3 tests/fit/calibration.py --binary target/release/hedui                    # leave one event out
    python3 tests/fit/calibration.py --binary target/release/hedui --test DIR         # the built-in table on other articles

The events are those under tests/corpus/claims (or --corpus DIR); each is judged with weights fitted without it (weights.py). A
verdict is right where pairs.jsonl says the same of the pair, or, where the pair is not listed, where entity, metric and period as
annotated are equal. Verdicts on one pair of values of one metric count once, with the highest confidence: copies of a figure would
otherwise make one mistake many. Standard library only.
"""
import argparse
import os
import sys

from weights import ROOT, events_of, examples, fit, relations, verdicts

BANDS = (0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 1.01)


def distinct(event, lines):
    """The verdicts but `different`, each pair of values once: {(relation, values): (confidence, is right, cause)}."""
    found = {}
    for line, values, is_right in verdicts(event, lines):
        if line["relation"] == "different":
            continue
        key = (line["relation"], *values)
        row = (line["confidence"], is_right, line.get("cause"))
        found[key] = max(found.get(key, (0, False, None)), row, key=lambda row: (row[0], row[1]))
    return found


def table(rows):
    """Prints the bands of each relation: how many verdicts, how many right, and the confidence that they had on average."""
    for relation in ("conflict", "agree", "update"):
        own = [row for (name, *_), row in rows if name == relation]
        cells = []
        for low, high in zip(BANDS, BANDS[1:]):
            band = [row for row in own if low <= row[0] < high]
            if band:
                right, mean = sum(row[1] for row in band), sum(row[0] for row in band) / len(band)
                cells.append(f"{low:.2f}: {right}/{len(band)} = {right / len(band):.2f} (said {mean:.2f})")
        print(f"  {relation:9}" + "  ".join(cells))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--binary", required=True)
    parser.add_argument("--corpus", default=os.path.join(ROOT, "tests", "corpus", "claims"))
    parser.add_argument("--test", help="folder of events that the built-in weights are judged on, instead")
    options = parser.parse_args()
    binary = os.path.abspath(options.binary)
    events = events_of(options.test or options.corpus)
    rows, of_event = [], {}
    lines = {name: relations(binary, event[0]) for name, event in events.items()}
    if not options.test:
        of_event = {name: list(examples(event, lines[name])) for name, event in events.items()}
    for name, event in events.items():
        if not options.test:
            fitted = fit([row for other in events if other != name for row in of_event[other]])
            lines[name] = relations(binary, event[0], fitted)
        rows += distinct(event, lines[name]).items()
    print(f"{len(events)} events, " + ("with the built-in weights" if options.test else "each judged with weights fitted to the others"))
    table(rows)
    return 0


if __name__ == "__main__":
    sys.exit(main())
