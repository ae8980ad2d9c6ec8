"""The page of a control says what it waits for and what its texts disagree on."""

from __future__ import annotations

from django.template.loader import render_to_string
from django.utils.translation import override

from khien.norms.library import load_library
from khien.norms.rulebook import Contradiction, Rule, Sourced


def part(control: str, rule: Rule) -> str:
    context = {"control": load_library().controls[control], "rule": rule, "unit": None}
    with override("vi"):
        return render_to_string("web/parts/undecided.html", context)


def test_a_control_says_what_it_waits_for() -> None:
    assert "nhật ký tập trung" in part("MON-03", Rule("MON-03", (), {}))
    assert "Phần còn lại chờ" in part("MON-01", Rule("MON-01", (), {}))


def test_texts_that_contradict_each_other_stand_there_with_both_values() -> None:
    first = Sourced("yes", "binh-dinh", "D7.k1.b", "x")
    second = Sourced("no", "do-son", "D10.k2", "y")
    said = part("NET-01", Rule("NET-01", (), {}, (Contradiction("firewall", first, second),)))
    assert "Văn bản quy định trái nhau" in said
    assert "binh-dinh" in said
    assert "do-son" in said


def test_a_control_that_waits_for_nothing_says_nothing() -> None:
    assert part("WIF-03", Rule("WIF-03", (), {})).strip() == ""
