#!/usr/bin/env python3
"""Fits config/lexicon/weights.toml: what each finding says for or against two claims being about one thing.

    python3 tests/fit/weights.py --binary target/release/hedui             # leave one event out: scores, nothing written
    python3 tests/fit/weights.py --binary target/release/hedui --write     # fits to all events and writes the table

The data are the events under tests/corpus/claims (or --corpus DIR). Each pair of claims that the program compares and no gate
parts is an example: it is about one thing where pairs.jsonl says so, or, where the pair is not listed, where entity, metric and
period as annotated are equal. The model is a logistic regression over the levels of the terms that `hedui relations --terms`
prints, with a ridge that draws each weight to what tests/fit/anchor.toml says, so that what the data seldom show keeps its
meaning; it is convex, so there is no seed and no order: the same data give the same weights. `--test DIR` scores the weights fitted to all events on articles that had no part in the fit.
Standard library only.
"""
import argparse
import collections
import json
import math
import os
import subprocess
import sys
import tempfile
import tomllib

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
TABLE = os.path.join(ROOT, "config", "lexicon", "weights.toml")
ANCHOR = os.path.join(HERE, "anchor.toml")
RIDGE = 25.0
UNLISTED = 0.35     # a pair that nobody labelled counts less than one that somebody did
ROUNDS = 30
LISTED = 0.5        # from this confidence on, `hedui conflicts` lists a conflict
UPDATE = "update."   # begins the names of the terms that ask whether the newer figure replaces the older
APART = " apart"    # marks what a level weighs more where the two figures cannot both be true
HEAD = """\
# What each finding says for (above zero) or against two claims being about one thing, in thousandths of a logit.
# Written by tests/fit/weights.py: fitted to tests/corpus/claims, drawn to tests/fit/anchor.toml, where a level stands that the data do not show.
"""


def read_jsonl(path):
    with open(path, encoding="utf-8") as lines:
        return [json.loads(line) for line in lines if line.strip()]


def events_of(folder):
    """The events of a folder: {name: (articles, claims, pairs)}, one folder each or one file for all."""
    if os.path.exists(os.path.join(folder, "articles.jsonl")):
        articles = read_jsonl(os.path.join(folder, "articles.jsonl"))
        claims = read_jsonl(os.path.join(folder, "claims.jsonl"))
        pairs = read_jsonl(os.path.join(folder, "pairs.jsonl"))
        event_of = {article["id"]: article["event"] for article in articles}
        claim_event = {claim["id"]: event_of[claim["article"]] for claim in claims}
        return {
            event: ([a for a in articles if a["event"] == event],
                    [c for c in claims if event_of[c["article"]] == event],
                    [p for p in pairs if claim_event[p["a"]] == event])
            for event in sorted(set(event_of.values()))
        }
    events = {}
    for name in sorted(os.listdir(folder)):
        if os.path.exists(os.path.join(folder, name, "articles.jsonl")):
            events |= events_of(os.path.join(folder, name))
    return events


def relations(binary, articles, weights=None):
    """What the program says of every pair that it compares, with the weights of the table or with others."""
    with tempfile.TemporaryDirectory() as folder:
        command = [binary, "--archive", os.path.join(folder, "archive")]
        if weights is not None:
            with open(os.path.join(folder, "weights.toml"), "w", encoding="utf-8") as out:
                out.write(table_of(weights))
            with open(os.path.join(folder, "hedui.toml"), "w", encoding="utf-8") as out:
                out.write('[lexicon]\nfiles = ["weights.toml"]\n')
            command += ["--config", os.path.join(folder, "hedui.toml")]
        lines = "\n".join(json.dumps(article, ensure_ascii=False) for article in articles)
        subprocess.run([*command, "ingest", "-"], input=lines, text=True, check=True, stdout=subprocess.DEVNULL)
        out = subprocess.run([*command, "relations", "--all", "--terms", "--format", "jsonl"], check=True, text=True,
                             stdout=subprocess.PIPE).stdout
    return [json.loads(line) for line in out.splitlines()]


def matched(claims):
    """Finds the annotated claim that a printed one overlaps the most."""
    by_article = collections.defaultdict(list)
    for claim in claims:
        by_article[claim["article"]].append(claim)

    def find(end):
        if end.get("in", "body") != "body":
            return None
        best = max(by_article[end["article"]], default=None,
                   key=lambda claim: min(claim["end"], end["end"]) - max(claim["start"], end["start"]))
        if best and min(best["end"], end["end"]) > max(best["start"], end["start"]):
            return best["id"]
        return None
    return find


