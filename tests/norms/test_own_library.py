"""Texts of an installation's own beside the product's library, and texts that amend others."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from khien.norms import own_library
from khien.norms.library import load_library, per_library
from khien.norms.own_library import write_own_library
from khien.norms.rulebook import build_rulebook

DOCUMENT = """id: xa-mau
kind: quy chế
title: {vi: Quy chế của xã Mẫu, en: Rule of Mau commune}
short: {vi: Xã Mẫu, en: Mau}
issuer: {vi: UBND xã Mẫu, en: Mau commune}
place: Mẫu
in_force_from: '2026-12-01'
binds: {vi: Xã Mẫu, en: Mau}
unit_kinds: [ward]
"""
AMENDS = """amends:
- document: do-son
  clauses: [D19.k1]
  how: replaced
"""
CLAUSES = """clauses:
- path: D1
  kind: dieu
  vi: Mật khẩu dài ít nhất 12 ký tự.
  en: Passwords have at least 12 characters.
  duties:
  - id: xm-d1
    modality: must
    actor: {vi: Cán bộ, en: Staff}
    control: PWD-01
    parameters: {min_length: 12}
    frequency: continuous
    evidence: host
"""


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setattr(own_library, "_places", [lambda: tmp_path])
    return tmp_path


def written(own: Path, head: str = DOCUMENT, clauses: str = CLAUSES) -> None:
    write_own_library(
        own, {"norms/xa-mau/document.yaml": head, "norms/xa-mau/clauses.yaml": clauses}
    )


def test_an_own_text_stands_in_the_library_at_once_and_goes_with_the_pointer(own: Path) -> None:
    before = load_library()
    written(own)
    after = load_library()
    assert after.documents["xa-mau"].is_own
    assert after.digest != before.digest
    assert set(before.documents) == set(after.documents) - {"xa-mau"}
    write_own_library(own, {})
    assert "xa-mau" not in load_library().documents


def test_a_text_that_no_longer_reads_is_told_and_the_rest_stays(own: Path) -> None:
    written(own, clauses=CLAUSES.replace("min_length", "gone"))
    library = load_library()
    assert "xa-mau" not in library.documents
    assert "do-son" in library.documents
    assert [problem.line for problem in library.own_problems] == [11]


def test_a_text_of_the_products_own_name_does_not_take_its_place(own: Path) -> None:
    head = DOCUMENT.replace("id: xa-mau", "id: hue")
    write_own_library(own, {"norms/hue/document.yaml": head, "norms/hue/clauses.yaml": CLAUSES})
    assert not load_library().documents["hue"].is_own


def test_what_is_made_of_the_library_follows_it(own: Path) -> None:
    @per_library
    def count() -> int:
        return len(load_library().documents)

    before = count()
    written(own)
    assert count() == before + 1


def test_an_amended_clause_gives_way_from_the_day_of_the_amendment(own: Path) -> None:
    written(own, head=DOCUMENT + AMENDS)
    library = load_library()
    both = ["do-son", "xa-mau"]
    earlier = build_rulebook(library, both, on=date(2026, 11, 30)).rules["PWD-01"]
    later = build_rulebook(library, both, on=date(2026, 12, 1)).rules["PWD-01"]
    alone = build_rulebook(library, ["do-son"], on=date(2026, 12, 1)).rules["PWD-01"]
    assert {clause.document for clause, _ in earlier.sources} == {"do-son"}
    assert {clause.document for clause, _ in later.sources} == {"xa-mau"}
    assert alone.sources == earlier.sources
    assert later.parameters["min_length"].value == 12
