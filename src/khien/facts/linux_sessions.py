"""Screen and session locks, second factors and autoplay of a Linux machine."""

from __future__ import annotations

import re
from collections.abc import Iterable

from khien.facts.linux_config import Files, last_values, lines, seconds, sections
from khien.facts.linux_pam import Pam, Row, second_factor
from khien.facts.linux_raw import RawBundle, whole
from khien.facts.linux_sshd import idle_seconds, read_sshd, ssh_mfa

_TMOUT = re.compile(r"\bTMOUT=[\"']?(?:\$\{TMOUT:-)?(\d{1,9})\b")
_FIXED = re.compile(r"\b(readonly|(typeset|declare)\s+-\w*r\w*)\b[^#]*\bTMOUT\b")
_SESSION = "org/gnome/desktop/session"
_SAVER = "org/gnome/desktop/screensaver"
_MEDIA = "org/gnome/desktop/media-handling"


def has_desktop(bundle: RawBundle) -> bool | None:
    """Say whether a graphical desktop is installed; None when files could not be looked at."""
    files = Files(bundle)
    if not files.is_known:
        return None
    return bool(files.matching("/usr/share/xsessions/*", "/usr/share/wayland-sessions/*")) or bool(
        files.has("/usr/bin/gnome-shell", "/usr/bin/plasmashell")
    )


def build_screen_locks(bundle: RawBundle) -> list[Row]:
    """Return one row per mechanism that can lock a session."""
    rows = [_shell(bundle), _logind(bundle)]
    sshd = read_sshd(bundle)
    if sshd.installed is not False:
        idle = idle_seconds(sshd)
        rows.append(_lock("ssh_idle", "remote", idle, known=sshd.values is not None))
    files = Files(bundle)
    if files.has("/usr/bin/gnome-shell"):
        rows.append(_gnome(bundle))
    if files.has("/usr/bin/plasmashell"):
        rows.append(_kde(bundle))
    return rows


def _lock(mechanism: str, covers: str, timeout: int | None, *, known: bool, **more: object) -> Row:
    is_set = timeout is not None and timeout > 0
    return {
        "mechanism": mechanism,
        "principal": "*",
        "covers": covers,
        "layer": "system" if timeout is not None else "default",
        "is_active": is_set if known else None,
        "timeout_seconds": timeout,
        "password_required": True if is_set else None,
        **more,
    }


def _shell(bundle: RawBundle) -> Row:
    """Leaving an idle shell means that one has to log on again."""
    timeout, fixed = None, False
    for line in lines(bundle, "shell_timeout"):
        match = _TMOUT.search(line.text)
        if match and not fixed:
            timeout = whole(match.group(1))
        fixed = fixed or bool(_FIXED.search(line.text) and timeout is not None)
        if re.search(r"\bunset\b.*\bTMOUT\b", line.text) and not fixed:
            timeout = None
    known = bundle.complete("shell_timeout") or timeout is not None
    row = _lock("shell_tmout", "text", timeout, known=known, is_enforced=fixed if known else None)
    return row | ({"layer": "policy"} if fixed else {})


def _logind(bundle: RawBundle) -> Row:
    values = last_values(lines(bundle, "logind"))
    action = values.get("idleaction", "ignore").lower()
    acts = action not in ("", "ignore")
    timeout = seconds(values.get("idleactionsec", "30min")) if acts else None
    known = bundle.complete("logind") or acts
    row = _lock("logind", "all", timeout, known=known)
    # Only "lock" asks for the password; what wakes after suspend depends on the desktop.
    row["password_required"] = True if action == "lock" else None
    return row


def _dconf(bundle: RawBundle) -> tuple[dict[str, str], set[str]]:
    found = lines(bundle, "desktop", "/etc/dconf/db/*")
    values = [line for line in found if "/locks/" not in line.file]
    locked = {line.text.strip("/ ") for line in found if "/locks/" in line.file}
    return {
        f"{section.strip('/')}/{key}": value for section, key, value in sections(values)
    }, locked


