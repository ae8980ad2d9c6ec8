"""What the head and the tail of a text say about it."""

from __future__ import annotations

import pytest

from khien.norms.text.model import Metadata
from khien.norms.text.parser import parse_text

BODY = "Điều 1. Giao phòng máy quản lý máy mẫu.\nĐiều 2. {effect}\nĐiều 3. Phòng máy thi hành.\n"


def metadata(
    head: str, effect: str = "Quyết định này có hiệu lực kể từ ngày ký.", tail: str = ""
) -> Metadata:
    return parse_text(head + BODY.format(effect=effect) + tail).metadata


def codes(head: str) -> set[str]:
    return {item.code for item in parse_text(head + BODY.format(effect="Có hiệu lực.")).anomalies}


@pytest.mark.parametrize(
    ("line", "number", "symbol"),
    [
        ("Số: 29/2030/QĐ-UBND", "29/2030/QĐ-UBND", "QĐ-UBND"),
        ("Số:286/SM-VP", "286/SM-VP", "SM-VP"),
        ("Số 15/KH-SM", "15/KH-SM", "KH-SM"),
        ("Luật số: 12/2031/QH17", "12/2031/QH17", "QH17"),
        ("Số: 57-CT/TW", "57-CT/TW", "CT/TW"),
        ("Số: 29 / 2030 / QĐ - UBND", "29/2030/QĐ-UBND", "QĐ-UBND"),
        ("Số: / 10/2030/QĐ-UBND", "10/2030/QĐ-UBND", "QĐ-UBND"),
        ("Số:\n10/2030/QĐ-UBND", "10/2030/QĐ-UBND", "QĐ-UBND"),
        ("Số:      /QĐ-UBND", None, "QĐ-UBND"),
        ("Số: ....../2030/QĐ-UBND", None, "QĐ-UBND"),
    ],
)
def test_numbers_whole_split_and_blank(line: str, number: str | None, symbol: str) -> None:
    found = metadata(f"SỞ MẪU\n{line}\nQUYẾT ĐỊNH\nVề máy mẫu\n")
    assert (found.number, found.symbol) == (number, symbol)


def test_blank_number_and_date_are_noted() -> None:
    found = codes(
        "SỞ MẪU\nSố:      /QĐ-SM\nMẫu, ngày     tháng 3 năm 2031\nQUYẾT ĐỊNH\nVề máy mẫu\n"
    )
    assert {"number-blank", "date-blank"} <= found


def test_a_split_number_is_noted() -> None:
    assert "number-split" in codes("SỞ MẪU\nSố: / 10/2030/QĐ-UBND\nQUYẾT ĐỊNH\nVề máy mẫu\n")


@pytest.mark.parametrize(
    ("head", "place", "date"),
    [
        ("Mẫu Thành, ngày 05 tháng 02 năm 2031\n", "Mẫu Thành", "2031-02-05"),
        ("Số: 7/QĐ-SM      Mẫu Thành, ngày 5 tháng 2 năm 2031\n", "Mẫu Thành", "2031-02-05"),
        ("TP. Mẫu Thành, ngày 05 tháng 12 năm 2031\n", "TP. Mẫu Thành", "2031-12-05"),
        ("Mẫu Thành, ngày     tháng 02 năm 2031\n", "Mẫu Thành", None),
        ("Mẫu Thành, ngày 31 tháng 02 năm 2031\n", "Mẫu Thành", None),
    ],
)
def test_places_and_dates(head: str, place: str, date: str | None) -> None:
    found = metadata(f"SỞ MẪU\n{head}QUYẾT ĐỊNH\nVề máy mẫu\n")
    assert (found.place, found.date) == (place, date)


@pytest.mark.parametrize(
    ("head", "superior", "issuer"),
    [
        (
            "ỦY BAN NHÂN DÂN\nCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nTỈNH MẪU\n",
            None,
            "ỦY BAN NHÂN DÂN TỈNH MẪU",
        ),
        ("UBND TỈNH MẪU\nSỞ MÁY\nCỘNG HOÀ XÃ HỘI CHỦ NGHĨA VIỆT NAM\n", "UBND TỈNH MẪU", "SỞ MÁY"),
        (
            "BỘ MÁY MẪU     CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc\n",
            None,
            "BỘ MÁY MẪU",
        ),
        (
            "BỘ MÁY | CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nVÀ MẠNG | Độc lập - Tự do - Hạnh phúc\n",
            None,
            "BỘ MÁY VÀ MẠNG",
        ),
    ],
)
def test_issuers_beside_and_over_lines(head: str, superior: str | None, issuer: str) -> None:
    found = metadata(f"{head}QUYẾT ĐỊNH\nVề máy mẫu\n")
    assert (found.superior, found.issuer) == (superior, issuer)


