"""What can go wrong on the way from a file to a rulebook in force."""

from khien.kernel.errors import KhienError
from khien.kernel.language import Text


class UnknownText(KhienError):
    """A text that is not there, or that the person may not see."""

    code = "KHIEN-ADO-101"
    http_status = 404
    sentence = Text(
        vi="Không có văn bản nhập «{text}».",
        en="There is no imported text «{text}».",
    )


class TextChangedMeanwhile(KhienError):
    """Someone else changed the text since it was read."""

    code = "KHIEN-ADO-102"
    http_status = 409
    sentence = Text(
        vi="Văn bản vừa được {by} thay đổi; chưa ghi gì. Tải lại trang rồi làm lại việc này.",
        en="{by} changed the text meanwhile; nothing was written. Load the page again and repeat.",
    )


class TextSettled(KhienError):
    """A text that is submitted or in force cannot be changed."""

    code = "KHIEN-ADO-103"
    http_status = 409
    sentence = Text(
        vi="Văn bản «{text}» đã trình hoặc đã áp dụng, không sửa được nữa.",
        en="The text «{text}» is submitted or in force and cannot be changed.",
    )
