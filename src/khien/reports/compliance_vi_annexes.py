"""The annexes in Vietnamese: the evidence with the ledger's checkpoint, and the unknown controls one by one."""

from __future__ import annotations

from collections.abc import Iterator

from khien.reports import said_vi as said
from khien.reports.blocks import Annex, Block, Column, Row, Table, body, heading, rows
from khien.reports.compliance_vi_results import LOOKED_AT, citation_table, missing, whose
from khien.reports.context import ComplianceContext, ControlResult, IntakeLine, ReadTable

_ANNEX_PT = 11
_DIGITS_SHOWN = 16
_REASONS_SHOWN = 3


def evidence_annex(context: ComplianceContext) -> Annex:
    """Return the annex on what was read, when, by whom, and how to verify it."""
    return Annex("", "BẰNG CHỨNG CỦA BÁO CÁO", "", tuple(_evidence(context)))


def _evidence(context: ComplianceContext) -> Iterator[Block]:
    yield heading("part", "1. Số liệu đã đọc trên máy")
    if context.read_tables:
        yield _tables(context.read_tables)
    else:
        yield body("Không có biện pháp nào được đo trên máy.")
    yield heading("part", "2. Các lần thu thập")
    if context.intakes:
        yield body(
            f"Các kết luận đo được dựa trên {said.number(context.intake_count)} gói số liệu. Mã băm "
            f"SHA-256 ghi {_DIGITS_SHOWN} ký tự đầu; mã đầy đủ có trong bản ghi của sổ cái."
        )
        yield _intakes(context.intakes)
    else:
        yield body("Chưa có lần thu thập nào.")
    rest = context.intake_count - len(context.intakes)
    if rest > 0:
        yield body(
            f"Còn {said.number(rest)} gói số liệu khác; xem các bản ghi thu thập trong sổ cái."
        )
    yield heading("part", "3. Mốc ký của sổ cái")
    yield body(
        f"Lần đánh giá là bản ghi số {context.assessment.ledger_index} của sổ cái và nằm trong mốc ký sau:"
    )
    yield _checkpoint(context)
    yield heading("part", "4. Cách kiểm chứng")
    yield from _how_to_verify(context)


def _tables(tables: tuple[ReadTable, ...]) -> Table:
    columns = (
        Column("Bảng số liệu", 66),
        Column("Số biện pháp dùng", 22, "center"),
        Column("Số máy đọc được", 22, "center"),
        Column("Số máy chưa đọc được", 24, "center"),
        Column("Đọc lần cuối", 31, "center"),
    )
    lines = [
        (
            table.title,
            str(table.controls),
            said.cell_number(table.machines_read),
            said.cell_number(table.machines_not_read),
            said.table_moment(table.last_at) or "–",
        )
        for table in tables
    ]
    return Table(columns, rows(lines), _ANNEX_PT)


def _intakes(intakes: tuple[IntakeLine, ...]) -> Table:
    columns = (
        Column("Máy", 38),
        Column("Thời điểm", 28, "center"),
        Column("Bộ thu thập", 36),
        Column("Số bảng", 14, "center"),
        Column("Mã băm", 32, "center"),
        Column("Bản ghi số", 17, "center"),
    )
    lines = [
        (
            line.machine,
            said.table_moment(line.collected_at),
            f"{line.collector}, {said.CHANNELS.get(line.channel, line.channel)}",
            str(line.tables),
            line.sha256[:_DIGITS_SHOWN],
            "–" if line.ledger_index is None else str(line.ledger_index),
        )
        for line in intakes
    ]
    return Table(columns, rows(lines), _ANNEX_PT)


def _checkpoint(context: ComplianceContext) -> Table:
    checkpoint = context.checkpoint
    lines = [
        ("Tên sổ cái", checkpoint.origin),
        ("Số bản ghi", str(checkpoint.size)),
        ("Gốc của cây băm", checkpoint.root),
        *(("Chữ ký", signature) for signature in checkpoint.signatures),
        ("Khóa công khai", checkpoint.key),
        ("Mã băm thư viện", context.assessment.library_sha256),
    ]
    columns = (Column("Mục", 35), Column("Nội dung", 130))
    return Table(columns, rows(lines), _ANNEX_PT)