def _dconf_number(text: str | None) -> int | None:
    return whole(text.split()[-1]) if text and text.split() else None


def _gnome(bundle: RawBundle) -> Row:
    values, locked = _dconf(bundle)
    idle = _dconf_number(values.get(_SESSION + "/idle-delay"))
    asks = values.get(_SAVER + "/lock-enabled")
    enforced = {_SESSION + "/idle-delay", _SAVER + "/lock-enabled"} <= locked
    # Without a lock the user's own choice decides, and home folders are not read.
    known = enforced and idle is not None and asks is not None
    return {
        "mechanism": "gnome",
        "principal": "*",
        "covers": "graphical",
        "layer": "policy" if known else ("system" if idle is not None else "default"),
        "is_active": (bool(idle) and asks != "false") if known else None,
        "timeout_seconds": idle,
        "lock_delay_seconds": _dconf_number(values.get(_SAVER + "/lock-delay")),
        "password_required": asks != "false" if asks is not None else None,
        "is_enforced": enforced if bundle.usable("desktop") else None,
    }


def _kde(bundle: RawBundle) -> Row:
    values = {k: v for s, k, v in sections(lines(bundle, "desktop", "*/kscreenlockerrc")) if s}
    minutes = whole(values.get("timeout"))
    asks = values.get("autolock")
    return {
        "mechanism": "kde",
        "principal": "*",
        "covers": "graphical",
        "layer": "system" if minutes is not None else "default",
        "is_active": None,
        "timeout_seconds": None if minutes is None else minutes * 60,
        "password_required": None if asks is None else asks.lower() != "false",
        "is_enforced": False if bundle.usable("desktop") else None,
    }


def build_mfa(bundle: RawBundle) -> list[Row]:
    """Return one row per way to log on that exists."""
    pam, rows = Pam(bundle), []
    sshd = read_sshd(bundle)
    if sshd.installed is not False:
        rows.append(ssh_mfa(bundle, sshd))
    for scope, service in _ways(pam):
        mechanism, strict = second_factor(pam.stack(service, "auth"))
        rows.append(
            {
                "scope": scope,
                "enabled": mechanism is not None,
                "enforced": strict,
                "mechanism": mechanism or "none",
            }
        )
    return rows


def _ways(pam: Pam) -> Iterable[tuple[str, str]]:
    known = (
        ("console", "login"),
        ("desktop", "gdm-password"),
        ("desktop", "lightdm"),
        ("sudo", "sudo"),
    )
    return [(scope, service) for scope, service in known if pam.has(service)]


def build_autoplay(bundle: RawBundle) -> list[Row]:
    """Return what happens when media are inserted; without a desktop nothing starts by itself."""
    desktop = has_desktop(bundle)
    if desktop is False:
        return [
            {
                "mechanism": "no_desktop",
                "principal": "*",
                "is_disabled": True,
                "automount_disabled": True,
                "is_enforced": True,
            }
        ]
    files, rows = Files(bundle), []
    if files.has("/usr/bin/gnome-shell"):
        rows.append(_gnome_autoplay(bundle))
    if files.has("/usr/bin/plasmashell") or not rows:
        rows.append({"mechanism": "kde" if rows or desktop else None, "principal": "*"})
    return rows


def _gnome_autoplay(bundle: RawBundle) -> Row:
    values, locked = _dconf(bundle)
    never = values.get(_MEDIA + "/autorun-never")
    mount = values.get(_MEDIA + "/automount")
    enforced = _MEDIA + "/autorun-never" in locked
    known = bundle.complete("desktop")
    # GNOME asks before it starts anything, but the setting that forbids it is off unless set.
    return {
        "mechanism": "gnome",
        "principal": "*",
        "is_disabled": (never == "true" and enforced) if known else None,
        "automount_disabled": mount == "false" if known else None,
        "is_enforced": enforced if known else None,
    }
