"""The library's words are its own, complete in two languages, in one Unicode form and one written form."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest

from khien.facts.tables import fact_tables
from khien.kernel.language import Text
from khien.norms.library import LIBRARY, load_library
from khien.norms.library_format import unformatted_files
from khien.norms.text.reading import read_file

RUN = 10
# Names of bodies, which cannot be said otherwise. Each ends a comparison, and so does any number: a longer
# borrowed run is not excused by a name inside it.
NAMES = ("ban cơ yếu chính phủ", "trung tâm ứng cứu khẩn cấp máy tính việt nam")
# Fields that hold nothing but names: of laws, of regulations, of groups of persons as the text calls them.
NAMING_FIELDS = ("actor", "title", "issuer", "binds", "short", "citation")
# Words that are the same in both languages, each with its reason.
ALIKE = {"Viễn thông Bình Phước": "a company's name"}
FILE_ENDINGS = {"txt", "doc", "odt", "pdf", "com", "bat", "exe"}
PLACEHOLDERS = ("chưa viết", "TODO", "FIXME", "TBD", "xxx", "???", "not written")
# Function words that betray an English sentence; none is a Vietnamese syllable or a product's name.
ENGLISH = re.compile(
    r"\b(the|and|with|must|should|shall|which|from|every|when|are|were|this|that)\b"
)
WORD = re.compile(r"[^\W_]+")


def sentences() -> Iterator[tuple[str, Text]]:
    """Every bilingual sentence of the library, with where it stands."""
    library = load_library()
    for control in library.controls.values():
        for name in ("title", "why", "fix", "supply"):
            yield f"{control.id}.{name}", getattr(control, name)
        for parameter in control.parameters.values():
            yield f"{control.id}.{parameter.name}", parameter.title
        for reason in control.check.reasons.values() if control.check else ():
            yield f"{control.id}.{reason.code}", reason.text
    for document in library.documents.values():
        for name in ("title", "short", "issuer", "binds"):
            yield f"{document.id}.{name}", getattr(document, name)
        for citation in document.citations:
            yield f"{document.id}.{citation.key}.citation", citation.title
        for clause in document.clauses.values():
            yield clause.anchor, clause.text
            for duty in clause.duties:
                yield f"{clause.anchor}#{duty.id}", duty.text
                yield f"{clause.anchor}#{duty.id}.actor", duty.actor
    for code, text in library.labels.items():
        yield f"label {code}", text
    for table in fact_tables().values():
        yield f"{table.name}.title", table.title
        for column in table.columns.values():
            yield f"{table.name}.{column.name}", column.title


SENTENCES = list(sentences())


def test_there_is_something_to_look_at() -> None:
    assert len(SENTENCES) > 3500


def test_every_text_is_nfc_and_without_odd_spaces() -> None:
    for where, text in SENTENCES:
        for said in (text.vi, text.en):
            assert said == unicodedata.normalize("NFC", said), where
            assert said == said.strip(), where
            assert not re.search(r"\s{2}|[\u00a0\u200b\ufeff\u00ad]", said), where


def test_nothing_waits_to_be_written() -> None:
    wanting = [
        w for w, t in SENTENCES for p in PLACEHOLDERS if p.lower() in f"{t.vi} {t.en}".lower()
    ]
    assert wanting == []
    assert [where for where, text in SENTENCES if not text.vi.strip() or not text.en.strip()] == []


def test_no_vietnamese_sentence_is_english() -> None:
    # What to do on a machine names menus and policies as the machine shows them.
    own = [(where, text.vi) for where, text in SENTENCES if not where.endswith(".fix")]
    assert [f"{where}: {vi}" for where, vi in own if ENGLISH.search(vi.lower())] == []


def looks_like_a_name(text: str) -> bool:
    """A code, a number, or one word: the same in any language."""
    return len(text.split()) == 1 or (text.isascii() and text.upper() == text) or text in ALIKE


def test_the_two_languages_differ_unless_it_is_a_name() -> None:
    alike = [f"{w}: {t.vi}" for w, t in SENTENCES if t.vi == t.en and not looks_like_a_name(t.vi)]
    assert alike == []


def test_every_code_that_is_shown_has_words() -> None:
    library = load_library()
    shown = {p.unit for c in library.controls.values() for p in c.parameters.values() if p.unit}
    for document in library.documents.values():
        for _, duty in document.duties():
            for value in duty.parameters.values():
                shown |= {value} if isinstance(value, str) else set()
                shown |= set(value) if isinstance(value, tuple) else set()
            shown |= {duty.modality, duty.evidence, duty.side}
    for control in library.controls.values():
        shown |= {control.theme, control.decided, control.evidence}
        for parameter in control.parameters.values():
            shown |= set(parameter.order) | set(parameter.implied_by)
    codes = {code for code in shown if re.fullmatch(r"[a-z][a-z0-9_-]*", code)}
    assert sorted(codes - set(library.labels) - FILE_ENDINGS) == []


def test_the_files_are_written_in_the_one_form() -> None:
    assert unformatted_files(LIBRARY) == []


def test_every_ended_text_that_is_cited_is_flagged_with_what_came_after() -> None:
    documents = load_library().documents.values()
    citations = [citation for document in documents for citation in document.citations]
    ended = [c for c in citations if c.ended_on is not None]
    assert len({c.key for c in ended}) >= 3
    assert [c.key for c in ended if not c.successor] == []
    assert {c.mark for c in citations} <= {"A", "B", "C"}
    assert [c.key for c in citations if c.mark == "C" and c.note is None] == []
    law = next(c for c in citations if c.key == "Luật 86/2015/QH13")
    assert (law.successor, law.mark, str(law.ended_on)) == ("Luật 116/2025/QH15", "A", "2026-07-01")


def test_every_citation_is_at_a_clause_that_exists() -> None:
    for document in load_library().documents.values():
        for citation in document.citations:
            assert set(citation.clauses) <= {*document.clauses, "recital"}, citation.key
            assert citation.clauses


def syllables(text: str) -> list[str]:
    bare = unicodedata.normalize("NFC", text).lower()
    words = " ".join(WORD.findall(bare))
    for name in NAMES:
        words = words.replace(name, "\0")
    return ["\0" if any(c.isdigit() for c in word) else word for word in words.split()]


def runs(words: list[str]) -> Iterator[tuple[str, ...]]:
    for start in range(len(words) - RUN + 1):
        run = tuple(words[start : start + RUN])
        if "\0" not in run:
            yield run


@pytest.fixture(scope="session")
def borrowed(regulations: Path) -> frozenset[tuple[str, ...]]:
    """Every run of ten syllables of the five texts."""
    files = sorted(regulations.glob("*.txt"))
    assert len(files) == 5
    return frozenset(run for file in files for run in runs(syllables(read_file(file).text)))


def test_no_sentence_of_ours_copies_a_regulation(borrowed: frozenset[tuple[str, ...]]) -> None:
    copied = [
        f"{where}: {' '.join(run)}"
        for where, text in SENTENCES
        if not where.endswith(NAMING_FIELDS)
        for run in runs(syllables(text.vi))
        if run in borrowed
    ]
    assert copied == []
