"""Webhooks against a real receiver: outage, slowness, repetition, who is told of what, and what is never told."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from exchange_house import House
from receiver import Receiver, closed_port

from khien.exchange import deliveries
from khien.exchange.deliveries import (
    FIRST_WAIT,
    GIVEN_UP_AFTER,
    LONGEST_WAIT,
    deliver,
    run_webhooks,
    wait_after,
)
from khien.exchange.errors import WebhookRefused
from khien.exchange.models import Delivery, Webhook
from khien.exchange.sending import Answer, send
from khien.exchange.signing import headers_of, opened, signature_of
from khien.exchange.webhooks import (
    WEBHOOKS_MAX,
    known_kinds,
    make_webhook,
    queue_test,
    remove_webhook,
    replay,
)
from khien.kernel.clock import now_utc
from khien.ledger.models import LedgerEntry

pytestmark = pytest.mark.django_db
FORMAT = Path(__file__).resolve().parents[2] / "docs" / "formats" / "webhook.md"


def soon(**more: float) -> datetime:
    return now_utc() + timedelta(**({"seconds": 1} | more))


def verified(secret: str, headers: dict[str, str], body: bytes) -> dict[str, Any]:
    """Verify a message as a receiver does, with nothing of ours but the secret."""
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    key = base64.b64decode(secret.removeprefix("whsec_"))
    wanted = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    assert headers["webhook-signature"] == f"v1,{wanted}"
    found: dict[str, Any] = json.loads(body)
    return found


def test_an_event_reaches_its_receiver_signed(house: House, receiver: Receiver) -> None:
    webhook, secret = house.webhook(receiver.url)
    row = house.add(house.ward)
    assert run_webhooks(now=soon()) == 1
    [(headers, body)] = receiver.got
    told = verified(secret, headers, body)
    assert told["type"] == "registers.row_added"
    assert told["data"]["unit"] == "phuong"
    assert told["data"]["subject"] == f"phuong/endpoint/{row.number}"
    index = told["data"]["ledger_index"]
    assert told["data"]["href"] == f"/api/v1/ledger/entries/{index}"
    assert LedgerEntry.objects.get(pk=index).kind == told["type"]
    assert headers["content-type"] == "application/json"
    assert webhook.deliveries.get().state == Delivery.State.DELIVERED
    assert run_webhooks(now=soon()) == 0


def test_a_message_tells_no_name_of_a_person_and_no_value_of_a_row(
    house: House, receiver: Receiver
) -> None:
    house.webhook(receiver.url, "*")
    house.add(house.ward)
    client = Client()
    client.force_login(house.an)
    from khien.access.token_services import make_token

    make_token(house.an, name="Mật", scopes=["read"], days=1, by=house.an.username, now=now_utc())
    run_webhooks(now=soon())
    whole = b"".join(body for _, body in receiver.got).decode()
    assert len(receiver.got) >= 3
    for word in (house.an.username, "Bí Mật", "PC-01", "Mật"):
        assert word not in whole


def test_only_what_happens_at_the_unit_or_below_is_told(house: House, receiver: Receiver) -> None:
    house.webhook(receiver.url, "registers.*")
    for unit in (house.ward, house.station, house.strange):
        house.add(unit)
    run_webhooks(now=soon())
    assert [json.loads(body)["data"]["unit"] for _, body in receiver.got] == ["phuong", "tram"]


def test_only_kinds_that_were_asked_for_are_told(house: House, receiver: Receiver) -> None:
    house.webhook(receiver.url, "registers.row_retired", "checks.*")
    house.add(house.ward)
    assert run_webhooks(now=soon()) == 0
    assert receiver.got == []


def test_what_happened_before_a_webhook_was_opened_is_not_told(
    house: House, receiver: Receiver
) -> None:
    house.add(house.ward, "trước")
    house.webhook(receiver.url)
    house.add(house.ward, "sau")
    run_webhooks(now=soon())
    assert len(receiver.got) == 1


def test_a_receiver_that_fails_is_tried_again_under_the_same_id(
    house: House, receiver: Receiver
) -> None:
    receiver.answers = [500, 503, 200]
    webhook, secret = house.webhook(receiver.url)
    house.add(house.ward)
    now = soon()
    assert run_webhooks(now=now) == 1
    waiting = webhook.deliveries.get()
    assert (waiting.state, waiting.answer, waiting.attempts) == ("waiting", "HTTP 500", 1)
    assert run_webhooks(now=now + timedelta(seconds=30)) == 0  # not before its time
    assert run_webhooks(now=now + timedelta(minutes=2)) == 1
    assert run_webhooks(now=now + timedelta(minutes=10)) == 1
    assert len({headers["webhook-id"] for headers, _ in receiver.got}) == 1
    assert len({body for _, body in receiver.got}) == 1
    assert len({headers["webhook-timestamp"] for headers, _ in receiver.got}) == 3
    for headers, body in receiver.got:
        verified(secret, headers, body)
    assert webhook.deliveries.get().state == "delivered"


def test_an_outage_of_days_ends_in_the_dead_letters_and_can_be_sent_again(
    house: House, receiver: Receiver
) -> None:
    webhook, _ = house.webhook(f"http://127.0.0.1:{closed_port()}/")
    house.add(house.ward)
    now, tries = soon(), 0
    while webhook.deliveries.filter(state="waiting").exists() or not tries:
        tries += run_webhooks(now=now)
        now += timedelta(hours=6)
        assert tries < 100
    dead = webhook.deliveries.get()
    assert (dead.state, dead.answer) == ("dead", "ConnectionRefusedError")
    assert now - dead.made_at >= GIVEN_UP_AFTER
    Webhook.objects.filter(pk=webhook.pk).update(url=receiver.url)
    again = replay(dead, now=now)
    assert deliver(again.pk, now=now) == Answer(200, "HTTP 200")
    assert receiver.got[0][0]["webhook-id"] == dead.message


def test_waits_grow_and_stop_growing() -> None:
    waits = [wait_after(tries) for tries in range(1, 40)]
    assert waits[0] == FIRST_WAIT
    assert waits == sorted(waits)
    assert waits[-1] == LONGEST_WAIT
    assert sum(waits[:12], timedelta()) > timedelta(hours=24)


def test_a_crash_between_sending_and_noting_sends_again_with_the_same_id(
    house: House, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.webhook(receiver.url)
    house.add(house.ward)

    class Crash(BaseException):
        pass

    def crash(*_: object, **__: object) -> None:
        raise Crash

    now = soon()
    with monkeypatch.context() as patched:
        patched.setattr(deliveries, "_note", crash)
        with pytest.raises(Crash):
            run_webhooks(now=now)
    assert run_webhooks(now=now) == 0  # another worker leaves it alone while the lease lasts
    assert run_webhooks(now=now + timedelta(minutes=3)) == 1
    assert len({headers["webhook-id"] for headers, _ in receiver.got}) == 1
    assert len(receiver.got) == 2


def test_reading_the_ledger_again_makes_no_second_message(house: House, receiver: Receiver) -> None:
    webhook, _ = house.webhook(receiver.url)
    house.add(house.ward)
    run_webhooks(now=soon())
    Webhook.objects.filter(pk=webhook.pk).update(position=0)
    run_webhooks(now=soon())
    newest = [json.loads(body)["data"]["ledger_index"] for _, body in receiver.got]
    assert len(newest) == len(set(newest))


def test_a_redirect_is_no_acceptance_and_is_not_followed(house: House, receiver: Receiver) -> None:
    receiver.answers, receiver.location = [302], f"http://127.0.0.1:{closed_port()}/"
    webhook, _ = house.webhook(receiver.url)
    house.add(house.ward)
    run_webhooks(now=soon())
    assert len(receiver.got) == 1
    assert webhook.deliveries.get().answer == "HTTP 302"
    assert webhook.deliveries.get().state == "waiting"


@pytest.mark.parametrize("way", ["slow", "drips"])
def test_a_receiver_that_takes_for_ever_is_cut_off(
    house: House, receiver: Receiver, way: str
) -> None:
    del house
    receiver.slowness, receiver.drips = (3.0, False) if way == "slow" else (0.0, True)
    started = time.monotonic()
    answer = send(receiver.url, b"{}", {}, allows_private=True, seconds=0.4)
    assert answer.status == 0
    assert time.monotonic() - started < 2.5


def test_a_removed_webhook_sends_nothing_more(house: House, receiver: Receiver) -> None:
    receiver.answers = [500]
    webhook, _ = house.webhook(receiver.url)
    house.add(house.ward)
    run_webhooks(now=soon())
    remove_webhook(webhook, by="an", now=now_utc())
    remove_webhook(webhook, by="an", now=now_utc())
    house.add(house.ward, "sau")
    assert run_webhooks(now=soon(days=1)) == 0
    assert len(receiver.got) == 1
    assert webhook.deliveries.get().state == "dead"
    kinds = [e.kind for e in LedgerEntry.objects.filter(kind__startswith="exchange.")]
    assert kinds == ["exchange.webhook_made", "exchange.webhook_removed"]


def test_sending_is_not_on_record_so_that_no_message_makes_another(
    house: House, receiver: Receiver
) -> None:
    house.webhook(receiver.url, "*")
    house.add(house.ward)
    run_webhooks(now=soon())
    count = LedgerEntry.objects.count()
    for _ in range(3):
        run_webhooks(now=soon())
    assert LedgerEntry.objects.count() == count


def test_a_test_message_says_only_that_it_is_one(house: House, receiver: Receiver) -> None:
    webhook, secret = house.webhook(receiver.url)
    answer = deliver(queue_test(webhook, now=now_utc()).pk, now=soon())
    assert answer is not None
    assert answer.is_accepted
    told = verified(secret, *receiver.got[0])
    assert (told["type"], told["data"]) == ("webhook.test", {"unit": "phuong"})


def test_the_secret_lies_sealed_in_the_database(house: House, receiver: Receiver) -> None:
    webhook, secret = house.webhook(receiver.url)
    kept = Webhook.objects.get(pk=webhook.pk).secret
    assert secret not in kept
    assert secret.removeprefix("whsec_") not in kept
    assert opened(kept) == secret


@pytest.mark.parametrize(
    "kinds", [[], ["khong.co"], ["registers.row_added", "x"], ["regis.*"], ["**"]]
)
def test_a_kind_that_does_not_exist_is_refused(house: House, kinds: list[str]) -> None:
    with pytest.raises(WebhookRefused):
        make_webhook(house.ward, url="https://vd.gov.vn/", kinds=kinds, by="an", now=now_utc())


def test_a_unit_has_only_so_many_webhooks(house: House) -> None:
    for _ in range(WEBHOOKS_MAX):
        house.webhook("https://vd.gov.vn/")
    with pytest.raises(WebhookRefused):
        house.webhook("https://vd.gov.vn/")


def test_every_kind_that_can_be_sent_has_a_name_of_its_own() -> None:
    kinds = known_kinds()
    assert {"registers.row_added", "checks.findings_failed", "access.token_made"} <= set(kinds)
    assert len(kinds) == len(set(kinds))


def test_the_signature_is_the_one_the_format_document_shows() -> None:
    page = FORMAT.read_text(encoding="utf-8")
    shown = dict(re.findall(r"^(webhook-[a-z]+): (.+)$", page, re.M))
    secret = re.search(r"whsec_[A-Za-z0-9+/=]+", page)
    body = re.search(r'^\{"data".*\}$', page, re.M)
    assert secret is not None
    assert body is not None
    at = datetime.fromtimestamp(int(shown["webhook-timestamp"]), UTC)
    made = headers_of(
        secret.group(), message=shown["webhook-id"], at=at, body=body.group().encode()
    )
    assert made == shown
    # The vector of the Standard Webhooks specification's own libraries.
    assert (
        signature_of(
            "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
            message="msg_p5jXN8AQM9LWM0D4loKWxJek",
            stamp="1614265330",
            body=b'{"test": 2432232314}',
        )
        == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    )


def test_only_who_manages_a_unit_opens_its_ways_out(house: House) -> None:
    from khien.org.models import User

    officer = User.objects.create_user("can-bo", unit=house.ward)
    from khien.org.roles import OFFICER
    from khien.org.services import grant_role

    grant_role(officer, OFFICER, house.ward, from_on=now_utc().date(), by="t", now=now_utc())
    for user, status in ((house.an, 200), (officer, 403), (house.dung, 404)):
        client = Client()
        client.force_login(user)
        assert client.get("/don-vi/phuong/webhook/").status_code == status, user


def test_the_page_opens_no_way_into_the_house(house: House) -> None:
    client = Client()
    client.force_login(house.an)
    form = {"dia_chi": "http://127.0.0.1:9/", "su_kien": ["registers.row_added"]}
    response = client.post("/don-vi/phuong/webhook/", form)
    assert response.status_code == 422
    assert not Webhook.objects.exists()
    form["dia_chi"] = "https://vd.gov.vn/nhan"
    page = client.post("/don-vi/phuong/webhook/", form).content.decode()
    assert re.search(r"whsec_[A-Za-z0-9+/=]{40,}", page)
    assert not Webhook.objects.get().allows_private
    assert "whsec_" not in client.get("/don-vi/phuong/webhook/").content.decode()
