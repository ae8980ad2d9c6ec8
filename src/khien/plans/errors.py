"""What can go wrong with plans."""

from khien.kernel.errors import KhienError
from khien.kernel.language import Text


class UnknownPlan(KhienError):
    """A draft that does not exist, or belongs to another unit: one answer for both."""

    code = "KHIEN-PLN-001"
    http_status = 404
    sentence = Text(
        vi="Không có dự thảo kế hoạch số {number}. Mở danh sách kế hoạch của đơn vị.",
        en="There is no draft plan {number}. Open the unit's list of plans.",
    )


class PlanChangedMeanwhile(KhienError):
    """Somebody else changed the draft since it was shown."""

    code = "KHIEN-PLN-002"
    http_status = 409
    sentence = Text(
        vi="Chưa lưu: {by} vừa sửa dự thảo này. Tải lại trang rồi sửa tiếp.",
        en="Nothing was saved: {by} changed this draft meanwhile. Load the page again, then go on.",
    )


class PlanSettled(KhienError):
    """Something asked of a plan that was signed or dropped."""

    code = "KHIEN-PLN-003"
    http_status = 409
    sentence = Text(
        vi="Kế hoạch số {number} đã ký hoặc đã bỏ, không sửa nữa. Việc sau đó ghi trong sổ nhiệm vụ.",
        en="Plan {number} was signed or dropped and does not change. Go on in the register of tasks.",
    )


class PlanRefused(KhienError):
    """A plan or a task that cannot stand as written."""

    code = "KHIEN-PLN-004"
    http_status = 422
    sentence = Text(vi="Chưa lưu kế hoạch: {why_vi}", en="The plan was not saved: {why_en}")

    def __init__(self, why: Text) -> None:
        super().__init__(why_vi=why.vi, why_en=why.en)
