"""What can go wrong with units and signing in."""

from khien.kernel.errors import KhienError
from khien.kernel.language import Text


class UnknownUnit(KhienError):
    """A unit code that nobody registered."""

    code = "KHIEN-ORG-001"
    http_status = 404
    sentence = Text(
        vi="Không có đơn vị «{unit}». Các đơn vị đang có: {known}.",
        en="There is no unit «{unit}». Units known: {known}.",
    )


class LinkRefused(KhienError):
    """A sign-in link that was used, expired or never made."""

    code = "KHIEN-ORG-002"
    http_status = 403
    sentence = Text(
        vi="Liên kết đăng nhập không dùng được nữa: đã dùng, đã hết hạn hoặc sai. "
        "Lấy liên kết mới bằng lệnh: khien link.",
        en="This sign-in link no longer works: used, expired or wrong. Get a new one with: khien link.",
    )
