"""Tokens: never more than the user, the scope and the unit allow; an end for each; only a hash is kept."""

from __future__ import annotations

import json
import re
from datetime import date, timedelta
from typing import Any

import pytest
from api_cast import Cast, second_officer, token_for
from hypothesis import given
from hypothesis import strategies as st

from khien.access import token_selectors
from khien.access.token_errors import TokenInvalid, TokenMistyped, TokenRefused
from khien.access.token_models import ApiToken
from khien.access.token_selectors import bearer_of, token_by_number
from khien.access.token_services import make_token, revoke_token
from khien.access.tokens import TOKEN, digest_of, is_well_formed, new_token
from khien.api import door
from khien.api.rate import RateLimit
from khien.kernel.clock import now_utc, vietnam_date
from khien.ledger.models import LedgerEntry
from khien.org.models import Unit
from khien.org.roles import CAPABILITIES, KNOW, READ, WRITE
from khien.org.selectors import visible_to
from khien.org.services import revoke_role

pytestmark = pytest.mark.django_db


def code(response: Any) -> tuple[int, str]:
    return response.status_code, json.loads(response.content)["code"]


def test_a_token_is_ours_at_first_sight_and_has_256_random_bits() -> None:
    token = new_token()
    assert re.fullmatch(r"khien_[0-9A-Za-z]{49}", token)
    assert is_well_formed(token)
    assert len({new_token() for _ in range(1000)}) == 1000


@given(st.integers(6, 54), st.sampled_from("0Aa9Zz"))
def test_a_slip_in_copying_is_seen_without_looking_it_up(place: int, letter: str) -> None:
    token = new_token()
    wrong = token[:place] + letter + token[place + 1 :]
    assert is_well_formed(wrong) == (wrong == token)
    assert not is_well_formed(token[:-1])
    assert not is_well_formed(token + "0")


def test_only_the_hash_of_a_token_is_kept(cast: Cast) -> None:
    secret = token_for(cast.an, READ)
    kept = ApiToken.objects.get(digest=digest_of(secret))
    told = [str(value) for value in vars(kept).values()]
    assert [value for value in told if TOKEN.search(value)] == []
    lines = b"".join(bytes(entry.line) for entry in LedgerEntry.objects.all())
    assert secret.encode() not in lines
    assert kept.hint == secret[-4:]


def test_making_and_revoking_are_on_record(cast: Cast) -> None:
    token, _ = make_token(cast.an, name="a", scopes=[READ], days=1, by="an", now=now_utc())
    revoke_token(token, by="an", now=now_utc())
    revoke_token(token, by="an", now=now_utc())
    kinds = [
        e.kind for e in LedgerEntry.objects.order_by("index") if e.body.get("number") == token.pk
    ]
    assert kinds[-2:] == ["access.token_made", "access.token_revoked"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"days": 0}, {"days": 367}, {"days": -1}, {"scopes": []}, {"scopes": ["tat-ca"]}, {"name": "  "}, {"name": "a" * 101},
    ],
)  # fmt: skip
def test_a_token_without_end_scope_or_name_is_not_made(cast: Cast, wrong: dict[str, Any]) -> None:
    asked = {"name": "a", "scopes": [READ], "days": 30, "by": "an", "now": now_utc()} | wrong
    with pytest.raises(TokenRefused):
        make_token(cast.an, **asked)


def test_a_token_may_not_be_narrowed_to_a_unit_of_others(cast: Cast) -> None:
    with pytest.raises(TokenRefused):
        token_for(cast.an, READ, unit=cast.strange)


def test_revocation_works_at_once(cast: Cast) -> None:
    secret = token_for(cast.an, READ)
    assert cast.call("GET", "me", token=secret).status_code == 200
    revoke_token(ApiToken.objects.get(digest=digest_of(secret)), by="an", now=now_utc())
    assert code(cast.call("GET", "me", token=secret)) == (401, "KHIEN-TOK-003")


def test_an_expired_token_is_dead_to_the_second(cast: Cast) -> None:
    secret = token_for(cast.an, READ, days=2)
    end = ApiToken.objects.get(digest=digest_of(secret)).expires_at
    assert bearer_of(secret, now=end - timedelta(seconds=1)).user == cast.an
    with pytest.raises(TokenInvalid):
        bearer_of(secret, now=end)


