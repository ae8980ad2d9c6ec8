"""What can go wrong with access tokens."""

from khien.kernel.errors import KhienError
from khien.kernel.language import Text


class TokenRefused(KhienError):
    """A token that may not be made as asked."""

    code = "KHIEN-TOK-001"
    http_status = 422
    sentence = Text(
        vi="Chưa tạo mã truy cập: {why_vi}.", en="The access token was not made: {why_en}."
    )

    def __init__(self, why: Text) -> None:
        super().__init__(why_vi=why.vi, why_en=why.en)


class TokenUnknown(KhienError):
    """A token by its number that does not exist, or is another person's."""

    code = "KHIEN-TOK-002"
    http_status = 404
    sentence = Text(
        vi="Không có mã truy cập số {number}. Xem các mã đang có: khien token list.",
        en="There is no access token number {number}. See those there are: khien token list.",
    )


class TokenInvalid(KhienError):
    """A request without a token that works; one answer for missing, wrong, expired and revoked."""

    code = "KHIEN-TOK-003"
    http_status = 401
    sentence = Text(
        vi="Thiếu mã truy cập, hoặc mã sai, hết hạn, đã thu hồi. Gửi mã trong tiêu đề "
        "«Authorization: Bearer khien_…»; tạo mã mới tại trang Mã truy cập.",
        en="The access token is missing, wrong, expired or revoked. Send it in the header "
        "“Authorization: Bearer khien_…”; make a new one on the page Access tokens.",
    )


class TokenMistyped(TokenInvalid):
    """A word that looks like a token but fails its checksum: a slip in copying, told before any look-up."""

    code = "KHIEN-TOK-004"
    sentence = Text(
        vi="Mã truy cập chép sai hoặc thiếu ký tự (mã có 55 ký tự, bắt đầu bằng khien_). Chép lại nguyên mã.",
        en="The access token was copied wrongly or lacks letters (it has 55, starting with khien_). "
        "Copy the whole of it again.",
    )
