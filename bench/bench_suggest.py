"""Suggestions measured: each of the five texts from what the library says of the others, and texts made up.

Run: PYTHONPATH=src:bench:tests/norms python bench/bench_suggest.py [--confusions] [--wrong]
It needs the texts (KHIEN_REGULATIONS) and the duty inventory (KHIEN_SPEC), as the tests do. The signs and the words
of values (library/suggest/*.yaml) were improved after their mistakes on the five texts and on two of the made-up
ones were seen; the other two were held out, and what was expected of them was written down before.
"""

from __future__ import annotations

import os
import sys
import time
from collections import Counter
from pathlib import Path

import yaml
from hardware import hardware
from suggest_measures import inventory, measured
from unseen_texts import FOLDER, HELD_OUT, LEARNED_FROM
from unseen_texts import measured as measured_unseen

from khien.norms.library import load_library
from khien.norms.suggest.likeness import Example
from khien.norms.suggest.suggesting import engine_of, suggestions_for
from khien.norms.suggest.words import words
from khien.norms.text.model import ParsedDocument
from khien.norms.text.parser import parse_text
from khien.norms.text.reading import read_file

ROOT = Path(__file__).resolve().parents[1]
REGULATIONS = Path(os.environ.get("KHIEN_REGULATIONS", ROOT.parent / "shared/regulations"))
SPEC = Path(os.environ.get("KHIEN_SPEC", ROOT.parent / "shared/spec"))
NAMES = ("binh-dinh", "do-son", "binh-phuoc", "hue", "bac-ninh")


def share(part: int, whole: int) -> str:
    """Return a part of a whole as it is printed."""
    return f"{part}/{whole} ({part / whole:.0%})" if whole else "–"


def line(name: str, c: Counter[str]) -> str:
    """Return one line of the table of the five texts."""
    firsts = " | ".join(f"{c[key] / c['n']:.1%}" for key in ("top1", "top3", "modality"))
    cells = (
        share(c["sure"], c["n"]), share(c["sure_right"], c["sure"]),
        share(c["values_right"], c["values"]), share(c["values_right"], c["values_given"]),
        share(c["numbers_right"], c["numbers"]), share(c["numbers_right"], c["numbers_given"]),
        share(c["often_right"], c["often"]), share(c["deadlines_right"], c["deadlines"]),
    )  # fmt: skip
    return f"| {name} | {c['n']} | {firsts} | {' | '.join(cells)} |"


def left_out(parsed: dict[str, ParsedDocument]) -> None:
    """Print the table of the five texts, each suggested from what is known of the others."""
    rows, everything, wrong = inventory(SPEC / "duties.csv"), Counter[str](), Counter[str]()
    print("| text | clauses | top 1 | top 3 | modality | sure | sure and right | values found | values right "
          "| numbers found | numbers right | how often | deadlines |")  # fmt: skip
    print("|---|" + "---:|" * 12)
    for name in NAMES:
        total = measured(name, parsed[name], rows[name], wrong)
        everything.update(total)
        print(line(name, total))
    print(line("all", everything))
    parts = share(everything["parts_right"], everything["parts"])
    precise = share(everything["parts_right"], everything["parts_given"])
    print(f"members of sets one by one: {parts} found, {precise} right")
    fed = share(everything["fed_found"], everything["fed"])
    print(f"controls that the clauses feed, among the five suggested: {fed}", end="\n\n")
    if "--confusions" in sys.argv:
        for said, count in wrong.most_common(60):
            print(f"{count:3d}  {said}")


def unseen() -> None:
    """Print the table of the made-up texts, and what is said of matters that are not of security."""
    print("| made-up text | clauses | top 1 | top 3 | modality | none fits | sure and right | values found "
          "| deadlines | how often | receivers | forms |")  # fmt: skip
    print("|---|" + "---:|" * 11)
    for name in (*LEARNED_FROM, *HELD_OUT):
        result = measured_unseen(name)
        c = result.counts
        held = " (held out)" if name in HELD_OUT else ""
        cells = (
            share(c["top1"], c["mapped"]), share(c["top3"], c["mapped"]), share(c["modality"], c["clauses"]),
            share(c["none right"], c["none"]), share(c["sure right"], c["sure"]),
            share(c["values right"], c["values"]), share(c["deadline"], c["deadline asked"]),
            share(c["frequency"], c["frequency asked"]), share(c["recipient"], c["recipient asked"]),
            share(c["form"], c["form asked"]),
        )  # fmt: skip
        print(f"| {name}{held} | {c['clauses']} | {' | '.join(cells)} |")
        if "--wrong" in sys.argv:
            print("\n".join(f"    {said}" for said in result.wrong))
    others = yaml.safe_load((FOLDER / "other_matters.yaml").read_text(encoding="utf-8"))
    found = suggestions_for(text_of(others, len(others)))
    fits, sure = sum(bool(one.controls) for one in found), sum(one.sure for one in found)
    print(
        f"{len(others)} sentences of other matters: {fits} got a control, {sure} of them as sure",
        end="\n\n",
    )


def text_of(sentences: list[str], count: int) -> ParsedDocument:
    """Return a text of so many clauses."""
    body = "\n".join(f"{n + 1}. {sentences[n % len(sentences)]}" for n in range(count))
    return parse_text(f"QUY CHẾ\nLàm việc\nĐiều 1. Quy định\n{body}")


def speed(parsed: dict[str, ParsedDocument]) -> None:
    """Print how long learning, confirmed examples, and texts of many clauses take."""
    library = load_library()
    start = time.process_time()
    engine = engine_of(library, without="nothing")
    print(f"learning the library: {time.process_time() - start:.2f} s of the processor")
    sentences = [
        node.text for text in parsed.values() for node in text.nodes if len(node.text) > 30
    ]
    many = [Example("PWD-01", words(f"{n} {s}"), (), "own") for n in (1, 2, 3) for s in sentences]
    start = time.process_time()
    engine.with_confirmed(many)
    spent = time.process_time() - start
    print(f"{len(many)} confirmed examples on top: {spent:.2f} s of the processor")
    suggestions_for(parsed["hue"])
    # Each sentence a little different, so that nothing is known from before.
    for count in (500, 2_000, 10_000):
        made = text_of([f"{text} Lần {n}." for n in range(20) for text in sentences], count)
        wall, start = time.perf_counter(), time.process_time()
        suggested = len(suggestions_for(made))
        own = time.process_time() - start
        print(
            f"{suggested} clauses: {time.perf_counter() - wall:.2f} s, {own:.2f} s of the processor"
        )


def main() -> None:
    """Print everything."""
    print(hardware(), end="\n\n")
    files = sorted(REGULATIONS.glob("*.txt"))
    parsed = {
        name: parse_text(read_file(file).text) for name, file in zip(NAMES, files, strict=True)
    }
    left_out(parsed)
    unseen()
    speed(parsed)


if __name__ == "__main__":
    main()
