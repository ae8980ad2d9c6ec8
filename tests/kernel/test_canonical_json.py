"""One value has one sequence of bytes, whoever writes it; what has no exact form is refused."""

from __future__ import annotations

import json
import unicodedata
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from khien.kernel.canonical import INTEGER_MAX, canonical_bytes, sha256_hex

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
integers = st.integers(-INTEGER_MAX, INTEGER_MAX)
scalars = st.none() | st.booleans() | integers | texts


def nfc_keys(value: dict[str, Any]) -> bool:
    return len({unicodedata.normalize("NFC", key) for key in value}) == len(value)


def groups(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4).filter(nfc_keys)


values = st.recursive(scalars, groups, max_leaves=12)


def normal(value: Any) -> Any:
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    if isinstance(value, list):
        return [normal(item) for item in value]
    if isinstance(value, dict):
        return {normal(key): normal(item) for key, item in value.items()}
    return value


@given(values)
def test_what_is_read_back_is_the_same_value_in_nfc(value: Any) -> None:
    assert json.loads(canonical_bytes(value)) == normal(value)


@given(values)
def test_canonical_bytes_of_canonical_bytes_are_the_same(value: Any) -> None:
    once = canonical_bytes(value)
    assert canonical_bytes(json.loads(once)) == once


@given(st.dictionaries(texts, scalars, max_size=6).filter(nfc_keys), st.randoms())
def test_the_order_of_keys_does_not_matter(value: dict[str, Any], random: Any) -> None:
    pairs = list(value.items())
    random.shuffle(pairs)
    assert canonical_bytes(dict(pairs)) == canonical_bytes(value)


@given(texts)
def test_both_unicode_forms_of_a_text_have_one_hash(text: str) -> None:
    forms = [unicodedata.normalize(form, text) for form in ("NFC", "NFD")]
    assert sha256_hex(canonical_bytes(forms[0])) == sha256_hex(canonical_bytes(forms[1]))


@given(st.floats().filter(lambda number: number != number or not number.is_integer()))
def test_a_fraction_is_refused(number: float) -> None:
    with pytest.raises(ValueError, match="canonical"):
        canonical_bytes({"n": number})


@pytest.mark.parametrize(
    "value",
    [
        INTEGER_MAX + 1,
        -INTEGER_MAX - 1,
        1e300,
        {"\u00e9": 1, "e\u0301": 2},
        "\ud800",
        {"\udfff": 1},
    ],
    ids=ascii,
)
def test_what_two_readers_could_take_differently_is_refused(value: Any) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  # each refusal has words of its own
        canonical_bytes([value])


@pytest.mark.parametrize(
    "value",
    [b"x", {1: 2}, {None: 1}, {1, 2}, object()],
    ids=["bytes", "number key", "none key", "set", "object"],
)
def test_what_is_not_json_is_refused(value: Any) -> None:
    with pytest.raises(TypeError):
        canonical_bytes(value)


def test_the_form_is_the_one_that_was_promised() -> None:
    value = {"b": [1.0, -0.0, True, None], "ă": 'Sổ\n"cái"', "a": ()}
    assert canonical_bytes(value) == '{"a":[],"b":[1,0,true,null],"ă":"Sổ\\n\\"cái\\""}'.encode()
