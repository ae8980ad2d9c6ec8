"""What the adoption room puts on record."""

from khien.kernel.language import Text
from khien.ledger.events import register

TEXT_IMPORTED = register(
    "adoption.text_imported",
    Text(
        "Nhập văn bản {subject} từ tệp {file} cho {unit}, bởi {by}.",
        "Imported text {subject} from the file {file} for {unit}, by {by}.",
    ),
)
TEXT_EXPORTED = register(
    "adoption.text_exported",
    Text(
        "Ký và xuất văn bản {subject} dạng {form}, tệp {file}, SHA-256 {sha256}, bởi {by}.",
        "Signed and exported the text {subject} as {form}, file {file}, SHA-256 {sha256}, by {by}.",
    ),
)
