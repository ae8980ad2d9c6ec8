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
