"""Numbers, days and codes as a Vietnamese official document says them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from khien.kernel.clock import parse_iso, said_day, said_moment
from khien.reports.context import Counts

VERDICTS: Mapping[str, str] = {
    "pass": "Đạt",
    "fail": "Không đạt",
    "unknown": "Chưa rõ",
    "not_applicable": "Không áp dụng",
}
KNOWN: Mapping[str, str] = {
    "measured": "đo được",
    "recorded": "theo sổ, hồ sơ",
    "stated": "theo khai báo",
    "not_yet": "chưa có số liệu",
}
SEVERITIES: Mapping[str, str] = {
    "urgent": "khẩn cấp",
    "high": "cao",
    "medium": "trung bình",
    "low": "thấp",
}
MACHINES: Mapping[str, str] = {
    "workstation": "máy trạm",
    "server": "máy chủ",
    "network_device": "thiết bị mạng",
    "isolated": "máy không nối mạng",
}
MARKS: Mapping[str, str] = {
    "A": "Đã đối chiếu",
    "B": "Cần đối chiếu (nguồn thứ cấp)",
    "C": "Cần đối chiếu",
}
CHANNELS: Mapping[str, str] = {"local": "tại chỗ", "file": "nạp tệp", "upload": "tải lên"}


def number(value: int) -> str:
    """Return a count: two digits below ten, dots between thousands."""
    return f"{value:02d}" if 0 < value < 10 else f"{value:,}".replace(",", ".")


def cell_number(value: int) -> str:
    """Return a count for a table, with a dash for none."""
    return f"{value:,}".replace(",", ".") if value else "–"


def signed_day(iso: str) -> str:
    """Return "ngày 05 tháng 01 năm 2026": leading 0 for days below 10 and for months 1 and 2.

    Source: Nghị định 30/2020, Phụ lục I, phần II, mục I.4
    """
    day = date.fromisoformat(iso)
    month = f"{day.month:02d}" if day.month < 3 else str(day.month)
    return f"ngày {day.day:02d} tháng {month} năm {day.year}"


def short_day(iso: str) -> str:
    """Return dd/mm/yyyy; empty text stays empty."""
    return said_day(date.fromisoformat(iso)) if iso else ""


def moment(iso: str) -> str:
    """Return "08:43 ngày 21/11/2026" in Vietnam time."""
    hour, day = said_moment(parse_iso(iso)).split(" ")
    return f"{hour} ngày {day}"


def spoken_moment(iso: str) -> str:
    """Return "07 giờ 45 phút ngày 02/11/2026" in Vietnam time."""
    hour, day = said_moment(parse_iso(iso)).split(" ")
    hours, minutes = hour.split(":")
    return f"{hours} giờ {minutes} phút ngày {day}"


def table_moment(iso: str) -> str:
    """Return "08:43 21/11/2026" in Vietnam time; empty text stays empty."""
    return said_moment(parse_iso(iso)) if iso else ""


def counts_sentence(counts: Counts, unit: str) -> str:
    """Return "… đạt, … không đạt, … chưa rõ, … không áp dụng" of a kind of thing."""
    return (
        f"{number(counts.passed)} {unit} đạt, {number(counts.failed)} không đạt, "
        f"{number(counts.unknown)} chưa rõ, {number(counts.not_applicable)} không áp dụng"
    )


def joined(items: tuple[str, ...], rest: int = 0, what: str = "") -> str:
    """Return items with commas, and how many more there are."""
    text = ", ".join(items)
    return f"{text} và {number(rest)} {what} khác" if rest > 0 else text
