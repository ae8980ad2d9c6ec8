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
