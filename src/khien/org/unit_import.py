"""Many units at once from a table: every problem told first, then all of them or none."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import transaction

from khien.kernel.language import Text
from khien.kernel.vietnamese import nfc, search_key
from khien.org.decisions import Decision
from khien.org.kinds import UNIT_KINDS, kind_written
from khien.org.models import Unit, UnitState
from khien.org.services import register_unit

UNITS_MAX = 5_000
_CODE = re.compile(r"[-a-zA-Z0-9_]{1,40}")
_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "code": ("ma", "ma don vi", "code"),
    "name_vi": ("ten", "ten don vi", "ten day du", "name", "don vi"),
    "name_en": ("ten tieng anh", "english name", "name en"),
    "kind": ("loai", "loai don vi", "kind"),
    "place": ("dia danh", "place", "dia ban"),
    "parent": ("cap tren", "ma cap tren", "don vi cap tren", "truc thuoc", "parent", "above"),
    "from_on": ("tu ngay", "ngay thanh lap", "from", "from the day"),
    "decision": ("quyet dinh", "so quyet dinh", "decision"),
}
_NEEDED = ("name_vi", "kind")
_NO_HEAD = Text(
    "không thấy dòng tiêu đề có cột «Tên» và «Loại»; các cột khác: Mã, Tên tiếng Anh, Địa danh, "
    "Cấp trên, Từ ngày, Quyết định",
    "there is no heading with the columns “Tên” and “Loại” (name, kind); others: Mã, Tên tiếng Anh, "
    "Địa danh, Cấp trên, Từ ngày, Quyết định",
)
_TOO_MANY = Text(
    f"nhiều hơn {UNITS_MAX} đơn vị; chia tệp", f"more than {UNITS_MAX} units; split the file"
)
_NO_NAME = Text("thiếu tên", "the name is missing")
_LONG_NAME = Text("tên dài quá 200 ký tự", "the name is longer than 200 characters")
_BAD_KIND = Text(
    "loại «{given}» không rõ; dùng một trong: {known}",
    "the kind “{given}” is not known; use one of: {known}",
)
_BAD_CODE = Text(
    "mã «{given}» phải là chữ không dấu, chữ số, gạch, nhiều nhất 40 ký tự",
    "the code “{given}” must be plain letters, digits, hyphens, at most 40",
)
_TWICE = Text("mã «{given}» đã ở dòng {other}", "the code “{given}” stands on line {other} already")
_OTHER = Text("mã «{given}» đang là của «{name}»", "the code “{given}” already belongs to “{name}”")
_NO_PARENT = Text(
    "không có đơn vị cấp trên «{given}» trong tệp hay trong Khiên",
    "there is no unit above “{given}” in the file or in Khiên",
)
_MANY_PARENTS = Text(
    "nhiều đơn vị tên «{given}»; ghi mã của đơn vị cấp trên",
    "several units are called “{given}”; write the code of the one above",
)
_ENDED = Text("cấp trên «{given}» đã kết thúc", "the unit above, “{given}”, has ended")
_CIRCLE = Text(
    "đơn vị nằm dưới chính nó qua «{given}»", "the unit stands under itself by way of “{given}”"
)
_BAD_DAY = Text("«{given}» không phải ngày (01/07/2025)", "“{given}” is not a day (01/07/2025)")
_FUTURE = Text("ngày {given} ở tương lai", "the day {given} lies in the future")
_TOO_EARLY = Text(
    "từ ngày {given} trước khi có cấp trên «{name}»",
    "from {given} on, before the unit above, “{name}”, was there",
)


@dataclass(slots=True)
class UnitDraft:
    """One line of the file on its way to become a unit."""

    line: int
    code: str
    name_vi: str
    name_en: str
    kind: str
    place: str
    above: str
    from_on: date
    decision: str
    parent_code: str = ""


@dataclass(slots=True)
class UnitImport:
    """What a file amounts to: new units from the top down, those there already, and every problem."""

    new: list[UnitDraft] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    problems: list[tuple[int, Text]] = field(default_factory=list)

    def refuse(self, line: int, text: Text, **values: object) -> None:
        """Note a problem."""
        self.problems.append((line, text.fill(values)))


def read_units(
    rows: Iterable[tuple[int, Sequence[object]]], *, under: Unit | None, today: date
) -> UnitImport:
    """Read a table of units; nothing is stored.

    Args: rows: line numbers with cells, a heading among the first ones; under: the unit above those that
          name none; today: the first day of units that name none, and the last that is allowed
    """
    read = UnitImport()
    heading: dict[str, int] = {}
    drafts: list[UnitDraft] = []
    for line, cells in rows:
        words = [_word(cell) for cell in cells]
        if not heading:
            heading = _heading(words)
        elif len(drafts) >= UNITS_MAX:
            read.refuse(line, _TOO_MANY)
            break
        else:
            drafts.append(_draft(line, words, heading, read, under=under, today=today))
    if not heading:
        read.refuse(1, _NO_HEAD)
    _match(drafts, read, under=under)
    return read


@transaction.atomic
def import_units(read: UnitImport, *, by: str, now: datetime) -> list[Unit]:
    """Register the units of a file without problems, from the top down.

    Raises: ValueError: there are problems; whatever `register_unit` refuses
    """
    if read.problems:
        raise ValueError("a file with problems is not imported")
    made: dict[str, Unit] = {}
    for draft in read.new:
        parent = made.get(draft.parent_code)
        if parent is None and draft.parent_code:
            parent = Unit.objects.get(code=draft.parent_code)
        made[draft.code] = register_unit(
            draft.code,
            name_vi=draft.name_vi,
            name_en=draft.name_en or draft.name_vi,
            kind=draft.kind,
            place=draft.place,
            parent=parent,
            from_on=draft.from_on,
            decision=Decision(draft.decision),
            by=by,
            now=now,
        )
    return list(made.values())


def _word(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return nfc(" ".join(str(cell).split()))


def _heading(words: Sequence[str]) -> dict[str, int]:
    keys = [search_key(word) for word in words]
    found = {
        column: keys.index(known)
        for column, names in _COLUMNS.items()
        for known in reversed(names)
        if known in keys
    }
    return found if all(column in found for column in _NEEDED) else {}


def _draft(
    line: int,
    words: Sequence[str],
    heading: Mapping[str, int],
    read: UnitImport,
    *,
    under: Unit | None,
    today: date,
) -> UnitDraft:
    cell = {name: words[at] if at < len(words) else "" for name, at in heading.items()}
    name, kind = cell.get("name_vi", ""), kind_written(cell.get("kind", ""))
    if not name:
        read.refuse(line, _NO_NAME)
    elif len(name) > 200:  # the length of the column
        read.refuse(line, _LONG_NAME)
    if kind is None:
        read.refuse(line, _BAD_KIND, given=cell.get("kind", ""), known=", ".join(UNIT_KINDS))
    from_on = _day(cell.get("from_on", ""), line, read, today=today)
    code = cell.get("code", "") or _code_of(name)
    if name and not _CODE.fullmatch(code):
        read.refuse(line, _BAD_CODE, given=code)
    return UnitDraft(
        line,
        code,
        name,
        cell.get("name_en", "")[:200],
        kind or "",
        (cell.get("place", "") or (under.place if under else ""))[:100],
        cell.get("parent", ""),
        from_on,
        cell.get("decision", "")[:300],
    )


def _code_of(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", search_key(name)).strip("-")[:40].strip("-")


def _day(given: str, line: int, read: UnitImport, *, today: date) -> date:
    if not given:
        return today
    for pattern in ("%Y-%m-%d", "%d/%m/%Y"):
        try:
            day = datetime.strptime(given, pattern).date()  # noqa: DTZ007  # a day has no zone
        except ValueError:
            continue
        if day > today:
            read.refuse(line, _FUTURE, given=given)
        return day
    read.refuse(line, _BAD_DAY, given=given)
    return today


def _match(drafts: Sequence[UnitDraft], read: UnitImport, *, under: Unit | None) -> None:
    """Find each unit's place: in the file or among those registered; then put parents before children."""
    there = {unit.code: unit for unit in Unit.objects.all()}
    mine: dict[str, UnitDraft] = {}
    for draft in drafts:
        first, known = mine.get(draft.code), there.get(draft.code)
        if first is not None:
            read.refuse(draft.line, _TWICE, given=draft.code, other=first.line)
        elif known is not None and known.name_vi != draft.name_vi:
            read.refuse(draft.line, _OTHER, given=draft.code, name=known.name_vi)
        elif known is not None:
            read.unchanged.append(draft.code)
        else:
            mine[draft.code] = draft
    starts = _starts()
    for draft in mine.values():
        draft.parent_code = _parent(draft, mine, there, read) if draft.above else _top(under)
        _must_fit(draft, mine, there, starts, read)
    read.new = _from_the_top(mine, read)


