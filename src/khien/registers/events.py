"""What the registers room puts on record."""

from khien.kernel.language import Text
from khien.ledger.events import register

ROW_ADDED = register(
    "registers.row_added",
    Text(
        "Thêm dòng {number} vào «{title_vi}» của {unit}, bởi {by}.",
        "Added row {number} to register “{title_en}” of {unit}, by {by}.",
    ),
)
ROW_CHANGED = register(
    "registers.row_changed",
    Text(
        "Sửa dòng {number} của «{title_vi}», {unit} (bản thứ {version}), bởi {by}.",
        "Changed row {number} of register “{title_en}”, {unit} (version {version}), by {by}.",
    ),
)
ROW_RETIRED = register(
    "registers.row_retired",
    Text(
        "Đưa dòng {number} ra khỏi «{title_vi}» của {unit}, bởi {by}.",
        "Took row {number} out of register “{title_en}” of {unit}, by {by}.",
    ),
)
ROW_RESTORED = register(
    "registers.row_restored",
    Text(
        "Khôi phục dòng {number} của «{title_vi}», {unit}, bởi {by}.",
        "Restored row {number} of register “{title_en}”, {unit}, by {by}.",
    ),
)
ROWS_CHANGED = register(
    "registers.rows_changed",
    Text(
        "Sửa cùng lúc {count} dòng của «{title_vi}», {unit}, bởi {by}.",
        "Changed {count} row(s) of register “{title_en}” at once, {unit}, by {by}.",
    ),
)
ROWS_IMPORTED = register(
    "registers.rows_imported",
    Text(
        "Nhập từ tệp vào «{title_vi}» của {unit}: thêm {added}, sửa {changed} dòng, bởi {by}.",
        "Imported from a file into register “{title_en}” of {unit}: {added} added, {changed} changed, by {by}.",
    ),
)
REGISTER_CONFIRMED = register(
    "registers.register_confirmed",
    Text(
        "{by} xác nhận «{title_vi}» của {unit} đầy đủ đến ngày {confirmed_on} ({count} dòng).",
        "{by} confirmed register “{title_en}” of {unit} complete as of {confirmed_on} ({count} rows).",
    ),
)
FILE_ADDED = register(
    "registers.file_added",
    Text(
        "Đính kèm tệp vào dòng {number} của «{title_vi}», {unit}: SHA-256 {sha256}, bởi {by}.",
        "Attached a file to row {number} of register “{title_en}”, {unit}: SHA-256 {sha256}, by {by}.",
    ),
)
FILE_RETIRED = register(
    "registers.file_retired",
    Text(
        "Gỡ tệp khỏi dòng {number} của «{title_vi}», {unit}: SHA-256 {sha256}, bởi {by}; tệp vẫn được giữ.",
        "Took a file off row {number} of register “{title_en}”, {unit}: SHA-256 {sha256}, by {by}; it is kept.",
    ),
)
FILE_RESTORED = register(
    "registers.file_restored",
    Text(
        "Đưa lại tệp vào dòng {number} của «{title_vi}», {unit}: SHA-256 {sha256}, bởi {by}.",
        "Put a file back to row {number} of register “{title_en}”, {unit}: SHA-256 {sha256}, by {by}.",
    ),
)
PERSON_LINKED = register(
    "registers.person_linked",
    Text(
        "Gắn người dùng {user} với dòng {number} của sổ nhân sự {unit}, bởi {by}.",
        "Tied user {user} to row {number} of the register of persons of {unit}, by {by}.",
    ),
)
PROPOSAL_DISMISSED = register(
    "registers.proposal_dismissed",
    Text(
        "Không ghi một mục máy thấy ({identity}) vào «{title_vi}» của {unit}, bởi {by}.",
        "Left something seen on a machine ({identity}) out of register “{title_en}” of {unit}, by {by}.",
    ),
)
