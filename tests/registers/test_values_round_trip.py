"""Values: what is said in any usual way becomes one form, and reading that form again changes nothing."""

from __future__ import annotations

import unicodedata
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from khien.registers.cleaning import clean_lines, one_line
from khien.registers.declarations import Register
from khien.registers.scalars import said_value
from khien.registers.values import NoReferences, key_digest_of, read_row, read_value

DAYS = st.dates(date(1900, 1, 1), date(2200, 12, 31))


def value(registers: dict[str, Register], code: str, raw: object) -> object:
    found, problem = read_value(registers["printer"].fields[code], raw, NoReferences())
    assert problem is None, problem
    return found


def sentence(registers: dict[str, Register], code: str, raw: object) -> str:
    found, problem = read_value(registers["printer"].fields[code], raw, NoReferences())
    assert found is None
    assert problem is not None
    assert problem.field == code
    assert problem.text.en.endswith(".")
    return problem.text.vi


@pytest.mark.parametrize(
    ("code", "raw", "expected"),
    [
        ("label", "  Máy  in\t1\u200b\x00 ", "Máy in 1"),
        ("label", unicodedata.normalize("NFD", "Máy in phòng Đảng ủy"), "Máy in phòng Đảng ủy"),
        ("label", 12.0, "12"),
        ("label", "   ", None),
        ("note", "một\r\nhai  \n\n\n\nba", "một\nhai\n\nba"),
        ("pages", "1.500", 1500),
        ("pages", "1 500", 1500),
        ("pages", "1,234,567", 1234567),
        ("pages", 12.0, 12),
        ("price", "1.500.000 đ", 1500000),
        ("price", "1,5 triệu", 1500000),
        ("price", "2 tỷ đồng", 2000000000),
        ("price", "35.000.000 VNĐ", 35000000),
        ("ink_left", "95%", 95),
        ("ink_left", 7.0, 7),
        ("bought_on", "5/3/2026", "2026-03-05"),
        ("bought_on", "05-03-2026", "2026-03-05"),
        ("bought_on", "5.3.2026", "2026-03-05"),
        ("bought_on", "2026-03-05", "2026-03-05"),
        ("bought_on", "ngày 5 tháng 3 năm 2026", "2026-03-05"),
        ("bought_on", "29/02/2024", "2024-02-29"),
        ("bought_on", date(2026, 3, 5), "2026-03-05"),
        ("checked_at", "08:30 05/03/2026", "2026-03-05T01:30:00Z"),
        ("checked_at", "05/03/2026 8h30", "2026-03-05T01:30:00Z"),
        ("checked_at", "2026-03-05T08:30", "2026-03-05T01:30:00Z"),
        ("checked_at", "2026-03-05T01:30:00Z", "2026-03-05T01:30:00Z"),
        ("checked_at", datetime(2026, 3, 5, 1, 0), "2026-03-04T18:00:00Z"),  # noqa: DTZ001  # as a cell gives it
        ("is_shared", "Có", True),
        ("is_shared", "X", True),
        ("is_shared", "không", False),
        ("is_shared", 0.0, False),
        ("kind", "laser", "laser"),
        ("kind", "May in LA-DE", "laser"),
        ("kind", "ink jet", "ink"),
        ("uses", "bản đồ, bản vẽ; công văn", ["letters", "maps"]),
        ("uses", "letters, Công văn", ["letters"]),
        ("uses", ["maps", ""], ["maps"]),
        ("mac", "00-1A-2B-3C-4D-5E", "00:1a:2b:3c:4d:5e"),
        ("mac", "001a.2b3c.4d5e", "00:1a:2b:3c:4d:5e"),
        ("ip", " 192.168.1.10 ", "192.168.1.10"),
        ("ip", "2001:DB8:0:0::1", "2001:db8::1"),
        ("ip", "::ffff:10.0.0.1", "10.0.0.1"),
        ("phone", "+84 (0) 912 345 678", "0912345678"),
        ("phone", 912345678.0, "0912345678"),
        ("phone", "024 3825 1234 máy lẻ 12", "02438251234#12"),
        ("phone", "1900 1234", "19001234"),
        ("email", "An.Nguyen@Mau.GOV.vn", "An.Nguyen@mau.gov.vn"),
        ("page", "mau.gov.vn/x", "https://mau.gov.vn/x"),
        ("page", "HTTP://10.0.0.5:8080/", "http://10.0.0.5:8080/"),
        ("holder", "Nguyễn Văn An", "Nguyễn Văn An"),
    ],
)  # fmt: skip
def test_usual_ways_of_saying_a_value_become_one_form(
    registers: dict[str, Register], code: str, raw: object, expected: object
) -> None:
    assert value(registers, code, raw) == expected
    if expected is not None:
        assert value(registers, code, expected) == expected


