"""Signing with a token: found, chosen, opened with a PIN that is asked once; its key never leaves it."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest
from made_up_authority import DAY, NOW, House, issued, paper, png
from signing_cases import read
from soft_tokens import PIN, Tokens

from khien.cli.main import main


@pytest.fixture
def pins(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What a person types where the PIN is asked; the questions are kept."""
    asked: list[str] = []

    def answer(question: str) -> str:
        asked.append(question)
        return PIN

    monkeypatch.setattr("getpass.getpass", answer)
    return asked


@pytest.fixture
def letter(tmp_path: Path) -> Path:
    place = tmp_path / "bao-cao.pdf"
    place.write_bytes(paper())
    return place


def test_a_token_signs_and_the_signature_is_read_back(
    tokens: Tokens, house: House, letter: Path, tmp_path: Path, pins: list[str], capsys: pytest.CaptureFixture[str]
) -> None:  # fmt: skip
    tokens.put("An", house.an, house.authority)
    picture = tmp_path / "chu-ky.png"
    picture.write_bytes(png(500, 200, "blue"))
    roots = tmp_path / "goc.pem"
    roots.write_bytes(house.root.pem + house.authority.pem)
    words = [
        "sign",
        str(letter),
        "--module",
        tokens.module,
        "--picture",
        str(picture),
        "--trust",
        str(roots),
    ]
    assert main(words) == 0
    said = capsys.readouterr()
    assert said.out.splitlines()[-1] == str(tmp_path / "bao-cao-da-ky.pdf")
    assert "Nguyễn Văn An" in said.out
    assert "chứng thư gốc «Chứng thực gốc Mẫu» bảo đảm" in " ".join(said.out.split())
    assert len(pins) == 1
    one = read((tmp_path / "bao-cao-da-ky.pdf").read_bytes(), house).signatures[0]
    assert (one.signer, one.integrity, one.coverage, one.chain) == (
        "Nguyễn Văn An", "intact", "whole_file", "trusted",
    )  # fmt: skip
    assert letter.read_bytes() == paper(), "the file that was signed stays as it was"


