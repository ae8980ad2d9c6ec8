"""khien bundle: our card, the keys of partners, where bundles are sent."""

from __future__ import annotations

import argparse

from khien.cli.bundle_files import read_text
from khien.cli.output import put, say
from khien.exchange.own_keys import own_card, own_fingerprint, rotate_own_key
from khien.exchange.partners import accept_break, end_partner, register_key, revoke_key, set_address
from khien.exchange.submission_selectors import key_by_number, partner_by_number
from khien.kernel.clock import now_utc
from khien.ledger.services import publish
from khien.org.selectors import all_units, unit_by_code

ACTOR = "khien bundle"


def card(args: argparse.Namespace) -> int:
    """Print our card; its number goes beside it, to be read to the other side and never sent along."""
    unit, now = unit_by_code(args.unit), now_utc()
    put(own_card(unit, by=ACTOR, now=now).rstrip("\n"))
    publish(now_utc())
    number = own_fingerprint(by=ACTOR, now=now)
    say(
        f"Số đối chiếu, đọc qua điện thoại cho bên kia, không gửi kèm thẻ: {number}",
        f"The number to read to the other side by telephone, never sent with the card: {number}",
    )
    return 0


def pair(args: argparse.Namespace) -> int:
    """Register the key on a card."""
    key = register_key(
        unit_by_code(args.unit),
        args.direction,
        read_text(args.file),
        number=args.number,
        read_by=args.read_by,
        by=ACTOR,
        now=now_utc(),
    )
    publish(now_utc())
    say(
        f"Đã đăng ký khóa số {key.pk} của {key.partner.name_vi} (nơi trao đổi số {key.partner.pk}).",
        f"Registered key {key.pk} of {key.partner.name_vi} (partner {key.partner.pk}).",
    )
    return 0


def revoke(args: argparse.Namespace) -> int:
    """Revoke a key from now on."""
    now = now_utc()
    key = key_by_number(args.number, all_units())
    revoke_key(
        key, since=now, is_compromised=args.compromised, reason=args.reason, by=ACTOR, now=now
    )
    publish(now_utc())
    say(f"Đã thu hồi khóa số {key.pk}.", f"Key {key.pk} is revoked.")
    return 0


def end(args: argparse.Namespace) -> int:
    """End the exchange with a partner."""
    end_partner(partner_by_number(args.number, all_units()), by=ACTOR, now=now_utc())
    publish(now_utc())
    say(f"Đã thôi trao đổi với nơi số {args.number}.", f"Partner {args.number} was ended.")
    return 0


def address(args: argparse.Namespace) -> int:
    """Say where bundles are sent; only here may it be inside the house."""
    partner = partner_by_number(args.number, all_units())
    set_address(partner, args.url, by=ACTOR, now=now_utc(), allows_private=args.allow_private)
    publish(now_utc())
    say(
        f"Gói gửi {partner.name_vi} đi qua: {args.url or 'tệp'}.",
        f"Bundles for {partner.name_vi} go by: {args.url or 'file'}.",
    )
    return 0


def accept(args: argparse.Namespace) -> int:
    """Answer the alarm of a ledger that did not continue."""
    partner = partner_by_number(args.number, all_units())
    accept_break(partner, reason=args.reason, by=ACTOR, now=now_utc())
    publish(now_utc())
    say(
        "Mốc sổ cái tiếp theo được nhận như mốc đầu.",
        "The next checkpoint is taken as a first one.",
    )
    return 0


def rotate(args: argparse.Namespace) -> int:
    """Replace our key."""
    del args
    key = rotate_own_key(by=ACTOR, now=now_utc())
    publish(now_utc())
    say(
        f"Khóa mới: {key.name}. In thẻ mới (khien bundle card) và ghép lại với từng nơi.",
        f"The new key: {key.name}. Print a new card (khien bundle card) and pair with each partner.",
    )
    return 0