@pytest.mark.parametrize(
    ("code", "raw", "says"),
    [
        ("bought_on", "31/02/2026", "không có ngày «31/02/2026»"),
        ("bought_on", "12/31/2026", "thứ tự: ngày/tháng/năm"),
        ("bought_on", "5/3/26", "bốn chữ số"),
        ("bought_on", "05/03/0206", "1900"),
        ("bought_on", 45000.0, "không phải là ngày"),
        ("bought_on", "hôm qua", "không phải là ngày"),
        ("bought_on", True, "không phải là ngày"),
        ("checked_at", "05/03/2026", "cần cả giờ"),
        ("checked_at", "25:00 05/03/2026", "cần cả giờ"),
        ("pages", "1,500", "không có dấu phân cách"),
        ("pages", "-1", "thấp nhất 0"),
        ("pages", "9" * 17, "cao nhất"),
        ("pages", float("nan"), "số nguyên"),
        ("pages", float("inf"), "số nguyên"),
        ("pages", True, "số nguyên"),
        ("price", "nhiều", "số tiền"),
        ("price", "1,2345678 triệu", "số tiền"),
        ("ink_left", 0.95, "phần trăm"),
        ("ink_left", "101", "cao nhất 100"),
        ("is_shared", "có thể", "«có» hoặc «không»"),
        ("kind", "máy fax", "máy in la-de; máy in phun"),
        ("mac", "00:00:00:00:00:00", "địa chỉ MAC"),
        ("mac", "ff:ff:ff:ff:ff:ff", "địa chỉ MAC"),
        ("ip", "192.168.1.256", "địa chỉ IP"),
        ("ip", "010.1.1.1", "địa chỉ IP"),
        ("phone", "12345", "số điện thoại"),
        ("email", "an@mau", "thư điện tử"),
        ("page", "javascript:alert(1)", "trang web"),
        ("page", "http://a@b.vn", "trang web"),
        ("label", "x" * 301, "nhiều nhất 300"),
        ("label", {"a": 1}, "không đọc được"),
        ("room", "Phòng 1", "không tìm thấy"),
        ("holder", "#12", "không tìm thấy"),
        ("room", True, "không đọc được"),
    ],
)
def test_what_cannot_stand_is_told_with_what_to_write(
    registers: dict[str, Register], code: str, raw: object, says: str
) -> None:
    assert says in sentence(registers, code, raw)


@given(DAYS)
def test_a_day_said_in_any_form_is_the_same_day(registers: dict[str, Register], day: date) -> None:
    forms: list[object] = [
        f"{day:%d/%m/%Y}",
        f"{day.day}-{day.month}-{day.year:04}",
        day.isoformat(),
        day,
    ]
    assert {value(registers, "bought_on", form) for form in forms} == {day.isoformat()}


@given(st.datetimes(datetime(1901, 1, 1), datetime(2199, 1, 1)))  # noqa: DTZ001
def test_a_moment_survives_the_file_it_is_written_to(
    registers: dict[str, Register], moment: datetime
) -> None:
    stored = value(registers, "checked_at", moment.replace(microsecond=0))
    said = said_value(registers["printer"].fields["checked_at"], stored)  # type: ignore[arg-type]
    assert value(registers, "checked_at", said) == stored


