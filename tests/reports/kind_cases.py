"""One made-up document of every kind of Nghị định 30/2020, and one that is too long everywhere."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from khien.reports.blocks import (
    LANDSCAPE_WIDTH_MM,
    Annex,
    Block,
    Column,
    OfficialDocument,
    Paragraph,
    Row,
    Run,
    Signer,
    Table,
    article,
    bases,
    body,
    division,
    heading,
    labelled,
    rows,
)
from khien.reports.kinds import (
    annex_labels,
    annex_reference,
    archive_line,
    document_kinds,
    number_line,
    place_and_day,
    recipient_lines,
    signer_lines,
)
from khien.reports.measures import measured_table

ISSUER = "Sở Y tế tỉnh Mẫu"
DAY = date(2026, 2, 5)
LONG = (
    "Căn cứ tình hình thực tế, đơn vị đã rà soát toàn bộ hệ thống thông tin đang vận hành, đối chiếu với "
    "quy định và ghi nhận kết quả như sau, trong đó nêu rõ việc đã làm, việc chưa làm và nguyên nhân."
)


def official(kind: str, **changes: Any) -> OfficialDocument:
    """A document of a kind with everything that its form asks for, and changes."""
    known = document_kinds()[kind]
    values: dict[str, Any] = {
        "language": "vi",
        "file_title": f"{known.title or 'Công văn'} mẫu",
        "author": ISSUER,
        "made_at": "2026-02-05T02:30:00Z",
        "parent": "ỦY BAN NHÂN DÂN TỈNH MẪU",
        "issuer": ("SỞ Y TẾ TỈNH MẪU",),
        "number": number_line(kind, "SYT", drafter="VP"),
        "place_and_day": place_and_day("Sơn Mẫu", DAY, year=2026),
        "kind": known.title.upper(),
        "subject": ("Kết quả bảo đảm an toàn thông tin quý I năm 2026",),
        "addressee": "",
        "addressees": ("Ủy ban nhân dân tỉnh Mẫu",) if known.addressed else (),
        "blocks": (body(LONG), body(f"{LONG[:-1]}./.")),
        "recipients": recipient_lines(("Như trên", "Lãnh đạo Sở"), last=archive_line("VP", 3)),
        "signer": signer_lines("Giám đốc"),
        "annexes": (),
    }
    return OfficialDocument(**{**values, **changes})


def report() -> OfficialDocument:
    """Báo cáo: number BC, Kính gửi, sections, a table with sums, an annex."""
    table = measured_table(
        ("TT", "Đơn vị", "Số máy", "Đạt", "Chưa đạt"),
        [(str(n), f"Trung tâm Y tế số {n}", "120", "96", "24") for n in range(1, 6)],
        aligns=("center", "left", "right", "right", "right"),
    )
    table = Table(table.columns, (*table.rows, Row(("", "Cộng", "600", "480", "120"), "total")))
    blocks: tuple[Block, ...] = (
        *bases(("Căn cứ Kế hoạch mẫu năm 2026", "Thực hiện văn bản mẫu của cơ quan cấp trên")),
        heading("section", "I. KẾT QUẢ THỰC HIỆN"),
        heading("part", "1. Tổ chức thực hiện"),
        body(LONG),
        body("a) Việc đã làm;"),
        body("b) Việc chưa làm."),
        heading("part", "2. Số liệu"),
        Paragraph((Run("Bảng 1. Kết quả theo đơn vị", is_bold=True),), "caption"),
        Paragraph((Run("Đơn vị tính: máy", is_italic=True),), "measure"),
        table,
        *[body(LONG)] * 6,
        heading("section", "II. KIẾN NGHỊ"),
        Paragraph((), "dots"),
        body("Trên đây là báo cáo kết quả của Sở Y tế tỉnh Mẫu./."),
    )
    number = number_line("bao_cao", "SYT")
    reference = annex_reference("bao_cao", number, place_and_day("", DAY, year=2026), ISSUER)
    labels = annex_labels(2)
    return official(
        "bao_cao",
        blocks=blocks,
        signer=signer_lines("Giám đốc", own="Phó Giám đốc", mode="KT"),
        signer_name="Nguyễn Văn Mẫu",
        annexes=(
            Annex(labels[0], "DANH SÁCH ĐƠN VỊ", reference, (table,)),
            Annex(labels[1], "BẢNG TỔNG HỢP", reference, (wide_table(),), is_landscape=True),
        ),
    )


def wide_table(lines: int = 40, letters: int = 12) -> Table:
    """Twelve columns under common heads, with numbers of the columns, for a page on its side."""
    groups = (
        "",
        "",
        "Máy tính",
        "Máy tính",
        "Máy tính",
        "Sự cố",
        "Sự cố",
        "Sự cố",
        "Kinh phí",
        "Kinh phí",
        "",
        "",
    )
    titles = (
        "TT", "Tên hệ thống thông tin", "Máy trạm", "Máy chủ", "Thiết bị mạng", "Nghiêm trọng", "Cao", "Thấp",
        "Được giao", "Đã chi", "Cấp độ", "Ghi chú",
    )  # fmt: skip
    widths = (11, 55, 17, 17, 17, 22, 13, 13, 22, 22, 15, 28)
    assert sum(widths) == LANDSCAPE_WIDTH_MM
    columns = tuple(
        Column(title, width, "center" if place != 1 else "left", group)
        for place, (title, width, group) in enumerate(zip(titles, widths, groups, strict=True))
    )
    made = [
        (
            str(n),
            f"Hệ thống thông tin {'x' * letters} {n}",
            *(str(n * k) for k in range(8)),
            "3",
            "",
        )
        for n in range(1, lines + 1)
    ]
    return Table(columns, rows(made), size_pt=11, has_column_numbers=True)


def plan() -> OfficialDocument:
    """Kế hoạch: I. mục đích, yêu cầu; II. nội dung; III. tổ chức thực hiện; nobody is addressed."""
    tasks = measured_table(
        ("TT", "Nhiệm vụ", "Căn cứ", "Chủ trì", "Thời hạn", "Kinh phí"),
        [
            (
                "1",
                "Rà soát, cập nhật danh mục hệ thống thông tin",
                "Điều 5",
                "Văn phòng Sở",
                "30/4/2026",
                "0",
            ),
            (
                "2",
                "Đào tạo, tập huấn kỹ năng an toàn thông tin",
                "Điều 7",
                "Phòng Tổ chức",
                "31/5/2026",
                "45.000.000",
            ),
        ],
    )
    return official(
        "ke_hoach",
        subject=("Bảo đảm an toàn thông tin mạng năm 2026",),
        blocks=(
            heading("section", "I. MỤC ĐÍCH, YÊU CẦU"),
            body(LONG),
            heading("section", "II. NỘI DUNG"),
            tasks,
            heading("section", "III. TỔ CHỨC THỰC HIỆN"),
            body(f"{LONG[:-1]}./."),
        ),
        signer=signer_lines("Chủ tịch", collective="Ủy ban nhân dân"),
        recipients=recipient_lines(
            ("UBND tỉnh (để báo cáo)", "Các đơn vị trực thuộc"), last=archive_line("VP")
        ),
    )


def minutes() -> OfficialDocument:
    """Biên bản: begin, place, people, chair and secretary, content, end; two signatures."""
    return official(
        "bien_ban",
        subject=("Về việc nghiệm thu hệ thống thông tin",),
        blocks=(
            labelled("Thời gian bắt đầu", "08 giờ 00 phút ngày 05 tháng 02 năm 2026."),
            labelled("Địa điểm", "Phòng họp số 1."),
            labelled("Thành phần tham dự", "đại diện các bên."),
            labelled("Chủ trì", "Ông Nguyễn Văn Mẫu, Giám đốc."),
            labelled("Thư ký", "Bà Trần Thị Mẫu, chuyên viên."),
            heading("section", "Nội dung"),
            body(LONG),
            body("Cuộc họp kết thúc vào 10 giờ 30 phút ngày 05 tháng 02 năm 2026./."),
        ),
        signer=(),
        parties=(("THƯ KÝ", "Trần Thị Mẫu"), ("CHỦ TỌA", "Nguyễn Văn Mẫu")),
        recipients=recipient_lines(("Như thành phần",), last="- Lưu: VT, Hồ sơ."),
    )


def letter() -> OfficialDocument:
    """Công văn: V/v under the number, several recipients, urgency, drafter, address at the foot."""
    return official(
        "cong_van",
        subject=("đề nghị xóa toàn bộ dữ liệu trên máy chủ thuê ngoài",),
        addressees=("Công ty cung cấp dịch vụ mẫu", "Sở Khoa học và Công nghệ tỉnh Mẫu"),
        urgency="THƯỢNG KHẨN",
        drafter="NVM.(02)",
        address="Số 1 đường Mẫu, phường Sơn Mẫu, tỉnh Mẫu. Điện thoại: 0200 000 000. Trang tin: soyte.mau.gov.vn",
        signer=signer_lines("Giám đốc", own="Chánh Văn phòng", mode="TL"),
    )


def proposal() -> OfficialDocument:
    """Tờ trình: addressed to the one who decides; an acting head signs."""
    return official(
        "to_trinh",
        subject=("Về việc phê duyệt kế hoạch kết thúc vận hành hệ thống thông tin",),
        addressees=("Ủy ban nhân dân tỉnh Mẫu",),
        urgency="KHẨN",
        signer=signer_lines("Giám đốc", mode="Q"),
    )


def decision() -> OfficialDocument:
    """Quyết định: who decides, căn cứ, the order, articles; the issued text from a new page."""
    number = number_line("quyet_dinh", "SYT")
    day = place_and_day("", DAY, year=2026)
    text = (
        *division("Chương I", "Quy định chung"),
        article(1, "Phạm vi điều chỉnh", is_title=True),
        body("1. Quy chế này quy định việc bảo đảm an toàn thông tin."),
        body("a) Điểm thứ nhất;"),
        *division("Chương II", "Trách nhiệm"),
        article(2, "Trách nhiệm của đơn vị", is_title=True),
        body(LONG),
    )
    reference = annex_reference("quyet_dinh", number, day, ISSUER).replace("(Kèm", "(Ban hành kèm")
    return official(
        "quyet_dinh",
        subject=("Về việc ban hành Quy chế bảo đảm an toàn thông tin",),
        blocks=(
            heading("authority", "GIÁM ĐỐC SỞ Y TẾ TỈNH MẪU"),
            *bases(
                (
                    "Căn cứ Quyết định mẫu quy định chức năng, nhiệm vụ của Sở Y tế",
                    "Căn cứ Nghị định mẫu về bảo đảm an toàn hệ thống thông tin theo cấp độ",
                    "Theo đề nghị của Chánh Văn phòng Sở",
                )
            ),
            heading("order", "QUYẾT ĐỊNH:"),
            article(1, "Ban hành kèm theo Quyết định này Quy chế bảo đảm an toàn thông tin."),
            article(2, "Quyết định này có hiệu lực kể từ ngày ký."),
            article(
                3, "Chánh Văn phòng Sở và các đơn vị chịu trách nhiệm thi hành Quyết định này./."
            ),
        ),
        recipients=recipient_lines(("Như Điều 3", "Lãnh đạo Sở"), last=archive_line("VP")),
        annexes=(
            Annex("QUY CHẾ", "BẢO ĐẢM AN TOÀN THÔNG TIN", reference, text, is_issued_text=True),
        ),
    )


def notice() -> OfficialDocument:
    """Thông báo: very urgent, for limited circulation, signed by three bodies."""
    signers = (
        Signer(signer_lines("Giám đốc"), "Nguyễn Văn Mẫu"),
        Signer(
            signer_lines("Trưởng Công an tỉnh", own="Phó Trưởng Công an", mode="KT"), "Lê Văn Mẫu"
        ),
        Signer(signer_lines("Giám đốc", own="Trưởng phòng", mode="TUQ"), "Trần Thị Mẫu"),
    )
    return official(
        "thong_bao",
        subject=("Kết luận về sự cố an toàn thông tin mạng",),
        urgency="HỎA TỐC",
        circulation="LƯU HÀNH NỘI BỘ",
        signers=signers,
    )


def too_long() -> OfficialDocument:
    """Names, abstract, words, a table of twelve columns and two thousand rows: too long for their places."""
    name = "TRUNG TÂM KIỂM SOÁT BỆNH TẬT VÀ CHĂM SÓC SỨC KHỎE CỘNG ĐỒNG KHU VỰC " * 3
    abstract = ("Về việc báo cáo kết quả thực hiện các nhiệm vụ bảo đảm an toàn thông tin " * 5)[
        :300
    ]
    words = "HeThongQuanLyVanBanVaDieuHanhCoTenRatDaiKhongCoDauCach" * 3
    cells = [("1.234", words[:40], *(f"{n}{words[:n]}" for n in range(10))) for n in range(30)]
    many = [(str(n), f"Máy trạm số {n}", *(["12"] * 10)) for n in range(2000)]
    columns = tuple(Column(f"Cột số {n}", 30) for n in range(12))
    return official(
        "bao_cao",
        parent=name.strip(),
        issuer=(name.strip(),),
        subject=(abstract,),
        addressees=(name.title().strip(), words),
        place_and_day=f"{'Thành phố Mẫu ' * 8}, ngày 05 tháng 02 năm 2026",
        blocks=(body(words), body(f"{LONG} {words}"), Table(columns, rows(cells)), body("Hết./.")),
        signer=signer_lines(name[:150], own=name[:150], mode="KT"),
        signer_name=words[:60],
        recipients=recipient_lines((name, words), last=archive_line(words)),
        address=f"{name} {name}"[:400],
        annexes=(
            Annex("Phụ lục I", abstract.upper(), "(Kèm theo)", (Table(columns, rows(many)),)),
            Annex("Phụ lục II", "", "", (Table(columns, rows(cells)),), is_landscape=True),
        ),
    )


KINDS: Mapping[str, Callable[[], OfficialDocument]] = {
    "bao_cao": report,
    "ke_hoach": plan,
    "bien_ban": minutes,
    "cong_van": letter,
    "to_trinh": proposal,
    "quyet_dinh": decision,
    "thong_bao": notice,
}
