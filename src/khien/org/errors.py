"""What can go wrong with units and signing in."""

from khien.kernel.errors import KhienError
from khien.kernel.language import Text


class UnknownUnit(KhienError):
    """A unit code that nobody registered."""

    code = "KHIEN-ORG-001"
    http_status = 404
    sentence = Text(
        vi="Không có đơn vị «{unit}». Các đơn vị đang có: {known}. Thêm đơn vị: khien unit add.",
        en="There is no unit «{unit}». Units known: {known}. Add one with: khien unit add.",
    )


class UnitRefused(KhienError):
    """A unit with a code that cannot stand in an address, or without a name."""

    code = "KHIEN-ORG-003"
    sentence = Text(
        vi="Không thêm được đơn vị «{unit}»: mã gồm chữ không dấu, chữ số, dấu gạch "
        "(nhiều nhất 40 ký tự) và tên không được trống. Ví dụ: khien unit add ubnd-phuong-mau "
        "«UBND phường Mẫu» --place Mẫu.",
        en="The unit «{unit}» was not added: a code has plain letters, digits and hyphens "
        "(at most 40) and the name must not be empty. Example: khien unit add model-ward "
        "«Model ward» --place Model.",
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


class RoleRefused(KhienError):
    """A role that does not exist, or whose days make no sense."""

    code = "KHIEN-ORG-004"
    sentence = Text(
        vi="Không giao được vai trò «{role}»: chọn một vai trò có sẵn, ngày cuối không trước ngày đầu; "
        "vai trò đoàn kiểm tra phải có ngày cuối.",
        en="Role «{role}» was not granted: choose an existing role, with an end not before its start; "
        "an inspector's role must have an end.",
    )


class NotAllowed(KhienError):
    """A page or act at a unit the person sees, but with no role that lets do it there."""

    code = "KHIEN-ORG-005"
    http_status = 403
    sentence = Text(
        vi="Vai trò của bạn tại {unit} không cho làm việc này. Đề nghị quản trị Khiên của đơn vị "
        "giao vai trò phù hợp.",
        en="Your role at {unit} does not let you do this. Ask your unit's Khiên administrator for a "
        "fitting role.",
    )


class DayRefused(KhienError):
    """A change dated before the unit's present state began, or in the future."""

    code = "KHIEN-ORG-006"
    sentence = Text(
        vi="Không ghi được thay đổi của {unit} vào ngày {day}: ngày phải từ {since} (khi tình trạng hiện nay "
        "bắt đầu) đến hôm nay. Quyết định có hiệu lực sau này thì ghi vào ngày đó.",
        en="The change of {unit} cannot be dated {day}: the day must lie between {since}, when its present "
        "state began, and today. Record a decision that takes effect later on that day.",
    )


class UnitHasEnded(KhienError):
    """A change of a unit that ended, or one that would put something under it."""

    code = "KHIEN-ORG-007"
    http_status = 409
    sentence = Text(
        vi="{unit} đã kết thúc hoạt động ngày {day}, không thay đổi được nữa và không nhận đơn vị hay tài khoản.",
        en="{unit} ended on {day}; it can no longer change, nor take units or accounts.",
    )


class CircleRefused(KhienError):
    """A unit that would come to stand under itself."""

    code = "KHIEN-ORG-008"
    sentence = Text(
        vi="Không đặt {unit} dưới {above} được: ngày {day}, {above} chính là đơn vị đó hoặc nằm dưới nó. "
        "Chuyển {above} ra trước.",
        en="{unit} cannot be put under {above}: on {day}, {above} was that unit or stood below it. "
        "Move {above} out first.",
    )


class HasUnitsBelow(KhienError):
    """A unit that cannot end while living units stand below it."""

    code = "KHIEN-ORG-009"
    http_status = 409
    sentence = Text(
        vi="Chưa kết thúc {unit} được: còn đơn vị trực thuộc từ ngày {day}: {below}. Chuyển hoặc kết thúc "
        "các đơn vị đó trước.",
        en="{unit} cannot end yet: units stand below it on or after {day}: {below}. Move or end those first.",
    )


class SameUnit(KhienError):
    """A merger of a unit into itself, or one that names nobody."""

    code = "KHIEN-ORG-010"
    sentence = Text(
        vi="Sáp nhập cần ít nhất một đơn vị cũ và một đơn vị kế thừa, không đơn vị nào ở cả hai bên: {units}.",
        en="A merger needs at least one old unit and one successor, none of them on both sides: {units}.",
    )


class NothingChanges(KhienError):
    """A change that would leave everything as it is."""

    code = "KHIEN-ORG-011"
    sentence = Text(
        vi="{unit} vốn đã như vậy, không có gì để ghi.",
        en="{unit} stands like this already; there is nothing to record.",
    )


class NotYetThere(KhienError):
    """Something put under a unit, or left to it, before that unit was there."""

    code = "KHIEN-ORG-012"
    sentence = Text(
        vi="{unit} chỉ có từ ngày {day}, không nhận đơn vị khác trước ngày đó.",
        en="{unit} is there only from {day} and can take no other unit before that.",
    )


class UserRefused(KhienError):
    """A user name that cannot stand in an address, or somebody without a name."""

    code = "KHIEN-ORG-013"
    sentence = Text(
        vi="Không dùng được tên đăng nhập «{username}»: 3-60 chữ thường không dấu, chữ số, dấu chấm, gạch; "
        "và phải có họ tên.",
        en="The user name «{username}» cannot be used: 3-60 plain small letters, digits, dots, hyphens or "
        "underscores; and a full name is needed.",
    )


class UsernameTaken(KhienError):
    """A user name that somebody has, or that was asked for already."""

    code = "KHIEN-ORG-014"
    http_status = 409
    sentence = Text(
        vi="Tên đăng nhập «{username}» đã có người dùng hoặc đang được đề nghị. Chọn tên khác.",
        en="The user name «{username}» is taken or asked for already. Choose another.",
    )


class UnknownUser(KhienError):
    """A user name that nobody has."""

    code = "KHIEN-ORG-015"
    http_status = 404
    sentence = Text(
        vi="Không có người dùng «{username}». Xem: khien user list.",
        en="There is no user «{username}». See: khien user list.",
    )


class OwnRequest(KhienError):
    """Somebody deciding on what they asked for, or on their own account."""

    code = "KHIEN-ORG-016"
    http_status = 403
    sentence = Text(
        vi="Không tự duyệt đề nghị của mình hoặc về tài khoản của mình; cần một lãnh đạo khác của đơn vị.",
        en="Nobody decides on the own request, or on one about the own account; another leader must.",
    )


class AlreadyDecided(KhienError):
    """A request that was decided or withdrawn before."""

    code = "KHIEN-ORG-017"
    http_status = 409
    sentence = Text(
        vi="Đề nghị số {number} đã được giải quyết lúc {at}.",
        en="Request {number} was settled at {at}.",
    )


class OwnRights(KhienError):
    """An administrator changing the own rights or the own account."""

    code = "KHIEN-ORG-018"
    http_status = 403
    sentence = Text(
        vi="Không tự giao, tự thu hồi vai trò hoặc tự khóa tài khoản của mình; đề nghị một quản trị khác, "
        "hoặc lập đề nghị để lãnh đạo duyệt.",
        en="Nobody grants or revokes the own roles or disables the own account; ask another administrator, "
        "or make a request for a leader to approve.",
    )


class OutOfReach(KhienError):
    """An administrator acting on a user, or at a unit, beyond where they manage."""

    code = "KHIEN-ORG-019"
    http_status = 403
    sentence = Text(
        vi="«{who}» không thuộc phạm vi bạn quản trị.",
        en="«{who}» is not within what you administer.",
    )


class ActivationRefused(KhienError):
    """A sign-in link for somebody who can sign in already, or who may more than its maker manages."""

    code = "KHIEN-ORG-020"
    http_status = 409
    sentence = Text(
        vi="Chỉ lấy được liên kết kích hoạt cho người chưa đăng nhập lần nào, còn hiệu lực, và không giữ vai trò "
        "ngoài phạm vi bạn quản trị: {username}.",
        en="An activation link is made only for somebody who never signed in, is not disabled, and holds no "
        "role beyond what you administer: {username}.",
    )


class RequestRefused(KhienError):
    """A request without a reason or without roles that exist and end where they must."""

    code = "KHIEN-ORG-021"
    sentence = Text(
        vi="Đề nghị cần lý do và ít nhất một vai trò có sẵn; vai trò đoàn kiểm tra phải có ngày cuối, "
        "ngày cuối không ở quá khứ.",
        en="A request needs a reason and at least one existing role; an inspector's role needs an end, "
        "and no end lies in the past.",
    )


class UnitImportRefused(KhienError):
    """A file of units with problems; each was told before and nothing was imported."""

    code = "KHIEN-ORG-022"
    sentence = Text(
        vi="Chưa nhập đơn vị nào từ {file}: {count} chỗ chưa đúng, nêu ở trên. Sửa tệp rồi nhập lại.",
        en="No unit was imported from {file}: {count} problem(s), told above. Correct the file and import again.",
    )


class LastAdministrator(KhienError):
    """The last administrator of a unit, without whom nobody could manage it."""

    code = "KHIEN-ORG-023"
    http_status = 409
    sentence = Text(
        vi="Đây là quản trị cuối cùng của {unit}; giao vai trò quản trị cho người khác trước.",
        en="This is the last administrator of {unit}; make somebody else administrator first.",
    )


class CodeTaken(KhienError):
    """A new unit with the code of another."""

    code = "KHIEN-ORG-024"
    http_status = 409
    sentence = Text(
        vi="Mã «{unit}» đã có đơn vị dùng; mã không dùng lại kể cả khi đơn vị đã kết thúc. Chọn mã khác.",
        en="The code «{unit}» is taken; codes are never used again, not even of units that ended. "
        "Choose another.",
    )


class AddressRefused(KhienError):
    """What should be an e-mail address, and is none."""

    code = "KHIEN-ORG-025"
    http_status = 422
    sentence = Text(
        vi="«{address}» không phải địa chỉ thư điện tử. Ghi dạng ten@coquan.gov.vn, hoặc để trống.",
        en="“{address}” is not an e-mail address. Write it as name@body.gov.vn, or leave it empty.",
    )
