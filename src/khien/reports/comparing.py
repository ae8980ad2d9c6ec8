"""What differs between two versions of a report, and what changed in the registers since it was frozen."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher
from typing import Any

from khien.kernel.canonical import Json
from khien.registers.models import Row, RowVersion
from khien.registers.selectors import FieldChange
from khien.reports.definition_reading import definition_by_code
from khien.reports.freezing import Freezer
from khien.reports.models import ReportVersion
from khien.reports.standpoints import Stand
from khien.reports.written_services import known_period
from khien.reports.written_texts import prompts_of

_WORDS = re.compile(r"\s+|[^\s]+")
_IDS_BATCH = 5_000


@dataclass(frozen=True, slots=True)
class TextChange:
    """One text that differs: pieces in order, each "same", "gone" or "new"."""

    code: str
    prompt: str
    pieces: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class FigureChange:
    """One figure that differs, as a document says it before and after."""

    code: str
    title: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Difference:
    """Everything in which a version differs from an older one."""

    texts: tuple[TextChange, ...]
    figures: tuple[FigureChange, ...]

    def __bool__(self) -> bool:
        """Say whether anything differs."""
        return bool(self.texts or self.figures)


@dataclass(frozen=True, slots=True)
class ChangedRow:
    """A row that a report counted and that is no longer what it was: fields changed, or taken out."""

    row: Row
    counted_version: int
    is_retired: bool
    fields: tuple[FieldChange, ...]


def difference(older: ReportVersion, newer: ReportVersion) -> Difference:
    """Return what differs between two versions, readable for people."""
    first, second = (json.loads(v.snapshot.content) for v in (older, newer))
    prompts = prompts_of(first) | prompts_of(second)
    texts = [
        TextChange(code, prompt, pieces_of(older.texts.get(code, ""), newer.texts.get(code, "")))
        for code, prompt in prompts.items()
        if older.texts.get(code, "") != newer.texts.get(code, "")
    ]
    return Difference(tuple(texts), tuple(_figures(first, second)))


def pieces_of(before: str, after: str) -> tuple[tuple[str, str], ...]:
    """Return the words of two texts side by side: ("same", …), ("gone", …), ("new", …)."""
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    found: list[tuple[str, str]] = []
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            found.append(("same", "".join(old[i1:i2])))
            continue
        found.extend(
            (kind, text)
            for kind, text in (("gone", "".join(old[i1:i2])), ("new", "".join(new[j1:j2])))
            if text
        )
    return tuple(found)


def changed_rows(version: ReportVersion) -> list[ChangedRow]:
    """Return the rows a version counted that changed since; the report itself is never altered by it."""
    counted = counted_rows(json.loads(version.snapshot.content))
    ids = sorted(counted)
    found: list[Row] = []
    for start in range(0, len(ids), _IDS_BATCH):
        rows = Row.objects.filter(pk__in=ids[start : start + _IDS_BATCH]).select_related("unit")
        found.extend(row for row in rows if row.version != counted[row.pk])
    then = RowVersion.objects.filter(row__in=found)
    said = {(one.row_id, one.version): one.values for one in then}
    return [
        ChangedRow(
            row,
            counted[row.pk],
            row.is_retired,
            _field_changes(said.get((row.pk, counted[row.pk]), {}), row.values),
        )
        for row in sorted(found, key=lambda row: (row.register, row.unit_id, row.number))
    ]


def counted_rows(content: Mapping[str, Any]) -> dict[int, int]:
    """Return every row that a frozen content counted or shows, each with the version it had."""
    found: dict[int, int] = {}
    for figure in content["figures"].values():
        found.update((pk, version) for pk, version in (*figure["rows"], *figure["unsure"]))
    for section in content["sections"]:
        for part in section["parts"]:
            found.update((pk, version) for pk, version in part.get("counted", ()))
    if content["about"] is not None:
        pk, version = content["about"]["row"]
        found[pk] = version
    return found


def figures_now(version: ReportVersion, now: datetime) -> tuple[FigureChange, ...]:
    """Return the figures that would be different if the report were made now."""
    report = version.report
    content = json.loads(version.snapshot.content)
    definition = definition_by_code(report.definition)
    period = known_period(definition, report.period, now.date())
    stand = Stand(definition, report.unit, period, now, report.subject,
                  str(content["about_words"]), bool(content["takes_all"]))  # fmt: skip
    return tuple(_figures(content, Freezer(stand).content()))


def _figures(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[FigureChange]:
    old, new = before["figures"], after["figures"]
    for code in dict.fromkeys([*before["figure_codes"], *after["figure_codes"]]):
        was, now = old.get(code), new.get(code)
        if was is None or now is None or was["said"] != now["said"]:
            title = (now or was)["title"]
            yield FigureChange(code, title, was["said"] if was else "", now["said"] if now else "")


def _field_changes(
    before: Mapping[str, Json], after: Mapping[str, Json]
) -> tuple[FieldChange, ...]:
    codes = dict.fromkeys([*before, *after])
    return tuple(
        FieldChange(code, before.get(code), after.get(code))
        for code in codes
        if before.get(code) != after.get(code)
    )
