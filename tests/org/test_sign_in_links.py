"""A sign-in link opens once, for a quarter of an hour, for one person; all refusals look alike."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from khien.ledger.models import LedgerEntry
from khien.org.errors import LinkRefused
from khien.org.models import SignInLink, Unit, User
from khien.org.services import (
    LINK_MINUTES,
    ensure_officer,
    make_sign_in_link,
    register_unit,
    use_sign_in_link,
)

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 6, 1, 2, tzinfo=UTC)


def ward(code: str = "a") -> Unit:
    return register_unit(code, name_vi=code, name_en=code, kind="ward", place="X", now=NOW)


@pytest.fixture
def an() -> User:
    return ensure_officer(ward(), now=NOW)


def refused(secret: str, *, now: datetime = NOW) -> bool:
    try:
        use_sign_in_link(secret, now=now)
    except LinkRefused:
        return True
    return False


def test_a_link_opens_once(an: User) -> None:
    secret = make_sign_in_link(an, now=NOW)
    assert use_sign_in_link(secret, now=NOW) == an
    assert refused(secret)


@pytest.mark.parametrize(
    ("after", "is_refused"),
    [
        (timedelta(0), False),
        (timedelta(minutes=LINK_MINUTES, microseconds=-1), False),
        (timedelta(minutes=LINK_MINUTES), True),
        (timedelta(days=1), True),
    ],
)
def test_a_link_dies_after_its_minutes(an: User, after: timedelta, is_refused: bool) -> None:
    secret = make_sign_in_link(an, now=NOW)
    assert refused(secret, now=NOW + after) == is_refused


def test_a_new_link_ends_the_older_one_of_the_same_person_only(an: User) -> None:
    binh = ensure_officer(ward("b"), now=NOW)
    of_binh = make_sign_in_link(binh, now=NOW)
    first, second = make_sign_in_link(an, now=NOW), make_sign_in_link(an, now=NOW)
    assert refused(first)
    assert not refused(second)
    assert not refused(of_binh)


def test_a_person_who_left_cannot_use_a_link_and_it_is_not_spent(an: User) -> None:
    secret = make_sign_in_link(an, now=NOW)
    User.objects.update(is_active=False)
    assert refused(secret)
    User.objects.update(is_active=True)
    assert not refused(secret)


@pytest.mark.parametrize(
    "change", [lambda s: s[:-1], lambda s: s + "x", str.swapcase, lambda _: ""]
)
def test_a_wrong_secret_is_refused(an: User, change: object) -> None:
    assert refused(change(make_sign_in_link(an, now=NOW)))  # type: ignore[operator]


def test_used_expired_and_invented_are_refused_in_the_same_words(an: User) -> None:
    used = make_sign_in_link(an, now=NOW)
    use_sign_in_link(used, now=NOW)
    expired = make_sign_in_link(an, now=NOW - timedelta(days=1))
    said = set()
    for secret in (used, expired, "never made"):
        with pytest.raises(LinkRefused) as caught:
            use_sign_in_link(secret, now=NOW)
        said.add((caught.value.text(), caught.value.http_status))
    assert len(said) == 1


def test_the_secret_is_kept_nowhere(an: User) -> None:
    secret = make_sign_in_link(an, now=NOW)
    link = SignInLink.objects.get()
    assert secret not in {str(value) for value in link.__dict__.values()}
    assert len(secret) >= 43
    use_sign_in_link(secret, now=NOW)
    assert not any(secret.encode() in bytes(entry.line) for entry in LedgerEntry.objects.all())


def test_signing_in_is_on_record_and_a_refusal_is_not(an: User) -> None:
    refused("never made")
    use_sign_in_link(make_sign_in_link(an, now=NOW), now=NOW)
    (entry,) = LedgerEntry.objects.filter(kind="org.signed_in")
    assert entry.subject == an.username


def test_the_officer_is_made_once_and_has_no_password(an: User) -> None:
    assert ensure_officer(Unit.objects.get(code="a"), now=NOW) == an
    assert not an.has_usable_password()
    assert LedgerEntry.objects.filter(kind="org.user_registered").count() == 1
