#!/usr/bin/env python3
"""Measures what one more article costs in archives of several sizes.

    python3 tests/bench/growth.py --binary target/release/hedui [--sizes 1000,10000,100000] [--further 200] [--mixed]

One archive grows from size to size with the articles of articles.py. At each size a copy of it takes in the same further
articles, which no other run has seen, through the program itself: reading, claims, candidates, verdicts, state in sled on disk,
index in tantivy. Printed for each size, per further article: processor time of the whole process less what a run without articles takes
(all threads), the time of each stage and the values read from the state, as far as `--verbose` tells them; and the largest resident memory,
and the sizes of archive, state and index. Standard library only; Linux.
"""
import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from articles import DAYS, Corpus

STAGES = ["page", "text", "claims", "reconcile", "archive", "state", "index"]
# How many articles one process takes in while the archive grows.
PORTION = 5_000


def ingest(binary, archive, articles):
    """Returns processor seconds, the largest resident memory in MiB, and what --verbose says."""
    with tempfile.TemporaryFile("w+") as lines, tempfile.TemporaryFile("w+") as talk:
        for article in articles:
            lines.write(json.dumps(article, ensure_ascii=False) + "\n")
        lines.flush()
        lines.seek(0)
        child = subprocess.Popen([binary, "--archive", archive, "--verbose", "ingest", "-"],
                                 stdin=lines, stdout=subprocess.DEVNULL, stderr=talk)
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        talk.seek(0)
        said = talk.read()
        if child.returncode != 0:
            sys.exit(f"{binary} ended with {child.returncode}: {said[-2000:]}")
        return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, said


def size_of(*path):
    return sum(os.path.getsize(os.path.join(folder, name))
               for folder, _, names in os.walk(os.path.join(*path)) for name in names) / 1e6


def measure(binary, archive, further):
    with tempfile.TemporaryDirectory(dir=os.path.dirname(os.path.abspath(archive))) as scratch:
        copy = os.path.join(scratch, "archive")
        shutil.copytree(archive, copy)
        idle, _, _ = ingest(binary, copy, [])
        busy, memory, said = ingest(binary, copy, further)
    row = {"cpu": (busy - idle) * 1e3 / len(further), "memory": memory}
    for stage in STAGES:
        found = re.search(rf"^ +{stage} .* ([\d.]+) ms an article", said, re.M)
        row[stage] = float(found.group(1)) if found else 0.0
    found = re.search(r"reads of the state, ([\d.]+) an article", said)
    row["reads"] = float(found.group(1)) if found else 0.0
    return row


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", required=True)
    parser.add_argument("--sizes", default="1000,10000,100000")
    parser.add_argument("--further", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--mixed", action="store_true", help="articles come in no order of time")
    parser.add_argument("--dir", help="where to work; default: a temporary folder")
    options = parser.parse_args()
    sizes = [int(size) for size in options.sizes.split(",")]
    further = Corpus(options.seed + 1, mixed=options.mixed)
    if not options.mixed:
        # What comes next comes after all the rest.
        further = further.articles(options.further, begin=DAYS * options.further, of=options.further)
    else:
        further = further.articles(options.further)
    further = list(further)
    columns = ["cpu", *STAGES, "reads", "memory"]
    print("articles " + " ".join(f"{name:>9}" for name in columns) + "   archive     state     index  text (MB)  articles/s (cpu)",
          flush=True)
    with tempfile.TemporaryDirectory(dir=options.dir) as folder:
        archive = os.path.join(folder, "archive")
        have, text = 0, 0
        for size in sizes:
            # The days of an archive of this size rise over the same five years.
            begun, spent = have, 0.0
            corpus = Corpus(options.seed * 1_000 + size, mixed=options.mixed)
            made = corpus.articles(size - have, begin=0, of=size - have)
            while have < size:
                portion = [article for _, article in zip(range(min(PORTION, size - have)), made)]
                text += sum(len((article["title"] + article["text"]).encode()) for article in portion)
                cpu, _, _ = ingest(options.binary, archive, portion)
                spent += cpu
                have += len(portion)
            row = measure(options.binary, archive, further)
            print(f"{size:>8} " + " ".join(f"{row[name]:>9.2f}" for name in columns)
                  + f" {size_of(archive, 'warc'):>9.1f} {size_of(archive, 'state'):>9.1f}"
                  + f" {size_of(archive, 'index'):>9.1f} {text / 1e6:>9.1f} {(size - begun) / max(spent, 0.001):>12.0f}", flush=True)


if __name__ == "__main__":
    main()
