"""Text of the fonts before Unicode becomes Unicode, and nothing else is touched."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from khien.norms.text.legacy import (
    LEGACY_ANOMALIES,
    decode_legacy,
    has_legacy_marks,
    legacy_share,
    repair_lookalikes,
)
from khien.norms.text.legacy_tables import TCVN3, TONES, VNI, from_tcvn3, from_vni
from khien.norms.text.syllable import is_syllable

VOWELS = "aăâeêioôơuưy"
LOWER = [
    unicodedata.normalize("NFC", v + t) for v in VOWELS for t in TONES if v + t not in "aeiouy"
]
LOWER.append("đ")
UPPER = [letter.upper() for letter in LOWER]
TO_TCVN3 = {letter: sign for sign, letter in TCVN3.items()}
TO_VNI = {letter: sign for sign, letter in VNI.items()}

# Made-up sentences, with every mark and the words headings are made of.
SENTENCES = [
    "Điều 5. Quyết định này có hiệu lực kể từ ngày ký",
    "a) Rà soát, kiểm tra máy chủ định kỳ sáu tháng một lần;",
    "đ) Người sử dụng phải đổi mật khẩu khi nghi ngờ bị lộ",
    "Chương II: trách nhiệm của đơn vị vận hành hệ thống",
    "những dữ liệu được lưu giữ ở ổ cứng dự phòng",
]


def to_tcvn3(text: str) -> str:
    """Write text as TCVN3 seen as Western letters; accented capitals become small, as fonts had none."""
    return "".join(TO_TCVN3.get(c) or TO_TCVN3.get(c.lower(), c) for c in text)


def to_vni(text: str) -> str:
    return "".join(TO_VNI.get(c, c) for c in text)


def codes(text: str) -> list[tuple[int, str]]:
    return [(anomaly.line, anomaly.code) for anomaly in decode_legacy(text)[1]]


def test_there_are_134_vietnamese_letters() -> None:
    assert len(set(LOWER)) == len(set(UPPER)) == 67


@pytest.mark.parametrize("letter", [*LOWER, *UPPER])
def test_every_letter_survives_vni(letter: str) -> None:
    assert from_vni(to_vni(letter)) == letter


@pytest.mark.parametrize("letter", [*LOWER, *"ĂÂÊÔƠƯĐ"])
def test_every_letter_that_tcvn3_has_survives_it(letter: str) -> None:
    assert from_tcvn3(to_tcvn3(letter)) == letter


@pytest.mark.parametrize("letter", UPPER)
def test_capitals_that_tcvn3_lacks_are_guessed_from_their_neighbours(letter: str) -> None:
    end = "N" if set(unicodedata.normalize("NFD", letter)) & {"\u0306", "\u0302"} else ""
    legacy = f"DÒNG CHỮ HOA {letter}ÊM" if letter == "Đ" else f"DÒNG CHỮ HOA TH{letter}{end}"
    decoded, _ = decode_legacy(to_tcvn3(legacy))
    assert decoded == legacy
    assert (1, "legacy-capitals") in codes(to_tcvn3(legacy))


@pytest.mark.parametrize("sentence", SENTENCES)
@pytest.mark.parametrize(("write", "code"), [(to_tcvn3, "legacy-tcvn3"), (to_vni, "legacy-vni")])
def test_a_legacy_line_is_decoded_and_noted(sentence: str, write: object, code: str) -> None:
    legacy = write(sentence)  # type: ignore[operator]
    assert decode_legacy(legacy)[0] == sentence
    assert codes(legacy) == [(1, code)]


@pytest.mark.parametrize(
    ("legacy", "expected"),
    [
        ("§iÒu 5. QuyÕt ®Þnh", "Điều 5. Quyết định"),
        ("Ñieàu 5", "Điều 5"),
        ("ñY BAN NH¢N D¢N", "ỦY BAN NHÂN DÂN"),
        ("CéNG HßA X· HéI CHñ NGHÜA VIÖT NAM", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"),
        ("ÑOÄC LAÄP - TÖÏ DO - HAÏNH PHUÙC", "ĐỘC LẬP - TỰ DO - HẠNH PHÚC"),
        ("Sè: 12/2008/Q§-UBND vÒ viÖc", "Số: 12/2008/QĐ-UBND về việc"),
    ],
)
def test_headings_of_old_documents_are_decoded(legacy: str, expected: str) -> None:
    assert decode_legacy(legacy)[0] == expected


def test_one_legacy_line_in_a_unicode_document_is_decoded_alone() -> None:
    text = f"Điều 1. Phạm vi\n{to_tcvn3(SENTENCES[0])}\nĐiều 2. Thành công và có ý\n"
    decoded, anomalies = decode_legacy(text)
    assert decoded == f"Điều 1. Phạm vi\n{SENTENCES[0]}\nĐiều 2. Thành công và có ý\n"
    assert [(a.line, a.code) for a in anomalies] == [(2, "legacy-tcvn3")]


def test_an_ambiguous_line_follows_its_document() -> None:
    ambiguous = "cã"  # TCVN3 for "có", and a Unicode syllable of its own
    legacy = "\n".join([*map(to_tcvn3, SENTENCES), ambiguous])
    assert decode_legacy(legacy)[0].endswith("\ncó")
    assert decode_legacy("\n".join([*SENTENCES, ambiguous]))[0].endswith("\ncã")


def test_the_letter_dd_of_a_list_is_decoded_in_a_legacy_document() -> None:
    legacy = "\n".join([*map(to_tcvn3, SENTENCES), "®) ban"])
    assert decode_legacy(legacy)[0].endswith("\nđ) ban")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Plain ASCII, article 5.",
        "où l'élève être née à l'hôtel, dû à la forêt, français",
        "Düsseldorf für Noël, größer, naïve, señor, São Paulo, über",
        "Thành công và có ý kiến",
        "Điều 5. § 12, Windows® và © 2024, công ty¹, m², ±5 µm, «trích dẫn», 30 °C",
        "Jón Guðmundsson býr í Ísland og maður",
        "Điê\u0300u 19. Văn bản dùng dấu rời",
    ],
)
def test_other_text_is_left_alone(text: str) -> None:
    assert decode_legacy(text) == (text, ())


def test_the_five_regulations_are_left_alone(regulations: Path) -> None:
    for path in sorted(regulations.glob("*.txt")):
        text = path.read_text(encoding="utf-8")
        decoded, anomalies = decode_legacy(text)
        assert (path.name, decoded == text, anomalies) == (path.name, True, ())


@pytest.mark.parametrize(("write", "code"), [(to_tcvn3, "legacy-tcvn3"), (to_vni, "legacy-vni")])
def test_a_real_regulation_survives_legacy_fonts(
    regulations: Path, write: object, code: str
) -> None:
    path = min(regulations.glob("*.txt"))
    text = unicodedata.normalize("NFC", path.read_text(encoding="utf-8"))
    decoded, anomalies = decode_legacy(write(text))  # type: ignore[operator]
    assert code in {anomaly.code for anomaly in anomalies}
    wrong = sum(
        a.lower() != b.lower() for a, b in zip(text.split("\n"), decoded.split("\n"), strict=True)
    )
    assert wrong == 0


@pytest.mark.parametrize(
    ("text", "expected", "found"),
    [
        ("Ðiều 7. Phạm vi", "Điều 7. Phạm vi", [(1, "lookalike-eth")]),
        ("x\nÐiê\u0300u 7", "x\nĐiê\u0300u 7", [(2, "lookalike-eth")]),
        ("85/2016/NÐ-CP, QÐ-TTg", "85/2016/NĐ-CP, QĐ-TTg", [(1, "lookalike-eth")]),
        ("ðơn vị được ðặt", "đơn vị được đặt", [(1, "lookalike-eth")]),
        ("HƢỚNG DẪN\nthƣ", "HƯỚNG DẪN\nthư", [(1, "lookalike-oi"), (2, "lookalike-oi")]),
        ("Ɖiều 1", "Điều 1", [(1, "lookalike-african-d")]),
    ],
)
def test_lookalikes_become_the_letters_they_stand_for(
    text: str, expected: str, found: list[tuple[int, str]]
) -> None:
    assert repair_lookalikes(text)[0] == expected
    assert decode_legacy(text)[0] == expected
    assert codes(text) == found


def test_utf8_encoded_twice_is_decoded() -> None:
    twice = "Điều 5. Quyết định\nở".encode().decode("latin-1")
    assert decode_legacy(twice)[0] == "Điều 5. Quyết định\nở"
    assert codes(twice) == [(1, "legacy-utf8-twice"), (2, "legacy-utf8-twice")]
    assert decode_legacy("bảo mật".encode().decode("cp1252"))[0] == "bảo mật"


def test_decoding_twice_changes_nothing() -> None:
    once, _ = decode_legacy("\n".join(map(to_tcvn3, SENTENCES)))
    assert decode_legacy(once) == (once, ())


def test_legacy_share_tells_legacy_text_from_other_text() -> None:
    assert legacy_share(to_tcvn3(SENTENCES[0])) == 1.0
    assert legacy_share("größer, für, naïve, señor") == 0.0
    assert legacy_share("ASCII only") == 0.0
    assert has_legacy_marks(to_tcvn3(SENTENCES[4]))
    assert not has_legacy_marks("Điều 5\u00ad § 6")


@pytest.mark.parametrize("word", ["Nghiêng", "quyết", "gì", "giếng", "ỦY", "uỷ", "khuỷu", "ở", "y"])
def test_vietnamese_syllables_are_known(word: str) -> None:
    assert is_syllable(word)
    assert is_syllable(unicodedata.normalize("NFD", word))


@pytest.mark.parametrize("word", ["QĐ", "tổchức", "chảc", "bàb", "xyz", "", "a" * 100, "ạá"])
def test_other_words_are_no_syllables(word: str) -> None:
    assert not is_syllable(word)


def test_every_anomaly_has_both_languages() -> None:
    assert all(
        text.vi.endswith(".") and text.en.endswith(".") for text in LEGACY_ANOMALIES.values()
    )


_LETTERS = st.sampled_from(
    [*"abcđeiou nthÐðƢ\n\t .,)5", *TCVN3, *"øùûÑñ", "\u0300", "ệ", "\r", "\f"]
)


@given(st.text(_LETTERS, max_size=60) | st.text(max_size=60))
def test_lines_stay_lines_whatever_the_text(text: str) -> None:
    decoded, anomalies = decode_legacy(text)
    assert decoded.count("\n") == text.count("\n")
    assert all(1 <= anomaly.line <= text.count("\n") + 1 for anomaly in anomalies)
    assert all(anomaly.code in LEGACY_ANOMALIES for anomaly in anomalies)
    changed = [n for n, (a, b) in enumerate(_pairs(text, decoded), start=1) if a != b]
    assert {anomaly.line for anomaly in anomalies} >= set(changed)


def _pairs(before: str, after: str) -> list[tuple[str, str]]:
    return list(zip(before.split("\n"), after.split("\n"), strict=True))