def pairs_of(claims, lines):
    find = matched(claims)
    for line in lines:
        a, b = find(line["a"]), find(line["b"])
        if a and b and a != b:
            yield tuple(sorted((a, b))), line


def examples(event, lines):
    """Yields (levels, is_one, weight) of each compared pair of an event: of the score, and of that of updates."""
    _, claims, pairs = event
    gold = {claim["id"]: claim for claim in claims}
    listed = {tuple(sorted((pair["a"], pair["b"]))): pair["relation"] for pair in pairs}
    seen = set()
    for key, line in pairs_of(claims, lines):
        if key in seen or not line.get("terms"):
            continue
        seen.add(key)
        levels = [(term["name"], term["level"]) for term in line["terms"]]
        of_time = [level for level in levels if level[0].startswith(UPDATE)]
        levels = [level for level in levels if not level[0].startswith(UPDATE)]
        if not any(name == "value" for name, _ in levels):
            levels += [(name + APART, level) for name, level in levels]
        if key in listed:
            yield levels, listed[key] != "different", 1.0
            if of_time and listed[key] in ("conflict", "update"):
                yield of_time, listed[key] == "update", 1.0
        else:
            a, b = (gold[name] for name in key)
            yield levels, is_one_by_fields(a, b), UNLISTED


def anchors():
    with open(ANCHOR, "rb") as file:
        rows = tomllib.load(file)["term_weight"]
    held = {}
    for row in rows:
        held |= {(row["term"], level): weight / 1000 for level, weight in row["thousandths"].items()}
        held |= {(row["term"] + APART, level): weight / 1000 for level, weight in row.get("apart", {}).items()}
    return held


def fit(rows):
    """Fits the score and that of updates, which share no term."""
    is_of_time = lambda row: row[0][0][0].startswith(UPDATE)
    held = anchors()
    fitted = maximum([row for row in rows if not is_of_time(row)], held) | maximum([row for row in rows if is_of_time(row)], held)
    return {name: round(1000 * weight) for name, weight in (held | fitted).items()}


def maximum(rows, held):
    """Newton's method on the penalised likelihood; the prior is hardly held."""
    names = sorted({level for levels, _, _ in rows for level in levels})
    index = {name: place for place, name in enumerate(names)}
    anchor = [held.get(name, 0.0) for name in names]
    ridge = [0.1 if "prior" in name[0] else RIDGE for name in names]
    data = [([index[level] for level in levels], 1.0 if is_one else 0.0, weight) for levels, is_one, weight in rows]
    weights = anchor[:]
    for _ in range(ROUNDS):
        slope = [r * (a - w) for r, a, w in zip(ridge, anchor, weights)]
        curve = [[0.0] * len(names) for _ in names]
        for places, label, weight in data:
            chance = 1 / (1 + math.exp(-max(-30, min(30, sum(weights[place] for place in places)))))
            off, spread = weight * (label - chance), weight * chance * (1 - chance)
            for place in places:
                slope[place] += off
                row = curve[place]
                for other in places:
                    row[other] += spread
        for place, r in enumerate(ridge):
            curve[place][place] += r
        step = solve(curve, slope)
        weights = [w + s for w, s in zip(weights, step)]
        if max(map(abs, step)) < 1e-6:
            break
    return dict(zip(names, weights))


def solve(matrix, vector):
    """Gaussian elimination with pivots."""
    size = len(vector)
    rows = [row[:] + [value] for row, value in zip(matrix, vector)]
    for at in range(size):
        pivot = max(range(at, size), key=lambda place: abs(rows[place][at]))
        rows[at], rows[pivot] = rows[pivot], rows[at]
        head = rows[at][at] or 1e-12
        for place in range(at + 1, size):
            factor = rows[place][at] / head
            if factor:
                rows[place] = [x - factor * y for x, y in zip(rows[place], rows[at])]
    answer = [0.0] * size
    for at in reversed(range(size)):
        known = sum(rows[at][place] * answer[place] for place in range(at + 1, size))
        answer[at] = (rows[at][size] - known) / (rows[at][at] or 1e-12)
    return answer


def table_of(weights):
    terms = collections.defaultdict(lambda: ({}, {}))
    for (term, level), weight in sorted(weights.items()):
        terms[term.removesuffix(APART)][term.endswith(APART)][level] = weight
    rows = [HEAD]
    inside = lambda levels: ", ".join(f"{level} = {weight}" for level, weight in levels.items())
    for term, (always, apart) in sorted(terms.items()):
        rows.append(f'[[term_weight]]\nterm = "{term}"\nthousandths = {{ {inside(always)} }}\napart = {{ {inside(apart)} }}\n')
    return "\n".join(rows)


