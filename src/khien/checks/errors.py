"""What can go wrong when checks run."""

from khien.kernel.errors import KhienError
from khien.kernel.language import Text


class CheckMisbehaved(KhienError):
    """A check left a machine out, answered twice, or gave a reason that its control does not declare."""

    code = "KHIEN-CHK-001"
    http_status = 500
    sentence = Text(
        vi="Kiểm tra {control} trả lời sai quy ước cho máy {host}: lý do «{reason}». Chưa ghi gì. "
        "Chạy: khien control test {control}.",
        en="Check {control} broke its contract for machine {host}: reason «{reason}». Nothing was stored. "
        "Run: khien control test {control}.",
    )


class CheckTooSlow(KhienError):
    """A check did not answer within its time."""

    code = "KHIEN-CHK-002"
    http_status = 500
    sentence = Text(
        vi="Kiểm tra {control} không trả lời trong {seconds} giây nên đã dừng. Chưa ghi gì. "
        "Sửa check.sql của biện pháp này.",
        en="Check {control} gave no answer within {seconds} s and was stopped. Nothing was stored. "
        "Mend this control's check.sql.",
    )