def _how_to_verify(context: ComplianceContext) -> Iterator[Block]:
    yield body(
        "a) Chạy lệnh khien verify trên máy giữ sổ cái, hoặc chạy tệp inspector.py (chỉ cần Python) với "
        "khóa công khai trên: lệnh dựng lại sổ cái từ từng bản ghi và nêu rõ bản ghi nào bị sửa, xóa, "
        "chen, đổi chỗ."
    )
    yield body(
        f"b) So gốc của cây băm tại {said.number(context.checkpoint.size)} bản ghi đầu với gốc nêu trên. "
        "Khác nhau nghĩa là số liệu của báo cáo đã bị thay đổi."
    )
    yield body(
        "c) Tính mã băm SHA-256 của tệp báo cáo và so với bản ghi «reports.produced» của đơn vị trong sổ "
        "cái; bản ghi này cũng giữ mã băm của toàn bộ số liệu dùng để lập báo cáo."
    )


def citation_annex(context: ComplianceContext) -> Annex | None:
    """Return the annex that lists cited texts whose validity has to be checked; None without any."""
    doubtful = [citation for citation in context.citations if not citation.has_ended]
    if not doubtful:
        return None
    table = citation_table(doubtful, size_pt=_ANNEX_PT)
    return Annex("", "VĂN BẢN ĐƯỢC VIỆN DẪN CẦN ĐỐI CHIẾU HIỆU LỰC", "", (table,))


def unknown_annex(context: ComplianceContext) -> Annex | None:
    """Return the annex that lists every unknown control with what to supply; None without any."""
    if not context.unknown:
        return None
    seen = [result for result in context.unknown if result.group in LOOKED_AT]
    unseen = [result for result in context.unknown if result.group not in LOOKED_AT]
    blocks: list[Block] = []
    if seen:
        blocks += [heading("part", "1. Đã có phép đo trên máy"), _seen(seen)]
    if unseen:
        number = 2 if seen else 1
        title = heading("part", f"{number}. Chưa có nguồn số liệu")
        blocks += [title, _unseen(unseen, start=len(seen) + 1)]
    return Annex("", "BIỆN PHÁP CHƯA RÕ VÀ SỐ LIỆU CẦN BỔ SUNG", "", tuple(blocks))


def _seen(results: list[ControlResult]) -> Table:
    columns = (
        Column("TT", 10, "center"),
        Column("Biện pháp, căn cứ", 50),
        Column("Lý do chưa rõ", 50),
        Column("Số liệu cần bổ sung", 55),
    )
    return Table(columns, tuple(_in_groups(results, 1, with_reason=True)), _ANNEX_PT)


def _unseen(results: list[ControlResult], *, start: int) -> Table:
    columns = (
        Column("TT", 10, "center"),
        Column("Biện pháp, căn cứ", 77),
        Column("Số liệu cần bổ sung", 78),
    )
    return Table(columns, tuple(_in_groups(results, start, with_reason=False)), _ANNEX_PT)


def _in_groups(results: list[ControlResult], start: int, *, with_reason: bool) -> Iterator[Row]:
    group = ""
    for place, result in enumerate(results, start=start):
        if result.group != group:
            group = result.group
            yield Row((missing(group)[0],), "group")
        what = f"{result.title} ({result.control}): {'; '.join(result.clauses)}"
        reason = [_reason(result)] if with_reason else []
        yield Row((str(place), what, *reason, result.advice))


def _reason(result: ControlResult) -> str:
    shown = result.findings[:_REASONS_SHOWN]
    said_groups = [f"{whose(group)}: {group.sentence}" for group in shown]
    rest = len(result.findings) + result.more_sentences - len(shown)
    if rest > 0:
        said_groups.append(f"Và {said.number(rest)} lý do khác.")
    return " ".join(said_groups)
