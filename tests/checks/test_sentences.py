"""A finding is said in words of the reader: Vietnamese dates, lists, and a question mark for what is not there."""

from __future__ import annotations

from pathlib import Path

import pytest

from khien.checks.sentences import sentence_of
from khien.kernel.language import Text
from khien.norms.library import load_library
from khien.norms.model import CheckSpec, Control, Reason

T = Text("", "")


@pytest.mark.parametrize(
    ("value", "vi", "en"),
    [
        ("2026-11-05", "05/11/2026", "05/11/2026"),
        (["a", "b"], "a, b", "a, b"),
        (True, "có", "yes"),
        (None, "?", "?"),
        (7, "7", "7"),
        ("{other}", "{other}", "{other}"),
    ],
)
def test_a_detail_is_said_in_the_readers_way(value: object, vi: str, en: str) -> None:
    reason = Reason("r", "fail", Text("Là {thing}.", "It is {thing}."))
    spec = CheckSpec(None, {}, {"r": reason})
    control = Control("TST-01", "test", "host", "host", "high", T, T, T, T, {}, spec, Path())
    said = sentence_of(control, "r", {"thing": value}, rule=None, library=load_library())
    assert (said.vi, said.en) == (f"Là {vi}.", f"It is {en}.")


def test_a_table_is_named_by_its_title() -> None:
    control = load_library().controls["PWD-01"]
    detail = {"table": "account_policy", "collected_at": "2026-11-20T18:00:00Z"}
    said = sentence_of(control, "stale", detail, rule=None, library=load_library())
    assert "Chính sách mật khẩu" in said.vi
    assert "01:00 21/11/2026" in said.vi