@pytest.mark.parametrize(
    ("effect", "basis", "start", "replaces"),
    [
        ("Quyết định này có hiệu lực kể từ ngày ký.", "signature", "2031-02-05", ()),
        ("Quyết định này có hiệu lực từ ngày 01/3/2031.", "date", "2031-03-01", ()),
        ("Quyết định này có hiệu lực thi hành từ ngày 01 tháng 3 năm 2031.", "date", "2031-03-01", ()),
        ("Quyết định này có hiệu lực sau 10 ngày kể từ ngày ký.", "days-after", "2031-02-15", ()),
        (
            "Quyết định này có hiệu lực kể từ ngày ký và thay thế Quyết định số 9/QĐ-SM ngày 01/01/2020.",
            "signature", "2031-02-05", ("9/QĐ-SM",),
        ),
    ],
)  # fmt: skip
def test_validity(effect: str, basis: str, start: str, replaces: tuple[str, ...]) -> None:
    head = "SỞ MẪU\nMẫu, ngày 05 tháng 02 năm 2031\nQUYẾT ĐỊNH\nVề máy mẫu\n"
    found = metadata(head, effect).validity
    assert found is not None
    assert (found.basis, found.valid_from, found.replaces) == (basis, start, replaces)


@pytest.mark.parametrize(
    ("tail", "capacity", "position", "name"),
    [
        ("Nơi nhận:\n- A;\nGIÁM ĐỐC\n\nTrần Văn Thử\n", None, "GIÁM ĐỐC", "Trần Văn Thử"),
        ("KT. GIÁM ĐỐC\nPHÓ GIÁM ĐỐC\n(Đã ký)\nTrần Thử\n", "KT", "PHÓ GIÁM ĐỐC", "Trần Thử"),
        ("Nơi nhận:     TM. ỦY BAN NHÂN DÂN\n- A;     CHỦ TỊCH\n\nTrần Văn Thử\n",
         "TM", "CHỦ TỊCH", "Trần Văn Thử"),
        ("**KT.GIÁM ĐỐC  \nPHÓ GIÁM ĐỐC**\n\n**Trần Văn Thử**\n", "KT", "PHÓ GIÁM ĐỐC", "Trần Văn Thử"),
    ],
)  # fmt: skip
def test_signers(tail: str, capacity: str | None, position: str, name: str) -> None:
    signer = metadata("QUYẾT ĐỊNH\nVề máy mẫu\n", tail=tail).signer
    assert signer is not None
    assert (signer.capacity, signer.position, signer.name) == (capacity, position, name)


def test_recipients_recitals_and_title() -> None:
    found = metadata(
        "QUYẾT ĐỊNH\nVề việc giao máy mẫu cho\nphòng máy\nGIÁM ĐỐC SỞ MẪU\nCăn cứ Luật Máy mẫu ngày 01 tháng\n"
        "02 năm 2020;\nTheo đề nghị của phòng máy.\nQUYẾT ĐỊNH:\n",
        tail="Nơi nhận:\n- Như Điều 3;\n- Lưu: VT.\nGIÁM ĐỐC\n",
    )
    assert found.title == "giao máy mẫu cho phòng máy"
    assert [recital.line_start for recital in found.recitals] == [5, 7]
    assert found.recipients == ("Như Điều 3", "Lưu: VT")
    assert found.issuer == "GIÁM ĐỐC SỞ MẪU"


def test_addressees_of_a_letter() -> None:
    found = parse_text(
        "Số: 2/SM\nV/v họp\nKính gửi:\n- Phòng A;\n- Phòng B.\nSở mời họp.\n"
    ).metadata
    assert found.kind == "công văn"
    assert found.title == "họp"
    assert found.addressees == ("Phòng A", "Phòng B")


def test_the_issuing_decision_of_a_regulation_alone() -> None:
    document = parse_text(
        "QUY CHẾ\nMáy mẫu\n(Ban hành kèm theo Quyết định số     /QĐ-UBND\nngày    /10/2031 của UBND xã Mẫu)\n"
        "Điều 1. Phạm vi\nMáy.\n"
    )
    issued = document.metadata.issued_with
    assert issued is not None
    assert (issued.kind, issued.number, issued.date) == ("quyết định", None, None)
    assert {"number-blank", "date-blank"} <= {item.code for item in document.anomalies}
