"""What can go wrong with documents, controls and rulebooks."""

from khien.kernel.errors import KhienError
from khien.kernel.language import Text


class UnknownDocument(KhienError):
    """A document id that the library does not hold."""

    code = "KHIEN-NRM-101"
    http_status = 404
    sentence = Text(
        vi="Không có văn bản «{document}» trong thư viện. Các văn bản đang có: {known}.",
        en="The library has no document «{document}». It holds: {known}.",
    )


class ContradictoryParameter(KhienError):
    """Two texts in force give one parameter values that cannot both hold."""

    code = "KHIEN-NRM-102"
    sentence = Text(
        vi="Tham số «{parameter}» của biện pháp {control} mâu thuẫn: {first}, còn {second}. "
        "Sửa một trong hai tệp clauses.yaml, hoặc đổi «sense» của tham số.",
        en="Parameter «{parameter}» of control {control} is contradictory: {first}, yet {second}. "
        "Correct one of the two clauses.yaml files, or change the parameter's «sense».",
    )


class BrokenLibrary(KhienError):
    """The library has problems; all of them are listed with file and line."""

    code = "KHIEN-NRM-103"
    exit_status = 3
    sentence = Text(
        vi="Thư viện có {count} chỗ sai, chưa nạp gì:\n{problems}",
        en="The library has {count} problems; nothing was loaded:\n{problems}",
    )


class UnknownControl(KhienError):
    """A control id that the library does not hold."""

    code = "KHIEN-NRM-104"
    http_status = 404
    sentence = Text(
        vi="Không có biện pháp «{control}» trong thư viện. Xem danh sách: khien library coverage.",
        en="The library has no control «{control}». List them with: khien library coverage.",
    )


class NotBound(KhienError):
    """A unit with no document bound to it."""

    code = "KHIEN-NRM-105"
    sentence = Text(
        vi="Đơn vị «{unit}» chưa chịu sự điều chỉnh của văn bản nào vào ngày {day}. "
        "Gắn văn bản: khien unit bind {unit} TÊN_VĂN_BẢN.",
        en="No document binds the unit «{unit}» on {day}. Bind one: khien unit bind {unit} DOCUMENT.",
    )
