"""The fixed phrases of Vietnamese official texts: kinds, recitals, signatures, annexes, citations."""

from __future__ import annotations

import re

from khien.norms.text.letters import vietnamese

KINDS = {
    "HIẾN PHÁP": "hiến pháp",
    "BỘ LUẬT": "bộ luật",
    "LUẬT": "luật",
    "PHÁP LỆNH": "pháp lệnh",
    "NGHỊ ĐỊNH": "nghị định",
    "NGHỊ QUYẾT LIÊN TỊCH": "nghị quyết liên tịch",
    "NGHỊ QUYẾT": "nghị quyết",
    "THÔNG TƯ LIÊN TỊCH": "thông tư liên tịch",
    "THÔNG TƯ": "thông tư",
    "QUYẾT ĐỊNH": "quyết định",
    "CHỈ THỊ": "chỉ thị",
    "QUY CHẾ": "quy chế",
    "QUY ĐỊNH": "quy định",
    "QUI CHẾ": "quy chế",
    "QUI ĐỊNH": "quy định",
    "ĐIỀU LỆ": "điều lệ",
    "NỘI QUY": "nội quy",
    "QUY TRÌNH": "quy trình",
    "QUY TẮC": "quy tắc",
    "QUY CHUẨN KỸ THUẬT QUỐC GIA": "quy chuẩn",
    "TIÊU CHUẨN QUỐC GIA": "tiêu chuẩn",
    "KẾ HOẠCH": "kế hoạch",
    "CHƯƠNG TRÌNH HÀNH ĐỘNG": "chương trình hành động",
    "CHƯƠNG TRÌNH": "chương trình",
    "ĐỀ ÁN": "đề án",
    "PHƯƠNG ÁN": "phương án",
    "CHIẾN LƯỢC": "chiến lược",
    "HƯỚNG DẪN": "hướng dẫn",
    "THÔNG BÁO": "thông báo",
    "BÁO CÁO": "báo cáo",
    "TỜ TRÌNH": "tờ trình",
    "BIÊN BẢN": "biên bản",
    "CÔNG ĐIỆN": "công điện",
    "HỢP ĐỒNG": "hợp đồng",
    "KẾT LUẬN": "kết luận",
    "VĂN BẢN HỢP NHẤT": "văn bản hợp nhất",
}
KIND_LINE = re.compile(
    "(" + "|".join(sorted(KINDS, key=len, reverse=True)) + r")(?: MẪU)?(?: \(DỰ THẢO\))?\.?$"
)
KIND_START = vietnamese(
    "(" + "|".join(sorted(KINDS, key=len, reverse=True)) + r") (?=[A-ZĐÀ-Ỹ]?[a-zđà-ỹ])"
)
# A whole title in capitals: "NỘI QUY PHÒNG MÁY"; "QUY ĐỊNH CHUNG" is the title of a chapter.
KIND_CAPS = vietnamese(
    "("
    + "|".join(sorted(KINDS, key=len, reverse=True))
    + r") (?!CHUNG\b|CỤ THỂ\b|KHÁC\b)(?=[A-ZĐÀ-Ỹ]{2})"
)
ATTACHED = frozenset(
    {
        "quy chế", "quy định", "điều lệ", "nội quy", "quy trình", "quy tắc", "kế hoạch",
        "chương trình", "chương trình hành động", "đề án", "phương án", "chiến lược", "hướng dẫn",
        "quy chuẩn", "tiêu chuẩn", "quyết định", "nghị định", "thông tư", "luật", "nghị quyết",
        "thông tư liên tịch", "chỉ thị",
    }
)  # fmt: skip
ISSUING = {
    "quyết định": "QD", "nghị định": "ND", "thông tư": "TT", "nghị quyết": "NQ",
    "thông tư liên tịch": "TTLT", "chỉ thị": "CT", "luật": "L",
}  # fmt: skip
SYMBOL_KINDS = {
    "QĐ": "quyết định", "NĐ": "nghị định", "TT": "thông tư", "TTLT": "thông tư liên tịch",
    "CT": "chỉ thị", "KH": "kế hoạch", "NQ": "nghị quyết", "QC": "quy chế", "QyĐ": "quy định",
    "TB": "thông báo", "BC": "báo cáo", "TTr": "tờ trình", "HD": "hướng dẫn", "CĐ": "công điện",
    "QH": "luật", "PL": "pháp lệnh", "CTr": "chương trình", "ĐA": "đề án", "KL": "kết luận",
    "VBHN": "văn bản hợp nhất", "PA": "phương án",
}  # fmt: skip