def test_tokens_die_with_their_user(cast: Cast) -> None:
    user = second_officer(cast.ward, "sap-nghi")
    secret = token_for(user, READ)
    assert cast.call("GET", "me", token=secret).status_code == 200
    user.is_active = False
    user.save()
    assert code(cast.call("GET", "me", token=secret)) == (401, "KHIEN-TOK-003")
    user.is_active, user.ends_on = True, vietnam_date(now_utc()) - timedelta(days=1)
    user.save()
    assert code(cast.call("GET", "me", token=secret)) == (401, "KHIEN-TOK-003")
    user.ends_on = vietnam_date(now_utc())
    user.save()
    assert cast.call("GET", "me", token=secret).status_code == 200


def test_a_token_loses_what_its_user_loses(cast: Cast) -> None:
    user = second_officer(cast.ward, "mat-vai-tro")
    secret = token_for(user, *CAPABILITIES)
    assert cast.call("GET", f"units/{cast.ward.code}/machines", token=secret).status_code == 200
    revoke_role(user.roles.get(), by="test", now=now_utc())
    assert cast.call("GET", f"units/{cast.ward.code}/machines", token=secret).status_code == 404


def test_a_role_that_does_not_allow_it_is_not_made_up_for_by_a_scope(cast: Cast) -> None:
    # Binh of the station may write there; at the ward above he has no role at all.
    secret = token_for(cast.binh, *CAPABILITIES)
    assert cast.call("GET", f"units/{cast.station.code}", token=secret).status_code == 200
    assert cast.call("GET", f"units/{cast.ward.code}", token=secret).status_code == 404
    # An sees the station below, and may not write there: a sentence, not a 404.
    response = cast.call("POST", f"units/{cast.station.code}/assessments")
    assert code(response) == (403, "KHIEN-ORG-005")


def test_a_token_for_a_unit_reaches_that_unit_and_below_only(cast: Cast) -> None:
    narrow = token_for(cast.an, READ, unit=cast.station)
    assert cast.call("GET", f"units/{cast.station.code}", token=narrow).status_code == 200
    assert cast.call("GET", f"units/{cast.ward.code}", token=narrow).status_code == 404
    wide = token_for(cast.an, READ, unit=cast.ward)
    listed = json.loads(cast.call("GET", "units", token=wide).content)["items"]
    assert {one["code"] for one in listed} == {"phuong", "tram"}


@given(
    scopes=st.sets(st.sampled_from(CAPABILITIES), min_size=1),
    within=st.sampled_from(["", "phuong", "tram"]),
    may=st.sampled_from(CAPABILITIES),
)
def test_no_token_ever_reaches_further_than_its_user(
    cast: Cast, scopes: set[str], within: str, may: str
) -> None:
    unit = Unit.objects.get(code=within) if within else None
    token = ApiToken(user=cast.an, scopes=sorted(scopes), unit=unit)
    reached = set(token_selectors.Bearer(token).units(may))
    assert reached <= set(visible_to(cast.an, may))
    assert not reached or may in scopes or may == KNOW
    if unit is not None:
        below = {cast.station, *([cast.ward] if within == "phuong" else [])}
        assert reached <= below


