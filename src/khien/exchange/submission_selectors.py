"""The only door through which partners, bundles and their receipts are read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db.models import Count, Max, Prefetch, QuerySet, Sum

from khien.exchange.models import (
    Partner,
    PartnerKey,
    ReceivedBundle,
    ReceivedItem,
    SentBundle,
    Upload,
)
from khien.exchange.submission_errors import BundleUnknown, PeerUnknown
from khien.exchange.submission_store import digest_of, received_path, sent_path
from khien.kernel.language import Text
from khien.ledger.checkpoint import parse_checkpoint_text
from khien.ledger.errors import NoteMalformed
from khien.ledger.note import COSIGNATURE_V1, VerifierKey, parse_note, parse_verifier_key
from khien.org.history import ancestors
from khien.org.models import Unit

_LARGEST = 2**63
_CHANGED = Text(
    "Tệp của gói số {sequence} ({name}) trên đĩa không còn như lúc ghi sổ cái.",
    "The file of bundle {sequence} ({name}) on disk is no longer what the ledger recorded.",
)


@dataclass(frozen=True, slots=True)
class SenderLine:
    """One line of the board: a unit below that sends bundles, and how its bundles stand."""

    partner: Partner
    bundle_count: int
    last: ReceivedBundle | None
    upload: Upload | None


@dataclass(frozen=True, slots=True)
class Cosignature:
    """A checkpoint of our ledger that another instance signed: who, when, up to which entry."""

    partner: Partner
    at: datetime
    size: int
    note: str
    is_valid: bool


def partners_of(
    units: Iterable[Unit], direction: str = "", *, with_ended: bool = False
) -> QuerySet[Partner]:
    """Return the partners of units, those that were not ended unless said otherwise."""
    found = Partner.objects.filter(unit__in=units).select_related("unit").prefetch_related("keys")
    found = found.filter(direction=direction) if direction else found
    return found if with_ended else found.filter(ended_at=None)


def partner_by_number(number: int, units: Iterable[Unit]) -> Partner:
    """Return a partner of units by its number.

    Raises: PeerUnknown: there is none, or it is another unit's
    """
    known = partners_of(units, with_ended=True)
    found = known.filter(pk=number).first() if number < _LARGEST else None
    if found is None:
        raise PeerUnknown(number=number)
    return found


def key_by_number(number: int, units: Iterable[Unit]) -> PartnerKey:
    """Return a key of a partner of units by its number.

    Raises: PeerUnknown
    """
    known = PartnerKey.objects.filter(partner__unit__in=units).select_related("partner__unit")
    found = known.filter(pk=number).first() if number < _LARGEST else None
    if found is None:
        raise PeerUnknown(number=number)
    return found


def received_of(units: Iterable[Unit]) -> QuerySet[ReceivedBundle]:
    """Return the bundles received of units, newest first."""
    found = ReceivedBundle.objects.filter(partner__unit__in=units)
    return found.select_related("partner__unit", "key")


def received_by_number(number: int, units: Iterable[Unit]) -> ReceivedBundle:
    """Return a received bundle of units by its number here.

    Raises: BundleUnknown
    """
    found = received_of(units).filter(pk=number).first() if number < _LARGEST else None
    if found is None:
        raise BundleUnknown(bundle=number)
    return found


def items_of(bundle: ReceivedBundle) -> QuerySet[ReceivedItem]:
    """Return what is in a received bundle, in its order."""
    return ReceivedItem.objects.filter(bundle=bundle).select_related(
        "unit", "bundle", "report__unit"
    )


def item_at(bundle: ReceivedBundle, place: int) -> ReceivedItem:
    """Return one item of a received bundle.

    Raises: BundleUnknown
    """
    found = items_of(bundle).filter(place=place).first() if place < _LARGEST else None
    if found is None:
        raise BundleUnknown(bundle=f"{bundle.pk}/{place}")
    return found


def kinds_in(bundle: ReceivedBundle) -> list[tuple[str, int, int]]:
    """Return the kinds of items in a received bundle: each with how many, and how many bytes."""
    rows = ReceivedItem.objects.filter(bundle=bundle).order_by("kind").values_list("kind")
    return list(rows.annotate(n=Count("pk"), size=Sum("size_bytes")))


def sent_of(units: Iterable[Unit]) -> QuerySet[SentBundle]:
    """Return the bundles that units made, newest first."""
    return SentBundle.objects.filter(partner__unit__in=units).select_related("partner__unit")


def sent_by_number(number: int, units: Iterable[Unit]) -> SentBundle:
    """Return a bundle that a unit made, by its number here.

    Raises: BundleUnknown
    """
    found = sent_of(units).filter(pk=number).first() if number < _LARGEST else None
    if found is None:
        raise BundleUnknown(bundle=number)
    return found


def answer_of(sent: SentBundle) -> Text | None:
    """Return what the receiver or the line last said; None where nothing is to be said."""
    vi, _, en = sent.answer.partition("\n")
    return Text(vi, en or vi) if vi else None


def senders(units: Iterable[Unit]) -> list[SenderLine]:
    """Return the units that send bundles here, each with its newest bundle, in a few statements."""
    uploads = Prefetch("keys__uploads", queryset=Upload.objects.order_by("-touched_at"))
    partners = list(partners_of(units, Partner.Direction.BELOW).prefetch_related(uploads))
    counted = ReceivedBundle.objects.filter(partner__in=partners).order_by()
    rows = counted.values_list("partner").annotate(n=Count("pk"), last=Max("sequence"))
    found = {partner: (n, last) for partner, n, last in rows}
    newest = {
        (one.partner_id, one.sequence): one
        for one in received_of(units).filter(sequence__in={last for _, last in found.values()})
    }
    lines = []
    for partner in partners:
        n, last = found.get(partner.pk, (0, 0))
        under_way = [up for key in partner.keys.all() for up in key.uploads.all()]
        line = SenderLine(partner, n, newest.get((partner.pk, last)), next(iter(under_way), None))
        lines.append(line)
    return sorted(lines, key=lambda line: (not line.partner.alarm, line.partner.unit.name_vi))


def cosignatures() -> list[Cosignature]:
    """Return the newest co-signature of our ledger by each partner above, each verified now."""
    found: dict[int, Cosignature] = {}
    kept = SentBundle.objects.exclude(cosigned="").select_related("partner")
    for sent in kept.prefetch_related("partner__keys").order_by("-checkpoint_size", "-pk"):
        if sent.partner_id not in found:
            found[sent.partner_id] = _cosignature(sent)
    return list(found.values())


def _cosignature(sent: SentBundle) -> Cosignature:
    """Read a kept co-signature, and say whether a key that was registered for its partner really gave it."""
    try:
        note = parse_note(sent.cosigned)
        size = parse_checkpoint_text(note.text)[1]
    except NoteMalformed:
        return Cosignature(sent.partner, sent.made_at, 0, sent.cosigned, is_valid=False)
    for row in sent.partner.keys.all():
        public = parse_verifier_key(row.public)
        witness = VerifierKey(public.name, public.public, COSIGNATURE_V1)
        for line in note.signatures:
            if witness.verifies(note.text, line):
                at = datetime.fromtimestamp(int.from_bytes(line.payload[:8], "big"), UTC)
                return Cosignature(sent.partner, at, size, sent.cosigned, is_valid=True)
    return Cosignature(sent.partner, sent.made_at, size, sent.cosigned, is_valid=False)


def altered_bundles() -> Iterator[Text]:
    """Yield a sentence for every bundle, received or made here, whose file is gone or changed."""
    for got in ReceivedBundle.objects.select_related("partner").iterator():
        if digest_of(received_path(got)) != got.sha256:
            yield _CHANGED.fill({"sequence": got.sequence, "name": got.partner.name_vi})
    for sent in SentBundle.objects.select_related("partner").iterator():
        if digest_of(sent_path(sent)) != sent.sha256:
            yield _CHANGED.fill({"sequence": sent.sequence, "name": sent.partner.name_vi})


def alarms_under(units: Iterable[Unit]) -> list[tuple[Partner, Unit]]:
    """Return the alarms of partners below units, each with the nearest of these units above it; alarms are few."""
    asked = {unit.pk: unit for unit in units}
    found = []
    alarmed = Partner.objects.filter(direction=Partner.Direction.BELOW, ended_at=None)
    for partner in alarmed.exclude(alarm="").select_related("unit"):
        above = next((asked[one.pk] for one in ancestors(partner.unit) if one.pk in asked), None)
        if above is not None:
            found.append((partner, above))
    return found


def refused_of(units: Iterable[Unit]) -> QuerySet[SentBundle]:
    """Return the bundles of units that a receiver refused or that were given up: they wait for a person."""
    waiting = (SentBundle.State.REFUSED, SentBundle.State.DEAD)
    return sent_of(units).filter(state__in=waiting, partner__ended_at=None)


def alarms_of(units: Iterable[Unit]) -> QuerySet[Partner]:
    """Return the partners of units whose ledger did not continue what was co-signed."""
    return partners_of(units, Partner.Direction.BELOW).exclude(alarm="")
