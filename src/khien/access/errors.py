"""What can go wrong when someone signs in or looks after an account."""

from __future__ import annotations

from khien.kernel.errors import KhienError
from khien.kernel.language import Text


class SignInRefused(KhienError):
    """A wrong name or password, an account that is locked, disabled or not there: one answer for all."""

    code = "KHIEN-ACC-001"
    http_status = 403
    sentence = Text(
        vi="Tên đăng nhập hoặc mật khẩu không đúng, hoặc tài khoản đang tạm khóa. Sau nhiều nhất {tries} "
        "lần sai, tài khoản bị khóa {minutes} phút; quản trị Khiên của đơn vị mở khóa được.",
        en="The user name or password is wrong, or the account is locked for now. After at most {tries} "
        "wrong tries an account is locked for {minutes} minutes; your unit's Khiên administrator can unlock it.",
    )


class TooFast(KhienError):
    """Too many wrong tries from one address in a short time."""

    code = "KHIEN-ACC-002"
    http_status = 429
    sentence = Text(
        vi="Từ địa chỉ này có quá nhiều lần đăng nhập sai. Chờ {minutes} phút rồi thử lại.",
        en="Too many wrong sign-ins came from this address. Wait {minutes} minutes, then try again.",
    )


class PasswordRefused(KhienError):
    """A new password that the rules do not allow; says each rule and its clause."""

    code = "KHIEN-ACC-003"
    http_status = 422
    sentence = Text(
        vi="Mật khẩu mới chưa đạt: {faults}",
        en="The new password is not good enough: {faults}",
    )


class WrongPassword(KhienError):
    """The present password, asked for once more, is not right."""

    code = "KHIEN-ACC-004"
    http_status = 403
    sentence = Text(
        vi="Mật khẩu hiện tại không đúng. Nhập lại.",
        en="The present password is not right. Enter it again.",
    )


class FactorRefused(KhienError):
    """A code or key that does not prove the second factor: wrong, used before, or too late."""

    code = "KHIEN-ACC-005"
    http_status = 403
    sentence = Text(
        vi="Mã hoặc khóa bảo mật không đúng, đã dùng rồi hoặc đã quá hạn. Lấy mã mới rồi nhập lại.",
        en="The code or security key is wrong, was used before, or is too late. Get a new code and enter it.",
    )


class FactorNeeded(KhienError):
    """An administrator would be left without any second factor."""

    code = "KHIEN-ACC-006"
    http_status = 409
    sentence = Text(
        vi="Người quản trị phải có ít nhất một yếu tố xác thực thứ hai ({clause}). Thêm yếu tố khác trước, "
        "rồi bỏ «{name}».",
        en="An administrator must keep at least one second factor ({clause}). Add another first, then remove "
        "«{name}».",
    )


class SettingsBroken(KhienError):
    """The file access.toml says something that cannot be meant."""

    code = "KHIEN-ACC-007"
    http_status = 500
    sentence = Text(
        vi="Tệp thiết lập {file} sai ở mục [{table}] {key}: {why}. Sửa rồi chạy lại.",
        en="The settings file {file} is wrong at [{table}] {key}: {why}. Correct it and run again.",
    )


class DirectoryUnreachable(KhienError):
    """The directory (LDAP, Active Directory) cannot be asked."""

    code = "KHIEN-ACC-008"
    http_status = 503
    sentence = Text(
        vi="Không hỏi được máy chủ thư mục {server}: {why}. Báo quản trị kiểm tra mục [ldap] trong access.toml.",
        en="The directory server {server} cannot be asked: {why}. Tell the administrator to check [ldap] in "
        "access.toml.",
    )


class ProviderRefused(KhienError):
    """The answer of the OpenID provider cannot be trusted, or names nobody who has an account."""

    code = "KHIEN-ACC-009"
    http_status = 403
    sentence = Text(
        vi="Không đăng nhập được qua {provider}: {why}. Thử lại từ trang đăng nhập; nếu vẫn vậy, báo quản trị.",
        en="Signing in through {provider} did not work: {why}. Start again from the sign-in page; if it stays "
        "so, tell the administrator.",
    )


class BackupRefused(KhienError):
    """A backup that cannot be written or believed."""

    code = "KHIEN-ACC-010"
    sentence = Text(
        vi="Bản sao lưu {file} không dùng được: {why}.",
        en="The backup {file} cannot be used: {why}.",
    )


class NotBeyondLoopback(KhienError):
    """Pages would leave the machine in the clear."""

    code = "KHIEN-ACC-011"
    sentence = Text(
        vi="Không mở trang ra mạng ở {address} khi chưa có TLS: đặt certificate và private_key ở mục [serve] "
        "trong access.toml, hoặc khai proxy đã có TLS.",
        en="Pages are not served to the network at {address} without TLS: set certificate and private_key in "
        "[serve] of access.toml, or declare the proxy that has TLS.",
    )