NATION = re.compile(
    r"ĐẢNG CỘNG SẢN VIỆT NAM|CỘNG H(?:ÒA|OÀ|ÒÀ|OA) XÃ HỘI|C[ỘÔ]NG H.{1,2} XÃ HỘI CHỦ NGHĨA|"
    r"CỘNG(?: H(?:ÒA|OÀ)(?: XÃ(?: HỘI)?)?)?$|"
    r"(?:^|\| ?)(?:H(?:ÒA|OÀ) )?(?:XÃ )?(?:HỘI )?CHỦ NGHĨA VIỆT NAM$"
)
MOTTO = re.compile(
    r"Độc lập ?[-–—.]? ?Tự do ?[-–—.]? ?Hạnh phúc|^Độc lập ?[-–—] ?Tự do ?[-–—]?$|^[-–—]? ?Hạnh phúc$",
    re.IGNORECASE,
)
RECITAL = re.compile(
    r"(?:Căn cứ|CĂN CỨ|n cứ|ăn cứ)(?! ?:)\b|(?:Theo đề nghị|Xét đề nghị|Xét|Thực hiện|Thể theo|Trên cơ sở|Sau khi|"
    r"Được sự|Theo|Xét thấy|Để )\b"
)
STRONG_RECITAL = re.compile(
    r"(?:Căn cứ|CĂN CỨ|n cứ|ăn cứ)(?! ?:)(?=\W)|(?:Theo đề nghị|Xét đề nghị|Xét )"
)
ENACT = re.compile(
    r"(?:QUYẾT ĐỊNH|QUYẾT NGHỊ|NGHỊ ĐỊNH|THÔNG TƯ|CHỈ THỊ|NGHỊ QUYẾT|YÊU CẦU|LỆNH) ?:$"
    r"|(?:Quốc hội|Chính phủ|Ủy ban|Uỷ ban|Bộ trưởng|Thủ tướng|Hội đồng|Giám đốc|Chủ tịch|Thống đốc|"
    r"Tổng|Chánh án|Viện trưởng)\b.{0,120}? ban hành "
    r"(?:Luật|Bộ luật|Nghị định|Thông tư|Quyết định|Nghị quyết|Pháp lệnh|Chỉ thị|Quy chế)\b"
)
AUTHORITY = re.compile(
    r"(?:PHÓ |TỔNG |QUYỀN )*(?:GIÁM ĐỐC|CHỦ TỊCH|BỘ TRƯỞNG|ỦY BAN NHÂN DÂN|UỶ BAN NHÂN DÂN|UBND|"
    r"HỘI ĐỒNG|THỦ TƯỚNG|CHÍNH PHỦ|QUỐC HỘI|CỤC TRƯỞNG|HIỆU TRƯỞNG|VIỆN TRƯỞNG|THỐNG ĐỐC|CHÁNH ÁN|"
    r"TỔNG CỤC TRƯỞNG|TRƯỞNG BAN|CHÁNH VĂN PHÒNG|ỦY BAN THƯỜNG VỤ|BAN (?!HÀNH)|SỞ |BỘ |THANH TRA|VĂN PHÒNG|"
    r"NGÂN HÀNG|TÒA ÁN|VIỆN |TRƯỜNG |BỆNH VIỆN|TRUNG TÂM |TRƯỞNG |CÔNG AN |ĐẢNG ỦY|TỈNH ỦY|CỤC )"
)
POSITION_LINE = vietnamese(
    r"(?:PHÓ |QUYỀN |TỔNG |P\. ?|Q\. ?)*(?:GIÁM ĐỐC|CHỦ TỊCH|BỘ TRƯỞNG|THỨ TRƯỞNG|THỦ TƯỚNG|"
    r"CỤC TRƯỞNG|HIỆU TRƯỞNG|VIỆN TRƯỞNG|THỐNG ĐỐC|CHÁNH ÁN|TRƯỞNG BAN|TRƯỞNG PHÒNG|CHÁNH VĂN PHÒNG|"
    r"CHÁNH THANH TRA|BÍ THƯ|TRƯỞNG KHOA|PHÓ TRƯỞNG PHÒNG|VỤ TRƯỞNG|KẾ TOÁN TRƯỞNG|"
    r"PHÓ THỦ TƯỚNG|CHỦ NHIỆM|TỔNG THƯ KÝ|CHI CỤC TRƯỞNG|TRƯỞNG CÔNG AN|CHÍNH ỦY|CHỈ HUY TRƯỞNG|TƯ LỆNH|"
    r"TỔNG KIỂM TOÁN NHÀ NƯỚC|TRƯỞNG TRẠM|TRẠM TRƯỞNG|VIỆN PHÓ|HIỆU PHÓ|CỤC PHÓ|VỤ PHÓ)(?: [A-ZĐÀ-Ỹ ,&–-]+)?$"
)
# The two words of a signature broken over lines: "TM." / "ỦY BAN NHÂN DÂN".
CAPACITY_ALONE = re.compile(r"(?:TM|T/M|KT|TL|TUQ)\.$")
CAPACITY = vietnamese(
    r"(TM|T/M|KT|K/T|TL|T/L|TUQ|TUN|Q|QUYỀN)\. ?((?:[A-ZĐÀ-Ỹ]{2,}[ ,.&/()-]*)+)$|"
    r"(TM|T/M|KT|K/T|TL|T/L|TUQ) ((?:[A-ZĐÀ-Ỹ]{2,} ?)+)$"
)
RECIPIENTS = re.compile(r"(?:Nơi nhận|NƠI NHẬN|Nơi gửi|Noi nhận) ?[:.]?")
ADDRESSEES = re.compile(r"(?:Kính gửi|KÍNH GỬI|Kính trình) ?[:.]?")
ADOPTED = re.compile(
    r"(?:Luật|Bộ luật|Nghị quyết|Pháp lệnh) này (?:đã )?được (?:Quốc hội|Ủy ban [Tt]hường vụ Quốc hội|"
    r"Hội đồng nhân dân).{0,160}thông qua"
)
ANNEX = re.compile(
    r"(PHỤ LỤC|Phụ lục|PHỤ BIỂU|MẪU|Mẫu|BIỂU MẪU|Biểu mẫu|BIỂU|Biểu|DANH MỤC PHỤ LỤC|MỤC LỤC PHỤ LỤC)"
    r"((?: (?:số|SỐ|Số))? ?(?:[IVXLC]{1,6}|\d{1,3}|[A-Z]\d{0,2})(?:[./-]\w{1,6})*(?![\wÀ-ỹ]))? ?[:.\-–—]? ?(.*)$"
)
ISSUED_WITH = re.compile(r"\(?\s*(?:Ban hành|BAN HÀNH|Được ban hành|Kèm theo|ban hành|kèm theo)")
SUBJECT = re.compile(r"(?:V/v|V/V|v/v|Về việc|VỀ VIỆC|Vv|Trích yếu)\b ?:?")