@given(st.integers(0, 2**53 - 1))
def test_an_amount_survives_its_separators(registers: dict[str, Register], amount: int) -> None:
    assert value(registers, "price", f"{amount:,}".replace(",", ".") + " đ") == amount


@given(st.binary(min_size=6, max_size=6).filter(lambda b: any(b) and not b[0] & 1))
def test_a_mac_has_one_form(registers: dict[str, Register], raw: bytes) -> None:
    forms = [raw.hex(), raw.hex(":").upper(), raw.hex("-")]
    assert {value(registers, "mac", form) for form in forms} == {raw.hex(":")}


@given(st.text(max_size=300))
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    once = one_line(text)
    assert one_line(once) == once
    assert unicodedata.is_normalized("NFC", once)
    assert once.isprintable() or any(unicodedata.category(c) == "Co" for c in once)
    assert clean_lines(clean_lines(text)) == clean_lines(text)


@given(st.dictionaries(st.sampled_from(["label", "kind", "uses", "pages", "price", "ink_left", "bought_on", "checked_at", "ip", "mac", "phone", "email", "page", "note", "is_shared", "holder", "room", "owner_unit"]), st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=40), st.dates(), st.lists(st.text(max_size=5))), max_size=8))  # fmt: skip
def test_no_input_breaks_the_reading_and_what_is_read_reads_the_same_again(
    registers: dict[str, Register], raw: dict[str, object]
) -> None:
    draft = read_row(registers["printer"], raw, NoReferences())
    again = read_row(registers["printer"], dict(draft.values), NoReferences())
    assert again.values == draft.values


@pytest.mark.parametrize(
    ("values", "count"),
    [
        ({"bought_on": "05/03/2026", "sold_on": "05/03/2026"}, 0),
        ({"bought_on": "06/03/2026", "sold_on": "05/03/2026"}, 1),
        ({"bought_on": "05/03/2026", "checked_at": "23:00 04/03/2026"}, 1),
        ({"bought_on": "05/03/2026", "checked_at": "00:30 05/03/2026", "sold_on": "04/03/2026"}, 1),
        ({"sold_on": "04/03/2026"}, 0),
    ],
)
def test_dates_stand_in_the_order_things_happen(
    registers: dict[str, Register], values: dict[str, object], count: int
) -> None:
    draft = read_row(registers["printer"], {"label": "A", **values}, NoReferences())
    assert len(draft.problems) == count
    assert all("xem lại hai ngày" in problem.text.vi for problem in draft.problems)


def test_all_problems_of_a_row_are_told_at_once(registers: dict[str, Register]) -> None:
    raw = {"pages": "x", "mac": "y", "colour": "z"}
    draft = read_row(registers["printer"], raw, NoReferences())
    assert [problem.field for problem in draft.problems] == [None, "label", "mac", "pages"]


def test_fields_not_given_keep_what_they_had(registers: dict[str, Register]) -> None:
    base = {"label": "A", "pages": 5, "gone_field": "kept"}
    draft = read_row(registers["printer"], {"pages": ""}, NoReferences(), base=base)
    assert draft.values == {"label": "A", "gone_field": "kept"}


def test_a_key_ignores_case_and_spaces_but_not_tone_marks(registers: dict[str, Register]) -> None:
    office = registers["office"]
    assert key_digest_of(office, {"label": "Phòng 1"}) == key_digest_of(
        office, {"label": "PHÒNG  1"}
    )
    assert key_digest_of(office, {"label": "Phòng má"}) != key_digest_of(
        office, {"label": "Phòng ma"}
    )
    assert key_digest_of(office, {}) is None


def test_a_moment_of_the_night_is_the_next_utc_day_before(registers: dict[str, Register]) -> None:
    stored = value(registers, "checked_at", "01:00 01/01/2026")
    assert stored == "2025-12-31T18:00:00Z"
    said = said_value(registers["printer"].fields["checked_at"], "2025-12-31T18:00:00Z")
    assert said == datetime(2026, 1, 1, 1, 0)  # noqa: DTZ001
    assert isinstance(said, datetime)
    assert said - timedelta(hours=1) == datetime(2026, 1, 1)  # noqa: DTZ001
