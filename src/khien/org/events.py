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
