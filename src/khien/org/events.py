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
UNIT_RENAMED = register(
    "org.unit_renamed",
    Text(
        "Đơn vị {subject} đổi tên từ «{before}» thành «{after}» từ {from}, {by} ghi.",
        "Unit {subject} was renamed from “{before}” to “{after}” from {from}, recorded by {by}.",
    ),
)
UNIT_MOVED = register(
    "org.unit_moved",
    Text(
        "Đơn vị {subject} chuyển từ {before} về {after} từ {from}, {by} ghi.",
        "Unit {subject} moved from {before} to {after} from {from}, recorded by {by}.",
    ),
)
UNIT_MERGED = register(
    "org.unit_merged",
    Text(
        "Đơn vị {subject} kết thúc từ {from}, {successors} kế thừa, {by} ghi.",
        "Unit {subject} ended on {from}, succeeded by {successors}, recorded by {by}.",
    ),
)
UNIT_ENDED = register(
    "org.unit_ended",
    Text(
        "Đơn vị {subject} kết thúc hoạt động từ {from}, {by} ghi.",
        "Unit {subject} ended on {from}, recorded by {by}.",
    ),
)
ACCOUNT_ASKED = register(
    "org.account_asked",
    Text(
        "{by} đề nghị số {number} tại {unit}: tài khoản {subject}, vai trò {roles}.",
        "{by} made request {number} at {unit}: account {subject}, roles {roles}.",
    ),
)
ACCOUNT_DECIDED = register(
    "org.account_decided",
    Text(
        "{by} giải quyết đề nghị số {number} tại {unit} về tài khoản {subject}: {state}.",
        "{by} settled request {number} at {unit} about account {subject}: {state}.",
    ),
)
USER_DISABLED = register(
    "org.user_disabled",
    Text("{by} khóa tài khoản {subject}.", "{by} disabled the account {subject}."),
)
USER_ENABLED = register(
    "org.user_enabled",
    Text("{by} mở lại tài khoản {subject}.", "{by} enabled the account {subject} again."),
)
USER_ADDRESS_CHANGED = register(
    "org.user_address_changed",
    Text(
        "Đổi địa chỉ thư điện tử của {subject}, bởi {by}.",
        "Changed the e-mail address of {subject}, by {by}.",
    ),
)
USER_LEAVES = register(
    "org.user_leaves",
    Text(
        "{subject} giữ vai trò đến hết ngày {on} rồi nghỉ, {by} ghi.",
        "{subject} leaves; all roles end after {on}, recorded by {by}.",
    ),
)
USER_MOVED = register(
    "org.user_moved",
    Text(
        "{subject} chuyển từ đơn vị {before} về {after}, {by} ghi.",
        "{subject} moved from unit {before} to {after}, recorded by {by}.",
    ),
)
LINK_MADE = register(
    "org.link_made",
    Text(
        "{by} lấy liên kết kích hoạt cho {subject}.", "{by} made an activation link for {subject}."
    ),
)
