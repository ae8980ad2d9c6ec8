"""How fast the parser reads, and that its time grows with the length of the text and not faster."""

from __future__ import annotations

import os
import platform
import time
from pathlib import Path

from khien.norms.text.parser import parse_text

SIZES = (10_000, 30_000, 100_000, 300_000, 1_000_000, 3_000_000, 10_000_000)
WORDS = [
    "cơ",
    "quan",
    "đơn",
    "vị",
    "phải",
    "lập",
    "danh",
    "mục",
    "thiết",
    "bị",
    "và",
    "cập",
    "nhật",
    "mỗi",
    "khi",
    "thay",
    "đổi",
    "người",
    "quản",
    "lý",
    "hệ",
    "thống",
    "theo",
    "dõi",
    "việc",
    "đặt",
    "mật",
    "khẩu",
    "sao",
    "lưu",
    "dữ",
    "liệu",
    "kiểm",
    "tra",
    "nhật",
    "ký",
    "báo",
    "cáo",
    "thủ",
    "trưởng",
    "kịp",
    "thời",
]


def made_up_text(size: int) -> str:
    """Return a made-up regulation of about `size` UTF-8 bytes, wrapped like a page of a PDF."""
    head = "QUY CHẾ\nBảo vệ dữ liệu mẫu\n\n"
    chunks = [head]
    length = len(head.encode())
    article = 0
    while length < size:
        article += 1
        chunk = _article(article)
        if article % 10 == 1:
            chunk = f"Chương {_roman(article // 10 + 1)}\nQUY ĐỊNH MẪU\n\n" + chunk
        chunks.append(chunk)
        length += len(chunk.encode())
    return "".join(chunks)


def _article(number: int) -> str:
    lines = [f"Điều {number}. Nội dung thứ {number}"]
    for clause in range(1, 5):
        lines.append(
            f"{clause}. {_sentence(number + clause, 34)} theo khoản 1 Điều {max(1, number - 1)}."
        )
        for letter in "abcdđ":
            lines.append(f"{letter}) {_sentence(number * clause + ord(letter), 26)};")
    return "\n\n".join(lines) + "\n\n"


def _sentence(seed: int, length: int) -> str:
    words = [WORDS[(seed * 7 + place * 11) % len(WORDS)] for place in range(length)]
    lines: list[str] = []
    line = ""
    for word in words:
        if len(line) + len(word) > 76:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}".strip()
    return " \n\n".join([*lines, line]).capitalize()


def _roman(number: int) -> str:
    pairs = (
        (100, "C"),
        (90, "XC"),
        (50, "L"),
        (40, "XL"),
        (10, "X"),
        (9, "IX"),
        (5, "V"),
        (4, "IV"),
        (1, "I"),
    )
    result = ""
    for value, sign in pairs:
        count, number = divmod(number, value)
        result += sign * count
    return result


def _hardware() -> str:
    cpu = platform.processor()
    info = Path("/proc/cpuinfo")
    if info.exists():
        names = [row for row in info.read_text().splitlines() if row.startswith("model name")]
        cpu = names[0].split(":", 1)[1].strip() if names else cpu
    return f"{cpu}, {os.cpu_count()} cores, Python {platform.python_version()}"


def _seconds(text: str) -> float:
    best = float("inf")
    for _ in range(3 if len(text) < 1_000_000 else 1):
        start = time.perf_counter()
        parse_text(text)
        best = min(best, time.perf_counter() - start)
    return best


def main() -> None:
    """Print one row for each size, then how much slower a byte gets from the smallest to the largest."""
    print(_hardware())
    print(f"{'bytes':>12} {'seconds':>9} {'MB/s':>7}")
    rates: list[float] = []
    for size in SIZES:
        text = made_up_text(size)
        length = len(text.encode())
        seconds = _seconds(text)
        rates.append(seconds / length)
        print(f"{length:>12,} {seconds:>9.3f} {length / seconds / 1e6:>7.2f}")
    print(f"time per byte, largest / smallest: {rates[-1] / rates[0]:.2f} (1 = linear)")


if __name__ == "__main__":
    main()
