"""Why a submission, a receipt or a key of another instance is refused; nothing of it is stored then."""

from __future__ import annotations

from khien.kernel.errors import KhienError
from khien.kernel.language import Text


class SubmissionRefused(KhienError):
    """The base of every refusal of a bundle; what it says goes back to the sender."""

    http_status = 422


class SubmissionMalformed(SubmissionRefused):
    """A file that is no bundle, or one whose manifest has not the form."""

    code = "KHIEN-EXC-005"
    sentence = Text(
        vi="Không phải gói gửi của Khiên, hoặc sai dạng tại «{where}». Chưa nhận gì. Lập lại gói ở đơn vị gửi.",
        en="Not a submission of Khiên, or of a wrong form at “{where}”. Nothing was taken. Make the bundle anew "
        "at the sender.",
    )


class VersionUnknown(SubmissionRefused):
    """A bundle of another major version, or one that demands what this Khiên does not know."""

    code = "KHIEN-EXC-006"
    sentence = Text(
        vi="Gói theo dạng {found}, Khiên ở đây đọc được {known}. Cập nhật Khiên ở bên có bản cũ hơn rồi gửi lại.",
        en="The bundle has the form {found}; this Khiên reads {known}. Update Khiên at the side with the older "
        "version, then send again.",
    )


class SubmissionAltered(SubmissionRefused):
    """A bundle whose bytes are not those that were signed."""

    code = "KHIEN-EXC-007"
    sentence = Text(
        vi="Gói đã bị sửa hoặc hỏng trên đường tại «{where}»: không khớp chữ ký của đơn vị gửi. Chưa nhận gì. "
        "Lấy lại gói từ đơn vị gửi.",
        en="The bundle was altered or damaged on its way at “{where}”: it does not fit the sender's signature. "
        "Nothing was taken. Fetch it again from the sender.",
    )


class SubmissionTruncated(SubmissionRefused):
    """A bundle that ends before its end."""

    code = "KHIEN-EXC-008"
    sentence = Text(
        vi="Gói mới có một phần (thiếu từ byte {at}). Chưa nhận gì. Chép hoặc gửi tiếp cho đủ rồi nhận lại.",
        en="The bundle is there in part only (it ends at byte {at}). Nothing was taken. Copy or send the rest, "
        "then take it in again.",
    )


class SubmissionTooLarge(SubmissionRefused):
    """A bundle over the limits of the format."""

    code = "KHIEN-EXC-009"
    http_status = 413
    sentence = Text(
        vi="Gói vượt giới hạn: tối đa {limit}. Chia thành nhiều gói.",
        en="The bundle is over the limit of {limit}. Split it into several.",
    )


class KeyUnknown(SubmissionRefused):
    """A bundle signed by a key that nobody registered here."""

    code = "KHIEN-EXC-010"
    http_status = 403
    sentence = Text(
        vi="Chưa đăng ký khóa «{key}» ở đây, nên không biết gói này của ai. Chưa nhận gì. Ghép khóa với đơn vị "
        "gửi (Gói gửi, nhận → Khóa) rồi nhận lại.",
        en="The key “{key}” is not registered here, so nobody knows whose bundle this is. Nothing was taken. Pair "
        "keys with the sender (Bundles → Keys), then take it in again.",
    )


class KeyRevoked(SubmissionRefused):
    """A bundle signed after its key was revoked, or one that cannot be shown to be older."""

    code = "KHIEN-EXC-011"
    http_status = 403
    sentence = Text(
        vi="Khóa «{key}» đã bị thu hồi từ {day}; gói ký sau thời điểm đó không được nhận. Đơn vị gửi cần ghép "
        "khóa mới rồi lập lại gói.",
        en="The key “{key}” was revoked as of {day}; bundles signed after it are refused. The sender must pair a "
        "new key and make the bundle again.",
    )


class FromTheFuture(SubmissionRefused):
    """A bundle whose sender's clock is ahead of ours by more than is tolerated."""

    code = "KHIEN-EXC-012"
    sentence = Text(
        vi="Gói ghi lập lúc {made_at}, sau giờ ở đây quá {minutes} phút. Chưa nhận gì. Chỉnh đồng hồ ở bên sai "
        "rồi lập lại gói.",
        en="The bundle says it was made at {made_at}, more than {minutes} minutes ahead of the clock here. "
        "Nothing was taken. Set the clock that is wrong, then make the bundle again.",
    )


