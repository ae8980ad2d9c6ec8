"""khien link: a one-time sign-in link for the officer of a unit."""

from __future__ import annotations

import argparse

from khien.cli.output import put, say
from khien.cli.serve_command import own_address
from khien.kernel.clock import now_utc
from khien.kernel.language import Text
from khien.org.models import Unit, User
from khien.org.selectors import all_units, unit_by_code
from khien.org.services import LINK_MINUTES, ensure_officer, make_sign_in_link


def configure(parser: argparse.ArgumentParser) -> None:
    """Add: [--unit X]."""
    parser.add_argument("--unit", help=str(Text("mã đơn vị", "the unit's code")))


def run(args: argparse.Namespace) -> int:
    """Print a new link."""
    unit = unit_by_code(args.unit) if args.unit else all_units().filter(parent=None).first()
    if unit is None:
        unit = unit_by_code("")
    put(sign_in_address(unit))
    say(
        f"Dùng được một lần, trong {LINK_MINUTES} phút.",
        f"Good once, for {LINK_MINUTES} minutes.",
    )
    return 0


def sign_in_address(unit: Unit) -> str:
    """Make a link for the unit's officer and return its whole address on this machine."""
    return link_of(ensure_officer(unit, now=now_utc()))


def link_of(user: User) -> str:
    """Make a one-time link for a user and return its whole address on this machine."""
    secret = make_sign_in_link(user, now=now_utc())
    return f"{own_address()}/vao/{secret}/"
