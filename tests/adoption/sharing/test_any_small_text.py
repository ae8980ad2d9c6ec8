"""Any small text comes back from every form that holds everything, whatever its words, paths and values are."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shared_texts import SEAL, library_with, said, small_text, trust_all

from khien.adoption.sharing.ciso_reading import Skeleton
from khien.adoption.sharing.contents import TextData
from khien.adoption.sharing.forms import exported, read_shared
from khien.kernel.vietnamese import nfc
from khien.norms.read_document import CLAUSE_KINDS, FREQUENCIES

NASTY = st.sampled_from(
    [
        "=SUM(A1:A9)", "+84 123", "-1", "@x", "'", '"', "\\null", "\\json:1", "\\", "_x0041_", "<script>x</script>",
        "a & b", "**đậm**", "`mã`", "{{ insert: param, x }}", "# một", "1. một", "1) một", "- một", "> trích", "[a](b)",
        "| a | b |", "~~x~~", "$x^2$", "dòng một\ndòng hai", "\ttab", " cách ", "null", "true", "2026-01-01", "0012",
        "1e5", "№ 5", "đ", "Ư", "😀", "a\u00a0b", "%", ": x", "x: y", "? a", "!tag", "&a", "*a", "\u200bẩn", "..", "x" * 300,
    ]
)  # fmt: skip
WORDS = (NASTY | st.text("aăâđêơư ô.,;()/-", min_size=1, max_size=30)).map(nfc).filter(str.strip)
PATHS = st.lists(
    st.sampled_from(
        ["C.I", "C.II", "D1", "D1.k1", "D1.k1.d", "D1.k1.đ", "D1.k1.dd", "D1.k1#2", "D1.p1", "QD.D1", "II.1", "p1"]
    ),
    unique=True, min_size=1, max_size=6,
)  # fmt: skip


@st.composite
def texts(draw: st.DrawFn) -> TextData:
    """Return a text that the library takes: any kinds, any words, any values its controls allow."""
    clauses = []
    for place, path in enumerate(draw(PATHS)):
        clause: dict[str, Any] = {"path": path, "kind": draw(st.sampled_from(CLAUSE_KINDS))}
        clause |= {"vi": draw(WORDS), "en": draw(WORDS)}
        duties = [draw(duty(f"nho-{place}-{n}")) for n in range(draw(st.integers(0, 2)))]
        clauses.append({**clause, **({"duties": duties} if duties else {"none": "heading"})})
    head = {"place": draw(WORDS), "note": said(draw(WORDS), draw(WORDS)), "number": draw(WORDS)}
    text = small_text(
        title=said(draw(WORDS), draw(WORDS)), issuer=said(draw(WORDS), draw(WORDS)), **head
    )
    return replace(text, clauses=tuple(clauses)).in_usual_order()


@st.composite
def duty(draw: st.DrawFn, duty_id: str) -> dict[str, Any]:
    """Return a duty; its values are such as texts of one installation agree on."""
    made: dict[str, Any] = {
        "id": duty_id, "modality": draw(st.sampled_from(["must", "must_not", "should", "info"])),
        "actor": said(draw(WORDS), draw(WORDS)), "control": "TRN-01", "frequency": draw(st.sampled_from(FREQUENCIES)),
        "evidence": "register",
    }  # fmt: skip
    if draw(st.booleans()):
        made |= {"vi": draw(WORDS), "en": draw(WORDS)}
    if draw(st.booleans()):
        made |= {
            "control": "PWD-01",
            "parameters": {"min_length": draw(st.none() | st.integers(0, 99))},
        }
    elif draw(st.booleans()):
        made["parameters"] = {"laws": draw(st.lists(WORDS, max_size=3, unique=True))}
    if draw(st.booleans()):
        made["deadline"] = said(draw(WORDS), draw(WORDS))
    return made


@pytest.mark.parametrize("form", ["folder", "package", "oscal", "xlsx"])
@settings(max_examples=15, deadline=None)
@given(text=texts())
def test_any_small_text_comes_back(form: str, text: TextData) -> None:
    with TemporaryDirectory() as place:
        library = library_with(text, Path(place))
        made = exported(library, "nho", form, seal=SEAL)
    got = read_shared(made.data, library, trust=trust_all)
    assert not isinstance(got, Skeleton)
    assert got.files == text.as_files()


@settings(max_examples=15, deadline=None)
@given(text=texts())
def test_any_small_text_is_a_library_that_ciso_assistant_takes(text: TextData) -> None:
    with TemporaryDirectory() as place:
        library = library_with(text, Path(place))
        made = exported(library, "nho", "ciso")
    got = read_shared(made.data, library, trust=trust_all)
    assert isinstance(got, Skeleton)
    assert [(c.text.vi, c.text.en) for c in sorted(got.clauses, key=lambda c: c.path)] == [
        (c["vi"], c["en"]) for c in sorted(text.clauses, key=lambda c: str(c["path"]))
    ]
