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
from khien.reports.text_width import balanced

_BLANK = "\u00a0" * 9
_NUMBER_MM = 11
_LETTERS_MIN, _LETTERS_MAX = 8, 44
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


def _basis(basis: Sequence[Sequence[str]]) -> list[Block]:
    lines = [f"Căn cứ {clauses} {document}" for clauses, document in basis]
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
    """Return a table whose columns are as wide as their words ask, the number's column narrow."""
    weights = [
        _weight([heads[column], *(line[column] for line in lines)])
        for column in range(1, len(heads))
    ]
    room, total = TEXT_WIDTH_MM - _NUMBER_MM, sum(weights)
    widths = [room * weight // total for weight in weights]
    widths[0] += room - sum(widths)
    columns = [
        Column(heads[0], _NUMBER_MM, "center"),
        *(Column(head, width) for head, width in zip(heads[1:], widths, strict=True)),
    ]
    return Table(tuple(columns), rows(lines), size_pt=12 if len(heads) < 7 else 11)


def _weight(cells: Sequence[str]) -> int:
    return min(_LETTERS_MAX, max(_LETTERS_MIN, *(len(cell) for cell in cells)))
