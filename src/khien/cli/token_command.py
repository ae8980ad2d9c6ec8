"""khien token: make, list and revoke access tokens of programs."""

from __future__ import annotations

import argparse
from typing import Any

from khien.access.token_models import ApiToken
from khien.access.token_selectors import all_tokens, is_good, token_by_number, tokens_of
from khien.access.token_services import DAYS_USUAL, make_token, revoke_token
from khien.cli.output import painted, put, put_json, say
from khien.cli.words import names_argument
from khien.kernel.clock import now_utc, said_moment
from khien.kernel.language import Text
from khien.ledger.services import publish
from khien.org.rights import user_by_name
from khien.org.roles import CAPABILITIES
from khien.org.selectors import unit_by_code

_ACTOR = "khien token"


def configure(parser: argparse.ArgumentParser) -> None:
    """Add: make --user U --scope S, list [--user U], revoke NUMBER."""
    actions = parser.add_subparsers(dest="action", required=True)
    make = actions.add_parser(
        "make", help=str(Text("tạo mã; hiện một lần", "make a token, shown once"))
    )
    make.add_argument("--user", required=True, help=str(Text("tên người dùng", "the user's name")))
    make.add_argument(
        "--scope",
        required=True,
        type=names_argument,
        metavar=",".join(CAPABILITIES[:3]) + ",…",
        help=str(Text("được làm gì, cách nhau dấu phẩy", "what it may do, commas between")),
    )
    make.add_argument(
        "--unit", help=str(Text("chỉ tại đơn vị này và cấp dưới", "only at this unit and below"))
    )
    make.add_argument(
        "--days",
        type=int,
        default=DAYS_USUAL,
        help=str(Text("số ngày còn hạn, 1–366", "days it lasts, 1–366")),
    )
    make.add_argument("--name", required=True, help=str(Text("dùng để làm gì", "what it is for")))
    _add_json(make)
    show = actions.add_parser("list", help=str(Text("liệt kê các mã", "list the tokens")))
    show.add_argument("--user", help=str(Text("chỉ của người dùng này", "only of this user")))
    _add_json(show)
    revoke = actions.add_parser("revoke", help=str(Text("thu hồi một mã", "revoke a token")))
    revoke.add_argument("number", type=int, help=str(Text("số của mã", "the token's number")))


def _add_json(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help=str(Text("in JSON", "print JSON")))


def run(args: argparse.Namespace) -> int:
    """Do what was asked."""
    return {"make": _make, "list": _list, "revoke": _revoke}[args.action](args)


def _make(args: argparse.Namespace) -> int:
    unit = unit_by_code(args.unit) if args.unit else None
    token, secret = make_token(
        user_by_name(args.user),
        name=args.name,
        scopes=args.scope,
        days=args.days,
        by=_ACTOR,
        now=now_utc(),
        unit=unit,
    )
    publish(now_utc())
    if args.json:
        put_json({**_said(token), "token": secret})
    else:
        put(secret)
    say(
        f"Mã số {token.pk}, hết hạn {said_moment(token.expires_at)}. Chép ngay: mã không hiện lại.",
        f"Token {token.pk}, until {said_moment(token.expires_at)}. Copy it now: it is not shown again.",
    )
    return 0


def _list(args: argparse.Namespace) -> int:
    tokens = tokens_of(user_by_name(args.user)) if args.user else all_tokens()
    rows = [_said(token) for token in tokens.select_related("user")]
    if args.json:
        put_json(rows)
        return 0
    for row in rows:
        state = "" if row["is_good"] else str(Text(" [hết hiệu lực]", " [no longer good]"))
        put(
            f"{row['number']:>4} {painted(str(row['user']), 'bold')} {row['name']} …{row['hint']} "
            f"[{', '.join(row['scopes'])}] → {row['expires_at']:%d/%m/%Y}{state}"
        )
    return 0


def _said(token: ApiToken) -> dict[str, Any]:
    return {
        "number": token.pk,
        "user": token.user.username,
        "name": token.name,
        "hint": token.hint,
        "scopes": token.scopes,
        "unit": token.unit.code if token.unit else None,
        "made_at": token.made_at,
        "expires_at": token.expires_at,
        "used_at": token.used_at,
        "revoked_at": token.revoked_at,
        "is_good": is_good(token, now_utc()),
    }


def _revoke(args: argparse.Namespace) -> int:
    token = token_by_number(args.number)
    revoke_token(token, by=_ACTOR, now=now_utc())
    publish(now_utc())
    say(f"Đã thu hồi mã số {token.pk}.", f"Token {token.pk} is revoked.")
    return 0
