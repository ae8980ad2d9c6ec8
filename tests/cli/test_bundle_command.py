"""khien bundle: bad input gives a sentence in both languages and changes nothing; verify says who co-signed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from khien.exchange.models import OwnKey, Partner

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def unit(tmp_path: Path, settings: Any, khien: Callable[..., Any]) -> None:
    settings.KHIEN_DATA = tmp_path / "data"
    done = khien("unit", "add", "phuong", "Phường", "--place", "Mẫu", "--kind", "ward", "--from", "01/01/2020")  # fmt: skip
    assert done.status == 0, done.err


def test_the_card_goes_out_and_the_number_beside_it(khien: Callable[..., Any]) -> None:
    done = khien("bundle", "card", "--unit", "phuong")
    assert done.out.startswith("khien-card/1\n")
    assert "Số đối chiếu" in done.err
    assert "khien bundle" in OwnKey.objects.get().made_by
    assert khien("bundle", "rotate").status == 0
    assert OwnKey.objects.count() == 2


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["import", "{none}"], "KHIEN-CLI-041"),
        (["import", "{text}"], "KHIEN-EXC-005"),
        (["import", "{folder}"], "KHIEN-CLI-041"),
        (["take-receipt", "{text}"], "KHIEN-EXC-020"),
        (["take-receipt", "{none}"], "KHIEN-CLI-041"),
        (["pair", "{text}", "--unit", "phuong", "--direction", "below", "--number", "1", "--read-by", "x"], "KHIEN-EXC-019"),
        (["export", "--to", "7"], "KHIEN-EXC-018"),
        (["revoke", "9", "--reason", "x"], "KHIEN-EXC-018"),
        (["address", "9", "https://vidu.vn"], "KHIEN-EXC-018"),
        (["end", "99999999999999999999"], "KHIEN-EXC-018"),
        (["receipt", "3", "--out", "{none}"], "KHIEN-EXC-017"),
        (["send", "3"], "KHIEN-EXC-017"),
        (["card", "--unit", "khong-co"], "KHIEN-ORG-001"),
    ],
)  # fmt: skip
def test_what_cannot_be_done_is_told_and_nothing_changes(
    khien: Callable[..., Any], tmp_path: Path, words: list[str], code: str
) -> None:
    (tmp_path / "text").write_text("không phải gói nào cả, chỉ là một đoạn văn bản đủ dài", "utf-8")
    places = {"none": tmp_path / "none", "text": tmp_path / "text", "folder": tmp_path}
    done = khien("bundle", *(word.format_map(places) for word in words))
    assert (done.status, code in done.err) == (2, True), done.err
    assert len(done.err.strip().splitlines()) >= 2
    assert not Partner.objects.exists()


def test_an_instance_with_nothing_yet_lists_nothing_and_verifies(khien: Callable[..., Any]) -> None:
    assert khien("bundle", "list", "--json").json == {"sent": [], "received": []}
    assert khien("bundle", "partners", "--json").json == []
    assert khien("bundle", "list").status == 0
    assert khien("bundle", "rotate").status == 0
    told = khien("verify", "--json").json
    assert (told["ok"], told["cosigned"], told["trusted_size"]) == (True, [], 0), told
