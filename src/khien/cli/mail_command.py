"""khien mail: the server, the queue, a test mail, and trying everything again."""

from __future__ import annotations

import argparse

from khien.cli.output import painted, put, put_json, say
from khien.kernel.clock import now_utc, said_moment
from khien.kernel.language import Text
from khien.ledger.services import publish
from khien.notices.config import FILE, load_mail_settings
from khien.notices.errors import MailNotConfigured
from khien.notices.models import Mail
from khien.notices.selectors import mails_of, queue_state
from khien.notices.sending import send_waiting
from khien.notices.services import queue_test, send_again
from khien.org.rights import user_by_name
from khien.org.selectors import all_units, users_of

_ACTOR = "khien mail"
_SHOWN_MAX = 100


def configure(parser: argparse.ArgumentParser) -> None:
    """Add: state, list, test USER, again."""
    actions = parser.add_subparsers(dest="action", required=True)
    for name, text in (
        ("state", Text("máy chủ và hàng đợi", "the server and the queue")),
        ("list", Text("các thư gần đây", "recent mails")),
    ):
        sub = actions.add_parser(name, help=str(text))
        sub.add_argument("--json", action="store_true", help=str(Text("in JSON", "print JSON")))
    test = actions.add_parser("test", help=str(Text("gửi thư thử ngay", "send a test mail now")))
    test.add_argument(
        "user", help=str(Text("tên đăng nhập của người nhận", "the receiver's user name"))
    )
    actions.add_parser(
        "again", help=str(Text("thử lại mọi thư chưa gửi", "try all unsent mails again"))
    )


def run(args: argparse.Namespace) -> int:
    """Do what was asked."""
    return {"state": _state, "list": _list, "test": _test, "again": _again}[args.action](args)


def _state(args: argparse.Namespace) -> int:
    config, state = load_mail_settings(), queue_state()
    if args.json:
        put_json(
            {
                "server": f"{config.server}:{config.port}" if config else None,
                "waiting": state.waiting_count,
                "refused": state.refused_count,
                "next_at": state.next_at,
                "last_answer": state.last_answer,
                "sent_at": state.sent_at,
            }
        )
        return 1 if state.is_stuck else 0
    if config is None:
        say(f"Chưa khai máy chủ thư (tệp {FILE}).", f"No mail server is configured (file {FILE}).")
    else:
        put(f"{config.server}:{config.port} ({config.security}) {config.sender}")
    at = said_moment(state.next_at) if state.next_at and config else "–"
    said = Text(
        f"{state.waiting_count} thư chưa gửi, lần thử kế {at}; {state.refused_count} bị từ chối hẳn",
        f"{state.waiting_count} mail(s) not sent, next try {at}; {state.refused_count} refused for good",
    )
    put(str(said))
    if state.last_answer:
        put(state.last_answer)
    return 1 if state.is_stuck else 0


def _list(args: argparse.Namespace) -> int:
    mails = mails_of(users_of(all_units()))[:_SHOWN_MAX]
    rows = [
        {
            "number": mail.pk,
            "user": mail.user.username,
            "kind": mail.kind,
            "day": mail.day,
            "state": mail.state,
            "attempts": mail.attempts,
            "next_at": mail.next_at,
            "answer": mail.answer,
        }
        for mail in mails
    ]
    if args.json:
        put_json(rows)
        return 0
    for row in rows:
        put(
            f"{row['number']:>6} {row['day']} {painted(str(row['user']), 'bold'):<24} "
            f"{row['state']:<9} {row['attempts']}× {row['answer']}"
        )
    return 0


def _test(args: argparse.Namespace) -> int:
    if load_mail_settings() is None:
        raise MailNotConfigured(file=FILE)
    now = now_utc()
    mail = queue_test(user_by_name(args.user), now=now)
    send_waiting(now=now)
    mail.refresh_from_db()
    if mail.state == Mail.State.SENT:
        say(
            f"Máy chủ đã nhận thư gửi {mail.address}.",
            f"The server took the mail to {mail.address}.",
        )
        return 0
    say(f"Chưa gửi được: {mail.answer}", f"Not sent: {mail.answer}")
    return 1


def _again(args: argparse.Namespace) -> int:
    del args
    now = now_utc()
    count = send_again(users_of(all_units()), by=_ACTOR, now=now)
    publish(now)
    sent = send_waiting(now=now)
    say(f"Thử lại {count} thư, gửi được {sent}.", f"Tried {count} mails again, {sent} left.")
    return 0 if not queue_state().is_stuck else 1
