"""The sentences that tell what is wrong with a value, where, and what to write instead."""

from __future__ import annotations

from khien.kernel.language import Text


class Refused(Exception):  # not a failure of the program: it ends in a sentence at a field
    """A value that cannot stand in a field; never leaves the reading of values."""

    def __init__(self, why: Text, **values: object) -> None:
        self.why = why
        self.values = values
        super().__init__(why.en)


REQUIRED = Text("trường này bắt buộc; hãy điền vào", "this field is required; fill it in")
TOO_LONG = Text(
    "dài {size} ký tự, nhiều nhất {limit}; hãy rút ngắn",
    "{size} characters, at most {limit}; shorten it",
)
TOO_SHORT = Text("cần ít nhất {limit} ký tự", "needs at least {limit} characters")
NOT_WHOLE = Text(
    "«{value}» không phải số nguyên; ghi chữ số, ví dụ 1500 hoặc 1.500",
    "«{value}» is not a whole number; write digits, for example 1500 or 1.500",
)
AMBIGUOUS_NUMBER = Text(
    "«{value}» có thể hiểu là số lẻ hoặc số hàng nghìn; ghi không có dấu phân cách",
    "«{value}» may be a fraction or thousands; write it without separators",
)
TOO_SMALL = Text(
    "{value} nhỏ hơn mức thấp nhất {limit}", "{value} is below the least allowed, {limit}"
)
TOO_GREAT = Text(
    "{value} lớn hơn mức cao nhất {limit}", "{value} is above the most allowed, {limit}"
)
NOT_MONEY = Text(
    "«{value}» không phải số tiền; ghi số đồng, ví dụ 1.500.000 hoặc 1,5 triệu",
    "«{value}» is not an amount; write it in đồng, for example 1.500.000",
)
NOT_PERCENT = Text(
    "«{value}» không phải tỷ lệ; ghi số nguyên phần trăm, ví dụ 95",
    "«{value}» is not a percentage; write a whole number of percent, for example 95",
)
NOT_A_DATE = Text(
    "«{value}» không phải là ngày; ghi ngày/tháng/năm, ví dụ 05/03/2026",
    "«{value}» is not a date; write day/month/year, for example 05/03/2026",
)
NO_SUCH_DAY = Text(
    "không có ngày «{value}» trên lịch; xem lại ngày, tháng (thứ tự: ngày/tháng/năm)",
    "there is no day «{value}» in the calendar; look at day and month again (order: day/month/year)",
)
YEAR_NEEDED = Text(
    "«{value}» thiếu năm đủ bốn chữ số; ví dụ 05/03/2026",
    "«{value}» lacks a year of four digits; for example 05/03/2026",
)
YEAR_FAR = Text(
    "năm {value} ngoài khoảng 1900–2200; xem lại năm",
    "year {value} is outside 1900–2200; look at it again",
)
NOT_A_MOMENT = Text(
    "«{value}» cần cả giờ và ngày; ví dụ 08:30 05/03/2026",
    "«{value}» needs a time and a day; for example 08:30 05/03/2026",
)
NOT_YES_NO = Text(
    "«{value}» không rõ; ghi «có» hoặc «không»", "«{value}» is not clear; write “yes” or “no”"
)
NOT_A_CHOICE = Text(
    "không có lựa chọn «{value}»; chọn một trong: {known_vi}",
    "there is no choice «{value}»; choose one of: {known_en}",
)
NOT_A_MAC = Text(
    "«{value}» không phải địa chỉ MAC của thiết bị; ví dụ 00:1a:2b:3c:4d:5e",
    "«{value}» is not a device's MAC address; for example 00:1a:2b:3c:4d:5e",
)
NOT_AN_IP = Text(
    "«{value}» không phải địa chỉ IP; ví dụ 192.168.1.10",
    "«{value}» is not an IP address; for example 192.168.1.10",
)
NOT_AN_EMAIL = Text(
    "«{value}» không phải địa chỉ thư điện tử; ví dụ ten@donvi.gov.vn",
    "«{value}» is not an e-mail address; for example name@unit.gov.vn",
)
NOT_A_PHONE = Text(
    "«{value}» không phải số điện thoại; ví dụ 0912 345 678 hoặc +84 24 1234 5678",
    "«{value}» is not a telephone number; for example 0912 345 678 or +84 24 1234 5678",
)
NOT_A_URL = Text(
    "«{value}» không phải địa chỉ trang web; ví dụ https://donvi.gov.vn",
    "«{value}» is not a web address; for example https://unit.gov.vn",
)
NOT_FOUND = Text(
    "không tìm thấy «{value}» {where_vi}; ghi đúng tên, hoặc số dòng như #12",
    "«{value}» was not found {where_en}; write its exact name, or its row number as #12",
)
NOT_ONE = Text(
    "«{value}» chỉ nhiều mục: {known}; ghi số dòng như #12",
    "«{value}» may be any of: {known}; write the row number as #12",
)
UNREADABLE = Text("giá trị không đọc được; hãy ghi lại", "the value cannot be read; write it again")
CELL_ERROR = Text(
    "ô báo lỗi công thức «{value}»; sửa trong tệp",
    "the cell holds the formula error «{value}»; correct it in the file",
)
DATE_ORDER = Text(
    "{later_vi} ({later_value}) phải từ ngày của {earlier_vi} ({earlier_value}) trở đi; xem lại hai ngày",
    "{later_en} ({later_value}) must not be before {earlier_en} ({earlier_value}); look at both dates",
)
UNKNOWN_FIELD = Text(
    "sổ không có trường «{value}»; bỏ trường này",
    "the register has no field «{value}»; leave it out",
)
