"""khien user: list users, make them, grant and revoke roles, disable; by whoever keeps the machine."""

from __future__ import annotations

import argparse
from datetime import timedelta
from typing import Any

from khien.cli.output import painted, put, put_json, say
from khien.cli.serve_command import own_address
from khien.cli.words import day_argument
from khien.kernel.clock import now_utc, said_day, vietnam_date
from khien.kernel.language import Text
from khien.ledger.services import publish
from khien.org.errors import RoleRefused
from khien.org.models import RoleHeld, User
from khien.org.rights import roles_ever_of, standing_roles, user_by_name, users_at
from khien.org.roles import ROLES
from khien.org.selectors import all_units, unit_by_code
from khien.org.services import grant_role, make_sign_in_link, revoke_role
from khien.org.users import disable_leavers, disable_user, enable_user, let_go, make_user

_ACTOR = "khien user"
_LINK_DAYS = 3


def configure(parser: argparse.ArgumentParser) -> None:
    """Add: list, add, roles, grant, revoke, disable, enable, leave, leavers."""
    actions = parser.add_subparsers(dest="action", required=True)
    show = actions.add_parser("list", help=str(Text("liệt kê", "list")))
    show.add_argument("--unit", help=str(Text("chỉ của đơn vị", "only of this unit")))
    _add_json(show)
    _configure_add(actions)
    roles = _about(actions, "roles", Text("mọi vai trò đã giữ", "every role ever held"))
    _add_json(roles)
    grant = _about(actions, "grant", Text("giao vai trò", "grant a role"))
    grant.add_argument("role", choices=tuple(ROLES), help=str(Text("vai trò", "role")))
    grant.add_argument("--unit", help=str(Text("tại đơn vị", "at the unit")))
    grant.add_argument(
        "--from", dest="since", type=day_argument, help=str(Text("từ ngày", "from the day"))
    )
    grant.add_argument("--until", type=day_argument, help=str(Text("ngày cuối", "the last day")))
    grant.add_argument("--reason", default="", help=str(Text("lý do", "why")))
    revoke = _about(actions, "revoke", Text("thu hồi vai trò", "revoke a role"))
    revoke.add_argument("role", choices=tuple(ROLES), help=str(Text("vai trò", "role")))
    revoke.add_argument("--unit", help=str(Text("tại đơn vị", "at the unit")))
    disable = _about(actions, "disable", Text("khóa tài khoản", "disable an account"))
    disable.add_argument("--reason", default="", help=str(Text("lý do", "why")))
    _about(actions, "enable", Text("mở lại tài khoản", "enable an account again"))
    leave = _about(actions, "leave", Text("ghi ngày nghỉ", "record somebody's last day"))
    leave.add_argument(
        "--on", type=day_argument, required=True, help=str(Text("ngày cuối", "the last day"))
    )
    actions.add_parser(
        "leavers",
        help=str(Text("khóa tài khoản người đã nghỉ", "disable accounts of those who left")),
    )


def _configure_add(actions: Any) -> None:
    add = actions.add_parser("add", help=str(Text("tạo tài khoản", "make an account")))
    add.add_argument("username", help=str(Text("tên đăng nhập", "user name")))
    add.add_argument("full_name", help=str(Text("họ và tên", "full name")))
    add.add_argument("--unit", required=True, help=str(Text("mã đơn vị", "unit code")))
    add.add_argument("--email", default="", help=str(Text("thư điện tử", "e-mail")))
    add.add_argument(
        "--role",
        dest="roles",
        action="append",
        choices=tuple(ROLES),
        default=[],
        help=str(Text("vai trò, lặp lại được", "a role, may be repeated")),
    )
    add.add_argument("--until", type=day_argument, help=str(Text("ngày cuối", "the last day")))


def _about(actions: Any, name: str, text: Text) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = actions.add_parser(name, help=str(text))
    parser.add_argument("username", help=str(Text("tên đăng nhập", "user name")))
    return parser


def _add_json(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help=str(Text("in JSON", "print JSON")))


def run(args: argparse.Namespace) -> int:
    """Do what was asked."""
    match args.action:
        case "list":
            return _list(args)
        case "add":
            return _add(args)
        case "leavers":
            return _leavers()
    user = user_by_name(args.username)
    match args.action:
        case "roles":
            return _roles(user, as_json=args.json)
        case "grant":
            return _grant(user, args)
        case "revoke":
            return _revoke(user, args)
        case "disable":
            disable_user(user, by=_ACTOR, now=now_utc(), reason=args.reason)
            say(f"Đã khóa tài khoản {user}.", f"The account {user} is disabled.")
        case "enable":
            enable_user(user, by=_ACTOR, now=now_utc())
            say(f"Đã mở lại tài khoản {user}.", f"The account {user} is enabled.")
        case _:
            let_go(user, last_day=args.on, by=_ACTOR, now=now_utc())
            day = said_day(args.on)
            say(f"Vai trò của {user} hết sau {day}.", f"All roles of {user} end after {day}.")
    publish(now_utc())
    return 0


