"""The impact of a text as an official document to edit and sign: a báo cáo, its details in annexes.

Source: Nghị định 30/2020, Phụ lục III, form 1.5
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from khien.adoption.impact.model import ADDED, DROPPED, Group, Impact
from khien.adoption.impact.words import (
    NOT_ASKED,
    VERDICTS,
    cited_list,
    parameter_lines,
    summary_line,
    unit_names,
)
from khien.kernel.clock import iso_utc, said_day, vietnam_date
from khien.norms.library import load_library
from khien.norms.model import Library
from khien.org.models import Unit
from khien.reports import said_vi as said
from khien.reports.blocks import (
    HEAD_LEFT_MM,
    Annex,
    Block,
    Column,
    OfficialDocument,
    Row,
    Table,
    body,
    heading,
)
from khien.reports.kinds import BLANK
from khien.reports.services import FORMATS
from khien.reports.text_width import balanced

_KIND, _SIGN = "BÁO CÁO", "BC"
_COMMITTEES = ("ubnd", "ủy ban nhân dân")
_HEADS = {"hospital": "GIÁM ĐỐC", "department": "GIÁM ĐỐC", "health_centre": "GIÁM ĐỐC"}
_PARAMETERS = (
    Column("TT", 10, "center"),
    Column("Biện pháp, tham số", 82),
    Column("Đang áp dụng", 36),
    Column("Theo văn bản mới", 36),
    Column("Mức độ", 24, "center"),
    Column("Căn cứ", 64),
)
_CONTROLS = (Column("TT", 10, "center"), Column("Biện pháp", 92), Column("Căn cứ", 63))
_DUTIES = (
    Column("TT", 10, "center"),
    Column("Nghĩa vụ", 85),
    Column("Thời hạn", 40),
    Column("Căn cứ", 30),
)
_TURNS = (
    Column("TT", 10, "center"),
    Column("Đơn vị", 42),
    Column("Biện pháp", 63),
    Column("Hiện nay", 20, "center"),
    Column("Sẽ là", 20, "center"),
    Column("Số kết quả", 10, "right"),
)


def impact_file(
    impact: Impact, unit: Unit, *, now: datetime, library: Library | None = None, form: str = "docx"
) -> tuple[str, str, bytes]:
    """Return the name, the media type and the bytes of an impact's file.

    Args: library: the one in which the text stands; by default the library in use
    """
    chosen = FORMATS[form]
    document = compose_impact(impact, unit, library or load_library(), now=now)
    return f"tac-dong-{impact.document}.{form}", chosen.media_type, chosen.render(document)


def compose_impact(
    impact: Impact, unit: Unit, library: Library, *, now: datetime
) -> OfficialDocument:
    """Return an impact as an official document."""
    name = unit.name_vi
    is_committee = name.lower().startswith(_COMMITTEES)
    parent = unit.parent.name_vi if unit.parent is not None else unit.parent_name_vi
    named = f"{impact.title.vi}" + (f" (số {impact.number})" if impact.number else "")
    return OfficialDocument(
        language="vi",
        file_title=f"Báo cáo tác động của {impact.title.vi}",
        author=name,
        made_at=iso_utc(now),
        parent="" if is_committee else parent.upper(),
        issuer=balanced(name.upper(), 13, HEAD_LEFT_MM),
        number=f"Số:{BLANK}/{_SIGN}-……",
        place_and_day=f"{unit.place or '……'}, {said.signed_day(vietnam_date(now).isoformat())}",
        kind=_KIND,
        subject=("Tác động của văn bản trước khi đưa vào áp dụng",),
        addressee="",
        blocks=tuple(_blocks(impact, named, library)),
        recipients=("- Lãnh đạo đơn vị;", "- Các đơn vị chịu sự điều chỉnh;", "- Lưu: VT."),
        signer=("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH")
        if is_committee
        else (_HEADS.get(unit.kind, "THỦ TRƯỞNG ĐƠN VỊ"),),
        annexes=tuple(_annexes(impact, library)),
    )


def _blocks(impact: Impact, named: str, library: Library) -> Iterator[Block]:
    counts = impact.summary()
    yield heading("section", "I. VĂN BẢN VÀ PHẠM VI")
    yield body(
        f"{named} dự kiến áp dụng từ {said.signed_day(impact.on.isoformat())} đối với "
        f"{said.number(counts['units'])} đơn vị."
    )
    yield heading("section", "II. TÁC ĐỘNG")
    yield body(f"Tổng hợp: {summary_line(impact).vi}.")
    yield body(
        "So sánh được lập cho đúng ngày văn bản có hiệu lực: một bên không có, một bên có văn bản này. "
        "Kết quả đạt, không đạt được xét thử trên số liệu hiện có, không ghi vào hồ sơ đánh giá của đơn vị."
    )
    for place, group in enumerate(impact.groups, start=1):
        yield heading("part", f"{place}. {_capital(unit_names(group))}")
        yield from _group_lines(group, impact)
    yield heading("section", "III. KIẾN NGHỊ")
    failing = counts["findings_failing"]
    yield body(
        f"Trước ngày {said_day(impact.on)}, các đơn vị khắc phục {said.number(failing)} kết quả sẽ chuyển thành "
        "không đạt nêu tại Phụ lục."
        if failing
        else "Chưa thấy kết quả nào chuyển thành không đạt vì văn bản này; các đơn vị chuẩn bị biện pháp mới và "
        "lịch nghĩa vụ nêu tại Phụ lục."
    )
    if impact.unevaluated:
        listed = ", ".join(_titled(code, library) for code in impact.unevaluated)
        yield body(NOT_ASKED.fill({"controls": listed}).vi)
    yield body("Trình lãnh đạo xem xét, quyết định./.")


def _group_lines(group: Group, impact: Impact) -> Iterator[Block]:
    tight, loose = (
        len({(c, p.name) for c, p in group.directions(d)}) for d in ("tightened", "loosened")
    )
    lines = (
        (len(group.of_kind(ADDED)), "biện pháp bắt đầu áp dụng"),
        (len(group.of_kind(DROPPED)), "biện pháp không còn áp dụng"),
        (tight, "tham số chặt hơn"),
        (loose, "tham số lỏng hơn"),
        (len(group.duties_new), "nghĩa vụ có hạn phát sinh"),
        (len(group.duties_gone), "nghĩa vụ có hạn chấm dứt"),
        (len(group.reports_new), "mẫu báo cáo phát sinh"),
        (len(group.reports_gone), "mẫu báo cáo chấm dứt"),
        (_failing(group, impact), "kết quả chuyển thành không đạt"),
    )
    told = [f"{said.number(count)} {words}" for count, words in lines if count]
    yield body(f"- {_capital('; '.join(told))}." if told else "- Không thay đổi.")


def _failing(group: Group, impact: Impact) -> int:
    turns = (t for pk, _, _ in group.units for t in impact.turns.get(pk, ()))
    return sum(t.count for t in turns if t.after == "fail" and t.before)


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _titled(code: str, library: Library) -> str:
    control = library.controls.get(code)
    return f"{code} ({control.title.vi})" if control is not None else code


def _annexes(impact: Impact, library: Library) -> Iterator[Annex]:
    made = [
        ("Tham số thay đổi", _PARAMETERS, _parameter_rows(impact, library), True),
        ("Biện pháp thêm, bớt", _CONTROLS, _control_rows(impact, library), False),
        ("Nghĩa vụ có hạn và báo cáo thêm, bớt", _DUTIES, _duty_rows(impact, library), False),
        ("Kết quả đánh giá sẽ thay đổi", _TURNS, _turn_rows(impact, library), False),
    ]
    there = [one for one in made if one[2]]
    for number, (title, columns, lines, is_wide) in enumerate(there, start=1):
        label = f"PHỤ LỤC {_ROMAN[number - 1]}" if len(there) > 1 else "PHỤ LỤC"
        note = f"(Kèm theo Báo cáo số {BLANK}/{_SIGN}-……)"
        table = Table(columns, tuple(lines))
        yield Annex(label, title, note, (table,), is_landscape=is_wide)


_ROMAN = ("I", "II", "III", "IV")


def _grouped(impact: Impact) -> Iterator[tuple[str, Group]]:
    for group in impact.groups:
        yield unit_names(group), group


def _parameter_rows(impact: Impact, library: Library) -> list[Row]:
    found: list[Row] = []
    for names, group in _grouped(impact):
        lines = parameter_lines(group, library)
        if lines:
            found.append(Row((names,), "group"))
        for place, line in enumerate(lines, start=1):
            clauses = line.new_clauses.vi or line.old_clauses.vi
            cells = (
                str(place), f"{line.control} {line.title.vi}: {line.name.vi}", line.old.vi, line.new.vi,
                line.said.vi, clauses,
            )  # fmt: skip
            found.append(Row(cells))
    return found


def _control_rows(impact: Impact, library: Library) -> list[Row]:
    found: list[Row] = []
    for names, group in _grouped(impact):
        for kind, words in ((ADDED, "thêm"), (DROPPED, "bớt")):
            changes = group.of_kind(kind)
            if changes:
                found.append(Row((f"{names}: {words} {len(changes)} biện pháp",), "group"))
            for place, change in enumerate(changes, start=1):
                clauses = cited_list(change.new_clauses or change.old_clauses, library)
                title = library.controls[change.control].title.vi
                found.append(Row((str(place), f"{change.control} {title}", clauses.vi)))
    return found


def _duty_rows(impact: Impact, library: Library) -> list[Row]:
    found: list[Row] = []
    for names, group in _grouped(impact):
        parts: Sequence[tuple[str, list[tuple[str, str, str]]]] = (
            ("thêm", _lines(group, library, is_new=True)),
            ("bớt", _lines(group, library, is_new=False)),
        )
        for words, lines in parts:
            if lines:
                found.append(Row((f"{names}: {words}",), "group"))
            found.extend(Row((str(n), *line)) for n, line in enumerate(lines, start=1))
    return found


def _lines(group: Group, library: Library, *, is_new: bool) -> list[tuple[str, str, str]]:
    duties = group.duties_new if is_new else group.duties_gone
    reports = group.reports_new if is_new else group.reports_gone
    lines = [
        (one.title.vi, one.when.vi, cited_list([f"{one.document}/{one.path}"], library).vi)
        for one in duties
    ]
    return [*lines, *((f"Báo cáo: {one.title.vi}", "", "") for one in reports)]


def _turn_rows(impact: Impact, library: Library) -> list[Row]:
    names: Mapping[int, str] = {pk: name for g in impact.groups for pk, _, name in g.units}
    turns = [
        (names[pk], turn)
        for pk in names
        for turn in impact.turns.get(pk, ())
        if turn.before and turn.after
    ]
    return [
        Row((
            str(place), name, _titled(turn.control, library), VERDICTS[turn.before].vi,
            VERDICTS[turn.after].vi, str(turn.count),
        ))
        for place, (name, turn) in enumerate(turns, start=1)
    ]  # fmt: skip