def confusion(event, lines):
    """Counts (as annotated, as said) over the listed pairs; what was never compared is different."""
    _, claims, pairs = event
    said = {}
    for key, line in pairs_of(claims, lines):
        if said.get(key) in (None, "different"):
            said[key] = line["relation"]
    return told(event, lines) + collections.Counter(
        (pair["relation"], said.get(tuple(sorted((pair["a"], pair["b"]))), "different")) for pair in pairs)


def verdicts(event, lines):
    """Each verdict on two annotated claims: its line, what tells one pair of values from another, and whether it is right."""
    _, claims, pairs = event
    gold = {claim["id"]: claim for claim in claims}
    listed = {tuple(sorted((pair["a"], pair["b"]))): pair["relation"] for pair in pairs}
    value = lambda claim: (claim["low"], claim["high"], claim["unit"], claim["metric"])
    for key, line in pairs_of(claims, lines):
        a, b = (gold[name] for name in key)
        is_right = listed[key] == line["relation"] if key in listed else is_one_by_fields(a, b)
        yield line, tuple(sorted((value(a), value(b)), key=str)), is_right


def told(event, lines):
    """Of the conflicts that are told, each pair of values once: how many are right by the annotation, of how many."""
    seen = {}
    for line, values, is_right in verdicts(event, lines):
        if line["relation"] == "conflict" and line["confidence"] >= LISTED:
            seen[values] = seen.get(values, False) or is_right
    return collections.Counter({"told right": sum(seen.values()), "told": len(seen)})


def is_one_by_fields(a, b):
    return a["metric"] == b["metric"] and a["period"] == b["period"] and bool(set(a["entities"]) & set(b["entities"]))


def report(name, counts):
    classes = ("agree", "conflict", "update", "different")
    total = sum(counts[g, s] for g in classes for s in classes)
    right = sum(counts[one, one] for one in classes)
    parts, scores = [], []
    for one in classes:
        said, gold = sum(counts[g, one] for g in classes), sum(counts[one, s] for s in classes)
        precision = counts[one, one] / said if said else 0.0
        recall = counts[one, one] / gold if gold else 0.0
        f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
        if gold:
            scores.append(f1)
        parts.append(f"{one} {precision:.2f}/{recall:.2f}")
    gold = sum(counts["different", s] for s in classes)
    false = counts["different", "conflict"] / gold if gold else 0.0
    print(f"{name:22} n {total:4}  accuracy {right / total:.3f}  macro-F1 {sum(scores) / len(scores):.3f}  "
          + "  ".join(parts) + f"  different called conflict {false:.3f}  distinct conflicts told {counts['told']}, right {counts['told right']}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--binary", required=True)
    parser.add_argument("--corpus", action="append", help="folder of events to fit to; may be given more than once")
    parser.add_argument("--test", help="folder of events that have no part in the fit")
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    binary = os.path.abspath(options.binary)
    events = {}
    for folder in options.corpus or [os.path.join(ROOT, "tests", "corpus", "claims")]:
        events |= events_of(folder)
    lines = {name: relations(binary, event[0]) for name, event in events.items()}
    rows = {name: list(examples(event, lines[name])) for name, event in events.items()}
    everything = [row for event in rows.values() for row in event]
    print(f"{len(events)} events, {len(everything)} examples, {sum(row[1] for row in everything)} of them true")
    report("as the table is", sum((confusion(events[name], lines[name]) for name in events), collections.Counter()))
    total = collections.Counter()
    for name, event in events.items():
        fitted = fit([row for other in events if other != name for row in rows[other]])
        counts = confusion(event, relations(binary, event[0], fitted))
        report(name, counts)
        total += counts
    report("leave one event out", total)
    fitted = fit(everything)
    if options.test:
        total = collections.Counter()
        for name, event in events_of(options.test).items():
            counts = confusion(event, relations(binary, event[0], fitted))
            report("unseen: " + name, counts)
            total += counts
        report("unseen events", total)
    if options.write:
        with open(TABLE, "w", encoding="utf-8") as out:
            out.write(table_of(fitted))
        print(f"wrote {TABLE}; build anew")
    return 0


if __name__ == "__main__":
    sys.exit(main())
