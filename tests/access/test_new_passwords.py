"""A new password is refused with the rule it breaks and the clause that asks for it."""

from __future__ import annotations

import unicodedata
from datetime import timedelta

import pytest
from access_cast import GOOD, NOW, People

from khien.access import services
from khien.access.errors import PasswordRefused, WrongPassword
from khien.access.models import OldPassword, WrongTries
from khien.access.passwords import faults_of
from khien.ledger.models import LedgerEntry

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("password", "said"),
    [
        ("Aa1!xyz", "ít nhất 8 ký tự"),
        ("zkvq#wjxp83", "chữ hoa"),
        ("ZKVQ#WJXP83", "chữ thường"),
        ("zkVQ#wjxpbm", "chữ số"),
        ("zkVQ3wjxp83", "ký tự đặc biệt"),
        ("Tran-Ngoc-LAN-1985", "tên đăng nhập, họ tên"),
        ("Đơn vị Phường 1!", "tên đơn vị"),
        ("Password1!", "hay bị dò"),
        ("MatKhau@2026", "hay bị dò"),
        ("Aa1!Aa1!", "lặp lại"),
        ("Aa1!" + "b" * 200, "dài nhất 128"),
        ("Aa1!xyzq\nw", "ký tự điều khiển"),
    ],
)
def test_a_weak_password_is_refused_with_its_rule(people: People, password: str, said: str) -> None:
    with pytest.raises(PasswordRefused, match=said):
        services.set_password(people.lan, password, by="lan", now=NOW)
    people.lan.refresh_from_db()
    assert not people.lan.has_usable_password()


def test_the_refusal_names_the_clause(people: People) -> None:
    (fault,) = faults_of("zkvq#wj", people.lan)[:1]
    assert "Điều 19 (Đồ Sơn)" in fault.vi
    assert "Article 19" in fault.en


def test_the_form_in_which_letters_are_typed_does_not_matter(people: People) -> None:
    services.set_password(people.lan, unicodedata.normalize("NFD", GOOD), by="lan", now=NOW)
    for form in ("NFC", "NFD"):
        typed = unicodedata.normalize(form, GOOD)
        user, way = services.check_password_of("lan", typed, address="192.0.2.7", now=NOW)
        assert (user, way) == (people.lan, "password")


def test_one_of_the_last_passwords_may_not_come_back(people: People) -> None:
    for number in range(7):
        services.set_password(people.lan, f"{GOOD}{number}", by="lan", now=NOW + timedelta(number))
    for number in range(1, 7):
        with pytest.raises(PasswordRefused, match="5 lần gần đây"):
            services.set_password(people.lan, f"{GOOD}{number}", by="lan", now=NOW)
    services.set_password(people.lan, f"{GOOD}0", by="lan", now=NOW)
    assert OldPassword.objects.filter(user=people.lan).count() == 5


def test_only_hashes_are_kept_and_the_ledger_never_holds_a_password(people: People) -> None:
    services.set_password(people.lan, GOOD, by="lan", now=NOW)
    services.set_password(people.lan, GOOD + "x", by="lan", now=NOW)
    kept = [people.lan.password, *OldPassword.objects.values_list("hashed", flat=True)]
    assert all(hashed.startswith("argon2$") for hashed in kept)
    assert not any(GOOD.encode() in bytes(e.line) for e in LedgerEntry.objects.all())


def test_a_password_that_was_issued_must_be_changed_first(people: People) -> None:
    issued = services.issue_password(people.lan, by="hien", now=NOW)
    assert faults_of(issued + "z", people.lan) == []
    assert services.must_change_password(people.lan, now=NOW)
    services.set_password(people.lan, GOOD, by="lan", now=NOW)
    assert not services.must_change_password(people.lan, now=NOW)


def test_a_password_expires_when_the_text_says_and_warns_before(people: People) -> None:
    services.set_password(people.lan, GOOD, by="lan", now=NOW)
    late, soon = NOW + timedelta(days=90), NOW + timedelta(days=80)
    assert services.must_change_password(people.lan, now=late)
    assert not services.must_change_password(people.lan, now=soon)
    assert services.days_until_expiry(people.lan, now=NOW) is None
    assert services.days_until_expiry(people.lan, now=soon) == 10


def test_where_no_text_binds_a_password_does_not_expire(people: People) -> None:
    services.set_password(people.khoi, GOOD, by="khoi", now=NOW)
    assert services.password_expires_at(people.khoi) is None
    assert not services.must_change_password(people.khoi, now=NOW + timedelta(days=4000))


def test_the_present_password_is_asked_and_wrong_ones_count(people: People) -> None:
    services.set_password(people.lan, GOOD, by="lan", now=NOW)
    with pytest.raises(WrongPassword):
        services.confirm_password(people.lan, "sai", address="192.0.2.7", now=NOW)
    assert WrongTries.objects.get().count == 1
    services.confirm_password(people.lan, GOOD, address="192.0.2.7", now=NOW)
