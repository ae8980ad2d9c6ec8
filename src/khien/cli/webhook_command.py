"""khien webhook: open, list, try and close webhooks; see their deliveries and send one again."""

from __future__ import annotations

import argparse
from typing import Any

from khien.cli.output import painted, put, put_json, say
from khien.cli.words import names_argument
from khien.exchange.deliveries import deliver
from khien.exchange.models import Webhook
from khien.exchange.selectors import (
    deliveries_of,
    delivery_by_number,
    webhook_by_number,
    webhooks_with_counts,
)
from khien.exchange.webhooks import known_kinds, make_webhook, queue_test, remove_webhook, replay
from khien.kernel.clock import now_utc, said_moment
from khien.kernel.language import Text
from khien.ledger.services import publish
from khien.org.selectors import all_units, unit_by_code

_ACTOR = "khien webhook"
_SHOWN_MAX = 200


def configure(parser: argparse.ArgumentParser) -> None:
    """Add: add, list, kinds, test, remove, deliveries, replay."""
    actions = parser.add_subparsers(dest="action", required=True)
    add = actions.add_parser("add", help=str(Text("mở webhook", "open a webhook")))
    add.add_argument("url", metavar="URL", help=str(Text("địa chỉ nhận", "the receiver's address")))
    add.add_argument("--unit", required=True, help=str(Text("mã đơn vị", "the unit's code")))
    add.add_argument(
        "--event",
        required=True,
        type=names_argument,
        metavar=str(Text("LOẠI,…", "KIND,…")),
        help=str(Text("loại sự kiện, phòng.* hoặc *", "kinds of events, room.* or *")),
    )
    add.add_argument(
        "--allow-private",
        action="store_true",
        help=str(Text("cho phép http và mạng nội bộ", "allow http and addresses inside the house")),
    )
    show = actions.add_parser("list", help=str(Text("liệt kê webhook", "list webhooks")))
    show.add_argument("--unit", help=str(Text("mã đơn vị", "the unit's code")))
    _add_json(show)
    kinds = actions.add_parser("kinds", help=str(Text("các loại sự kiện", "kinds of events")))
    _add_json(kinds)
    for name, text in (
        ("test", Text("gửi thử ngay", "send a test message now")),
        ("remove", Text("đóng webhook", "close a webhook")),
        ("deliveries", Text("xem các lần gửi", "see what was sent")),
        ("replay", Text("gửi lại một lần gửi", "send one delivery again")),
    ):
        sub = actions.add_parser(name, help=str(text))
        sub.add_argument("number", type=int, help=str(Text("số webhook", "the webhook's number")))
        if name == "deliveries":
            _add_json(sub)
        if name == "replay":
            sub.add_argument(
                "delivery", type=int, help=str(Text("số lần gửi", "the delivery's number"))
            )


def _add_json(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help=str(Text("in JSON", "print JSON")))


def run(args: argparse.Namespace) -> int:
    """Do what was asked."""
    return {
        "add": _add,
        "list": _list,
        "kinds": _kinds,
        "test": _test,
        "remove": _remove,
        "deliveries": _deliveries,
        "replay": _replay,
    }[args.action](args)


def _add(args: argparse.Namespace) -> int:
    webhook, secret = make_webhook(
        unit_by_code(args.unit),
        url=args.url,
        kinds=args.event,
        by=_ACTOR,
        now=now_utc(),
        allows_private=args.allow_private,
    )
    publish(now_utc())
    put(secret)
    say(
        f"Đã mở webhook số {webhook.pk}. Giao khóa trên cho bên nhận: khóa không hiện lại.",
        f"Opened webhook {webhook.pk}. Give the secret above to the receiver: it is not shown again.",
    )
    return 0


def _list(args: argparse.Namespace) -> int:
    units = [unit_by_code(args.unit)] if args.unit else all_units()
    rows: list[dict[str, Any]] = [
        {
            "number": one.pk,
            "unit": one.unit.code,
            "url": one.url,
            "kinds": one.kinds,
            "allows_private": one.allows_private,
            "position": one.position,
            "waiting": counts[0],
            "given_up": counts[1],
        }
        for one, counts in webhooks_with_counts(units)
    ]
    if args.json:
        put_json(rows)
        return 0
    for row in rows:
        counts = Text(
            f"chờ {row['waiting']}, bỏ {row['given_up']}",
            f"{row['waiting']} waiting, {row['given_up']} given up",
        )
        put(
            f"{row['number']:>4} {painted(row['unit'], 'bold')} {row['url']} {row['kinds']} [{counts}]"
        )
    return 0


def _kinds(args: argparse.Namespace) -> int:
    if args.json:
        put_json(known_kinds())
    else:
        put("\n".join(known_kinds()))
    return 0


def _any(number: int) -> Webhook:
    return webhook_by_number(number, all_units())


def _test(args: argparse.Namespace) -> int:
    return _sent(queue_test(_any(args.number), now=now_utc()).pk)


def _replay(args: argparse.Namespace) -> int:
    chosen = delivery_by_number(_any(args.number), args.delivery)
    return _sent(replay(chosen, now=now_utc()).pk)


def _sent(delivery: int) -> int:
    answer = deliver(delivery, now=now_utc())
    if answer is not None and answer.is_accepted:
        say("Bên nhận đã nhận.", "The receiver accepted it.")
        return 0
    word = answer.word if answer is not None else "–"
    say(f"Bên nhận chưa nhận: {word}", f"The receiver did not accept it: {word}")
    return 1


def _remove(args: argparse.Namespace) -> int:
    remove_webhook(_any(args.number), by=_ACTOR, now=now_utc())
    publish(now_utc())
    say(f"Đã đóng webhook số {args.number}.", f"Webhook {args.number} is closed.")
    return 0


def _deliveries(args: argparse.Namespace) -> int:
    rows: list[dict[str, Any]] = [
        {
            "number": one.pk,
            "message": one.message,
            "kind": one.kind,
            "state": one.state,
            "attempts": one.attempts,
            "next_at": one.next_at,
            "answer": one.answer,
        }
        for one in deliveries_of(_any(args.number))[:_SHOWN_MAX]
    ]
    if args.json:
        put_json(rows)
        return 0
    for row in rows:
        put(
            f"{row['number']:>6} {row['state']:<10} {row['kind']:<28} {row['attempts']}× "
            f"{row['answer']} {said_moment(row['next_at']) if row['state'] == 'waiting' else ''}"
        )
    return 0
