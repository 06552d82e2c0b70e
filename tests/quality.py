#!/usr/bin/env python3
"""Measures the program on the public and own corpora beside the project and holds the results to tests/floors.toml.

    python3 tests/quality.py --binary target/release/hedui [--corpora DIR] [--only NAME]

Without the corpora it says so and ends well: users do not have them. Standard library only.
A floor rises with the code; lowering one needs its reason beside the number.
"""
import argparse
import json
import os
import subprocess
import sys
import tempfile
import tomllib

HERE = os.path.dirname(os.path.abspath(__file__))


def run(command, **options):
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, **options).stdout


def filtered(binary, stage, cases, cwd):
    """Answers of one stage, as a file of JSON Lines; a line that fails is an answer too."""
    out = tempfile.NamedTemporaryFile("w+", suffix=".jsonl", delete=False)
    with open(cases, encoding="utf-8") as lines:
        subprocess.run([binary, *stage], stdin=lines, stdout=out, stderr=subprocess.DEVNULL, cwd=cwd)
    out.close()
    return out.name


def read_jsonl(path):
    with open(path, encoding="utf-8") as lines:
        return [json.loads(line) for line in lines if line.strip()]


def numbers(binary, corpora):
    folder = os.path.join(corpora, "numbers")
    measures = {}
    for name in sorted(os.listdir(folder)):
        if not name.endswith(".jsonl"):
            continue
        cases = os.path.join(folder, name)
        answers = filtered(binary, ["quantities"], cases, folder)
        score = json.loads(run([sys.executable, os.path.join(folder, "score.py"), "--cases", cases, "--pred", answers, "--json"]))
        whole = next(row for row in score["cases"] if row["suite"] == "ALL" and row["lang"] == "all")
        measures[name.removesuffix(".jsonl")] = whole["exact_overlap_acc"]
    return measures


def pages(binary, corpora):
    folder = os.path.join(corpora, "pages")
    answers = filtered(binary, ["page"], os.path.join(folder, "cases.jsonl"), folder)
    score = json.loads(run([sys.executable, os.path.join(folder, "score.py"), "--pred", answers, "--json"], cwd=folder))
    measures = {}
    for lang in ("en", "zh"):
        group = score[f"lang:{lang}"]
        for field, name in (("body", "f1"), ("title", "title"), ("date", "date"), ("author", "author")):
            if name in group:
                measures[f"{lang}_{field}"] = group[name]
    return measures


def feeds(binary, corpora):
    folder = os.path.join(corpora, "feeds")
    answers = filtered(binary, ["feed"], os.path.join(folder, "cases.jsonl"), folder)
    score = json.loads(run([sys.executable, os.path.join(folder, "score.py"), "--pred", answers, "--json"], cwd=folder))
    groups = score.get("groups", score)
    return {name: row["right"] / row["cases"] for name, row in groups.items() if isinstance(row, dict) and row.get("cases")}


def robots(binary, corpora):
    cases = os.path.join(corpora, "robots", "cases.jsonl")
    answers = {answer["id"]: answer.get("allowed") for answer in read_jsonl(filtered(binary, ["robots"], cases, corpora))}
    wanted = read_jsonl(cases)
    return {"allowed": sum(answers.get(case["id"]) == case["allowed"] for case in wanted) / len(wanted)}


def claims(binary, corpora):
    folder = os.path.join(corpora, "claims")
    with tempfile.TemporaryDirectory() as archive:
        base = [binary, "--archive", archive]
        with open(os.path.join(folder, "articles.jsonl"), encoding="utf-8") as articles:
            subprocess.run([*base, "ingest", "-"], stdin=articles, stdout=subprocess.DEVNULL, check=True)
        paths = {}
        for name, command in (("claims", ["claims"]), ("pairs", ["relations", "--all"])):
            paths[name] = os.path.join(archive, name + ".jsonl")
            with open(paths[name], "w", encoding="utf-8") as out:
                subprocess.run([*base, *command, "--format", "jsonl"], stdout=out, check=True)
        score = json.loads(run([sys.executable, os.path.join(folder, "score.py"), "--claims", paths["claims"],
                                "--pairs", paths["pairs"], "--json"]))
    found, pairs = score["claims"], score["pairs"]
    measures = {"detection_f1": found["detection"]["f1"]}
    measures |= {f"claims_{name}": value for name, value in found["accuracy_on_matched"].items() if isinstance(value, (int, float))}
    measures |= {"relations_accuracy": pairs["accuracy"], "relations_macro_f1": pairs["macro_f1"]}
    for name in ("agree", "conflict", "update"):
        for part in ("precision", "recall", "f1"):
            measures[f"{name}_{part}"] = pairs["per_class"][name][part]
    return measures


def seeds(binary, corpora):
    folder = os.path.join(corpora, "seeds")
    gold = read_jsonl(os.path.join(folder, "claims.jsonl"))
    files = sorted({claim["file"] for claim in gold})
    with tempfile.TemporaryDirectory() as archive:
        base = [binary, "--archive", archive]
        lines = []
        for file in files:
            with open(os.path.join(folder, file), encoding="utf-8", newline="") as text:
                lines.append(json.dumps({"id": file, "source": "seeds", "text": text.read()}))
        subprocess.run([*base, "ingest", "-"], input="\n".join(lines), text=True, stdout=subprocess.DEVNULL, check=True)
        found = [json.loads(line) for line in run([*base, "claims", "--format", "jsonl"]).splitlines()]
    aliases = {"times": "ratio", "years": "year", "months": "month"}
    unit = lambda text: "count" if str(text).startswith("count") else aliases.get(text, text)
    taken, right = set(), 0
    for claim in gold:
        for index, other in enumerate(found):
            if index in taken or other["article"] != claim["file"]:
                continue
            if other["start"] < claim["end"] and claim["start"] < other["end"]:
                taken.add(index)
                values = {claim["low"], claim["high"]} - {None}
                theirs = {other["low"], other["high"]} - {None}
                same = lambda a, b: a == b or (a and b and a.lstrip("-").replace(".", "").isdigit()
                                               and b.lstrip("-").replace(".", "").isdigit() and abs(float(a)) == abs(float(b)))
                right += any(same(a, b) for a in values for b in theirs) and unit(claim["unit"]) == unit(other["unit"])
                break
    return {"found_right": right / len(gold), "not_spurious": len(taken) / len(found) if found else 0.0}


STAGES = {"numbers": numbers, "pages": pages, "feeds": feeds, "robots": robots, "claims": claims, "seeds": seeds}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--binary", required=True)
    parser.add_argument("--corpora", default=os.path.join(HERE, "..", "..", "shared", "eval"))
    parser.add_argument("--only", choices=STAGES)
    options = parser.parse_args()
    if not os.path.isdir(options.corpora):
        print(f"skipped: no corpora in {options.corpora}")
        return 0
    binary = os.path.abspath(options.binary)
    with open(os.path.join(HERE, "floors.toml"), "rb") as file:
        floors = tomllib.load(file)
    failed = 0
    for name, measure in STAGES.items():
        if options.only not in (None, name):
            continue
        measures = measure(binary, os.path.abspath(options.corpora))
        for key, floor in floors.get(name, {}).items():
            if key not in measures:
                print(f"{name}.{key}: not measured")
                failed += 1
        for key, value in measures.items():
            floor = floors.get(name, {}).get(key)
            verdict = "" if floor is None else "ok" if value >= floor else "BELOW ITS FLOOR"
            failed += verdict.startswith("BELOW")
            print(f"{name}.{key}: {value:.4f}" + ("" if floor is None else f" (floor {floor:.4f}) {verdict}"))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