def test_the_pin_is_never_a_word_of_the_command_nor_in_the_log(
    tokens: Tokens, house: House, letter: Path, pins: list[str], caplog: pytest.LogCaptureFixture,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    tokens.put("An", house.an)
    caplog.set_level(logging.DEBUG)
    assert main(["sign", str(letter), "--module", tokens.module]) == 0
    said = capsys.readouterr()
    assert PIN not in said.out + said.err + caplog.text
    with pytest.raises(SystemExit):
        main(["sign", str(letter), "--pin", PIN])


def test_a_wrong_pin_is_said_and_tried_once(
    tokens: Tokens, house: House, letter: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:  # fmt: skip
    tokens.put("An", house.an)
    asked = []
    monkeypatch.setattr("getpass.getpass", lambda question: asked.append(question) or "0000")
    assert main(["sign", str(letter), "--module", tokens.module]) == 1
    said = capsys.readouterr().err
    assert "KHIEN-SIG-007" in said
    assert "không nhận mã PIN" in said
    assert "không tự thử lại" in said
    assert "Thiết bị báo số lần thử đã giảm" in said, "this token tells that tries were used up"
    assert len(asked) == 1
    assert not letter.with_name("bao-cao-da-ky.pdf").exists()


def test_no_token_and_an_unknown_one_are_told_apart(
    tokens: Tokens, house: House, letter: Path, pins: list[str], capsys: pytest.CaptureFixture[str]
) -> None:  # fmt: skip
    assert main(["sign", str(letter), "--module", tokens.module]) == 2
    assert "KHIEN-SIG-003" in capsys.readouterr().err
    tokens.put("An", house.an)
    assert main(["sign", str(letter), "--module", tokens.module, "--token", "Binh"]) == 2
    said = capsys.readouterr().err
    assert "KHIEN-SIG-003" in said
    assert "An (" in said, "what is plugged in is said"
    assert pins == []


def test_with_two_tokens_one_must_be_chosen(
    tokens: Tokens, house: House, letter: Path, pins: list[str], capsys: pytest.CaptureFixture[str]
) -> None:  # fmt: skip
    tokens.put("An", house.an)
    tokens.put("Van thu", house.clerk)
    assert main(["sign", str(letter), "--module", tokens.module]) == 2
    said = capsys.readouterr().err
    assert "KHIEN-SIG-004" in said
    assert "Van thu" in said
    assert pins == []
    assert main(["sign", str(letter), "--module", tokens.module, "--token", "Van thu"]) == 0
    made = letter.with_name("bao-cao-da-ky.pdf").read_bytes()
    assert [one.signer for one in read(made).signatures] == ["SỞ Y TẾ MẪU"]


def test_with_two_certificates_one_must_be_chosen_by_name_or_serial(
    tokens: Tokens, house: House, letter: Path, pins: list[str], capsys: pytest.CaptureFixture[str]
) -> None:  # fmt: skip
    other = issued("Trần Thị Bình", by=house.authority)
    tokens.put("Chung", house.an, other)
    assert main(["sign", str(letter), "--module", tokens.module]) == 2
    said = capsys.readouterr().err
    assert "KHIEN-SIG-006" in said
    assert "Trần Thị Bình" in said
    serial = f"{other.certificate.serial_number:X}"
    for word in ("trần thị bình", serial):
        words = ["sign", str(letter), "--module", tokens.module, "--certificate", word, "--force"]
        assert main(words) == 0
        made = letter.with_name("bao-cao-da-ky.pdf").read_bytes()
        assert [one.signer for one in read(made).signatures] == ["Trần Thị Bình"]


def test_a_token_without_a_certificate_or_without_its_key_says_so(
    tokens: Tokens, house: House, letter: Path, pins: list[str], capsys: pytest.CaptureFixture[str]
) -> None:  # fmt: skip
    tokens.put("Trong")
    assert main(["sign", str(letter), "--module", tokens.module]) == 2
    assert "KHIEN-SIG-005" in capsys.readouterr().err
    tokens.wipe()
    tokens.put("Khong khoa", house.an, keys=False)
    assert main(["sign", str(letter), "--module", tokens.module]) == 2
    assert "KHIEN-SIG-005" in capsys.readouterr().err


def test_a_token_that_hides_its_certificate_until_the_pin_signs_too(
    tokens: Tokens, house: House, letter: Path, pins: list[str]
) -> None:
    tokens.put("Kin", house.an, public=False)
    assert main(["sign", str(letter), "--module", tokens.module]) == 0
    assert len(pins) == 1


def test_an_unfit_certificate_is_refused_before_the_pin_is_asked(
    tokens: Tokens, house: House, letter: Path, pins: list[str], capsys: pytest.CaptureFixture[str]
) -> None:  # fmt: skip
    cases = {
        "Het han": (issued("Cũ", by=house.authority, until=NOW - DAY), "hết hạn ngày"),
        "Chua den": (issued("Mới", by=house.authority, since=NOW + DAY), "chỉ có hiệu lực từ ngày"),
        "Sai viec": (
            issued("Mã hóa", by=house.authority, uses={"key_encipherment"}),
            "không được cấp để ký",
        ),
    }
    for label, (owner, why) in cases.items():
        tokens.put(label, owner)
        assert main(["sign", str(letter), "--module", tokens.module, "--token", label]) == 1
        said = capsys.readouterr().err
        assert "KHIEN-SIG-010" in said
        assert why in said
    assert pins == []


def test_what_is_plugged_in_is_listed_without_a_pin(
    tokens: Tokens, house: House, pins: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    tokens.put("An", house.an)
    assert main(["sign", "--list", "--module", tokens.module]) == 0
    said = capsys.readouterr().out
    assert "An (" in said
    assert "Nguyễn Văn An (số sê-ri" in said
    assert pins == []


def test_a_library_that_is_none_is_said_with_what_to_do(
    letter: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for module in ("", str(tmp_path / "khong-co.so"), str(letter)):
        assert main(["sign", str(letter), "--module", module]) == 2
        said = capsys.readouterr().err
        assert "KHIEN-SIG-002" in said
        assert "--module" in said
