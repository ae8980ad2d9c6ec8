"""Suggestions measured: each of the five texts from what the library says of the other four, and a large text's time.

Run: PYTHONPATH=src:bench python bench/bench_suggest.py [--confusions]
It needs the texts (KHIEN_REGULATIONS) and the duty inventory (KHIEN_SPEC), as the tests do. The signs of
library/suggest/signs.yaml were improved after their mistakes on these texts were seen: what a text nobody has
seen gets is shown by tests/norms/test_suggestions.py only in part.
"""

from __future__ import annotations

import csv
import os
import sys
import time
from collections import Counter, defaultdict
from pathlib import Path

from hardware import hardware

from khien.norms.library import load_library
from khien.norms.suggest.suggesting import Suggestion, suggestions_for
from khien.norms.text.model import ParsedDocument
from khien.norms.text.parser import parse_text
from khien.norms.text.reading import read_file

ROOT = Path(__file__).resolve().parents[1]
REGULATIONS = Path(os.environ.get("KHIEN_REGULATIONS", ROOT.parent / "shared/regulations"))
SPEC = Path(os.environ.get("KHIEN_SPEC", ROOT.parent / "shared/spec"))
NAMES = ("binh-dinh", "do-son", "binh-phuoc", "hue", "bac-ninh")
MANY = 2_000


def wanted() -> dict[str, dict[str, list[dict[str, str]]]]:
    """Return the inventory's rows by document and path."""
    found: dict[str, dict[str, list[dict[str, str]]]] = defaultdict(lambda: defaultdict(list))
    with (SPEC / "duties.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            found[row["doc"]][row["path"]].append(row)
    return found


def numbers_of(document: str) -> dict[tuple[str, str, str], int]:
    """Return the numeric values of the library by path, control and parameter."""
    library = load_library()
    return {
        (clause.path, duty.control, name): value
        for clause, duty in library.documents[document].duties()
        for name, value in duty.parameters.items()
        if isinstance(value, int)
        and library.controls[duty.control].parameters[name].type == "integer"
    }


def measured(
    document: str,
    parsed: ParsedDocument,
    rows: dict[str, list[dict[str, str]]],
    wrong: Counter[str],
) -> Counter[str]:
    """Return counts for one document, suggested without having learned from it."""
    found = {one.node.path: one for one in suggestions_for(parsed, without=document)}
    total: Counter[str] = Counter()
    for path, asked in rows.items():
        one = found.get(path)
        controls = [c.control for c in one.controls] if one else []
        right = {row["control_id"] for row in asked}
        total["n"] += 1
        total["top1"] += bool(controls) and controls[0] in right
        total["top3"] += bool(right & set(controls[:3]))
        total["modality"] += one is not None and one.modality.code in {r["modality"] for r in asked}
        if not controls or controls[0] not in right:
            wrong[f"{'/'.join(sorted(right))} -> {controls[0] if controls else 'none'}"] += 1
    total.update(values(document, found, set(rows)))
    return total


def values(document: str, found: dict[str, Suggestion], paths: set[str]) -> Counter[str]:
    """Return counts of numeric values: wanted, given, right."""
    asked = numbers_of(document)
    given = {
        (path, value.control, value.name): value.value
        for path in paths & set(found)
        for value in found[path].parameters
    }
    right = sum(asked.get(key) == value for key, value in given.items())
    return Counter(asked=len(asked), given=len(given), right=right)


def line(name: str, total: Counter[str]) -> str:
    """Return one line of the table."""
    part = [f"{total[key] / total['n']:.1%}" for key in ("top1", "top3", "modality")]
    recall = f"{total['right']}/{total['asked']}"
    precision = f"{total['right']}/{total['given']}"
    return f"| {name} | {total['n']} | {' | '.join(part)} | {recall} | {precision} |"


def main() -> None:
    """Print the table of the five texts, and how long 500 and 2,000 clauses take."""
    print(hardware(), end="\n\n")
    rows, everything, wrong = wanted(), Counter[str](), Counter[str]()
    files = sorted(REGULATIONS.glob("*.txt"))
    parsed = {
        name: parse_text(read_file(file).text) for name, file in zip(NAMES, files, strict=True)
    }
    print("| text | clauses | top 1 | top 3 | modality | values found | values right |")
    print("|---|---:|---:|---:|---:|---:|---:|")
    for name in NAMES:
        total = measured(name, parsed[name], rows[name], wrong)
        everything.update(total)
        print(line(name, total))
    print(line("all", everything), end="\n\n")
    if "--confusions" in sys.argv:
        for said, count in wrong.most_common(40):
            print(f"{count:3d}  {said}")
    sentences = [
        node.text for text in parsed.values() for node in text.nodes if len(node.text) > 30
    ]
    for count in (500, MANY):
        body = "\n".join(f"{n + 1}. {sentences[n % len(sentences)]}" for n in range(count))
        made = parse_text(f"QUY CHẾ\nĐiều 1. Quy định\n{body}")
        start, processor = time.perf_counter(), time.process_time()
        suggested = len(suggestions_for(made))
        spent = time.perf_counter() - start, time.process_time() - processor
        print(f"{suggested} clauses: {spent[0]:.2f} s, {spent[1]:.2f} s of the processor")


if __name__ == "__main__":
    main()
