"""Who we are to other instances: the name, the submission key, the card that is shown."""

from __future__ import annotations

import secrets
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import IntegrityError, transaction

from khien.exchange.events import OWN_KEY_MADE, OWN_KEY_RETIRED
from khien.exchange.models import OwnKey
from khien.exchange.submission_format import Party
from khien.exchange.submission_notes import card_text, fingerprint_of
from khien.kernel.canonical import Json
from khien.ledger import services as ledger
from khien.ledger.keys import load_key
from khien.ledger.note import SigningKey, parse_verifier_key
from khien.ledger.selectors import verifier_key_text
from khien.ledger.storage import RealStorage, replace_file
from khien.org.models import Unit


def own_instance(now: datetime) -> str:
    """Return the name of this instance, which is its ledger's; the ledger is made on first use."""
    if not verifier_key_text():
        ledger.publish(now)
    return parse_verifier_key(verifier_key_text()).name


def own_party(unit: Unit, now: datetime) -> Party:
    """Return one of our units as the other side will know it."""
    return Party(own_instance(now), unit.code, unit.name_vi, unit.name_en)


def own_key(*, by: str, now: datetime) -> SigningKey:
    """Return the key that signs bundles and receipts; it is made on first use."""
    standing = OwnKey.objects.filter(retired_at=None).first()
    if standing is None:
        return _made(by=by, now=now)
    return load_key(_path(standing.number), RealStorage())


def has_own_key() -> bool:
    """Say whether a submission key was made."""
    return OwnKey.objects.filter(retired_at=None).exists()


def own_card(unit: Unit, *, by: str, now: datetime) -> str:
    """Return the card to hand to the other side."""
    key = own_key(by=by, now=now)
    ledger_key = load_key(ledger.key_path(), RealStorage())
    return card_text(own_party(unit, now), ledger_key, key, now=now)


def own_fingerprint(*, by: str, now: datetime) -> str:
    """Return the number to read to the other side."""
    key = own_key(by=by, now=now)
    own_instance(now)
    return fingerprint_of(parse_verifier_key(verifier_key_text()), key.verifier)


def rotate_own_key(*, by: str, now: datetime) -> SigningKey:
    """Make a new submission key and retire the one before; each partner must register the new card."""
    return _made(by=by, now=now)


def _made(*, by: str, now: datetime) -> SigningKey:
    origin = own_instance(now)
    last = OwnKey.objects.first()
    number = last.number + 1 if last else 1
    key = SigningKey(f"{origin}/gui-{number}", secrets.token_bytes(32))
    try:
        _keep(key, number, by=by, now=now)
    except IntegrityError:
        # Another process made the same number at the same moment; its key stands.
        return own_key(by=by, now=now)
    return key


@transaction.atomic
def _keep(key: SigningKey, number: int, *, by: str, now: datetime) -> None:
    for old in OwnKey.objects.select_for_update().filter(retired_at=None):
        old.retired_at = now
        old.save(update_fields=["retired_at"])
        ledger.record(OWN_KEY_RETIRED, subject=_name(old.public), body={"by": by}, at=now)
    # The row comes first: whoever is second fails here, before the file of the first is touched.
    OwnKey.objects.create(number=number, public=str(key.verifier), made_at=now, made_by=by)
    body: dict[str, Json] = {"number": number, "public": str(key.verifier), "by": by}
    ledger.record(OWN_KEY_MADE, subject=key.name, body=body, at=now)
    storage, path = RealStorage(), _path(number)
    storage.make_directory(path.parent, private=True)
    replace_file(storage, path, f"{key.secret_text()}\n".encode(), private=True)
    storage.close()


def _name(public: str) -> str:
    return parse_verifier_key(public).name


def _path(number: int) -> Path:
    return Path(settings.KHIEN_DATA) / "keys" / f"submission-{number}.key"
