"""The SSH server's settings of a Linux machine: as it states them itself, else as its files say."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase

from khien.facts.linux_config import Files, Line, lines, seconds, yes
from khien.facts.linux_pam import Pam, Row, second_factor
from khien.facts.linux_raw import RawBundle, whole

# What OpenSSH does when nothing is set (sshd_config(5)).
DEFAULTS = {
    "permitrootlogin": "prohibit-password",
    "passwordauthentication": "yes",
    "permitemptypasswords": "no",
    "pubkeyauthentication": "yes",
    "kbdinteractiveauthentication": "yes",
    "maxauthtries": "6",
    "usepam": "no",
}
_OLD_NAMES = {"challengeresponseauthentication": "kbdinteractiveauthentication"}
# Values a Match block may loosen; the looser one is reported, since it holds for somebody.
_LOOSE = ("permitrootlogin", "passwordauthentication", "permitemptypasswords")
_ROOT_ORDER = ("no", "forced-commands-only", "prohibit-password", "without-password", "yes")
INCLUDES_MAX = 20


@dataclass(frozen=True, slots=True)
class Sshd:
    """Effective settings; `values` is None when they could not be read."""

    installed: bool | None
    values: dict[str, str] | None
    ports: tuple[int, ...]

    def flag(self, key: str) -> bool | None:
        """Return a yes/no setting."""
        return yes(self.values.get(key)) if self.values else None

    def number(self, key: str) -> int | None:
        """Return a numeric setting."""
        return whole(self.values.get(key)) if self.values else None


def read_sshd(bundle: RawBundle) -> Sshd:
    """Return what the SSH server does, with Match blocks taken at their loosest."""
    found = lines(bundle, "sshd_config")
    is_installed = Files(bundle).has("/usr/sbin/sshd")
    stated = _stated(bundle)
    if not stated and (not found or not bundle.complete("sshd_config")):
        return Sshd(is_installed, None, ())
    plain, loosened = _from_files(found)
    values = stated or (DEFAULTS | plain)
    for key, value in loosened:
        values[key] = _looser(key, values.get(key), value)
    ports = tuple(p for p in (whole(v) for v in values.get("port", "22").split()) if p)
    return Sshd(is_installed, values, ports)


def _stated(bundle: RawBundle) -> dict[str, str]:
    values: dict[str, str] = {}
    for line in lines(bundle, "sshd"):
        key, _, value = line.text.partition(" ")
        name = _OLD_NAMES.get(key.lower(), key.lower())
        values[name] = f"{values[name]} {value}" if name == "port" and name in values else value
    return values


def _from_files(found: list[Line]) -> tuple[dict[str, str], list[tuple[str, str]]]:
    main = [line for line in found if ".d/" not in line.file]
    plain: dict[str, str] = {}
    loosened: list[tuple[str, str]] = []
    for key, value, in_match in _walk(main, found, INCLUDES_MAX):
        if in_match and key in _LOOSE:
            loosened.append((key, value.lower()))
        elif not in_match and key == "port" and key in plain:
            plain[key] += " " + value
        elif not in_match:
            plain.setdefault(key, value)  # the first value wins
    return plain, loosened


def _walk(here: list[Line], everything: list[Line], left: int) -> Iterator[tuple[str, str, bool]]:
    in_match, current = False, ""
    for line in here:
        if line.file != current:
            current, in_match = line.file, False
        key, _, value = line.text.replace("=", " ", 1).partition(" ")
        key, value = _OLD_NAMES.get(key.lower(), key.lower()), value.strip().strip('"')
        if key == "match":
            in_match = value.lower() != "all"
        elif key == "include" and left > 0:
            patterns = [p if p.startswith("/") else "/etc/ssh/" + p for p in value.split()]
            inner = [one for one in everything if any(fnmatchcase(one.file, p) for p in patterns)]
            yield from _walk([one for one in inner if one.file != line.file], [], left - 1)
        else:
            yield key, value, in_match


def _looser(key: str, one: str | None, other: str) -> str:
    if key == "permitrootlogin":
        known = [word for word in (one, other) if word in _ROOT_ORDER]
        return max(known, key=_ROOT_ORDER.index, default=other)
    return "yes" if "yes" in (one, other) else other


def ssh_columns(bundle: RawBundle, sshd: Sshd) -> Row:
    """Return what remote_admin says of the SSH server."""
    row: Row = {"service": "ssh", "encrypted": True}
    if sshd.values is None:
        return row
    root = sshd.values.get("permitrootlogin", "").lower()
    passwords = sshd.flag("passwordauthentication")
    by_keyboard = sshd.flag("kbdinteractiveauthentication") and sshd.flag("usepam")
    any_password = bool(passwords or by_keyboard)
    return row | {
        "root_login": root != "no",
        "root_password_login": root == "yes" and any_password,
        "password_authentication": any_password,
        "empty_passwords": sshd.flag("permitemptypasswords"),
        "max_auth_tries": sshd.number("maxauthtries"),
        "source_limited": bool({"allowusers", "allowgroups"} & set(sshd.values)),
        "idle_timeout_seconds": idle_seconds(sshd),
        "mfa": ssh_mfa(bundle, sshd)["enforced"],
    }


def idle_seconds(sshd: Sshd) -> int | None:
    """Return after how long an idle SSH session ends; 0 = never.

    ClientAliveInterval does not count: it ends dead connections, not idle ones.
    """
    if sshd.values is None:
        return None
    for word in sshd.values.get("channeltimeout", "none").split():
        name, _, span = word.partition("=")
        if name in ("session", "session:*", "*", "session:shell"):
            return seconds(span)
    return 0


def ssh_mfa(bundle: RawBundle, sshd: Sshd) -> Row:
    """Return whether SSH asks for two factors, and whether there is a way around."""
    if sshd.values is None:
        return {"scope": "ssh", "enabled": None, "enforced": None, "mechanism": None}
    ways = sshd.values.get("authenticationmethods", "any").split()
    factors = [{word.split(":")[0] for word in way.split(",")} for way in ways if way != "any"]
    mechanism, strict = second_factor(Pam(bundle).stack("sshd", "auth"))
    uses_pam = bool(mechanism and sshd.flag("usepam") and sshd.flag("kbdinteractiveauthentication"))
    if factors and all(len(way) > 1 for way in factors):
        name = mechanism if uses_pam else "publickey+password"
        return {"scope": "ssh", "enabled": True, "enforced": True, "mechanism": name}
    only_pam = (
        sshd.flag("pubkeyauthentication") is False and sshd.flag("passwordauthentication") is False
    )
    partly = any(len(way) > 1 for way in factors)
    return {
        "scope": "ssh",
        "enabled": uses_pam or partly,
        "enforced": uses_pam and strict and only_pam,
        "mechanism": mechanism if uses_pam else ("publickey+password" if partly else "none"),
    }
