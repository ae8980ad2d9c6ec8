"""How a Linux machine updates itself and which updates it still lacks."""

from __future__ import annotations

import re

from khien.facts.linux_config import Files, Running, last_values, lines, yes
from khien.facts.linux_pam import Row
from khien.facts.linux_raw import NotReadError, RawBundle, RawRow

_APT = re.compile(r'^([\w:-]+)\s+"(.*)";$')
_LISTS = ("/var/lib/apt/lists/*", "/var/cache/dnf/*", "/var/cache/yum/*")


def build_update_policy(bundle: RawBundle) -> list[Row]:
    """Return whether updates install themselves, and whether they really did."""
    files = Files(bundle)
    row = _apt(bundle, files) if bundle.usable("dpkg") else _dnf(bundle, files)
    row["last_install_at"] = files.newest(
        "/var/lib/dpkg/status", "/var/lib/rpm/rpmdb.sqlite", "/var/lib/rpm/Packages"
    )
    return [row]


def _apt(bundle: RawBundle, files: Files) -> Row:
    found = files.has("/usr/bin/unattended-upgrade")
    if found is False:
        return {"mechanism": "none", "automatic": False, "automatic_scope": "none"}
    values: dict[str, str] = {}
    origins: list[str] = []
    for line in lines(bundle, "apt_config"):
        match = _APT.match(line.text)
        if match and match.group(1).endswith("::"):
            origins.append(match.group(2))
        elif match:
            values[match.group(1).lower()] = match.group(2)
    known = bundle.usable("apt_config")
    periods = (
        values.get("apt::periodic::enable", "1"),
        values.get("apt::periodic::unattended-upgrade", "0"),
    )
    wanted = None if not known else all(period not in ("0", "") for period in periods)
    scheduled = _apt_scheduled(bundle)
    return {
        "mechanism": "unattended-upgrades" if found else None,
        "automatic": _automatic(wanted, scheduled),
        "automatic_scope": _scope(origins) if wanted else ("none" if wanted is False else None),
        "is_scheduled": scheduled,
        "last_success_at": files.newest("/var/lib/apt/periodic/unattended-upgrades-stamp"),
    }


def _automatic(wanted: bool | None, scheduled: bool | None) -> bool | None:
    if wanted is False or scheduled is False:
        return False
    return wanted if scheduled else None


def _apt_scheduled(bundle: RawBundle) -> bool | None:
    running = Running(bundle)
    timer = running.unit_active("apt-daily-upgrade.timer")
    if timer is not None:
        return timer
    tools = {row.text("tool") for row in bundle.rows("schedule")}
    # Without systemd, cron must run and have apt's own job.
    return running.process("cron", "crond") if "apt-compat" in tools else None


def _scope(origins: list[str]) -> str | None:
    rules = [origin for origin in origins if ":" in origin or "=" in origin]
    if not rules:
        return None
    return (
        "security"
        if all("security" in rule.lower() or "esm" in rule.lower() for rule in rules)
        else "all"
    )


def _dnf(bundle: RawBundle, files: Files) -> Row:
    values = last_values(lines(bundle, "dnf_config"))
    has_dnf, has_cron = files.has("/usr/bin/dnf-automatic"), files.has("/usr/sbin/yum-cron")
    if has_dnf is False and has_cron is False:
        return {"mechanism": "none", "automatic": False, "automatic_scope": "none"}
    running = Running(bundle)
    forced = running.unit_active("dnf-automatic-install.timer")
    timer = (
        running.unit_active("dnf-automatic.timer")
        if has_dnf
        else running.unit_active("yum-cron.service")
    )
    applies = yes(values.get("apply_updates", "no")) if bundle.usable("dnf_config") else None
    scheduled = True if forced or timer else timer
    kind = values.get("upgrade_type") or values.get("update_cmd") or "default"
    return {
        "mechanism": "dnf-automatic" if has_dnf else ("yum-cron" if has_cron else None),
        "automatic": True if forced else _automatic(applies, scheduled),
        "automatic_scope": "security" if "security" in kind else "all",
        "is_scheduled": scheduled,
    }


def build_update_status(bundle: RawBundle) -> list[Row]:
    """Return how many updates are missing by the lists the machine holds."""
    fetched = Files(bundle).newest(*_LISTS)
    pending = bundle.rows("pending") if bundle.usable("pending") and fetched else None
    secure = [_is_security(row) for row in pending or ()]
    return [
        {
            "pending_count": None if pending is None else len(pending),
            "security_pending_count": None
            if pending is None or None in secure
            else sum(map(bool, secure)),
            "metadata_at": fetched,
            "reboot_required": Files(bundle).has("/var/run/reboot-required")
            if bundle.usable("dpkg")
            else None,
            "mechanism": "apt" if bundle.usable("dpkg") else "dnf",
        }
    ]


def _is_security(row: RawRow) -> bool | None:
    stated = row.boolean("security")
    if stated is not None:
        return stated
    origin = row.text("origin")
    # dnf without its advisories does not say; apt names the archive.
    return "security" in origin.lower() if origin and "/" in origin else None


def build_pending_updates(bundle: RawBundle) -> list[Row]:
    """Return one row per missing update; without any package lists nothing can be said."""
    if Files(bundle).newest(*_LISTS) is None:
        raise NotReadError(
            "error", "the machine holds no package lists, so nothing is known of updates"
        )
    return [
        {
            "name": row.text("name"),
            "installed_version": row.text("installed"),
            "available_version": row.text("available"),
            "is_security": _is_security(row),
        }
        for row in bundle.rows("pending")
    ]
