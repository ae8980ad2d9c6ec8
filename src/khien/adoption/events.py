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