class NotForUs(SubmissionRefused):
    """A bundle made for another receiver, or about units its key may not speak for."""

    code = "KHIEN-EXC-013"
    http_status = 403
    sentence = Text(
        vi="Gói này lập cho «{for_whom}», không phải cho nơi đang nhận. Chưa nhận gì. Lập gói cho đúng nơi nhận.",
        en="This bundle was made for “{for_whom}”, not for the one who is taking it in. Nothing was taken. Make "
        "one for the right receiver.",
    )


class SpeaksForOthers(SubmissionRefused):
    """A bundle that brings something of a unit its key does not stand for."""

    code = "KHIEN-EXC-014"
    http_status = 403
    sentence = Text(
        vi="Gói có nội dung của đơn vị «{unit}», không thuộc đơn vị mà khóa này được thay mặt. Chưa nhận gì.",
        en="The bundle holds something of the unit “{unit}”, for which this key may not speak. Nothing was taken.",
    )


class SequenceReused(SubmissionRefused):
    """Another bundle under a number that was received: a sender restored from an older copy."""

    code = "KHIEN-EXC-015"
    http_status = 409
    sentence = Text(
        vi="Số thứ tự {sequence} đã thuộc về một gói khác nhận trước đây. Chưa nhận gì. Đơn vị gửi lập lại gói "
        "với số lớn hơn {last}.",
        en="Number {sequence} belongs to another bundle that was received before. Nothing was taken. The sender "
        "makes the bundle again with a number above {last}.",
    )


class SealBroken(SubmissionRefused):
    """A received bundle whose file on our own disk is no longer what was received."""

    code = "KHIEN-EXC-016"
    http_status = 500
    sentence = Text(
        vi="Tệp của gói đã nhận không còn nguyên vẹn trên đĩa ở đây. Khôi phục từ bản sao lưu.",
        en="The file of the received bundle is no longer intact on our own disk. Restore it from the backup.",
    )


class BundleUnknown(KhienError):
    """A bundle by its number or id that does not exist, or is another unit's."""

    code = "KHIEN-EXC-017"
    http_status = 404
    sentence = Text(
        vi="Không có gói «{bundle}». Xem các gói: khien bundle list.",
        en="There is no bundle “{bundle}”. See those there are: khien bundle list.",
    )


class PeerUnknown(KhienError):
    """A partner by its number that does not exist, or is another unit's."""

    code = "KHIEN-EXC-018"
    http_status = 404
    sentence = Text(
        vi="Không có nơi trao đổi số {number}. Xem: khien bundle peers.",
        en="There is no partner number {number}. See: khien bundle peers.",
    )


class CardRefused(KhienError):
    """A key card that may not be registered as asked."""

    code = "KHIEN-EXC-019"
    http_status = 422
    sentence = Text(vi="Chưa đăng ký khóa: {why_vi}.", en="The key was not registered: {why_en}.")

    def __init__(self, why: Text) -> None:
        super().__init__(why_vi=why.vi, why_en=why.en)


class ReceiptRefused(KhienError):
    """A receipt that is not the receiver's, or belongs to no bundle of ours."""

    code = "KHIEN-EXC-020"
    http_status = 422
    sentence = Text(
        vi="Không nhận phiếu này: {why_vi}.", en="This receipt was not taken: {why_en}."
    )

    def __init__(self, why: Text) -> None:
        super().__init__(why_vi=why.vi, why_en=why.en)


class SubmissionNotMade(KhienError):
    """A bundle that may not be made as asked."""

    code = "KHIEN-EXC-021"
    http_status = 422
    sentence = Text(vi="Chưa lập gói: {why_vi}.", en="The bundle was not made: {why_en}.")

    def __init__(self, why: Text) -> None:
        super().__init__(why_vi=why.vi, why_en=why.en)


class UploadRefused(KhienError):
    """A part of a bundle that is not the next one, or was not announced."""

    code = "KHIEN-EXC-022"
    http_status = 409
    sentence = Text(vi="Chưa nhận phần này: {why_vi}.", en="This part was not taken: {why_en}.")

    def __init__(self, why: Text, *, offset: int = 0) -> None:
        self.offset = offset
        super().__init__(why_vi=why.vi, why_en=why.en)
