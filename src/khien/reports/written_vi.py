"""A report as an official document in Vietnamese: from its frozen content and the texts that people wrote."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from khien.reports import said_vi as said
from khien.reports.blocks import (
    HEAD_LEFT_MM,
    LANDSCAPE_WIDTH_MM,
    TEXT_WIDTH_MM,
    Align,
    Annex,
    Block,
    OfficialDocument,
    Paragraph,
    Run,
    Table,
    bases,
    body,
    heading,
    labelled,
)
from khien.reports.cleaning import printable
from khien.reports.definitions import KINDS, LEFT_NAME, RIGHT_NAME
from khien.reports.figures import NOT_KNOWN
from khien.reports.kinds import BLANK, annex_labels, archive_line, recipient_lines, roman
from khien.reports.measures import measured_table, total_row
from khien.reports.text_width import balanced

_DOTS = 3
_COLUMNS_LYING = 8  # an annex with a table of so many columns lies on its side
_COMMITTEE = "ủy ban nhân dân"
# Kinds that are addressed to somebody; the others name who receives only at their end.
# Source: Nghị định 30/2020, Phụ lục I, phần II, mục I.9
_ADDRESSED = ("report", "letter", "submission", "slip")
_HEADS = {"hospital": "GIÁM ĐỐC", "department": "GIÁM ĐỐC", "health_centre": "GIÁM ĐỐC"}
Texts = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Signature:
    """What is known once văn thư numbered the paper and somebody signed it; empty before."""

    number: str = ""
    day: str = ""
    signer: str = ""
    capacity: str = ""


def compose_written(
    content: Mapping[str, Any], texts: Texts, signature: Signature | None = None
) -> OfficialDocument:
    """Return a frozen report as an official document; the same content and texts give the same document."""
    signature = signature or Signature()
    unit = content["unit"]
    title = str(content["title"])
    kind = content["report"]["kind"]
    name, sign = KINDS[kind]
    day = signature.day or content["made_on"]
    is_minutes = bool(content["parties"])
    letter = kind == "letter"
    speaker = _speaker(unit)
    return OfficialDocument(
        language="vi",
        file_title=f"{name.vi} {title}",
        author=str(unit["name"]),
        made_at=str(content["made_at"]),
        parent=_body_above(unit).upper(),
        issuer=balanced(speaker.upper(), 13, HEAD_LEFT_MM),
        number=f"Số: {signature.number}" if signature.number else f"Số:{BLANK}/{sign or '……'}-……",
        place_and_day=f"{unit['place'] or '……'}, {said.signed_day(day)}",
        kind="" if letter else name.vi.upper(),
        subject=(title,) if letter else (f"{title[:1].upper()}{title[1:]}",),
        addressee="",
        addressees=_addressees(content["to"]) if kind in _ADDRESSED else (),
        blocks=_blocks(content, texts),
        recipients=_recipients(content, is_minutes=is_minutes),
        urgency=content.get("urgency", ""),
        signer=() if is_minutes else _signer(content),
        signer_name="" if is_minutes else signature.signer,
        annexes=_annexes(content, texts),
        parties=_parties(content, texts),
    )


def _addressees(to: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    named = [str(one["name"]) or "………………………………" for one in to if not one["is_copy"]]
    return (f"{named[0]}.",) if len(named) == 1 else tuple(named)


def _recipients(content: Mapping[str, Any], *, is_minutes: bool) -> tuple[str, ...]:
    is_addressed = content["report"]["kind"] in _ADDRESSED
    copies = [
        str(one["name"])
        for one in content["to"]
        if one["name"] and (one["is_copy"] or not is_addressed)
    ]
    is_above = is_addressed and bool(content["to"])
    first = ["Như thành phần"] if is_minutes else ["Như trên"] if is_above else []
    return recipient_lines([*first, *copies], last=archive_line())


def _blocks(content: Mapping[str, Any], texts: Texts) -> tuple[Block, ...]:
    found: list[Block] = [*bases([_basis_line(one) for one in content["basis"]])]
    if content["opening"]:
        found.append(body(printable(content["opening"])))
    found.extend(body(printable(note)) for note in content["notes"])
    place = 0
    for section in content["sections"]:
        if section["is_annex"]:
            continue
        if section["title"]:
            place += 1
            found.append(heading("section", f"{roman(place)}. {section['title'].upper()}"))
        found.extend(_parts(section["parts"], texts, TEXT_WIDTH_MM))
    closing = _closing(content)
    if closing:
        found.append(body(printable(closing)))
    return tuple(_ended(found))


def _basis_line(one: Mapping[str, Any]) -> str:
    doubt = " (cần đối chiếu)" if one["mark"] in ("B", "C") else ""
    return f"Căn cứ {one['words']}{doubt}"


def _closing(content: Mapping[str, Any]) -> str:
    if content["closing"]:
        return str(content["closing"])
    if content["report"]["kind"] != "report":
        return ""
    named = [
        str(one["name"]).partition(" (qua ")[0]
        for one in content["to"]
        if one["name"] and not one["is_copy"]
    ]
    whom = f", kính gửi {', '.join(named)} xem xét, chỉ đạo" if named else ""
    return f"Trên đây là báo cáo {content['title']} của {_speaker(content['unit'])}{whom}"


def _ended(blocks: list[Block]) -> list[Block]:
    """Return the blocks with the mark that ends the body of a document: "./."; not before it is written."""
    for place in range(len(blocks) - 1, -1, -1):
        block = blocks[place]
        if isinstance(block, Paragraph) and block.style == "dots":
            break
        if isinstance(block, Paragraph) and block.style == "body" and block.runs:
            last = block.runs[-1]
            text = last.text.rstrip(" .;/")
            runs = (*block.runs[:-1], Run(f"{text}./.", last.is_bold, last.is_italic))
            return [*blocks[:place], Paragraph(runs, block.style), *blocks[place + 1 :]]
    return blocks


def _parts(parts: Sequence[Mapping[str, Any]], texts: Texts, width_mm: int) -> list[Block]:
    found: list[Block] = []
    place = 0
    for part in parts:
        match part["kind"]:
            case "heading":
                place += 1
                found.append(heading("part", f"{place}. {part['words']}"))
            case "sentence":
                found.append(body(printable(part["words"])))
            case "lines":
                found.extend(_line(label, value) for label, value in part["lines"])
            case "text":
                found.extend(_written(part, texts))
            case "table":
                found.extend(_table(part, width_mm))
            case _:
                found.extend(_units(part, width_mm))
    return found


def _line(label: str, value: str) -> Paragraph:
    return body(printable(f"- {label}: {value}."))


def _written(part: Mapping[str, Any], texts: Texts) -> list[Block]:
    """Return what a person wrote, a paragraph for each line; room to write where nothing is there yet."""
    text = texts.get(part["code"], part["initial"]).strip()
    lines = [printable(" ".join(line.split())) for line in text.splitlines() if line.strip()]
    label = f"- {part['label']}:" if part["label"] else ""
    if not lines:
        return _room(label) if part["is_required"] else []
    if label and len(lines) == 1:
        return [body(f"{label} {_stopped(lines[0])}")]
    return [*([body(label)] if label else []), *(body(line) for line in lines)]


def _room(label: str) -> list[Block]:
    """Return dotted lines to write on: after a label on its own line, else a few."""
    if label:
        return [Paragraph((Run(label),), "dots"), Paragraph((), "dots")]
    return [Paragraph((), "dots")] * _DOTS


def _stopped(line: str) -> str:
    """Return a line that ends with a full stop, as the lines from registers do, where it ends with a letter."""
    return f"{line}." if line[-1].isalnum() or line[-1] in ")”%" else line


def _table(part: Mapping[str, Any], width_mm: int) -> list[Block]:
    if not part["rows"]:
        return [labelled(part["title"], part["empty"])] if part["title"] else [body(part["empty"])]
    aligns: list[Align] = ["center", *("right" if n else "left" for n in part["numbers"])]
    table = measured_table(part["heads"], part["rows"], width_mm=width_mm, aligns=aligns)
    caption = [Paragraph((Run(f"{part['title']}:", is_italic=True),))] if part["title"] else []
    return [*caption, table]


def _units(part: Mapping[str, Any], width_mm: int) -> list[Block]:
    heads = ["STT", "Đơn vị", *part["heads"], "Tình trạng"]
    lines = [
        [str(place), one["name"], *_unit_cells(one), _state(one)]
        for place, one in enumerate(part["rows"], start=1)
    ]
    rights: list[Align] = ["right"] * len(part["heads"])
    aligns: list[Align] = ["center", "left", *rights, "left"]
    if not lines:
        return [body(f"{part['title']}: không có đơn vị nào.")]
    made = measured_table(heads, lines, width_mm=width_mm, aligns=aligns)
    totals = ["", "Cộng", *(_cell(v) for v in part["totals"]), ""]
    table = Table(made.columns, (*made.rows, total_row(totals)), made.size_pt)
    found: list[Block] = [Paragraph((Run(f"{part['title']}:", is_italic=True),)), table]
    missing = [one for one in part["missing"] if one["said"] != "đã tiếp nhận"]
    if missing:
        names = "; ".join(f"{one['name']} ({one['said']})" for one in missing)
        found.append(
            body(
                printable(
                    f"Chưa có số liệu được tiếp nhận của {said.number(len(missing))} đơn vị: {names}."
                )
            )
        )
    late = [one["name"] for one in part["rows"] if one["is_late"]]
    if late:
        found.append(body(printable(f"Đơn vị gửi chậm: {'; '.join(late)}.")))
    return found


def _unit_cells(one: Mapping[str, Any]) -> list[str]:
    """Return the figures of a unit; dashes where no report of it counts yet."""
    return [_cell(value) if one["versions"] else "–" for value in one["values"]]


def _cell(value: Any) -> str:
    if value is None:
        return NOT_KNOWN
    return f"{value:,}".replace(",", ".") if isinstance(value, int) else str(value)


def _state(one: Mapping[str, Any]) -> str:
    return f"{one['said']}, chậm" if one["is_late"] else str(one["said"])


def _signer(content: Mapping[str, Any]) -> tuple[str, ...]:
    unit = content["unit"]
    if content["signer"] == "person":
        return (str(content.get("signer_title") or "Người báo cáo").upper(),)
    if unit.get("head"):
        return (str(unit["head"]).upper(),)
    if _is_committee(unit):
        return ("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH")
    return (_HEADS.get(str(unit["kind"]), "THỦ TRƯỞNG ĐƠN VỊ"),)


def _untitled(part: Mapping[str, Any], title: str) -> Mapping[str, Any]:
    """Return a part without its title where the annex says the same above it."""
    return {**part, "title": ""} if part.get("title") == title else part


def _speaker(unit: Mapping[str, Any]) -> str:
    """Return the body whose paper it is: the unit, or the part of it that makes the paper."""
    return str(unit.get("speaker") or unit["name"])


def _body_above(unit: Mapping[str, Any]) -> str:
    """Return the body named above the issuer in the head."""
    if unit.get("head"):
        return "" if unit.get("stands_alone") else str(unit["name"])
    return "" if _is_committee(unit) else str(unit["parent"])


def _is_committee(unit: Mapping[str, Any]) -> bool:
    """Say whether the unit is a people's committee, which names no body above itself in the head."""
    return str(unit["name"]).lower().startswith(("ubnd", _COMMITTEE))


