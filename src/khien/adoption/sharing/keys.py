"""The keys of signed texts: ours, and those of the partners that people paired with."""

from __future__ import annotations

from datetime import datetime

from khien.adoption.sharing.package import Seal
from khien.exchange.models import OwnKey, PartnerKey
from khien.exchange.own_keys import own_key
from khien.kernel.clock import said_moment
from khien.kernel.language import Text
from khien.ledger.note import VerifierKey

_UNKNOWN = Text("chưa ai đăng ký khóa này ở đây", "nobody registered this key here")
_ENDED = Text("đã kết thúc trao đổi với nơi có khóa này", "the exchange with its owner was ended")
_OURS = Text("khóa của chính nơi này", "a key of this installation")
_REVOKED = Text("khóa đã bị thu hồi từ {day}", "the key was revoked as of {day}")


def own_seal(*, by: str, now: datetime) -> Seal:
    """Return the seal of this installation: the key that signs its bundles, made on first use."""
    return Seal(own_key(by=by, now=now), by, now)


def trust_here(key: VerifierKey, packed_at: datetime) -> Text | None:
    """Say why a key is not trusted for a package of a moment; None where it is.

    Trusted are our own keys, and those that people registered for a partner that exchanges with us still.
    """
    if OwnKey.objects.filter(public=str(key)).exists():
        return None
    rows = list(PartnerKey.objects.filter(public=str(key)).select_related("partner"))
    if not rows:
        return _UNKNOWN
    for row in rows:
        # A key that other hands may hold could have written any day; else what was signed before stays valid.
        is_revoked = row.revoked_from is not None and (
            row.is_compromised or packed_at >= row.revoked_from
        )
        if is_revoked and row.revoked_from is not None:
            return _REVOKED.fill({"day": said_moment(row.revoked_from)})
    return _ENDED if all(row.partner.ended_at for row in rows) else None


def owner_of(key: VerifierKey) -> Text | None:
    """Return whose key it is as people registered it here; None where nobody did."""
    if OwnKey.objects.filter(public=str(key)).exists():
        return _OURS
    row = PartnerKey.objects.filter(public=str(key)).select_related("partner").first()
    if row is None:
        return None
    return Text(row.partner.name_vi, row.partner.name_en or row.partner.name_vi)
