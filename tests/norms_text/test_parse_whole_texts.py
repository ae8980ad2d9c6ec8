"""Whole texts of kinds seen in the field: a model regulation, a consolidated decree, a directive, a resolution."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest

from khien.norms.text.parser import parse_text

MODEL = """# Mẫu Quy chế dùng máy

> **Căn cứ:** Luật 11/2025/QH15 Đ10 · **Trạng thái:** Bản khung

## Hướng dẫn sử dụng mẫu

**Vì sao.** Quy chế là điều kiện để dùng máy.

| Nhóm | Chương |
|---|---|
| a) Chính sách | Chương II |

---

## PHẦN A — QUYẾT ĐỊNH BAN HÀNH

| {{TREN}}<br/>**{{TEN}}**<br/>------- | **CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM**<br/>**Độc lập – Tự do** |
|:---:|:---:|
| Số: {{SO}}/QĐ-{{TAT}} | *{{NOI}}, ngày ... tháng ... năm ...* |

<p align="center"><b>QUYẾT ĐỊNH</b><br/><b>Ban hành Quy chế dùng máy của {{TEN}}</b></p>

<p align="center"><b>{{CHUC_DANH}}</b></p>

*Căn cứ Luật Máy mẫu số 11/2025/QH15;*

<p align="center"><b>QUYẾT ĐỊNH:</b></p>

**Điều 1.** Ban hành kèm theo Quyết định này Quy chế dùng máy của {{TEN}}.

**Điều 2.** {{DON_VI}} chịu trách nhiệm thi hành Quyết định này.

| **Nơi nhận:**<br/>- Như Điều 2;<br/>- Lưu: VT. | **{{CHUC_DANH}}**<br/>*(Ký)* |
|:---|:---:|

---

## PHẦN B — QUY CHẾ

<p align="center"><b>QUY CHẾ</b><br/><b>Dùng máy</b><br/><i>(Kèm theo Quyết định số {{SO}}/QĐ-{{TAT}})</i></p>

### Chương I. QUY ĐỊNH CHUNG

**Điều 1. Phạm vi**

Quy chế này quy định việc dùng máy — mua, dùng, bỏ.

### Chương II. CHÍNH SÁCH *(Luật 11 Đ30.3.a)*

**Điều 2. Yêu cầu [C3+]**

1. Làm đúng `{{CHU_KY}}`; **[C3+]** làm thêm theo [Quy trình](quy-trinh.md).
2. **[C4+]** Báo cáo theo Điều 37 Quy chế này:

   a) Tên: {{TEN}};

   b) Địa chỉ: {{DIA_CHI}}.

---

## Phụ lục 1 — Bảng tham số

| Tham số | C1 |
|---|---|
| 1. Chu kỳ | 1 năm |

