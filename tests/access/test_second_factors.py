"""Second factors: codes of the RFC, no code twice, recovery codes once, keys bound to place and challenge."""

from __future__ import annotations

import base64
import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from access_cast import NOW, People
from soft_key import SoftKey

from khien.access import events, factors, keys_of_hardware, totp
from khien.access.errors import FactorNeeded, FactorRefused, SignInRefused
from khien.access.models import RecoveryCode, SecondFactor, WrongTries
from khien.ledger.models import LedgerEntry

HERE = "192.0.2.7"
SITE = keys_of_hardware.Site("localhost", "http://localhost:8765")
RFC_SECRET = base64.b32encode(b"12345678901234567890").decode()


@pytest.mark.parametrize(
    ("seconds", "code"),
    [(59, "287082"), (1111111109, "081804"), (1234567890, "005924"), (20000000000, "353130")],
)
def test_codes_are_those_of_the_rfc(seconds: int, code: str) -> None:
    assert totp.code_at(RFC_SECRET, seconds // 30) == code
    assert totp.step_of(RFC_SECRET, code, seconds=seconds) == seconds // 30
    assert totp.step_of(RFC_SECRET, code, seconds=seconds + 90) is None


def code_of(secret: str, now: datetime) -> str:
    return totp.code_at(secret, int(now.timestamp()) // 30)


@pytest.fixture
def app(people: People) -> str:
    secret = totp.new_secret()
    start = NOW - timedelta(hours=1)
    factors.add_code_app(people.lan, secret, code_of(secret, start), name="Điện thoại", now=start)
    return secret


@pytest.mark.django_db
def test_a_code_is_taken_once(people: People, app: str) -> None:
    code = code_of(app, NOW)
    assert factors.prove_by_code(people.lan, code, address=HERE, now=NOW) == "totp"
    with pytest.raises(FactorRefused):
        factors.prove_by_code(people.lan, code, address=HERE, now=NOW + timedelta(seconds=5))
    older = code_of(app, NOW - timedelta(seconds=30))
    with pytest.raises(FactorRefused):
        factors.prove_by_code(people.lan, older, address=HERE, now=NOW)


@pytest.mark.django_db
def test_guessing_codes_locks_the_account(people: People, app: str) -> None:
    for _ in range(5):
        with pytest.raises(FactorRefused):
            factors.prove_by_code(people.lan, "000000", address=HERE, now=NOW)
    with pytest.raises(SignInRefused):
        factors.prove_by_code(people.lan, code_of(app, NOW), address=HERE, now=NOW)


@pytest.mark.django_db
def test_an_app_is_added_only_when_it_makes_the_codes(people: People) -> None:
    with pytest.raises(FactorRefused):
        factors.add_code_app(people.lan, totp.new_secret(), "12345x", name="", now=NOW)
    assert not factors.factors_of(people.lan).exists()


@pytest.mark.django_db
def test_the_secret_does_not_stand_in_the_database(people: People, app: str) -> None:
    kept = SecondFactor.objects.get()
    assert app not in kept.secret
    assert factors.opened(kept)["secret"] == app


@pytest.mark.django_db
def test_a_secret_of_another_instance_is_refused_not_a_crash(people: People, app: str) -> None:
    SecondFactor.objects.update(secret="gAAAAABnonsense")  # noqa: S106
    with pytest.raises(FactorRefused):
        factors.opened(SecondFactor.objects.get())


@pytest.mark.django_db
def test_a_recovery_code_serves_once_and_new_ones_kill_the_old(people: People, app: str) -> None:
    old = factors.make_recovery_codes(people.lan, now=NOW)
    assert len(set(old)) == 10
    assert not any(code in str(RecoveryCode.objects.values()) for code in old)
    typed = old[0].upper().replace("-", " ")
    assert factors.prove_by_code(people.lan, typed, address=HERE, now=NOW) == "recovery"
    with pytest.raises(FactorRefused):
        factors.prove_by_code(people.lan, old[0], address=HERE, now=NOW)
    factors.make_recovery_codes(people.lan, now=NOW)
    with pytest.raises(FactorRefused):
        factors.prove_by_code(people.lan, old[1], address=HERE, now=NOW)
    assert LedgerEntry.objects.get(kind=events.RECOVERY_CODE_USED).body["left"] == 9


@pytest.mark.django_db
def test_a_recovery_code_of_another_person_is_worth_nothing(people: People, app: str) -> None:
    codes = factors.make_recovery_codes(people.khoi, now=NOW)
    with pytest.raises(FactorRefused):
        factors.prove_by_code(people.lan, codes[0], address=HERE, now=NOW)


@pytest.mark.django_db
def test_an_administrator_keeps_one_factor_unless_another_administrator_takes_it(
    people: People,
) -> None:
    secret = totp.new_secret()
    factor = factors.add_code_app(people.hien, secret, code_of(secret, NOW), name="a", now=NOW)
    with pytest.raises(FactorNeeded, match="Điều 1"):
        factors.remove(factor, by="hien", now=NOW)
    factors.remove(factor, by="quan-tri-tinh", now=NOW)
    kinds = [entry.kind for entry in LedgerEntry.objects.filter(subject="hien")]
    assert {events.FACTOR_ADDED, events.FACTOR_REMOVED} <= set(kinds)


def registered(people: People, key: SoftKey) -> SecondFactor:
    options, state = keys_of_hardware.begin_registration(
        SITE, user_id=people.lan.pk, username="lan", known=[]
    )
    answer = json.loads(key.create(json.loads(json.dumps(options))))
    return factors.add_key(people.lan, SITE, state, answer, name="Khóa", now=NOW)


def challenge(people: People, key: SoftKey) -> tuple[Any, dict[str, Any]]:
    known = [factors.opened(factor) for factor in factors.factors_of(people.lan)]
    options, state = keys_of_hardware.begin_proof(SITE, known)
    return state, json.loads(key.get(json.loads(json.dumps(options))))


@pytest.mark.django_db
def test_a_security_key_proves_its_owner(people: People) -> None:
    key = SoftKey(SITE.origin)
    registered(people, key)
    state, answer = challenge(people, key)
    assert (
        factors.prove_by_key(people.lan, SITE, state, answer, address=HERE, now=NOW) == "webauthn"
    )


@pytest.mark.django_db
@pytest.mark.parametrize("trick", ["replay", "phishing", "copied", "stranger", "nonsense"])
def test_an_answer_of_a_key_that_is_not_ours_is_refused(people: People, trick: str) -> None:
    key = SoftKey(SITE.origin)
    registered(people, key)
    state, answer = challenge(people, key)
    if trick == "replay":
        state, _ = challenge(people, key)
    if trick == "phishing":
        key.origin = "http://localhost.evil.example"
        state, answer = challenge(people, key)
    if trick == "copied":
        SecondFactor.objects.update(last_step=50)
    if trick == "stranger":
        state, answer = challenge(people, SoftKey(SITE.origin))
    if trick == "nonsense":
        answer = {"id": 7, "response": []}
    with pytest.raises(FactorRefused):
        factors.prove_by_key(people.lan, SITE, state, answer, address=HERE, now=NOW)
    assert WrongTries.objects.get().count == 1


@pytest.mark.parametrize(
    ("host", "origin", "can"),
    [
        ("localhost", "http://localhost:8765", True),
        ("127.0.0.1", "http://127.0.0.1:8765", False),
        ("khien.phuong.vn", "https://khien.phuong.vn", True),
        ("khien.phuong.vn", "http://khien.phuong.vn", False),
        ("10.0.0.8", "https://10.0.0.8", False),
    ],
)
def test_keys_are_offered_where_browsers_allow_them(host: str, origin: str, can: bool) -> None:
    assert keys_of_hardware.Site(host, origin).can_use_keys is can