def _parties(content: Mapping[str, Any], texts: Texts) -> tuple[tuple[str, str], ...]:
    if not content["parties"]:
        return ()
    left, right = (str(words).upper() for words in content["parties"])
    return ((left, texts.get(LEFT_NAME, "")), (right, texts.get(RIGHT_NAME, "")))


def _annexes(content: Mapping[str, Any], texts: Texts) -> tuple[Annex, ...]:
    sections = [section for section in content["sections"] if section["is_annex"]]
    name, sign = KINDS[content["report"]["kind"]]
    number = f"{BLANK}/{sign or '……'}-……"
    day = said.signed_day(content["made_on"])
    reference = f"(Kèm theo {name.vi} số{number} {day} của {_speaker(content['unit'])})"
    found = []
    for label, section in zip(annex_labels(len(sections)), sections, strict=True):
        is_lying = any(len(part.get("heads", ())) >= _COLUMNS_LYING for part in section["parts"])
        width = LANDSCAPE_WIDTH_MM if is_lying else TEXT_WIDTH_MM
        parts = [_untitled(part, section["title"]) for part in section["parts"]]
        blocks = tuple(_parts(parts, texts, width))
        found.append(
            Annex(label, section["title"].upper(), reference, blocks, is_landscape=is_lying)
        )
    return tuple(found)