def _list(args: argparse.Namespace) -> int:
    units = [unit_by_code(args.unit)] if args.unit else list(all_units())
    users = list(users_at(units)) if args.unit else list(users_at(units, with_guests=False))
    held = standing_roles(users, on=vietnam_date(now_utc()))
    rows = [_row(user, held.get(user.pk, [])) for user in users]
    if args.json:
        put_json(rows)
        return 0
    for row in rows:
        mark = "" if row["is_active"] else str(Text("  đã khóa", "  disabled"))
        said = ", ".join(f"{role['role']}@{role['unit']}" for role in row["roles"])
        put(f"{painted(row['username'], 'bold')}  {row['full_name']}  [{said}]{mark}")
    return 0


def _row(user: User, held: list[RoleHeld]) -> dict[str, Any]:
    return {
        "username": user.username,
        "full_name": user.full_name,
        "email": user.email,
        "unit": user.unit.code if user.unit else None,
        "is_active": user.is_active,
        "ends_on": user.ends_on,
        "last_login": user.last_login,
        "roles": [
            {"role": role.role, "unit": role.unit.code, "until": role.until_on} for role in held
        ],
    }


def _add(args: argparse.Namespace) -> int:
    now, unit = now_utc(), unit_by_code(args.unit)
    if any(ROLES[role].must_end for role in args.roles) and args.until is None:
        raise RoleRefused(role=", ".join(args.roles))
    user = make_user(
        args.username,
        full_name=args.full_name,
        email=args.email,
        unit=unit,
        by=_ACTOR,
        now=now,
    )
    for role in args.roles:
        grant_role(
            user,
            role,
            unit,
            from_on=vietnam_date(now),
            until_on=args.until,
            by=_ACTOR,
            now=now,
        )
    secret = make_sign_in_link(user, now=now, good_for=timedelta(days=_LINK_DAYS))
    publish(now)
    put(f"{own_address()}/vao/{secret}/")
    say(
        f"Đã tạo {user}. Liên kết trên dùng một lần, trong {_LINK_DAYS} ngày; giao tận tay.",
        f"Made {user}. The link above works once, for {_LINK_DAYS} days; hand it over in person.",
    )
    return 0


def _roles(user: User, *, as_json: bool) -> int:
    rows = [
        {
            "role": held.role,
            "unit": held.unit.code,
            "from": held.from_on,
            "until": held.until_on,
            "granted_by": held.granted_by,
            "revoked_by": held.revoked_by or None,
            "revoked_at": held.revoked_at,
            "reason": held.reason,
        }
        for held in roles_ever_of(user)
    ]
    if as_json:
        put_json(rows)
        return 0
    for row in rows:
        end = row["until"] or "…"
        over = f"  ({row['revoked_by']})" if row["revoked_by"] else ""
        put(f"{row['from']} – {end}  {painted(str(row['role']), 'bold')}@{row['unit']}{over}")
    return 0


def _grant(user: User, args: argparse.Namespace) -> int:
    now = now_utc()
    unit = unit_by_code(args.unit) if args.unit else user.unit or unit_by_code("")
    grant_role(
        user,
        args.role,
        unit,
        from_on=args.since or vietnam_date(now),
        until_on=args.until,
        reason=args.reason,
        by=_ACTOR,
        now=now,
    )
    publish(now)
    title = ROLES[args.role].title
    say(f"{user}: {title.vi} tại {unit}.", f"{user}: {title.en} at {unit}.")
    return 0


def _revoke(user: User, args: argparse.Namespace) -> int:
    now = now_utc()
    unit = unit_by_code(args.unit) if args.unit else user.unit or unit_by_code("")
    held = [
        one
        for one in roles_ever_of(user)
        if one.role == args.role and one.unit_id == unit.pk and one.revoked_at is None
    ]
    for one in held:
        revoke_role(one, by=_ACTOR, now=now)
    publish(now)
    if not held:
        say(f"{user} không giữ vai trò đó tại {unit}.", f"{user} holds no such role at {unit}.")
        return 1
    say(f"Đã thu hồi {args.role} của {user}.", f"Revoked {args.role} of {user}.")
    return 0


def _leavers() -> int:
    now = now_utc()
    left = disable_leavers(now=now)
    publish(now)
    for user in left:
        put(user.username)
    say(f"Đã khóa {len(left)} tài khoản.", f"{len(left)} account(s) disabled.")
    return 0
