"""Which texts bind a unit on which day, and the rulebook that follows."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from khien.ledger.models import LedgerEntry
from khien.norms.errors import NotBound, UnknownDocument
from khien.norms.library import load_library
from khien.norms.models import Binding
from khien.norms.selectors import documents_binding, rulebook_of, rulebooks_of
from khien.norms.services import bind_document, record_library
from khien.org.models import Unit
from khien.org.services import register_unit

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 6, 1, 2, tzinfo=UTC)
START = date(2026, 1, 10)


def unit(code: str) -> Unit:
    return register_unit(code, name_vi=code, name_en=code, kind="ward", place="X", now=NOW)


def bind(to: Unit, document: str, since: date = START) -> Binding:
    return bind_document(to, document, library=load_library(), bound_from=since, now=NOW)


def test_a_text_binds_from_its_day_to_the_day_before_the_end() -> None:
    ward = unit("a")
    binding = bind(ward, "hue")
    binding.bound_to = START + timedelta(days=10)
    binding.save()
    days = [START + timedelta(days=n) for n in (-1, 0, 9, 10)]
    found = [documents_binding([ward], on=day)[ward.pk] for day in days]
    assert found == [(), ("hue",), ("hue",), ()]


def test_units_keep_their_own_texts_and_those_without_have_none() -> None:
    one, two, three = unit("a"), unit("b"), unit("c")
    bind(one, "hue")
    bind(two, "do-son")
    bind(two, "binh-dinh")
    found = documents_binding([one, two, three], on=START)
    assert found == {one.pk: ("hue",), two.pk: ("binh-dinh", "do-son"), three.pk: ()}


def test_units_bound_alike_share_one_rulebook() -> None:
    one, two, three = unit("a"), unit("b"), unit("c")
    for ward in (one, two):
        bind(ward, "hue")
    found = rulebooks_of([one, two, three], library=load_library(), on=START)
    assert found[one.pk] is found[two.pk]
    assert found[three.pk].rules == {}


def test_a_text_binds_a_unit_since_it_took_effect_or_since_the_unit_is_bound_if_that_is_later() -> (
    None
):
    old, new = unit("a"), unit("b")
    bind(old, "hue", date(2019, 1, 1))
    bind(new, "hue", START)
    found = rulebooks_of([old, new], library=load_library(), on=START)
    assert found[old.pk].in_force["hue"] == (date(2020, 2, 12), None)
    assert found[new.pk].in_force["hue"] == (START, None)
    assert found[new.pk].rules is found[old.pk].rules
    assert rulebook_of(new, library=load_library(), on=START) == found[new.pk]


def test_a_unit_without_texts_is_told_how_to_bind_one() -> None:
    ward = unit("a")
    with pytest.raises(NotBound, match="khien unit bind a") as caught:
        rulebook_of(ward, library=load_library(), on=START)
    assert "10/01/2026" in caught.value.text().en


def test_binding_is_on_record_once() -> None:
    ward = unit("a")
    first = bind(ward, "hue")
    again = bind(ward, "hue", START + timedelta(days=5))
    assert (again.pk, again.bound_from) == (first.pk, START)
    (entry,) = LedgerEntry.objects.filter(kind="norms.document_bound")
    assert (entry.subject, entry.body) == ("a", {"document": "hue", "from": "2026-01-10"})


def test_a_text_that_the_library_lacks_binds_nobody() -> None:
    ward = unit("a")
    with pytest.raises(UnknownDocument):
        bind(ward, "nowhere")
    assert not Binding.objects.exists()
    assert not LedgerEntry.objects.filter(kind="norms.document_bound").exists()


def test_the_library_is_on_record_when_it_changes() -> None:
    library = load_library()
    for _ in range(2):
        record_library(library, now=NOW)
    (entry,) = LedgerEntry.objects.filter(kind="norms.library_loaded")
    assert entry.body["sha256"] == library.digest
    held = (len(library.documents), len(library.controls))
    duties = sum(1 for text in library.documents.values() for _ in text.duties())
    assert (entry.body["documents"], entry.body["controls"], entry.body["duties"]) == (
        *held,
        duties,
    )
    assert held[0] > 5
    assert duties > 665
