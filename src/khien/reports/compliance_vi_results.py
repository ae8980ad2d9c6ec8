"""Sections II to V in Vietnamese: by document and article, failures, unknowns, ended citations."""

from __future__ import annotations

from collections.abc import Iterator

from khien.reports import said_vi as said
from khien.reports.blocks import (
    Block,
    Column,
    Row,
    Table,
    body,
    heading,
    labelled,
    rows,
)
from khien.reports.context import (
    Citation,
    ComplianceContext,
    ControlResult,
    DocumentResult,
    FindingGroup,
)

# What is missing for a verdict, and what to do about it.
MISSING: dict[str, tuple[str, str]] = {
    "insufficient": (
        "Đã đọc máy nhưng số liệu chưa đủ để kết luận",
        "Bổ sung đúng nội dung nêu tại Phụ lục II, thu thập lại",
    ),
    "reading": (
        "Chưa đọc được, hoặc số liệu đã quá cũ",
        "Chạy lại bộ thu thập trên máy với quyền quản trị",
    ),
    "no_machine": ("Chưa có máy nào được thu thập", "Chạy bộ thu thập trên từng máy"),
    "not_yet_host": ("Chưa đo được trên máy", "Cung cấp số liệu nêu tại Phụ lục II"),
    "not_yet_register": ("Chưa có sổ theo dõi", "Lập sổ và nhập đủ các cột cần thiết"),
    "not_yet_log": ("Chưa có nhật ký hệ thống", "Đưa nhật ký của máy và ứng dụng vào Khiên"),
    "not_yet_document": ("Chưa có văn bản, biên bản chứng minh", "Ban hành, nộp bản đã ký"),
    "not_yet_workflow": ("Chưa có hồ sơ thực hiện quy trình", "Thực hiện và ghi lại quy trình"),
    "not_yet_attest": ("Chưa có cam kết, xác nhận", "Người có trách nhiệm ký xác nhận"),
}
# The groups in which a check looked at machines, so that each control has its own reason.
LOOKED_AT = ("insufficient", "reading")
_OTHER = ("Chưa có số liệu để kết luận", "Cung cấp số liệu nêu tại Phụ lục II")


def document_section(context: ComplianceContext) -> Iterator[Block]:
    """Yield section II: one table for each document."""
    yield heading("section", "II. KẾT QUẢ THEO TỪNG VĂN BẢN")
    titles = {document.id: document for document in context.documents}
    for place, result in enumerate(context.results, start=1):
        document = titles[result.document]
        yield heading("part", f"{place}. {document.title}")
        counts = result.counts
        if not counts.total:
            yield body("Văn bản không đặt ra nghĩa vụ nào cho đơn vị.")
            continue
        yield body(
            f"Văn bản đặt ra cho đơn vị {said.number(counts.total)} nghĩa vụ, trong đó "
            f"{said.counts_sentence(counts, 'nghĩa vụ')}."
        )
        yield _articles(result)
        if result.without_duty:
            yield body(f"Không đặt ra nghĩa vụ cho đơn vị: {result.without_duty}.")


def _articles(result: DocumentResult) -> Table:
    columns = (
        Column("Điều, mục", 27),
        Column("Nội dung", 59),
        Column("Số nghĩa vụ", 17, "center"),
        Column("Đạt", 13, "center"),
        Column("Không đạt", 16, "center"),
        Column("Chưa rõ", 15, "center"),
        Column("Không áp dụng", 18, "center"),
    )
    lines = []
    for line in result.lines:
        if line.counts is None:
            lines.append(Row((f"{line.place}. {line.text}",), "group"))
            continue
        numbers = map(said.cell_number, (line.counts.total, *line.counts.numbers))
        lines.append(Row((line.place, line.text, *numbers)))
    sums = map(said.cell_number, (result.counts.total, *result.counts.numbers))
    lines.append(Row(("Tổng số", "", *sums), "total"))
    return Table(columns, tuple(lines))


def failure_section(context: ComplianceContext) -> Iterator[Block]:
    """Yield section III: each failed control with its clauses, findings and remedy."""
    yield heading("section", "III. NỘI DUNG KHÔNG ĐẠT VÀ CÁCH KHẮC PHỤC")
    if not context.failed:
        yield body("Không có biện pháp nào được kết luận là không đạt.")
        return
    yield body(
        f"Có {said.number(len(context.failed))} biện pháp không đạt, xếp theo mức độ nghiêm trọng:"
    )
    for place, result in enumerate(context.failed, start=1):
        yield from _failure(place, result)