# Words of a reference or connection, and the first halves of compounds in which they are not:
# "khoản" asks for a number, the end of "tài khoản" does not.
_COMPOUNDS = {
    "khoản": "tài điều", "Khoản": "Tài",
    "điểm": "địa thời quan trọng đặc ưu nhược khuyết kiểm thí tiêu cao yếu chấm", "Điểm": "Địa",
    "từ": "chứng danh điện", "đến": "đi, bản đi", "tại": "hiện tồn", "thuộc": "trực phụ lệ",
    "bị": "thiết chuẩn", "do": "lý tự", "cùng": "cuối", "trong": "bên", "được": "đạt", "theo": "tiếp",
    "về": "trở đi", "tiết": "chi thời tình", "là": "", "hay": "hát", "cho": "",
}  # fmt: skip


def _words(words: str) -> str:
    """Return a pattern of words that are not the second half of a compound."""
    found = []
    for word in words.split():
        firsts = [
            form for first in _COMPOUNDS.get(word, "").split() for form in (first, first.title())
        ]
        found.append("".join(f"(?<!{first} )" for first in dict.fromkeys(firsts)) + word)
    return "|".join(found)


# The last word of a line that cannot end a sentence: what follows is its continuation.
CONNECTIVE = re.compile(
    rf"(?:^|[\s(])(?:{_words('tại theo của và với hoặc hay từ đến cho là về trong khoản Khoản điểm Điểm')}|"
    rf"{_words('Điều các những do bởi được bị để nhằm như cùng thuộc tiết Chương')})$|[,(/\-–]$"
)
# The same for a marker that is the next one expected: words that ask for a clause number after them.
REFERENCE = re.compile(
    rf"(?:^|[\s(])(?:{_words('tại và hoặc từ đến khoản Khoản điểm Điểm Điều điều')})$|[(/]$"
)
# And for an article: words after which the name of another clause stands.
ARTICLE_REFERENCE = re.compile(
    rf"(?:^|[\s(])(?:{_words('tại theo của và hoặc hay từ đến khoản Khoản điểm Điểm các với thuộc ở')}|"
    r"(?:khoản|Khoản) \d{1,2}|(?:điểm|Điểm) [a-zđ]|Chương|chương)$|[(/,]$"
)
# A full line that ends so goes on with a number.
NUMBER_FOLLOWS = re.compile(
    rf"(?:^|[\s(])(?:{_words('số ngày tháng năm các tiết của quý mức')}|"
    r"(?<!danh )(?<!hạng )mục|(?<!kèm )(?<!tiếp )theo|cấp độ)$"
)
# A number after "Điều N" that belongs to another text, or to this one by name.
CITED_AFTER = re.compile(
    r"(?:của |thuộc |và |hoặc |đến |, |khoản |điểm )|(?:này|đó|trên|nói trên)\b|"
    r"(?:Bộ luật|Luật|Nghị định|Nghị quyết|Thông tư|Quyết định|Pháp lệnh|Hiến pháp|Quy chế|"
    r"Điều lệ|Chỉ thị|Công ước|Hiệp định|Điều|Chương|Mục|Phần)\b|(?:Quy định|QUY ĐỊNH) (?:này|số|ban hành)"
)
_LAST_WORDS = 40
CONSOLIDATED = re.compile(r"XÁC THỰC VĂN BẢN HỢP NHẤT")
FOOTNOTE = vietnamese(r"\[\d{1,3}\] ?[A-ZĐÀ-Ỹ“]")
# The end of a sentence that names its own text: "… chịu trách nhiệm thi hành" / "Quyết định này./."
OWN_NAME = re.compile(
    r"(?:Quyết định|Nghị định|Thông tư|Quy chế|Quy định|Kế hoạch|Luật|Nghị quyết|Chỉ thị) này[.;,/]{0,3}$"
)
PROPER_NOUN_FOLLOWS = re.compile(
    r"(?:Sở|Bộ|Ban|Cục|Tổng cục|Vụ|tỉnh|thành phố|huyện|quận|phường|xã|Ủy ban|UBND|Phòng|Trung tâm|"
    r"Văn phòng|Hội đồng|Bộ trưởng|Giám đốc|Chủ tịch|Thủ tướng|Công an|Tòa án|Viện)$"
)


def ends_in(pattern: re.Pattern[str], text: str) -> bool:
    """Say whether a line ends in a phrase; only its last words are looked at."""
    start = text.find(" ", len(text) - _LAST_WORDS) if len(text) > _LAST_WORDS else 0
    return pattern.search(text, max(start, 0)) is not None


def is_caps(text: str) -> bool:
    """Say whether a line is written in capitals."""
    return text.isupper() and any(letter.isalpha() for letter in text)
