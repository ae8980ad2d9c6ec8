"""Section I in Vietnamese: what binds, what was looked at and when, and the overall result."""

from __future__ import annotations

from collections.abc import Iterator

from khien.reports import said_vi as said
from khien.reports.blocks import Block, Column, Row, Table, body, heading, rows
from khien.reports.context import ComplianceContext, Counts


def summary_section(context: ComplianceContext) -> Iterator[Block]:
    """Yield section I."""
    yield heading("section", "I. TÌNH HÌNH CHUNG")
    yield heading("part", "1. Văn bản áp dụng")
    yield body(
        f"Đơn vị thực hiện {said.number(len(context.documents))} văn bản quy định về bảo đảm "
        "an toàn thông tin, an ninh mạng sau đây:"
    )
    yield _documents(context)
    yield heading("part", "2. Phạm vi, thời điểm đánh giá")
    yield body(_scope(context))
    if context.assessment.is_library_changed:
        yield body(
            "Thư viện biện pháp đã thay đổi sau lần đánh giá này; cần đánh giá lại trước khi ký báo cáo."
        )
    if context.unit.is_demonstration:
        yield body("Đơn vị trong báo cáo này là đơn vị mẫu, dùng để minh họa.")
    yield heading("part", "3. Kết quả chung")
    yield body(_overall_sentence(context))
    yield _overall(context)
    yield body(
        "Kết luận «đo được» dựa trên số liệu đọc tại máy; «ghi sổ» dựa trên sổ, hồ sơ, văn bản; "
        "«khai báo» chỉ dựa trên lời khai của người có trách nhiệm. Nội dung chưa có số liệu được "
        "kết luận là «chưa rõ», không coi là đạt. Một biện pháp áp dụng cho nhiều máy thì lấy kết "
        "luận kém nhất; kết luận của một nghĩa vụ là kết luận của biện pháp tương ứng."
    )


def _documents(context: ComplianceContext) -> Table:
    columns = (
        Column("TT", 10, "center"),
        Column("Văn bản", 72),
        Column("Cơ quan ban hành", 37),
        Column("Gọi tắt", 22),
        Column("Hiệu lực từ", 24, "center"),
    )
    lines = [
        (
            str(place),
            f"{document.title}, số {document.number}" if document.number else document.title,
            document.issuer,
            document.short,
            said.short_day(document.in_force_from),
        )
        for place, document in enumerate(context.documents, start=1)
    ]
    return Table(columns, rows(lines))


def _scope(context: ComplianceContext) -> str:
    at = said.moment(context.assessment.as_of)
    library = said.number(context.assessment.controls_in_library)
    total = sum(count for _, count in context.machines)
    kinds = ", ".join(f"{said.number(n)} {said.MACHINES[kind]}" for kind, n in context.machines)
    machines = (
        f"Số liệu được thu thập từ {said.number(total)} máy ({kinds})."
        if total
        else "Chưa có máy nào của đơn vị được thu thập số liệu nên các biện pháp đo trên máy đều chưa rõ."
    )
    state = (
        f"Báo cáo phản ánh tình trạng đến hết {said.signed_day(context.state_on)}, theo lần đánh giá "
        f"lúc {at}"
        if context.is_past
        else f"Báo cáo phản ánh tình trạng tại lần đánh giá lúc {at}"
    )
    return f"{machines} {state}, đối chiếu với thư viện gồm {library} biện pháp."


def _overall_sentence(context: ComplianceContext) -> str:
    controls = Counts(*(line.controls for line in context.overall))
    duties = sum(line.duties for line in context.overall)
    return (
        f"Các văn bản trên đặt ra cho đơn vị {said.number(duties)} nghĩa vụ, quy về "
        f"{said.number(controls.total)} biện pháp, trong đó "
        f"{said.counts_sentence(controls, 'biện pháp')}."
    )


def _overall(context: ComplianceContext) -> Table:
    columns = (
        Column("Kết luận", 37),
        Column("Số biện pháp", 26, "center"),
        Column("Đo được", 25, "center"),
        Column("Ghi sổ", 25, "center"),
        Column("Khai báo", 26, "center"),
        Column("Số nghĩa vụ", 26, "center"),
    )
    numbers = [
        (line.controls, line.measured, line.recorded, line.stated, line.duties)
        for line in context.overall
    ]
    lines = [
        Row((said.VERDICTS[line.verdict], *map(said.cell_number, row)))
        for line, row in zip(context.overall, numbers, strict=True)
    ]
    sums = [said.cell_number(sum(column)) for column in zip(*numbers, strict=True)]
    return Table(columns, (*lines, Row(("Tổng số", *sums), "total")))