1. Ghi chú một.
"""

CONSOLIDATED = """VĂN BẢN HỢP NHẤT
NGHỊ ĐỊNH
Quy định về máy mẫu
Nghị định số 10/2020/NĐ-CP ngày 01 tháng 02 năm 2020 về máy mẫu được sửa đổi, bổ sung bởi:
Nghị định số 20/2022/NĐ-CP ngày 01 tháng 02 năm 2022.
Căn cứ Luật Máy mẫu ngày 01 tháng 01 năm 2019;[1]
Điều 1. Phạm vi
Nghị định này quy định máy mẫu.
Điều 2.[2] Từ ngữ
1.[3] Máy là máy.
2. (được bãi bỏ)[4]
Điều 2a. Bổ sung
1. Một.
Điều 3. Hiệu lực thi hành[5]
1. Nghị định này có hiệu lực từ ngày 01 tháng 4 năm 2020.
XÁC THỰC VĂN BẢN HỢP NHẤT
BỘ TRƯỞNG
Lê Văn Mẫu
[1] Nghị định số 20/2022/NĐ-CP có căn cứ như sau:
[5] Điều 2 và Điều 3 của Nghị định số 20/2022/NĐ-CP quy định như sau:
“Điều 2. Hiệu lực
1. Một.
Điều 3. Thi hành
Hai.”
"""

DIRECTIVE = """THỦ TƯỚNG CHÍNH PHỦ
Số: 09/CT-TTg
Hà Nội, ngày 23 tháng 02 năm 2031
CHỈ THỊ
VỀ TUÂN THỦ QUY ĐỊNH MÁY MẪU
Thời gian qua, việc dùng máy còn hạn chế.
Để khắc phục, Thủ tướng Chính phủ yêu cầu:
1. Các Bộ, cơ quan ngang Bộ:
a) Rà soát;
b) Hoàn thành trước tháng 9 năm 2031.
2. Bộ Mẫu:
- Hướng dẫn;
- Đôn đốc.
3. Văn phòng Chính phủ theo dõi việc thực hiện./.
Nơi nhận:
- Các Bộ;
KT. THỦ TƯỚNG
PHÓ THỦ TƯỚNG
Trần Thử
"""

RESOLUTION = """HỘI ĐỒNG NHÂN DÂN
TỈNH MẪU
Số: 12/2031/NQ-HĐND
NGHỊ QUYẾT
Quy định mức chi máy mẫu
HỘI ĐỒNG NHÂN DÂN TỈNH MẪU
KHÓA XIX, KỲ HỌP THỨ 5
Căn cứ Luật Mẫu ngày 01 tháng 01 năm 2020;
Xét Tờ trình số 15/TTr-UBND ngày 01 tháng 6 năm 2031 của Ủy ban nhân dân tỉnh.
QUYẾT NGHỊ:
Điều 1. Quy định mức chi như sau:
1. Mức một: 10 đồng.
2. Mức hai: 20 đồng.
Điều 2. Tổ chức thực hiện
Giao Ủy ban nhân dân tỉnh thực hiện.
Nghị quyết này được Hội đồng nhân dân tỉnh thông qua ngày 10 tháng 7 năm 2031, có hiệu lực từ 20/7/2031./.
CHỦ TỊCH
Đỗ Thị Mẫu
"""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (MODEL, ["QD.D1", "QD.D2", "C.I", "D1", "D1.p1", "C.II", "D2", "D2.k1", "D2.k2", "D2.k2.a", "D2.k2.b"]),
        (CONSOLIDATED, ["D1", "D1.p1", "D2", "D2.k1", "D2.k2", "D2a", "D2a.k1", "D3", "D3.k1"]),
        (DIRECTIVE, ["p0", "p1", "1", "1.a", "1.b", "2", "2.g1", "2.g2", "3"]),
        (RESOLUTION, ["D1", "D1.k1", "D1.k2", "D2", "D2.p1"]),
    ],
)  # fmt: skip
def test_structure(text: str, expected: list[str]) -> None:
    assert [node.path for node in parse_text(text).nodes] == expected


def test_the_model_regulation_is_a_draft_with_a_dead_reference() -> None:
    document = parse_text(MODEL)
    codes = {item.code for item in document.anomalies}
    assert {
        "number-blank",
        "date-blank",
        "placeholder",
        "dangling-reference",
        "annex-excluded",
    } <= codes
    assert document.metadata.kind == "quyết định"


def test_footnotes_of_a_consolidated_text_are_no_clauses() -> None:
    document = parse_text(CONSOLIDATED)
    assert [node.title for node in document.nodes if node.kind == "dieu"][1] == "Từ ngữ"
    assert "footnote-mark-removed" in {item.code for item in document.anomalies}
    assert document.metadata.kind == "nghị định"


def test_metadata_of_a_directive_and_a_resolution() -> None:
    directive, resolution = parse_text(DIRECTIVE).metadata, parse_text(RESOLUTION).metadata
    assert (directive.kind, directive.number) == ("chỉ thị", "09/CT-TTg")
    assert (resolution.issuer, resolution.date) == ("HỘI ĐỒNG NHÂN DÂN TỈNH MẪU", "2031-07-10")
    assert resolution.validity is not None
    assert resolution.validity.valid_from == "2031-07-20"


@pytest.mark.parametrize(
    "change", ["nfd", "crlf", "no blanks", "more blanks", "nbsp", "pages", "gazette", "tabs"]
)
@pytest.mark.parametrize("name", ["000", "001", "002", "003", "004"])
def test_noise_does_not_change_the_structure(regulations: Path, name: str, change: str) -> None:
    text = next(regulations.glob(f"{name}_*.txt")).read_text(encoding="utf-8")
    assert [n.path for n in parse_text(_changed(text, change)).nodes] == [
        n.path for n in parse_text(text).nodes
    ]


def _changed(text: str, change: str) -> str:
    lines = [line for line in text.split("\n") if line.strip()]
    simple = {
        "nfd": lambda: unicodedata.normalize("NFD", text),
        "crlf": lambda: text.replace("\n", "\r\n"),
        "no blanks": lambda: "\n".join(lines),
        "more blanks": lambda: text.replace("\n", "\n\n"),
        "nbsp": lambda: text.replace(" ", "\u00a0"),
        "tabs": lambda: "\n".join(f"\t{line}" for line in text.split("\n")),
        "pages": lambda: _with_every(lines, "\n{}\n"),
        "gazette": lambda: _with_every(lines, "{} CÔNG BÁO/Số 283 + 284/Ngày 17-3-2020"),
    }
    return simple[change]()


def _with_every(lines: list[str], furniture: str) -> str:
    result: list[str] = []
    for number, line in enumerate(lines, start=1):
        result.append(line)
        if number % 37 == 0:
            result.append(furniture.format(number // 37 + 1))
    return "\n".join(result)
