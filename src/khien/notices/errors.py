"""What can go wrong with notices and mail."""

from khien.kernel.errors import KhienError
from khien.kernel.language import Text


class UnknownNotice(KhienError):
    """A notice that does not exist, or is another person's: one answer for both."""

    code = "KHIEN-NOT-001"
    http_status = 404
    sentence = Text(
        vi="Không có thông báo số {number}. Mở danh sách thông báo và tìm lại.",
        en="There is no notice {number}. Open the list of notices and look again.",
    )


class MailSettingsBroken(KhienError):
    """The file mail.toml says something that cannot be meant."""

    code = "KHIEN-NOT-002"
    exit_status = 2
    sentence = Text(
        vi="Tệp {file} sai: {why_vi}. Sửa tệp rồi thử: khien mail test.",
        en="The file {file} is wrong: {why_en}. Mend it, then try: khien mail test.",
    )

    def __init__(self, file: str, why: Text) -> None:
        super().__init__(file=file, why_vi=why.vi, why_en=why.en)


class MailNotConfigured(KhienError):
    """A mail was asked for, but no mail server is configured."""

    code = "KHIEN-NOT-003"
    http_status = 409
    sentence = Text(
        vi="Chưa khai máy chủ thư. Tạo tệp {file} theo hướng dẫn docs/howto/send-mail.md.",
        en="No mail server is configured. Write the file {file} as docs/howto/send-mail.md says.",
    )


class NoAddress(KhienError):
    """A person has no e-mail address."""

    code = "KHIEN-NOT-004"
    http_status = 422
    sentence = Text(
        vi="Tài khoản «{user}» chưa có địa chỉ thư điện tử. Bổ sung ở trang tài khoản.",
        en="Account “{user}” has no e-mail address. Add one on the page of the account.",
    )


class PreferenceRefused(KhienError):
    """Settings of reminders that cannot be meant."""

    code = "KHIEN-NOT-005"
    http_status = 422
    sentence = Text(
        vi="Chưa lưu cài đặt nhắc việc: {why_vi}", en="The settings were not saved: {why_en}"
    )

    def __init__(self, why: Text) -> None:
        super().__init__(why_vi=why.vi, why_en=why.en)
