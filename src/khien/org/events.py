"""What the org room puts on record."""

from khien.kernel.language import Text
from khien.ledger.events import register

UNIT_REGISTERED = register(
    "org.unit_registered",
    Text("Đăng ký đơn vị {subject}: {name}.", "Registered unit {subject}: {name}."),
)
USER_REGISTERED = register(
    "org.user_registered",
    Text("Tạo người dùng {subject} của đơn vị {unit}.", "Made user {subject} of unit {unit}."),
)
SIGNED_IN = register(
    "org.signed_in", Text("{subject} đăng nhập ({by}).", "{subject} signed in ({by}).")
)
ROLE_GRANTED = register(
    "org.role_granted",
    Text(
        "{subject} giữ vai trò {role} tại {unit} từ {from}, do {by} giao.",
        "{subject} holds role {role} at {unit} from {from}, granted by {by}.",
    ),
)
ROLE_REVOKED = register(
    "org.role_revoked",
    Text(
        "{subject} thôi vai trò {role} tại {unit}, do {by} thu hồi.",
        "{subject} no longer holds role {role} at {unit}, revoked by {by}.",
    ),
)