def test_a_look_up_compares_in_equal_time_and_by_hash(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[tuple[str, str]] = []
    right = token_selectors.hmac.compare_digest

    def compare(one: str, other: str) -> bool:
        seen.append((one, other))
        return bool(right(one, other))

    monkeypatch.setattr(token_selectors.hmac, "compare_digest", compare)
    secret = token_for(cast.an, READ)
    bearer_of(secret, now=now_utc())
    assert seen == [(digest_of(secret), digest_of(secret))]
    with pytest.raises(TokenInvalid):
        bearer_of(new_token(), now=now_utc())
    with pytest.raises(TokenMistyped):
        bearer_of(secret[:-1] + ("0" if secret[-1] != "0" else "1"), now=now_utc())


@pytest.mark.parametrize(
    "sent",
    ["", "Bearer", "Bearer ", "Basic YTpi", "khien_x", "Bearer x y", "Bearer " + "a" * 5000, "Bearer khien_", "Bearer ếếế"],
)  # fmt: skip
def test_what_is_no_token_is_refused_without_ado(cast: Cast, sent: str) -> None:
    response = cast.call("GET", "me", token=None, headers={"Authorization": sent})
    assert response.status_code == 401


def test_a_token_in_the_address_is_refused_even_where_the_header_is_right(cast: Cast) -> None:
    for query in (f"?token={cast.all_token}", f"?{cast.all_token}=1", f"?a=1&a={cast.all_token}"):
        response = cast.call("GET", f"units{query}")
        assert code(response) == (400, "KHIEN-API-002")


def test_a_signed_in_browser_is_nobody_to_the_api(cast: Cast) -> None:
    from django.test import Client

    browser = Client(enforce_csrf_checks=True)
    browser.force_login(cast.an)
    assert browser.get("/api/v1/me").status_code == 401
    assert browser.post(f"/api/v1/units/{cast.ward.code}/assessments").status_code == 401


def test_last_use_is_kept_to_the_minute(cast: Cast) -> None:
    secret = token_for(cast.an, READ)
    kept = ApiToken.objects.get(digest=digest_of(secret))
    assert kept.used_at is None
    cast.call("GET", "me", token=secret)
    kept.refresh_from_db()
    first = kept.used_at
    assert first is not None
    cast.call("GET", "me", token=secret)
    kept.refresh_from_db()
    assert kept.used_at == first


def test_a_token_that_calls_too_often_is_asked_to_wait(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(door, "RATE", RateLimit(per_minute=3))
    answers = [cast.call("GET", "me", token=cast.read_token) for _ in range(5)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429, 429]
    assert int(answers[-1].headers["Retry-After"]) >= 1
    assert cast.call("GET", "me", token=cast.all_token).status_code == 200


def test_the_bucket_of_calls_fills_again() -> None:
    limit = RateLimit(per_minute=60)
    assert [limit.wait_of(1, at=0.0) for _ in range(60)] == [0] * 60
    assert limit.wait_of(1, at=0.0) == 1
    assert limit.wait_of(1, at=1.1) == 0
    assert limit.wait_of(1, at=1.2) == 1


def test_one_sees_and_revokes_only_ones_own_tokens_on_the_page(cast: Cast) -> None:
    from django.test import Client

    browser = Client()
    browser.force_login(cast.an)
    form = {"ten": "sao lưu sổ", "pham_vi": [READ, WRITE], "so_ngay": "30", "don_vi": "phuong"}
    page = browser.post("/tai-khoan/ma-truy-cap/", form).content.decode()
    [secret] = {found.group() for found in TOKEN.finditer(page)}
    assert cast.call("GET", "me", token=secret).status_code == 200
    again = browser.get("/tai-khoan/ma-truy-cap/").content.decode()
    assert secret not in again
    assert "sao lưu sổ" in again
    own = ApiToken.objects.get(digest=digest_of(secret))
    stranger = Client()
    stranger.force_login(cast.dung)
    assert stranger.post(f"/tai-khoan/ma-truy-cap/{own.pk}/thu-hoi/").status_code == 404
    assert browser.post(f"/tai-khoan/ma-truy-cap/{own.pk}/thu-hoi/").status_code == 302
    assert token_by_number(own.pk).revoked_at is not None


def test_a_refused_form_keeps_what_was_typed(cast: Cast) -> None:
    from django.test import Client

    browser = Client()
    browser.force_login(cast.an)
    response = browser.post(
        "/tai-khoan/ma-truy-cap/", {"ten": "tên đã gõ", "pham_vi": [WRITE], "so_ngay": "9999"}
    )
    page = response.content.decode()
    assert response.status_code == 422
    assert 'value="tên đã gõ"' in page
    assert re.search(r'value="write" checked', page)


def test_the_days_of_a_token_are_at_most_a_year(cast: Cast) -> None:
    token, _ = make_token(cast.an, name="năm", scopes=[READ], days=366, by="an", now=now_utc())
    assert token.expires_at.date() <= date.today() + timedelta(days=367)  # noqa: DTZ011  # a bound, not a day
