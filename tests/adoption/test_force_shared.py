"""A text reviewed elsewhere goes the same way: day, units, approval; its own controls get codes that are free."""

from __future__ import annotations

from pathlib import Path

import pytest
from force_cast import (
    BEFORE,
    DAY,
    DECIDED,
    Province,
    at,
    decide,
    import_text,
    put_into_force,
    wanted,
)

from khien.adoption.force.drafting import draft_of
from khien.adoption.force.errors import CodeOfAnother
from khien.adoption.force.shared import take_shared
from khien.adoption.models import ImportedText, OwnControl, Publication
from khien.adoption.sharing.checking import checked
from khien.adoption.sharing.forms import SharedText
from khien.checks.models import Finding
from khien.checks.services import assess
from khien.norms.library import load_library
from khien.norms.own_library import write_own_library
from khien.norms.selectors import rulebook_of
from khien.org.errors import NotAllowed

pytestmark = pytest.mark.django_db


def shared_of(text: ImportedText) -> SharedText:
    """What another installation would have sent of this text."""
    library = load_library()
    files = {
        n: c for n, c in draft_of(text).files.items() if not n.endswith((".sql", "cases.yaml"))
    }
    made = checked(files, library)
    return SharedText("folder", made.files, made.document, made.own_controls)


@pytest.fixture
def shared(place: Province) -> SharedText:
    text = import_text(place.top)
    OwnControl.objects.create(
        text=text, code="OWN-01", title="Trực khi có bão", why="Vì.", fix="Làm.", supply="Lịch.",
        evidence="attest", severity="low", made_at=BEFORE, made_by="an",
    )  # fmt: skip
    decide(text, DECIDED | {"D1.k2": ({"control": "OWN-01", "modality": "must"},)})
    found = shared_of(text)
    text.reviews.all().delete()
    OwnControl.objects.all().delete()
    text.delete()
    return found


def test_it_binds_from_the_day_chosen_here_for_the_units_chosen_here(
    place: Province, shared: SharedText
) -> None:
    text = take_shared(
        place.top, shared, user=place.officer, now=BEFORE, origin="goi.zip, tinh-khac"
    )
    put_into_force(place, text, wanted(place.commune, replaces=["do-son"]))
    library = load_library()
    assert rulebook_of(place.commune, library=library, on=DAY).documents == ("tinh-mau",)
    document = library.documents["tinh-mau"]
    assert (document.in_force_from, document.unit_kinds) == (DAY, ("ward",))
    assert Publication.objects.get().text == text


def test_its_own_control_gets_a_free_code_and_is_judged(
    place: Province, shared: SharedText
) -> None:
    other = import_text(place.top, "khac")
    OwnControl.objects.create(
        text=other, code="OWN-01", title="Khác hẳn", why="Vì.", fix="Làm.", supply="Lịch.",
        evidence="attest", severity="low", made_at=BEFORE, made_by="an",
    )  # fmt: skip
    text = take_shared(place.top, shared, user=place.officer, now=BEFORE)
    put_into_force(place, text, wanted(place.top))
    assert load_library().controls["OWN-02"].title.vi == "Trực khi có bão"
    assess([place.commune], library=load_library(), now=at(DAY))
    assert Finding.objects.get(unit=place.commune, control="OWN-02").verdict == "unknown"


def test_the_same_text_is_not_taken_in_twice(place: Province, shared: SharedText) -> None:
    take_shared(place.top, shared, user=place.officer, now=BEFORE)
    with pytest.raises(CodeOfAnother):
        take_shared(place.top, shared, user=place.officer, now=BEFORE)


def test_only_who_writes_at_the_unit_takes_it_in(place: Province, shared: SharedText) -> None:
    with pytest.raises(NotAllowed):
        take_shared(place.top, shared, user=place.leader, now=BEFORE)
    assert not ImportedText.objects.exists()


def test_a_broken_own_control_does_not_stop_the_product(own_data: Path, place: Province) -> None:
    broken = {"controls/own/OWN-09/control.yaml": "id: OWN-09\n"}
    write_own_library(own_data / "library", broken)
    assert load_library().own_problems
    assess([place.commune], library=load_library(), now=BEFORE)
