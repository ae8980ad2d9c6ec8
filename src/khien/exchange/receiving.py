"""The only writer of received bundles: everything is verified first, then all of it is stored or nothing."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import IO, BinaryIO, Final

from django.db import transaction

from khien.exchange import events
from khien.exchange import submission_facts as facts
from khien.exchange.consolidating import take_in_reports
from khien.exchange.models import Partner, PartnerKey, ReceivedBundle, ReceivedItem
from khien.exchange.own_keys import own_instance, own_key, own_party
from khien.exchange.partners import BELOW
from khien.exchange.submission_errors import (
    FromTheFuture,
    KeyRevoked,
    NotForUs,
    SequenceReused,
    SpeaksForOthers,
)
from khien.exchange.submission_format import ENTRIES, MINOR, Item, Manifest
from khien.exchange.submission_notes import Receipt, receipt_text
from khien.exchange.submission_reading import CheckedBundle, check_bundle, open_bundle
from khien.exchange.submission_store import copy_in, new_file, received_at, settle
from khien.exchange.submission_zip import Member
from khien.exchange.witnessing import (
    ALARMS,
    COSIGNED,
    Continuity,
    Witnessed,
    continuity,
    cosigned_note,
)
from khien.kernel.canonical import Json
from khien.kernel.clock import iso_utc, said_moment
from khien.ledger import services as ledger
from khien.ledger.note import SigningKey, VerifierKey, parse_verifier_key
from khien.org.history import ancestors, subtree
from khien.org.models import Unit

logger = logging.getLogger(__name__)

# How far the clock of a sender may be ahead of ours.
CLOCK_TOLERANCE: Final = timedelta(minutes=10)
MISSING_SHOWN: Final = 100
BY_FILE: Final = "file"
BY_HTTPS: Final = "https"


@dataclass(frozen=True, slots=True)
class Arrival:
    """How a bundle came: when, by whose hand, by which way."""

    now: datetime
    by: str
    channel: str = BY_FILE


def receive_file(source: IO[bytes], arrival: Arrival, *, at: Unit | None = None) -> ReceivedBundle:
    """Take in a bundle somebody brings as a file.

    Args:   at: the unit at which it is taken in; the sender must stand below it
    Returns: the bundle; the one that is there already where it came before
    Raises: SubmissionRefused: in one of its kinds; nothing is stored then
    """
    with new_file("incoming") as kept:
        digest = copy_in(source, kept)
        return receive(kept, digest, arrival, at=at)


def receive(
    file: BinaryIO, digest: str, arrival: Arrival, *, at: Unit | None = None
) -> ReceivedBundle:
    """Verify a whole file that lies in the folder of what comes in, and take it in.

    Args:   digest: the file's SHA-256, computed by the caller while writing it
    Raises: SubmissionRefused
    """
    file.seek(0)
    opened = open_bundle(file, registered_key)
    key = _key_of(opened.key, opened.manifest, at)
    partner, manifest = key.partner, opened.manifest
    if manifest.receiver.instance != own_instance(arrival.now):
        raise NotForUs(for_whom=manifest.receiver.name_vi or manifest.receiver.unit)
    known = _known(partner, manifest, digest)
    if known is not None:
        return known
    _must_be_in_time(key, manifest, arrival.now)
    checked = check_bundle(opened, parse_verifier_key(partner.ledger_key))
    _must_be_new(partner, manifest)
    signer = own_key(by=arrival.by, now=arrival.now)
    settle(file, received_at(partner.pk, digest))
    return _kept(key, checked, digest, arrival, signer)


def registered_key(name: str, key_id: bytes) -> VerifierKey | None:
    """Return a registered key by what stands before its signatures."""
    found = PartnerKey.objects.filter(
        name=name, key_id=key_id.hex(), partner__direction=BELOW, partner__ended_at=None
    ).first()
    return parse_verifier_key(found.public) if found else None


def registration_of(key: VerifierKey, their_unit: str) -> PartnerKey:
    """Return the registration by which a key speaks for a unit, as its sender calls it.

    Raises: SpeaksForOthers
    """
    found = PartnerKey.objects.select_related("partner__unit__parent").filter(
        public=str(key),
        partner__direction=BELOW,
        partner__ended_at=None,
        partner__their_unit=their_unit,
    )
    registered = found.first()
    if registered is None:
        raise SpeaksForOthers(unit=their_unit)
    return registered


def _key_of(key: VerifierKey, manifest: Manifest, at: Unit | None) -> PartnerKey:
    registered = registration_of(key, manifest.sender.unit)
    unit = registered.partner.unit
    is_elsewhere = at is not None and at != unit and at not in ancestors(unit)
    if is_elsewhere or registered.partner.instance != manifest.sender.instance:
        raise SpeaksForOthers(unit=manifest.sender.unit)
    return registered


def _known(partner: Partner, manifest: Manifest, digest: str) -> ReceivedBundle | None:
    same = ReceivedBundle.objects.filter(partner=partner)
    return same.filter(bundle=manifest.bundle, sha256=digest).first()


def _must_be_new(partner: Partner, manifest: Manifest) -> None:
    """Refuse another bundle under an id or number that is taken; asked of whole bundles, not of altered ones."""
    same = ReceivedBundle.objects.filter(partner=partner)
    taken = same.filter(bundle=manifest.bundle) | same.filter(sequence=manifest.sequence)
    if taken.exists():
        raise SequenceReused(sequence=manifest.sequence, last=partner.last_sequence)


def _must_be_in_time(key: PartnerKey, manifest: Manifest, now: datetime) -> None:
    if key.revoked_from is not None and (key.is_compromised or manifest.made >= key.revoked_from):
        raise KeyRevoked(key=key.name, day=said_moment(key.revoked_from))
    if manifest.made > now + CLOCK_TOLERANCE:
        minutes = int(CLOCK_TOLERANCE.total_seconds()) // 60
        raise FromTheFuture(made_at=said_moment(manifest.made), minutes=minutes)


@transaction.atomic
def _kept(
    key: PartnerKey, checked: CheckedBundle, digest: str, arrival: Arrival, signer: SigningKey
) -> ReceivedBundle:
    partner = Partner.objects.select_for_update().select_related("unit").get(pk=key.partner_id)
    manifest = checked.manifest
    # The same file may have come twice at one moment, or the key been revoked meanwhile.
    known = _known(partner, manifest, digest)
    if known is not None:
        return known
    _must_be_new(partner, manifest)
    key.refresh_from_db()
    _must_be_in_time(key, manifest, arrival.now)
    units = _units_of(partner)
    how = _continuity(partner, checked)
    codes = [*_codes(partner, key, checked, units), str(how)]
    cosigned = ""
    if how in COSIGNED and not partner.alarm:
        cosigned = cosigned_note(checked.checkpoint, signer, int(arrival.now.timestamp()))
    last = max(partner.last_sequence, manifest.sequence)
    receipt = Receipt(
        bundle=manifest.bundle,
        sha256=digest,
        sequence=manifest.sequence,
        sender=partner.instance,
        receiver=own_party(_receiver(partner, manifest), arrival.now),
        received_at=iso_utc(arrival.now),
        facts=tuple(codes),
        continuity=str(how),
        last_sequence=last,
        missing=tuple(missing_before(partner, manifest.sequence)),
        cosigned=cosigned,
    )
    made = ReceivedBundle.objects.create(
        partner=partner,
        key=key,
        bundle=manifest.bundle,
        sequence=manifest.sequence,
        version=manifest.version,
        software=manifest.software,
        made_at=manifest.made,
        received_at=arrival.now,
        received_by=arrival.by,
        channel=arrival.channel,
        sha256=digest,
        size_bytes=checked.size,
        item_count=len(manifest.items),
        proven_count=len(checked.proven),
        checkpoint=checked.checkpoint.note,
        continuity=str(how),
        facts=codes,
        receipt=receipt_text(receipt, signer),
        ledger_index=_recorded(partner, checked, digest, how, arrival),
    )
    rows = _keep_items(made, checked, units)
    take_in_reports(made, rows, to=_receiver(partner, manifest))
    _note_partner(partner, checked, how, cosigned, arrival)
    logger.info("bundle.received partner=%d sequence=%d", partner.pk, manifest.sequence)
    return made


def _units_of(partner: Partner) -> Mapping[str, Unit]:
    """Return the units a partner speaks for: by their codes here, and its own by the code it uses itself."""
    return {unit.code: unit for unit in subtree(partner.unit)} | {partner.their_unit: partner.unit}


def _receiver(partner: Partner, manifest: Manifest) -> Unit:
    above = {unit.code: unit for unit in ancestors(partner.unit)}
    return above.get(manifest.receiver.unit) or partner.unit.parent or partner.unit


def _continuity(partner: Partner, checked: CheckedBundle) -> Continuity:
    last = None
    if partner.witnessed_size is not None:
        root = bytes.fromhex(partner.witnessed_root)
        last = Witnessed(partner.witnessed_size, root, partner.witnessed_sequence)
    manifest = checked.manifest
    return continuity(checked.checkpoint, last, manifest.consistency, sequence=manifest.sequence)


def _codes(
    partner: Partner, key: PartnerKey, checked: CheckedBundle, units: Mapping[str, Unit]
) -> list[str]:
    manifest = checked.manifest
    others = [item for item in manifest.items if item.kind != ENTRIES]
    said = {
        facts.SIGNED: True,
        facts.WHOLE: True,
        facts.PROVEN: bool(others) and len(checked.proven) == len(others),
        facts.UNPROVEN_ITEMS: len(checked.proven) < len(others),
        facts.FALSE_PROOF: not checked.proofs_are_sound,
        facts.GAP: bool(missing_before(partner, manifest.sequence)),
        facts.LATE: manifest.sequence < partner.last_sequence,
        facts.OLD_KEY: key.revoked_at is not None,
        facts.UNKNOWN_UNIT: any(item.unit and item.unit not in units for item in others),
        facts.NEWER: int(manifest.version.partition(".")[2]) > MINOR,
    }
    return [code for code, holds in said.items() if holds]


def missing_before(partner: Partner, sequence: int) -> list[int]:
    """Return the numbers below one that were not received, oldest first, at most a hundred of them."""
    received = ReceivedBundle.objects.filter(partner=partner, sequence__lt=sequence)
    known = set(received.values_list("sequence", flat=True))
    found: list[int] = []
    for number in range(1, min(sequence, len(known) + MISSING_SHOWN + 2)):
        if number not in known and len(found) < MISSING_SHOWN:
            found.append(number)
    return found


def _recorded(
    partner: Partner, checked: CheckedBundle, digest: str, how: Continuity, arrival: Arrival
) -> int:
    manifest = checked.manifest
    body: dict[str, Json] = {
        "unit": partner.unit.code,
        "sequence": manifest.sequence,
        "sha256": digest,
        "items": len(manifest.items),
        "proven": len(checked.proven),
        "checkpoint_size": checked.checkpoint.size,
        "checkpoint_root": checked.checkpoint.root.hex(),
        "continuity": str(how),
        "by": arrival.by,
    }
    index = ledger.record(
        events.BUNDLE_RECEIVED, subject=manifest.bundle, body=body, at=arrival.now
    )
    if how in ALARMS:
        alarm: dict[str, Json] = {
            "unit": partner.unit.code,
            "alarm": str(how),
            "sequence": manifest.sequence,
            "cosigned_before": partner.witnessed_note,
            "brought_now": checked.checkpoint.note,
        }
        ledger.record(events.LEDGER_BROKEN, subject=partner.instance, body=alarm, at=arrival.now)
    return index


def _keep_items(
    bundle: ReceivedBundle, checked: CheckedBundle, units: Mapping[str, Unit]
) -> list[ReceivedItem]:
    listed = zip(checked.manifest.items, checked.members, strict=True)
    rows = [
        _row(bundle, place, item, member, units, is_proven=place in checked.proven)
        for place, (item, member) in enumerate(listed, 1)
    ]
    return ReceivedItem.objects.bulk_create(rows, batch_size=500)


def _row(
    bundle: ReceivedBundle,
    place: int,
    item: Item,
    member: Member,
    units: Mapping[str, Unit],
    *,
    is_proven: bool,
) -> ReceivedItem:
    return ReceivedItem(
        bundle=bundle,
        place=place,
        kind=item.kind,
        name=item.name,
        media_type=item.media_type,
        size_bytes=item.size,
        sha256=item.sha256,
        offset=member.content_at,
        unit=units.get(item.unit) or bundle.partner.unit,
        unit_said=item.unit,
        entry=item.entry,
        is_proven=is_proven,
        about=item.about,
    )


def _note_partner(
    partner: Partner, checked: CheckedBundle, how: Continuity, cosigned: str, arrival: Arrival
) -> None:
    partner.last_sequence = max(partner.last_sequence, checked.manifest.sequence)
    if cosigned:
        partner.witnessed_size = checked.checkpoint.size
        partner.witnessed_root = checked.checkpoint.root.hex()
        partner.witnessed_sequence = max(partner.witnessed_sequence, checked.manifest.sequence)
        partner.witnessed_note, partner.witnessed_at = cosigned, arrival.now
    if how in ALARMS and not partner.alarm:
        partner.alarm, partner.alarm_note = str(how), checked.checkpoint.note
        partner.alarm_at = arrival.now
        logger.warning("ledger.broken partner=%d how=%s", partner.pk, how)
    partner.save()
