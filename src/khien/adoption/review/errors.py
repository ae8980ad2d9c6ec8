"""What can go wrong with the review of a text."""

from khien.kernel.errors import KhienError
from khien.kernel.language import Text


class UnknownClause(KhienError):
    """A clause or a chapter that the text does not have."""

    code = "KHIEN-ADO-301"
    http_status = 404
    sentence = Text(
        vi="Văn bản «{text}» không có mục «{path}» cần rà soát. Mở lại trang tổng quan rà soát.",
        en="The text «{text}» has no clause «{path}» to review. Open the overview of the review.",
    )


class ClauseDecidedMeanwhile(KhienError):
    """Somebody else decided the clause since it was shown."""

    code = "KHIEN-ADO-302"
    http_status = 409
    sentence = Text(
        vi="Chưa ghi: {by} vừa quyết định mục này. Xem quyết định đó rồi sửa nếu cần.",
        en="Nothing was written: {by} decided this clause meanwhile. Look at that decision first.",
    )


class DecisionRefused(KhienError):
    """A decision that cannot stand as written."""

    code = "KHIEN-ADO-303"
    http_status = 422
    sentence = Text(vi="Chưa ghi quyết định: {why_vi}", en="The decision was not written: {why_en}")

    def __init__(self, why: Text) -> None:
        super().__init__(why_vi=why.vi, why_en=why.en)


class SuggestionsChanged(KhienError):
    """What would be confirmed in one go is no longer what was shown."""

    code = "KHIEN-ADO-304"
    http_status = 409
    sentence = Text(
        vi="Chưa xác nhận gì: danh sách gợi ý chắc chắn đã đổi từ lúc mở trang. Xem lại danh sách mới.",
        en="Nothing was confirmed: the sure suggestions changed since they were shown. Look at the new list.",
    )


class NothingToUndo(KhienError):
    """A decision or a sweep that no longer stands."""

    code = "KHIEN-ADO-305"
    http_status = 409
    sentence = Text(
        vi="Không có quyết định nào để hoàn tác: đã được mở lại hoặc quyết định lại.",
        en="There is no decision to undo: it was reopened or decided anew.",
    )


class ChapterClaimed(KhienError):
    """A chapter that somebody else reviews."""

    code = "KHIEN-ADO-306"
    http_status = 409
    sentence = Text(
        vi="{by} đang nhận rà soát chương này. Bấm «Nhận thay» nếu hai người đã thống nhất.",
        en="{by} reviews this chapter. Take it over if you both agreed.",
    )
