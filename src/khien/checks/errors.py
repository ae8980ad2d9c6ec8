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
