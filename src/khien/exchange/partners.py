"""The only writer of partners and their keys: registered when people compared a number, revoked with a date."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Final

from django.db import IntegrityError, transaction

from khien.exchange import events
from khien.exchange.errors import AddressRefused
from khien.exchange.models import Partner, PartnerKey, Upload
from khien.exchange.own_keys import own_instance
from khien.exchange.places import place_at
from khien.exchange.submission_errors import CardRefused
from khien.exchange.submission_format import NAME_LENGTH_MAX
from khien.exchange.submission_notes import Card, read_card
from khien.kernel.canonical import Json
from khien.kernel.clock import iso_utc
from khien.kernel.language import Text
from khien.ledger import services as ledger
from khien.org.models import Unit

BELOW: Final = Partner.Direction.BELOW
ABOVE: Final = Partner.Direction.ABOVE
_NUMBER_DIFFERS = Text(
    "số đối chiếu đã nhập không khớp thẻ khóa; đừng dùng thẻ này, gọi lại cho người ở đơn vị kia theo số điện "
    "thoại đã biết trước và lấy thẻ khác",
    "the number that was typed does not fit the card; do not use this card, call the other side on a telephone "
    "number known before and fetch another",
)
_NOBODY_READ = Text(
    "ghi tên người ở đơn vị kia đã đọc số đối chiếu", "name the person of the other side who read the number"
)  # fmt: skip
_OWN = Text("thẻ này là của chính hệ thống ở đây", "this card is of this very instance")
_KNOWN = Text("khóa này đã đăng ký rồi", "this key is registered already")
_REVOKED = Text("khóa này đã bị thu hồi, không đăng ký lại", "this key was revoked and stays so")
_TAKEN = Text(
    "đơn vị này đã nhận gói từ một hệ thống khác ({instance}); kết thúc nơi trao đổi cũ trước",
    "bundles of this unit come from another instance already ({instance}); end that partner first",
)
_NO_REASON = Text("ghi lý do", "say why")
_LATER = Text(
    "thời điểm thu hồi không được ở tương lai", "the revocation may not lie in the future"
)


def seen_card(content: str, *, now: datetime) -> Card:
    """Read a card somebody brings.

    Raises: CardRefused: no card, or our own
    """
    card = read_card(content)
    if card.party.instance == own_instance(now):
        raise CardRefused(_OWN)
    return card


def register_key(  # one keyword for each thing that is said about it
    unit: Unit,
    direction: str,
    content: str,
    *,
    number: str,
    read_by: str,
    by: str,
    now: datetime,
) -> PartnerKey:
    """Register the key on a card for a unit, and its partner if it is new.

    Args:   number: as it was read to whoever registers, not as the card says it; read_by: who read it
    Raises: CardRefused: no card, another number, a key known or revoked before
    """
    card = seen_card(content, now=now)
    if re.sub(r"\D", "", number) != card.fingerprint.replace(" ", ""):
        raise CardRefused(_NUMBER_DIFFERS)
    if not read_by.strip():
        raise CardRefused(_NOBODY_READ)
    try:
        return _registered(unit, direction, card, read_by=read_by.strip()[:120], by=by, now=now)
    except IntegrityError as error:
        raise CardRefused(_KNOWN) from error


@transaction.atomic
def _registered(
    unit: Unit, direction: str, card: Card, *, read_by: str, by: str, now: datetime
) -> PartnerKey:
    partner = _partner_of(unit, direction, card, by=by, now=now)
    known = PartnerKey.objects.filter(partner=partner, public=str(card.key)).first()
    if known is not None:
        raise CardRefused(_REVOKED if known.revoked_at else _KNOWN)
    key = PartnerKey.objects.create(
        partner=partner,
        public=str(card.key),
        name=card.key.name,
        key_id=card.key.key_id.hex(),
        fingerprint=card.fingerprint,
        registered_at=now,
        registered_by=by,
        read_by=read_by,
    )
    body: dict[str, Json] = {
        "unit": unit.code,
        "direction": direction,
        "name": partner.name_vi,
        "key": str(card.key),
        "ledger_key": str(card.ledger_key),
        "read_by": read_by,
        "by": by,
    }
    ledger.record(events.KEY_REGISTERED, subject=card.key.name, body=body, at=now)
    return key


def _partner_of(unit: Unit, direction: str, card: Card, *, by: str, now: datetime) -> Partner:
    party = card.party
    same = Partner.objects.select_for_update().filter(
        unit=unit, direction=direction, instance=party.instance, their_unit=party.unit
    )
    partner = same.first()
    if partner is None or partner.ended_at is not None:
        _must_be_free(unit, direction)
    if partner is None:
        partner = Partner(unit=unit, direction=direction, instance=party.instance)
        partner.their_unit, partner.made_at, partner.made_by = party.unit, now, by
    partner.name_vi, partner.name_en = party.name_vi[:NAME_LENGTH_MAX], party.name_en
    partner.ledger_key, partner.ended_at = str(card.ledger_key), None
    partner.save()
    return partner


def _must_be_free(unit: Unit, direction: str) -> None:
    if direction != BELOW:
        return
    other = Partner.objects.filter(unit=unit, direction=BELOW, ended_at=None).first()
    if other is not None:
        raise CardRefused(_TAKEN.fill({"instance": other.instance}))


@transaction.atomic
def revoke_key(
    key: PartnerKey,
    *,
    since: datetime,
    is_compromised: bool,
    reason: str,
    by: str,
    now: datetime,
) -> PartnerKey:
    """Refuse what a key signed since a moment; what was received before stays valid.

    Args:   is_compromised: somebody else may hold the key: whatever arrives from now on is refused, because
            its date is only what the signer wrote
    Raises: CardRefused: no reason, or a moment to come
    """
    if not reason.strip():
        raise CardRefused(_NO_REASON)
    if since > now:
        raise CardRefused(_LATER)
    current = PartnerKey.objects.select_for_update().select_related("partner__unit").get(pk=key.pk)
    if current.revoked_at is None or (is_compromised and not current.is_compromised):
        current.revoked_from, current.revoked_at, current.revoked_by = since, now, by
        current.is_compromised, current.reason = is_compromised, reason.strip()[:300]
        current.save()
        Upload.objects.filter(key=current).delete()
        body: dict[str, Json] = {
            "unit": current.partner.unit.code,
            "since": iso_utc(since),
            "is_compromised": is_compromised,
            "reason": current.reason,
            "by": by,
        }
        ledger.record(events.KEY_REVOKED, subject=current.name, body=body, at=now)
    return current


@transaction.atomic
def set_address(
    partner: Partner, address: str, *, by: str, now: datetime, allows_private: bool = False
) -> Partner:
    """Say where bundles are sent by themselves; empty: by file only.

    Args:   allows_private: addresses inside the house, http too; only the owner of the instance says so
    Raises: AddressRefused
    """
    current = Partner.objects.select_for_update().select_related("unit").get(pk=partner.pk)
    address = address.strip().rstrip("/")
    host = place_at(address, allows_private=allows_private).host if address else ""
    current.address, current.allows_private = address, allows_private and bool(address)
    current.save(update_fields=["address", "allows_private"])
    body: dict[str, Json] = {
        "unit": current.unit.code,
        "host": host or "–",
        "allows_private": current.allows_private,
        "by": by,
    }
    ledger.record(events.ADDRESS_SET, subject=current.instance, body=body, at=now)
    return current


@transaction.atomic
def end_partner(partner: Partner, *, by: str, now: datetime) -> Partner:
    """Exchange nothing with a partner any more; what was exchanged stays."""
    current = Partner.objects.select_for_update().select_related("unit").get(pk=partner.pk)
    if current.ended_at is None:
        current.ended_at, current.ended_by = now, by
        current.save(update_fields=["ended_at", "ended_by"])
        Upload.objects.filter(key__partner=current).delete()
        body: dict[str, Json] = {"unit": current.unit.code, "by": by}
        ledger.record(events.PARTNER_ENDED, subject=current.instance, body=body, at=now)
    return current


@transaction.atomic
def accept_break(partner: Partner, *, reason: str, by: str, now: datetime) -> Partner:
    """Answer an alarm: what was co-signed stays on record, and the next checkpoint is taken as a first one.

    Raises: CardRefused: no reason
    """
    if not reason.strip():
        raise CardRefused(_NO_REASON)
    current = Partner.objects.select_for_update().select_related("unit").get(pk=partner.pk)
    if not current.alarm:
        return current
    body: dict[str, Json] = {
        "unit": current.unit.code,
        "alarm": current.alarm,
        "witnessed_size": current.witnessed_size or 0,
        "witnessed_root": current.witnessed_root,
        "reason": reason.strip()[:300],
        "by": by,
    }
    ledger.record(events.BREAK_ACCEPTED, subject=current.instance, body=body, at=now)
    current.alarm, current.alarm_note, current.alarm_at = "", "", None
    current.witnessed_size, current.witnessed_root, current.witnessed_note = None, "", ""
    current.save()
    return current


__all__ = ["ABOVE", "BELOW", "AddressRefused"]
