"""docs/reports.md is written from the library; UPDATE_DOCS=1 rewrites it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from definition_cases import ASKED, CLOSED, KEPT

from khien.kernel.language import Text
from khien.norms.library import load_library
from khien.registers.declarations import load_registers
from khien.reports.clause_lists import clause_list
from khien.reports.definition_reading import load_definitions
from khien.reports.definitions import KINDS, Addressee, Definition
from khien.reports.periods import EVENT, ONCE, ROW

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reports.md"
HEAD = """# Reports, notices and minutes

<!-- Written from the library by tests/reports/test_reports_page.py; do not edit. UPDATE_DOCS=1 ./khien test tests/reports/test_reports_page.py rewrites it. -->

The 39 papers that the five texts ask for, and those of today's law. Each is a file of `src/khien/library/reports`
([format](formats/report.md), [how to add one](howto/add-a-report.md)).

Every one is drafted in the tests for the demonstration agency, rendered to Word and PDF, searched for English words and
placeholders, and must lack nothing once its texts are written. *kept*: its whole text is kept and compared. A control in
the last column: the paper was drafted, signed and sent in a test, and the control passed afterwards.

| | paper | from → to | due | clause | kind | begun by | checked also |
|---|---|---|---|---|---|---|---|
"""
DONE = {report: control for control, (report, _) in CLOSED.items()}


def by_whom(one: Definition) -> str:
    if one.division is not None:
        return one.division.name.vi.replace(" {place}", "")
    if one.unit_kinds:
        return ", ".join(one.unit_kinds)
    return {"know": "any member of staff"}.get(one.maker, "the unit")


def to_whom(one: Addressee) -> str:
    choices = load_registers()["authority"].fields["stands_for"].choices
    if one.authority:
        words = " / ".join(choices[name].vi for name in one.authority)
    elif one.words is not None:
        words = one.words.vi
    elif one.row:
        words = "whom the row names"
    else:
        words = "the body above" if one.is_parent else "the leader"
    if one.via is not None:
        words += f" ({one.via.vi})"
    return f"{words} (copy)" if one.is_copy else words


def when(one: Definition) -> str:
    if one.due is not None:
        month, day = one.due
        return f"until {day}/{month}"
    duties = {d.id: d for t in load_library().documents.values() for _, d in t.duties()}
    said = [duties[duty].deadline for duty in one.duties]
    return "; ".join(dict.fromkeys(words.en for words in said if isinstance(words, Text))) or "–"


def begun_by(one: Definition) -> str:
    if one.rhythm.every == ROW:
        return f"a row of `{one.about}`"
    return {ONCE: "once", EVENT: "a day"}.get(one.rhythm.every, f"each {one.rhythm.every}")


def clauses(one: Definition) -> str:
    paths: dict[str, list[str]] = {}
    for anchor in one.clauses:
        document, _, path = anchor.partition("/")
        paths.setdefault(document, []).append(path)
    said = [
        f"{load_library().documents[name].short.vi}: {clause_list(listed, 'vi')}"
        for name, listed in paths.items()
    ]
    return "; ".join([*said, *(f"{law.title.vi} ({law.mark})" for law in one.law)])


def lines() -> Iterator[str]:
    for code, one in load_definitions().items():
        number = ASKED.index(code) + 1 if code in ASKED else ""
        receivers = "; ".join(dict.fromkeys(to_whom(to) for to in one.to)) or "kept on file"
        checked = ", ".join(
            [*(["kept"] if code in KEPT else []), *([DONE[code]] if code in DONE else [])]
        )
        cells = (
            str(number), f"{one.title.vi} `{code}`", f"{by_whom(one)} → {receivers}", when(one),
            clauses(one), KINDS[one.kind][0].vi.lower(), begun_by(one), checked,
        )  # fmt: skip
        yield "| " + " | ".join(cell.replace("|", "/") for cell in cells) + " |"


def test_the_page_of_reports_follows_the_library() -> None:
    text = HEAD + "\n".join(lines()) + "\n"
    if os.environ.get("UPDATE_DOCS"):
        PAGE.write_text(text, encoding="utf-8")
    assert text == PAGE.read_text(encoding="utf-8")
