"""What the access room puts on record."""

from khien.access.token_events import TOKEN_MADE as TOKEN_MADE
from khien.access.token_events import TOKEN_REVOKED as TOKEN_REVOKED
from khien.kernel.language import Text
from khien.ledger.events import register

SIGNED_IN = register(
    "access.signed_in",
    Text(
        "{subject} đăng nhập bằng {way}, yếu tố thứ hai: {factor}.",
        "{subject} signed in by {way}, second factor: {factor}.",
    ),
)
WRONG_TRIES = register(
    "access.wrong_tries",
    Text(
        "Đăng nhập sai vào tài khoản {subject}: {count} lần, lần cuối từ {address}.",
        "Wrong sign-ins to account {subject}: {count}, the last from {address}.",
    ),
)
LOCKED = register(
    "access.account_locked",
    Text(
        "Khóa tài khoản {subject} đến {until} sau {count} lần đăng nhập sai.",
        "Locked account {subject} until {until} after {count} wrong sign-ins.",
    ),
)
UNLOCKED = register(
    "access.account_unlocked",
    Text("{by} mở khóa tài khoản {subject}.", "{by} unlocked account {subject}."),
)
PASSWORD_SET = register(
    "access.password_set",
    Text("Đặt mật khẩu của {subject}, do {by}.", "Password of {subject} set by {by}."),
)
FACTOR_ADDED = register(
    "access.factor_added",
    Text(
        "{subject} thêm yếu tố thứ hai «{name}» ({kind}).",
        "{subject} added second factor «{name}» ({kind}).",
    ),
)
FACTOR_REMOVED = register(
    "access.factor_removed",
    Text(
        "{by} bỏ yếu tố thứ hai «{name}» ({kind}) của {subject}.",
        "{by} removed second factor «{name}» ({kind}) of {subject}.",
    ),
)
RECOVERY_CODES_MADE = register(
    "access.recovery_codes_made",
    Text("{subject} tạo {count} mã dự phòng mới.", "{subject} made {count} new recovery codes."),
)
RECOVERY_CODE_USED = register(
    "access.recovery_code_used",
    Text(
        "{subject} dùng một mã dự phòng; còn {left}.",
        "{subject} used a recovery code; {left} are left.",
    ),
)
SESSIONS_ENDED = register(
    "access.sessions_ended",
    Text(
        "{by} kết thúc {count} phiên đăng nhập của {subject}.",
        "{by} ended {count} sessions of {subject}.",
    ),
)
SELF_CHECKED = register(
    "access.self_checked",
    Text(
        "Khiên tự kiểm tra theo quy tắc của {subject}: {passed} đạt, {failed} không đạt, {unknown} chưa rõ.",
        "Khiên checked itself by the rules of {subject}: {passed} pass, {failed} fail, {unknown} unknown.",
    ),
)
BACKED_UP = register(
    "access.backed_up",
    Text(
        "Sao lưu Khiên: {files} tệp, SHA-256 của danh mục {sha256}.",
        "Backed Khiên up: {files} files, SHA-256 of the list {sha256}.",
    ),
)
