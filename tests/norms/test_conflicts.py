"""The conflicts between the five texts end as the duty inventory says (its section 1)."""

from __future__ import annotations

from datetime import date

import pytest

from khien.norms.library import load_library
from khien.norms.rulebook import Resolved, build_rulebook

TODAY = date(2026, 11, 21)
ALL = ("binh-dinh", "do-son", "binh-phuoc", "hue", "bac-ninh")


def resolved(control: str, parameter: str, documents: tuple[str, ...] = ALL) -> Resolved:
    rulebook = build_rulebook(load_library(), documents, on=TODAY)
    return rulebook.rules[control].parameters[parameter]


def anchors(sources: tuple) -> set[str]:
    return {f"{s.document}/{s.path}" for s in sources}


def test_wifi_password_every_three_months_beats_six() -> None:
    found = resolved("WIF-03", "wifi_rotate_months")
    assert found.value == 3
    assert anchors(found.winners) == {"do-son/D10.k3"}
    assert anchors(found.losers) == {"binh-dinh/D7.k2.b"}
    assert [s.value for s in found.losers] == [6]


def test_four_password_classes_and_eight_characters() -> None:
    classes = resolved("PWD-01", "classes")
    assert set(classes.value) == {"lower", "upper", "digit", "special"}
    assert anchors(classes.winners) == {"binh-phuoc/D8.k9"}
    assert anchors(classes.losers) == {"binh-dinh/D6.k3", "do-son/D19.k1.đ"}
    assert resolved("PWD-01", "min_length").value == 8


def test_without_binh_phuoc_digit_or_special_is_enough() -> None:
    classes = resolved("PWD-01", "classes", ("binh-dinh", "do-son"))
    assert set(classes.value) == {"lower", "upper", "digit_or_special"}


def test_lockout_after_three_to_five_wrong_logins() -> None:
    assert resolved("SES-01", "lockout_min").value == 3
    assert resolved("SES-01", "lockout_max").value == 5
    assert resolved("SES-01", "lock_duration").value == "timed"
    assert anchors(resolved("SES-01", "lockout_max").winners) == {
        "binh-dinh/D8.k1.b",
        "do-son/D19.k2.b",
    }


@pytest.mark.parametrize(
    ("control", "parameter", "value", "winner"),
    [
        ("PWD-02", "pw_change_months", 3, "do-son/D19.k1.đ"),
        ("SES-03", "screen_lock_minutes", 10, "do-son/D19.k1.c"),
        ("SES-02", "idle_minutes", 10, "binh-dinh/D8.k1.b"),
        ("MAL-04", "full_scan_days", 7, "binh-dinh/D9.k1"),
        ("MAL-04", "full_scan_months", 12, "do-son/D12.k7"),
        ("MAL-01", "av_coverage_pct", 100, "hue/g5"),
        ("NET-02", "zones_min", 3, "do-son/D11.k1"),
        ("BAK-03", "backup_interval", 1, "do-son/D24.k1.b"),
        ("LOG-04", "log_retain_months", 6, "do-son/D10.k5.c"),
        ("INC-09", "incident_report_hours", 24, "bac-ninh/II.2.p3"),
        ("BUD-02", "budget_share_min_pct", 10, "hue/g4"),
        ("SLA-01", "supplier_fix_hours", 4, "binh-phuoc/D21.k3.b"),
        ("SEC-02", "offline_pc_min", 1, "binh-dinh/D5.k1.c"),
        ("INC-12", "due", date(2026, 4, 30), "bac-ninh/II.2.p3"),
        ("LEV-02", "due", date(2026, 6, 30), "bac-ninh/II.2.p2"),
        ("ACC-05", "account_review_months", 3, "do-son/D19.k1.e"),
    ],
)
def test_the_strictest_value_wins(control: str, parameter: str, value: object, winner: str) -> None:
    found = resolved(control, parameter)
    assert found.value == value
    assert winner in anchors(found.winners)


def test_what_no_text_gives_a_number_for_is_the_units_own_choice() -> None:
    assert resolved("LEV-04", "interval").value is None


def test_a_document_that_is_not_in_force_yet_does_not_bind() -> None:
    rulebook = build_rulebook(load_library(), ALL, on=date(2025, 6, 30))
    assert set(rulebook.documents) == {"binh-dinh", "binh-phuoc", "hue"}
    assert rulebook.rules["WIF-03"].parameters["wifi_rotate_months"].value == 6
