"""Accounts, groups, password policy and signs of defaults of a Linux machine."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime

from khien.facts.linux_config import last_values, lines
from khien.facts.linux_pam import (
    DIRECTORY_MODULES,
    NEVER_DAYS,
    Pam,
    Row,
    history_size,
    lockout_rules,
    login_stacks,
    module,
    password_rules,
)
from khien.facts.linux_raw import RawBundle, RawRow, day, whole

NO_LOGIN = ("nologin", "false", "sync", "halt", "shutdown", "true")
CUSTOMARY_ADMIN_GROUPS = frozenset({"sudo", "wheel", "admin"})
ROOT_LIKE_GROUPS = frozenset({"docker", "lxd", "incus-admin"})  # members can become root at will
_DEFAULT_NAMES = """
root admin administrator guest pi ubuntu debian centos fedora vagrant ec2-user user test demo oracle
postgres mysql tomcat support ftp anonymous
"""
DEFAULT_NAMES = frozenset(_DEFAULT_NAMES.split())
_SHARED = re.compile(
    r"(^|[._-])(chung|dungchung|vanthu|vanphong|phong|motcua|tiepdan|ketoan|shared?|common|team|group|"
    r"office|public|kiosk|user\d*|test|demo|guest)($|[._-]|\d)"
)


class Admins:
    """Who has administrator rights, as far as sudo could be read."""

    def __init__(self, bundle: RawBundle) -> None:
        self.is_complete = bundle.complete("sudoers")
        self.users: set[str] = set()
        self.groups: set[str] = set(ROOT_LIKE_GROUPS)
        if not self.is_complete:
            self.groups |= CUSTOMARY_ADMIN_GROUPS
        for line in lines(bundle, "sudoers"):
            self._note(line.text)
        members = [(r.text("name"), r.text("member")) for r in bundle.rows("group")]
        self.members = {member for name, member in members if member and name in self.groups}
        self.gids = {
            r.integer("gid") for r in bundle.rows("group") if r.text("name") in self.groups
        }

    def _note(self, text: str) -> None:
        match = re.match(r"(%?[\w.@\\-]+)\s+\S+?\s*=\s*(\([^)]*\)\s*)?(\w+:\s*)*ALL\s*$", text)
        if not match or re.match(r"(Defaults|User_Alias|Runas_Alias|Host_Alias|Cmnd_Alias)", text):
            return
        who = match.group(1)
        if who.startswith("%"):
            self.groups.add(who[1:])
        else:
            self.users.add(who)

    def includes(self, person: RawRow) -> bool | None:
        """Say whether an account is an administrator; None when sudo could not be read."""
        name = person.text("name")
        if person.integer("uid") == 0 or name in self.users or name in self.members:
            return True
        if person.integer("gid") in self.gids:
            return True
        return False if self.is_complete else None


def build_accounts(bundle: RawBundle) -> list[Row]:
    """Return one row per account of /etc/passwd."""
    shadows = {row.text("name"): row for row in bundle.rows("shadow")}
    logons = {row.text("name"): row for row in bundle.rows("lastlog")}
    admins = Admins(bundle)
    uid_min = whole(last_values(lines(bundle, "login_config", "*/login.defs")).get("uid_min"))
    rows = []
    for person in bundle.rows("passwd"):
        name = person.text("name") or ""
        row = _identity(person, admins, uid_min or 1000)
        row |= _password(person, shadows.get(name), row, bundle.finished_at)
        row |= _logon(logons.get(name), known=bundle.usable("lastlog"))
        rows.append(row)
    return rows


def _identity(person: RawRow, admins: Admins, uid_min: int) -> Row:
    uid, name = person.integer("uid"), person.text("name") or ""
    shell = person.text("shell")
    system = None if uid is None else (uid < uid_min and uid != 0) or uid in (65534, 65535)
    admin = admins.includes(person)
    return {
        "username": name,
        "uid": None if uid is None else str(uid),
        "source": "local",
        "is_system": system,
        "is_admin": False if admin is None and system else admin,
        "login_shell": shell,
        "is_default_account": name.lower() in DEFAULT_NAMES,
        "is_shared_hint": bool(_SHARED.search(name.lower())) and system is False,
    }


def _has_login_shell(shell: object) -> bool:
    # An empty shell field means /bin/sh.
    return str(shell or "/bin/sh").rsplit("/", 1)[-1] not in NO_LOGIN


def _password(person: RawRow, shadow: RawRow | None, row: Row, now: datetime) -> Row:
    shell_ok = _has_login_shell(row["login_shell"])
    state = person.text("password")
    if state == "shadow":
        state = shadow.text("state") if shadow else None
    if state is None:
        return {} if shell_ok else {"is_login_allowed": False, "enabled": False}
    ends = day(shadow.integer("expire")) if shadow else None
    expired = ends is not None and ends <= now
    usable = state in ("hashed", "empty")
    return {
        "password_state": state,
        "password_set": state in ("hashed", "locked"),
        "empty_password": state == "empty",
        "locked": not usable,
        "expires_at": ends,
        "never_expires": ends is None if shadow else None,
        "is_login_allowed": shell_ok and not expired,
        "enabled": usable and shell_ok and not expired,
        "key_login_possible": shell_ok and not expired,
        **(_ageing(shadow) if shadow else {}),
    }


def _ageing(shadow: RawRow) -> Row:
    most, changed = shadow.integer("max"), shadow.integer("last_change")
    never = most is None or not 0 <= most < NEVER_DAYS
    return {
        "password_expires": not never,
        "maximum_age_days": None if never else most,
        "must_change": changed == 0,
        "password_last_changed_at": day(changed) if changed else None,
    }


def _logon(logon: RawRow | None, *, known: bool) -> Row:
    if logon is None or not known:
        return {}
    at = logon.moment("at")
    return {"last_login_at": at, "never_logged_in": at is None}


def build_groups(bundle: RawBundle) -> list[Row]:
    """Return one row per group and member, primary groups included."""
    admins = Admins(bundle)
    names = {row.integer("gid"): row.text("name") for row in bundle.rows("group")}
    pairs = {
        (row.text("name"), row.integer("gid"), row.text("member"))
        for row in bundle.rows("group")
        if row.text("member")
    }
    for person in bundle.rows("passwd"):
        gid = person.integer("gid")
        pairs.add((names.get(gid), gid, person.text("name")))
    return [
        {
            "group_name": name,
            "gid": None if gid is None else str(gid),
            "username": member,
            "is_admin_group": gid == 0 or name in admins.groups,
        }
        for name, gid, member in sorted(pairs, key=str)
    ]


def build_account_policy(bundle: RawBundle) -> list[Row]:
    """Return the one row of password and lockout policy."""
    pam = Pam(bundle)
    row = password_rules(bundle, pam) | lockout_rules(bundle, pam)
    row["history_size"] = history_size(bundle, pam)
    row["reversible_encryption"] = False
    if bundle.usable("login_config"):
        row |= _general_ageing(last_values(lines(bundle, "login_config", "*/login.defs")))
    auth = [entry for stack in login_stacks(pam) for entry in stack]
    row["has_directory_accounts"] = module(auth, *DIRECTORY_MODULES) is not None or bool(
        bundle.rows("directory")
    )
    return [row]


def _general_ageing(values: Mapping[str, str]) -> Row:
    text = values.get("pass_max_days")
    most = whole(text)
    if text is not None and most is None:
        return {}
    # Without the line useradd writes no maximum at all.
    never = most is None or not 0 <= most < NEVER_DAYS
    least = whole(values.get("pass_min_days"))
    return {
        "maximum_age_never": never,
        "maximum_age_days": None if never else most,
        "minimum_age_days": least if least is None or least >= 0 else 0,
    }


def build_default_credentials(bundle: RawBundle) -> list[Row]:
    """Return signs of accounts and communities left as the vendor made them."""
    found: list[Row] = []
    for account in build_accounts(bundle):
        is_open = account.get("enabled") is True
        if account.get("empty_password") is True and account.get("is_login_allowed"):
            found.append(_sign("empty_password", account["username"], True, "/etc/shadow"))
        if account["is_default_account"] and account["username"] != "root":
            known = account.get("enabled") is not None
            found.append(
                _sign(
                    "default_account",
                    account["username"],
                    is_open if known else None,
                    "/etc/passwd",
                )
            )
    for row in bundle.rows("snmp"):
        found.append(
            _sign("snmp_community", row.text("directive"), row.boolean("default"), row.text("file"))
        )
    return found


def _sign(kind: str, subject: object, is_default: bool | None, source: str | None) -> Row:
    return {"kind": kind, "subject": subject, "is_default": is_default, "source": source}
