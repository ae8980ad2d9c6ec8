"""Wrong sign-ins: the account is locked, the address slowed down, and nobody learns who has an account."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from access_cast import GOOD, NOW, People
from django.contrib.auth.hashers import Argon2PasswordHasher

from khien.access import events, lockout, services
from khien.access.errors import SignInRefused, TooFast
from khien.access.models import WrongTries
from khien.ledger.models import LedgerEntry

pytestmark = pytest.mark.django_db
HERE = "192.0.2.7"


@pytest.fixture
def lan(people: People) -> People:
    services.set_password(people.lan, GOOD, by="lan", now=NOW)
    return people


def try_(name: str, password: str, *, now: datetime = NOW, address: str = HERE) -> None:
    services.check_password_of(name, password, address=address, now=now)


def refusal(name: str, password: str = "sai") -> SignInRefused:  # noqa: S107
    with pytest.raises(SignInRefused) as told:
        try_(name, password)
    return told.value


def test_after_five_wrong_tries_even_the_right_password_is_refused(lan: People) -> None:
    for _ in range(5):
        refusal("lan")
    refusal("lan", GOOD)
    later = NOW + timedelta(minutes=15, seconds=1)
    try_("lan", GOOD, now=later)


def test_four_wrong_tries_do_not_lock(lan: People) -> None:
    for _ in range(4):
        refusal("lan")
    try_("lan", GOOD)
    services.finish_sign_in(lan.lan, way="password", factor="", now=NOW)
    for _ in range(4):
        refusal("lan")
    try_("lan", GOOD)


def test_tries_at_the_same_moment_cannot_exceed_the_limit(lan: People) -> None:
    # Each is counted before it is checked: however many arrive at once, five are checked.
    taken = [lockout.take_a_try(lan.lan, address=HERE, now=NOW) for _ in range(20)]
    assert taken == [True] * 5 + [False] * 15


@pytest.mark.parametrize("case", ["unknown", "disabled", "locked", "no password", "wrong"])
def test_every_refusal_says_the_same_and_does_the_same_work(
    lan: People, case: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = "khong-ai" if case == "unknown" else "khoi" if case == "no password" else "lan"
    if case == "disabled":
        lan.lan.is_active = False
        lan.lan.save(update_fields=["is_active"])
    if case == "locked":
        WrongTries.objects.create(user=lan.lan, count=5, locked_until=NOW + timedelta(minutes=9))
    hashed = count_hashing(monkeypatch)
    told = refusal(name)
    assert (told.code, told.values) == ("KHIEN-ACC-001", {"tries": 5, "minutes": 15})
    assert len(hashed) == 1


def count_hashing(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    done: list[str] = []
    encode, verify = Argon2PasswordHasher.encode, Argon2PasswordHasher.verify
    monkeypatch.setattr(
        Argon2PasswordHasher, "encode", lambda *a, **k: done.append("encode") or encode(*a, **k)
    )
    monkeypatch.setattr(
        Argon2PasswordHasher, "verify", lambda *a, **k: done.append("verify") or verify(*a, **k)
    )
    return done


def test_a_flood_of_guesses_is_one_entry_for_each_lock(lan: People) -> None:
    before = LedgerEntry.objects.count()
    for _ in range(25):
        refusal("lan")
    new = LedgerEntry.objects.filter(index__gte=before)
    assert [entry.kind for entry in new] == [events.LOCKED]
    assert new[0].body["count"] == 5


def test_wrong_tries_before_a_success_are_one_entry(lan: People) -> None:
    refusal("lan")
    refusal("lan")
    try_("lan", GOOD)
    services.finish_sign_in(lan.lan, way="password", factor="", now=NOW)
    told = LedgerEntry.objects.get(kind=events.WRONG_TRIES)
    assert (told.subject, told.body["count"]) == ("lan", 2)


def test_an_address_is_slowed_down_whoever_it_names(lan: People) -> None:
    for number in range(lockout.ADDRESS_TRIES):
        refusal(f"ai-{number}")
    with pytest.raises(TooFast):
        try_("lan", GOOD)
    try_("lan", GOOD, address="192.0.2.8")
    try_("lan", GOOD, now=NOW + timedelta(minutes=16))


def test_an_administrator_unlocks_and_it_is_on_record(lan: People) -> None:
    for _ in range(5):
        refusal("lan")
    lockout.unlock(lan.lan, by="hien", now=NOW)
    try_("lan", GOOD)
    assert LedgerEntry.objects.get(kind=events.UNLOCKED).body["by"] == "hien"


def test_an_endless_name_or_password_is_only_a_wrong_one(lan: People) -> None:
    refusal("x" * 5000, "y" * 100_000)
    refusal("lan\x00", "\x00")
