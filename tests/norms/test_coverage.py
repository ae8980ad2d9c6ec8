"""Coverage says of every control how it is decided; what is not decided says why."""

from __future__ import annotations

from khien.checks.sentences import sentence_of
from khien.norms.coverage import coverage_of, never_binds
from khien.norms.library import load_library
from khien.norms.model import WAITS


def test_every_control_stands_in_exactly_one_column() -> None:
    for rows in (coverage_of(load_library()).duties, coverage_of(load_library()).controls):
        for total, *ways in rows.values():
            assert total == sum(ways)


def test_what_is_not_decided_names_what_it_waits_for() -> None:
    found = coverage_of(load_library())
    assert all(one.why for one in found.waiting)
    assert {wait for one in found.waiting for wait in one.control.waits_for} <= set(WAITS)
    assert len(found.waiting) == found.controls["all"][-1]


def test_what_never_binds_a_unit_says_whose_duty_it_is() -> None:
    library = load_library()
    sides = {c: never_binds(c, library.documents.values()) for c in library.controls}
    assert {c: side for c, side in sides.items() if side} == {
        "GOV-10": "definition",
        "AUT-01": "authority",
        "AUT-02": "authority",
        "INC-11": "authority",
        "OUT-02": "supplier",
        "SLA-01": "supplier",
        "SLA-02": "supplier",
    }


def test_an_undecided_finding_says_what_it_waits_for() -> None:
    library = load_library()
    said = sentence_of(library.controls["MON-03"], "not_yet", {}, rule=None, library=library)
    assert "nhật ký tập trung" in said.vi
    assert "collected logs" in said.en
