"""Of `khien norms`: put a reviewed text into force, take it back, end it, and see what it will change."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from khien.adoption.force.scope import SUBTREE, UNITS, Scope
from khien.adoption.force.selectors import publication_by_code, text_by_code
from khien.adoption.force.services import (
    Wanted,
    approve_text,
    end_text,
    return_text,
    set_force,
    submit_text,
    withdraw,
)
from khien.adoption.force.shared import take_shared
from khien.adoption.impact.paper import impact_file
from khien.adoption.impact.selectors import measured
from khien.adoption.impact.words import lines_of, summary_line
from khien.adoption.importing.services import import_text
from khien.adoption.sharing.as_source import source_of
from khien.adoption.sharing.ciso_reading import Skeleton
from khien.adoption.sharing.forms import read_shared
from khien.adoption.sharing.keys import trust_here
from khien.cli.output import painted, put, put_json, say
from khien.cli.register_files import write_file
from khien.cli.workflow_command import UnknownDoer
from khien.kernel.clock import now_utc, said_day
from khien.kernel.errors import KhienError
from khien.kernel.language import Text
from khien.ledger.services import publish
from khien.norms.library import load_library
from khien.org.models import Unit, User
from khien.org.rights import able_to
from khien.org.roles import APPROVE, LEADER, OFFICER, ROLES, WRITE
from khien.org.selectors import unit_by_code
from khien.registers.files import as_it_came
from khien.registers.services import Act


class NobodyForIt(KhienError):
    """A unit without anybody whose role lets do the step."""

    code = "KHIEN-CLI-064"
    sentence = Text(
        vi="{unit} chưa có ai giữ vai trò {role_vi}. Cấp vai trò trên trang Người dùng, rồi làm lại.",
        en="Nobody at {unit} holds the role of {role_en}. Grant it on the page of users, then repeat.",
    )


def run_force(args: argparse.Namespace) -> int:
    """Set whom a text binds and from when, and submit it."""
    text = text_by_code(args.code)
    user = _writer(text.unit, args)
    text = set_force(text, _wanted(args, text.unit), seen=text.version, user=user, now=now_utc())
    if args.no_submit:
        publish(now_utc())
        say(f"Đã ghi phạm vi, hiệu lực của {text.code}.", f"Scope and day of {text.code} are set.")
        return 0
    draft = submit_text(text, seen=text.version, user=user, now=now_utc())
    publish(now_utc())
    say(
        f"Đã trình {text.code}: {len(draft.units)} đơn vị, từ {said_day(args.begin)}. "
        f"Xem tác động: khien norms impact {text.code}",
        f"Submitted {text.code}: {len(draft.units)} units, from {said_day(args.begin)}. "
        f"See what it changes: khien norms impact {text.code}",
    )
    return 0


def _wanted(args: argparse.Namespace, home: Unit) -> Wanted:
    kinds, place = tuple(args.kind or ()), args.place or ""
    scope = (
        Scope(UNITS, units=tuple(args.scope))
        if args.scope
        else Scope(SUBTREE, under=args.under or home.code, kinds=kinds, place=place)
    )
    amends = [_amendment(one, "replaced") for one in args.amends or ()]
    amends += [_amendment(one, "removed") for one in args.removes or ()]
    return Wanted(scope, args.begin, tuple(args.replaces or ()), amends)


def _amendment(anchor: str, how: str) -> dict[str, Any]:
    document, _, path = anchor.partition("/")
    return {"document": document, "clauses": [path], "how": how}


def run_approve(args: argparse.Namespace) -> int:
    """Approve a submitted text."""
    text = text_by_code(args.code)
    user = _leader(text.unit, args, submitter=text.submitted_by)
    publication = approve_text(text, seen=text.version, user=user, now=now_utc())
    publish(now_utc())
    count, day = len(publication.scope["bound"]), said_day(publication.in_force_from)
    say(
        f"Đã phê duyệt {text.code}: áp dụng cho {count} đơn vị từ {day}.",
        f"Approved {text.code}: binds {count} units from {day}.",
    )
    return 0


def run_return(args: argparse.Namespace) -> int:
    """Give a submitted text back."""
    text = text_by_code(args.code)
    return_text(text, args.reason, seen=text.version, user=_leader(text.unit, args), now=now_utc())
    publish(now_utc())
    say(f"Đã trả lại {text.code}.", f"{text.code} was given back.")
    return 0


def run_withdraw(args: argparse.Namespace) -> int:
    """Take an approved text back before its day."""
    unit = publication_by_code(args.code).unit
    withdraw(args.code, args.reason, user=_leader(unit, args), now=now_utc())
    publish(now_utc())
    say(f"Đã rút {args.code}.", f"{args.code} was taken back.")
    return 0


def run_end(args: argparse.Namespace) -> int:
    """Set the day on which a text in force ends."""
    unit = publication_by_code(args.code).unit
    end_text(args.code, args.reason, on=args.on, user=_leader(unit, args), now=now_utc())
    publish(now_utc())
    say(
        f"{args.code} hết hiệu lực từ {said_day(args.on)}.",
        f"{args.code} ends on {said_day(args.on)}.",
    )
    return 0


def run_take(args: argparse.Namespace) -> int:
    """Take in a text that was reviewed elsewhere."""
    unit = unit_by_code(args.unit)
    shared = read_shared(args.path, load_library(), trust=trust_here)
    if isinstance(shared, Skeleton):
        return _bring_in(unit, shared, args)
    origin = args.path.name
    if shared.seal is not None:
        origin = f"{origin}, {shared.seal.key.name}"
    # A folder has no bytes of its own; what was read of it is kept.
    came = None if args.path.is_dir() else as_it_came(args.path.read_bytes(), args.path.name)
    text = take_shared(
        unit, shared, user=_writer(unit, args), now=now_utc(), origin=origin, file=came
    )
    publish(now_utc())
    say(
        f"Đã nhận {text.code}. Tiếp: khien norms force {text.code} --from NGÀY",
        f"Took in {text.code}. Next: khien norms force {text.code} --from DATE",
    )
    return 0


def _bring_in(unit: Unit, skeleton: Skeleton, args: argparse.Namespace) -> int:
    """Bring the words of a skeleton in as a text to be reviewed from the beginning."""
    act = Act(_writer(unit, args).get_username(), now_utc())
    text = import_text(unit, source_of(skeleton).encode(), f"{args.path.name}.txt", act=act)
    publish(now_utc())
    say(
        f"Dạng này không chứa đủ một văn bản; đã đưa lời của nó vào: {text.code}. "
        f"Tiếp: khien norms review {text.code}",
        f"This form holds too little of a text; its words were brought in as {text.code}. "
        f"Next: khien norms review {text.code}",
    )
    return 0


def run_impact(args: argparse.Namespace) -> int:
    """Show what a text will change."""
    text = text_by_code(args.code)
    draft, impact = measured(text, now=now_utc(), is_whole=False)
    library = draft.library
    if args.docx:
        _, _, content = impact_file(impact, text.unit, now=now_utc(), library=library)
        write_file(Path(args.docx), content, is_forced=False)
    if args.json:
        put_json(impact.as_dict())
        return 0
    put(painted(f"{text.code}: {said_day(impact.on)}", "bold"))
    put(str(summary_line(impact)))
    for line in lines_of(impact, library):
        put(f"  {line}")
    return 0


def _writer(unit: Unit, args: argparse.Namespace) -> User:
    if args.user:
        return _named(args.user)
    return _able(unit, WRITE, OFFICER)[0]


def _leader(unit: Unit, args: argparse.Namespace, *, submitter: str = "") -> User:
    if args.user:
        return _named(args.user)
    leaders = _able(unit, APPROVE, LEADER)
    return next((one for one in leaders if one.get_username() != submitter), leaders[0])


def _able(unit: Unit, may: str, role: str) -> list[User]:
    found = able_to(may, unit)
    if not found:
        title = ROLES[role].title
        raise NobodyForIt(unit=unit.code, role_vi=title.vi.lower(), role_en=title.en.lower())
    return found


def _named(username: str) -> User:
    user = User.objects.filter(username=username).first()
    if user is None:
        raise UnknownDoer(user=username)
    return user
