"""Expected failures of the ledger, each with its code and its sentence in two languages."""

from __future__ import annotations

from khien.kernel.errors import KhienError
from khien.kernel.language import Text


class LedgerError(KhienError):
    """Any expected failure of the ledger."""

    http_status = 500
    exit_status = 4


class LedgerBusy(LedgerError):
    """Another process holds the ledger for longer than we are willing to wait."""

    code = "KHIEN-LED-001"
    http_status = 503
    sentence = Text(
        vi="Không mở được sổ cái {directory}: một tiến trình khác đang ghi, đã chờ {seconds} giây. "
        "Đợi tiến trình đó xong rồi thử lại.",
        en="The ledger {directory} could not be opened: another process is writing to it, "
        "waited {seconds} seconds. Let that process finish, then try again.",
    )


class SignedContentDamaged(LedgerError):
    """Content that a checkpoint signed is missing or changed; it is never repaired silently."""

    code = "KHIEN-LED-002"
    sentence = Text(
        vi="Nội dung đã ký của sổ cái bị hỏng: tệp {file}, {what_vi}. Không ghi tiếp. "
        "Chạy «khien verify» để biết chính xác bản ghi, rồi khôi phục từ bản sao lưu.",
        en="Signed content of the ledger is damaged: file {file}, {what_en}. Nothing more is written. "
        "Run «khien verify» to see the exact entry, then restore from a backup.",
    )


class LedgerKeyMissing(LedgerError):
    """The ledger was signed before, but its private key is not where it should be."""

    code = "KHIEN-LED-003"
    sentence = Text(
        vi="Không tìm thấy khóa bí mật {key_path} của sổ cái {directory} đã có chữ ký. "
        "Khôi phục tệp khóa từ bản sao lưu; không tạo khóa mới cho sổ cũ.",
        en="The private key {key_path} of the already signed ledger {directory} was not found. "
        "Restore the key file from a backup; an old ledger never gets a new key silently.",
    )


class LedgerKeyMismatch(LedgerError):
    """The private key is not the one whose public half the ledger names."""

    code = "KHIEN-LED-004"
    sentence = Text(
        vi="Khóa {key_path} không phải khóa đã ký sổ cái {directory} (sổ ghi {expected}, khóa là "
        "{found}). Dùng đúng tệp khóa của sổ này.",
        en="The key {key_path} is not the key that signed the ledger {directory} (the ledger names "
        "{expected}, the key is {found}). Use the key file of this ledger.",
    )


class LedgerKeyUnreadable(LedgerError):
    """A key file or key text does not have the form it should have."""

    code = "KHIEN-LED-005"
    http_status = 400
    sentence = Text(
        vi="Không đọc được khóa {where}: không đúng dạng tên+mã+base64. "
        "Kiểm tra tệp hoặc chép lại nguyên văn khóa.",
        en="The key {where} could not be read: it does not have the form name+id+base64. "
        "Check the file, or copy the key again in full.",
    )


class EntryTooLarge(LedgerError):
    """An entry is longer than one line of the ledger may be."""

    code = "KHIEN-LED-006"
    http_status = 413
    sentence = Text(
        vi="Bản ghi «{kind}» dài {size} byte, vượt giới hạn {limit} byte của sổ cái. "
        "Ghi giá trị băm của nội dung thay cho nội dung.",
        en="The entry «{kind}» has {size} bytes, more than the {limit} bytes the ledger allows. "
        "Record the hash of the content instead of the content.",
    )


class NoteMalformed(LedgerError):
    """A signed note or checkpoint does not follow its format."""

    code = "KHIEN-LED-007"
    http_status = 400
    sentence = Text(
        vi="Mốc ký không đúng định dạng C2SP: {reason}. Lấy lại bản gốc của mốc ký.",
        en="The checkpoint does not follow the C2SP format: {reason}. Get the original checkpoint.",
    )


class NoteNotSigned(LedgerError):
    """A note carries no valid signature of the key it should carry."""

    code = "KHIEN-LED-008"
    http_status = 400
    sentence = Text(
        vi="Mốc ký không có chữ ký hợp lệ của {name}. Không dùng mốc này; hỏi lại nơi gửi.",
        en="The checkpoint has no valid signature of {name}. Do not use it; ask whoever sent it.",
    )


class EntryNotSealed(LedgerError):
    """A proof was asked for an entry that no signed checkpoint covers yet."""

    code = "KHIEN-LED-009"
    http_status = 409
    sentence = Text(
        vi="Bản ghi {index} chưa nằm trong mốc đã ký nào (đã ký {size} bản ghi). "
        "Công bố sổ cái rồi thử lại.",
        en="Entry {index} is not covered by a signed checkpoint yet ({size} entries are signed). "
        "Publish the ledger, then try again.",
    )


class LedgerWriteFailed(LedgerError):
    """The operating system refused to write; the ledger must be opened anew."""

    code = "KHIEN-LED-010"
    http_status = 507
    sentence = Text(
        vi="Không ghi được sổ cái {directory}: {reason}. Nội dung đã ký còn nguyên. "
        "Kiểm tra dung lượng và quyền ghi, rồi chạy lại.",
        en="The ledger {directory} could not be written: {reason}. What was signed is intact. "
        "Check free space and permissions, then run again.",
    )


class LedgerMustReopen(LedgerError):
    """The ledger object was closed, or a write failed before; its state in memory is not to be used."""

    code = "KHIEN-LED-011"
    sentence = Text(
        vi="Sổ cái {directory} đã đóng hoặc lần ghi trước bị lỗi. Mở lại sổ cái rồi thực hiện lại.",
        en="The ledger {directory} is closed, or an earlier write failed. Open it again and repeat.",
    )


class DatabaseDisagrees(LedgerError):
    """Database and ledger files hold different entries; publishing would fork the record."""

    code = "KHIEN-LED-012"
    sentence = Text(
        vi="Cơ sở dữ liệu và sổ cái không khớp từ bản ghi {index} (thường do khôi phục cơ sở dữ liệu "
        "cũ hơn sổ cái). Không công bố. Khôi phục cả hai từ cùng một bản sao lưu.",
        en="The database and the ledger disagree from entry {index} on (usually a database restored "
        "from before the ledger). Nothing is published. Restore both from the same backup.",
    )
