"""The only writer of signed packages: a text leaves in this installation's name, and that stands in the ledger."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from django.db import transaction

from khien.adoption import events
from khien.adoption.sharing.forms import PACKAGE, Exported, exported
from khien.adoption.sharing.keys import own_seal
from khien.adoption.sharing.package import Seal
from khien.adoption.sharing.selectors import may_sign
from khien.kernel.canonical import Json, sha256_hex
from khien.ledger import services as ledger
from khien.norms.library import load_library
from khien.org.errors import NotAllowed
from khien.org.models import Unit, User


def sign_text(unit: Unit, document_id: str, *, user: User, now: datetime) -> Exported:
    """Return the signed package of a text, signed on a leader's word at a unit.

    Raises: UnknownDocument; NotAllowed: may not sign this text for the unit; NotExportable
    """
    if not may_sign(document_id, unit, user):
        raise NotAllowed(unit=unit.name_vi)
    by = user.get_username()
    return _signed(document_id, by=by, name=user.full_name or by, units=(unit.code,), now=now)


def sign_as_operator(document_id: str, *, by: str, now: datetime) -> Exported:
    """Return the signed package of a text for who runs the server and has its key at hand.

    Raises: UnknownDocument; NotExportable
    """
    return _signed(document_id, by=by, name=by, units=(), now=now)


def _signed(
    document_id: str, *, by: str, name: str, units: tuple[str, ...], now: datetime
) -> Exported:
    # A key that is made now has to stay even where the rest fails: it is committed by itself.
    seal = replace(own_seal(by=by, now=now), by=name)
    with transaction.atomic():
        return _recorded(document_id, seal, by=by, units=units)


def _recorded(document_id: str, seal: Seal, *, by: str, units: tuple[str, ...]) -> Exported:
    made = exported(load_library(), document_id, PACKAGE, seal=seal)
    body: dict[str, Json] = {
        "form": PACKAGE,
        "file": made.name,
        "sha256": sha256_hex(made.data),
        "units": list(units),
        "by": by,
    }
    ledger.record(events.TEXT_EXPORTED, subject=document_id, body=body, at=seal.at)
    return made
