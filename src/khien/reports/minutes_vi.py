"""The minutes of a workflow in Vietnamese, laid out as a biên bản of Nghị định 30/2020 (form 1.9)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from khien.kernel.clock import iso_utc, parse_iso, vietnam_date
from khien.reports import said_vi as said
from khien.reports.blocks import (
    HEAD_LEFT_MM,
    TEXT_WIDTH_MM,
    Block,
    Column,
    OfficialDocument,
    Paragraph,
    Run,
    Table,
    body,
    heading,
    labelled,
    rows,
)
from khien.reports.clause_lists import clause_list
from khien.reports.text_width import balanced, text_width_mm

_BLANK = "\u00a0" * 9
_NUMBER_MM = 11
_COLUMNS_MANY = 7
_COLUMN_MM_MAX, _CELL_MARGINS_MM = 60, 4
_ROMAN = ("I", "II", "III")


def compose_minutes(content: Mapping[str, Any]) -> OfficialDocument:
    """Return frozen minutes as an official document."""
    unit = content["unit"]
    name = str(unit["name"])
    made_on = vietnam_date(parse_iso(content["made_at"])).isoformat()
    about = f"Về việc {content['about']}"
    return OfficialDocument(
        language="vi",
        file_title=f"Biên bản {content['about']}: {content['title']}",
        author=name,
        made_at=iso_utc(parse_iso(content["made_at"])),
        parent="" if name.startswith(("UBND", "Ủy ban nhân dân")) else str(unit["parent"]).upper(),
        issuer=balanced(name.upper(), 13, HEAD_LEFT_MM),
        number=f"Số:{_BLANK}/BB-……",
        place_and_day=f"{unit['place'] or '……'}, {said.signed_day(made_on)}",
        kind="BIÊN BẢN",
        subject=(about, str(content["title"])),
        addressee="",
        blocks=_blocks(content),
        recipients=("- Như thành phần;", f"- Lưu: VT, Hồ sơ quy trình số {content['number']}."),
        signer=(),
        annexes=(),
        parties=tuple(
            (str(role).upper(), str(who)) for role, who in (content["left"], content["right"])
        ),
    )


def _blocks(content: Mapping[str, Any]) -> tuple[Block, ...]:
    return (
        *_basis(content["basis"]),
        labelled("Thời gian bắt đầu", f"{said.moment(content['began_at'])}."),
        labelled("Địa điểm", f"{content['place']}."),
        heading("section", f"{_ROMAN[0]}. THÀNH PHẦN"),
        *(body(f"{place}. {line}") for place, line in enumerate(content["people"], start=1)),
        heading("section", f"{_ROMAN[1]}. NỘI DUNG"),
        labelled(str(content["subject"]), f"{content['title']}."),
        *(
            block
            for place, part in enumerate(content["parts"], start=1)
            for block in _part(place, part)
        ),
        heading("section", f"{_ROMAN[2]}. KẾT LUẬN"),
        *(body(str(line)) for line in content["conclusion"]),
        body(
            f"Biên bản lập xong lúc {said.moment(content['ended_at'])}, đã đọc lại cho các bên cùng nghe, "
            "nhất trí, lập thành 02 bản có giá trị như nhau, mỗi bên giữ 01 bản./."
        ),
    )


def _basis(basis: Sequence[tuple[Sequence[str], str]]) -> list[Block]:
    lines = [f"Căn cứ {clause_list(paths, 'vi')} {document}" for paths, document in basis]
    ends = [*(";" for _ in lines[:-1]), "."]
    return [
        Paragraph((Run(f"{line}{end}", is_italic=True),))
        for line, end in zip(lines, ends, strict=True)
    ]


def _part(place: int, part: Mapping[str, Any]) -> list[Block]:
    found: list[Block] = [heading("part", f"{place}. {part['title']}")]
    found.extend(body(f"- {label}: {_ended(value)}") for label, value in part["pairs"])
    for table in part["tables"]:
        count = said.number(len(table["rows"])) if table["rows"] else "không có mục nào"
        found.append(body(f"{table['title']} ({count}):"))
        if table["rows"]:
            found.append(_table(table["heads"], table["rows"]))
    found.append(Paragraph((Run(f"Ghi nhận trên hệ thống: {part['done']}.", is_italic=True),)))
    return found


def _ended(value: str) -> str:
    text = " ".join(value.split())
    return text if text.endswith((".", ";", ":")) else f"{text}."


def _table(heads: Sequence[str], lines: Sequence[Sequence[str]]) -> Table:
    """Return a table whose columns are as wide as their words ask, none narrower than its longest word."""
    size = 12 if len(heads) < _COLUMNS_MANY else 11
    columns = [[heads[place], *(line[place] for line in lines)] for place in range(1, len(heads))]
    least = [_longest_word_mm(cells, size) for cells in columns]
    asked = [_asked_mm(cells, size) for cells in columns]
    room = TEXT_WIDTH_MM - _NUMBER_MM - sum(least)
    wanted = [max(0, ask - low) for ask, low in zip(asked, least, strict=True)]
    total = sum(wanted) or 1
    widths = [low + max(0, room) * more // total for low, more in zip(least, wanted, strict=True)]
    widths[0] += max(0, TEXT_WIDTH_MM - _NUMBER_MM - sum(widths))
    made = [Column(heads[0], _NUMBER_MM, "center")]
    made.extend(Column(head, width) for head, width in zip(heads[1:], widths, strict=True))
    return Table(tuple(made), rows(lines), size_pt=size)


def _longest_word_mm(cells: Sequence[str], size: int) -> int:
    words = [word for cell in cells for word in cell.split()]
    widest = max((text_width_mm(word, size) for word in words), default=0)
    return min(_COLUMN_MM_MAX, widest + _CELL_MARGINS_MM)


def _asked_mm(cells: Sequence[str], size: int) -> int:
    return min(_COLUMN_MM_MAX, max(text_width_mm(cell, size) for cell in cells) + _CELL_MARGINS_MM)