def _failure(place: int, result: ControlResult) -> Iterator[Block]:
    severity = said.SEVERITIES.get(result.severity, result.severity)
    yield heading("part", f"{place}. {result.title} ({result.control}; mức độ {severity})")
    yield labelled("Căn cứ", f"{'; '.join(result.clauses)}.")
    for group in result.findings:
        yield body(f"- {whose(group)}: {group.sentence.rstrip('.')} ({_how_known(group)}).")
    if result.more_sentences:
        yield body(f"- Và {said.number(result.more_sentences)} kết quả khác, xem trên Khiên.")
    if result.also_unknown:
        yield body(f"- Còn {said.number(result.also_unknown)} máy chưa rõ kết quả.")
    yield labelled("Cách khắc phục", result.advice)


def whose(group: FindingGroup) -> str:
    """Return whom a finding concerns: machines by name, or the whole unit."""
    if not group.machine_count:
        return "Toàn đơn vị"
    rest = group.machine_count - len(group.machines)
    return f"Máy {said.joined(group.machines, rest, 'máy')}"


def _how_known(group: FindingGroup) -> str:
    return f"{said.KNOWN.get(group.known, group.known)}, từ {said.moment(group.since)}"


def unknown_section(context: ComplianceContext) -> Iterator[Block]:
    """Yield section IV: what is unknown, by what is missing."""
    yield heading("section", "IV. NỘI DUNG CHƯA RÕ VÀ SỐ LIỆU CẦN BỔ SUNG")
    if not context.unknown:
        yield body("Không có biện pháp nào chưa rõ.")
        return
    yield body(
        f"Có {said.number(len(context.unknown))} biện pháp chưa đủ số liệu để kết luận, gồm các "
        "nhóm dưới đây. Từng biện pháp, lý do và số liệu cần bổ sung nêu tại Phụ lục II."
    )
    groups = [result.group for result in context.unknown]
    lines = [
        (str(place), *missing(group), said.cell_number(groups.count(group)))
        for place, group in enumerate(sorted(set(groups), key=_order), start=1)
    ]
    columns = (
        Column("TT", 10, "center"),
        Column("Lý do chưa rõ", 62),
        Column("Việc cần làm", 69),
        Column("Số biện pháp", 24, "center"),
    )
    yield Table(columns, rows(lines))


def missing(group: str) -> tuple[str, str]:
    """Return why controls of a group are unknown, and what to do."""
    return MISSING.get(group, _OTHER)


def _order(group: str) -> tuple[int, str]:
    known = list(MISSING)
    return (known.index(group) if group in known else len(known), group)


def citation_section(context: ComplianceContext) -> Iterator[Block]:
    """Yield section V: cited texts that ended or have to be checked, and doubts about the texts themselves."""
    yield heading("section", "V. VIỆN DẪN VĂN BẢN ĐÃ HẾT HIỆU LỰC")
    ended = [citation for citation in context.citations if citation.has_ended]
    doubtful = len(context.citations) - len(ended)
    if ended:
        yield body(
            f"Các văn bản áp dụng viện dẫn {said.number(len(ended))} văn bản đã hết hiệu lực sau đây. Quy "
            "định có viện dẫn như vậy vẫn ràng buộc đơn vị cho tới khi được sửa đổi, thay thế."
        )
        yield citation_table(ended, size_pt=12)
    else:
        yield body("Các văn bản áp dụng không viện dẫn văn bản nào đã biết là hết hiệu lực.")
    if doubtful:
        yield body(
            f"Ngoài ra, {said.number(doubtful)} văn bản được viện dẫn có hiệu lực cần đối chiếu với Công "
            "báo, nêu tại phụ lục cuối của báo cáo."
        )
    noted = [document for document in context.documents if document.validity_note]
    if noted:
        yield body("Về hiệu lực của chính các văn bản áp dụng:")
    for document in noted:
        yield body(f"- {document.short}: {document.validity_note}")


def citation_table(citations: list[Citation], *, size_pt: int) -> Table:
    """Return cited texts with where they are cited, what replaced them, and how sure that is."""
    columns = (
        Column("Văn bản được viện dẫn", 46),
        Column("Viện dẫn tại", 41),
        Column("Văn bản thay thế, ghi chú", 52),
        Column("Độ tin cậy", 26),
    )
    return Table(columns, tuple(map(_citation, citations)), size_pt)


def _citation(citation: Citation) -> Row:
    until = f" (hết hiệu lực {said.short_day(citation.ended_on)})" if citation.has_ended else ""
    successor = f"Thay bằng: {citation.successor}. " if citation.successor else ""
    return Row(
        (
            f"{citation.title}{until}",
            "; ".join(citation.cited_in),
            f"{successor}{citation.note}".strip(),
            said.MARKS.get(citation.mark, citation.mark),
        )
    )