def _top(under: Unit | None) -> str:
    return under.code if under else ""


def _parent(
    draft: UnitDraft, mine: Mapping[str, UnitDraft], there: Mapping[str, Unit], read: UnitImport
) -> str:
    """Return the code of the unit above that a line names, by its code or else by its name."""
    given = draft.above
    if given in mine or given in there:
        return given
    key = search_key(given)
    named = {code for code, one in mine.items() if search_key(one.name_vi) == key}
    named |= {code for code, one in there.items() if search_key(one.name_vi) == key}
    if len(named) == 1:
        return named.pop()
    read.refuse(draft.line, _MANY_PARENTS if named else _NO_PARENT, given=given)
    return ""


def _must_fit(
    draft: UnitDraft,
    mine: Mapping[str, UnitDraft],
    there: Mapping[str, Unit],
    starts: Mapping[str, date],
    read: UnitImport,
) -> None:
    """Refuse a parent that has ended, or that was not there yet."""
    known, new = there.get(draft.parent_code), mine.get(draft.parent_code)
    if known is not None and known.ended_on is not None:
        read.refuse(draft.line, _ENDED, given=known.name_vi)
    start = new.from_on if new else starts.get(draft.parent_code)
    if start is not None and draft.from_on < start:
        name = new.name_vi if new else draft.parent_code
        read.refuse(draft.line, _TOO_EARLY, given=f"{draft.from_on:%d/%m/%Y}", name=name)


def _starts() -> dict[str, date]:
    rows = UnitState.objects.order_by("-from_on").values_list("unit__code", "from_on")
    return dict(rows)


def _from_the_top(mine: Mapping[str, UnitDraft], read: UnitImport) -> list[UnitDraft]:
    done: dict[str, UnitDraft] = {}
    for draft in mine.values():
        line: list[UnitDraft] = []
        step: UnitDraft | None = draft
        while step is not None and step.code not in done:
            if step in line:
                read.refuse(draft.line, _CIRCLE, given=step.name_vi)
                break
            line.append(step)
            step = mine.get(step.parent_code)
        for one in reversed(line):
            done.setdefault(one.code, one)
    return list(done.values())
