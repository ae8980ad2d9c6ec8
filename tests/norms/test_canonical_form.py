"""The form of library files is one, whichever of the two writers wrote it."""

from __future__ import annotations

import unicodedata
from typing import Any

import yaml
from hypothesis import given
from hypothesis import strategies as st

from khien.norms import library_format
from khien.norms.library_format import canonical_data, canonical_yaml

WORDS = st.text(
    st.characters(blacklist_categories=("Cs", "Cn", "Co", "Cc")), max_size=150
) | st.text(st.sampled_from("aăđ =+-:#'\"\n,[]{}&*!|>%@`.0123~?ĐƯ😀"), max_size=200)
KEYS = st.text("abđƯ_019/ ", min_size=1, max_size=40).map(lambda key: f"k{key}k")
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=6,
)


def by_the_slow_writer(data: Any) -> str:
    dumped = yaml.dump(
        data, Dumper=library_format._Dumper, allow_unicode=True, sort_keys=False, width=110
    )
    return unicodedata.normalize("NFC", dumped)


@given(st.dictionaries(KEYS, VALUES, min_size=1, max_size=3))
def test_both_writers_write_the_same(data: dict[str, Any]) -> None:
    assert canonical_data(data) == by_the_slow_writer(data)


@given(st.dictionaries(st.text("abc", min_size=1, max_size=3), WORDS, min_size=1, max_size=3))
def test_what_is_written_reads_back_and_stays_as_it_is(data: dict[str, str]) -> None:
    text = canonical_data(data)
    nfc = {key: unicodedata.normalize("NFC", value) for key, value in data.items()}
    assert yaml.safe_load(text) == nfc
    assert canonical_yaml(text) == text
