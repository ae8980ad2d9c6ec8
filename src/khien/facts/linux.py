"""From a Linux collector's bundle to fact rows: every judgement about raw settings is made here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from khien.facts import linux_accounts as accounts
from khien.facts import linux_logs as logs
from khien.facts import linux_network as network
from khien.facts import linux_protection as protection
from khien.facts import linux_sessions as sessions
from khien.facts import linux_system as system
from khien.facts import linux_updates as updates
from khien.facts.linux_raw import (
    INTEGER_MAX,
    NotReadError,
    RawBundle,
    RawTable,
    read_bundle,
    worst_status,
)
from khien.facts.tables import FactTable, fact_tables

Row = dict[str, object]
_TYPES: Mapping[str, tuple[type, ...]] = {
    "text": (str,),
    "integer": (int,),
    "boolean": (bool,),
    "moment": (datetime,),
}


@dataclass(frozen=True, slots=True)
class NormalisedTable:
    """One fact table of one machine: what was found, and how the reading went."""

    table: str
    status: str
    error: str | None
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Fact:
    """How a fact table comes from raw tables.

    Without all of `needs` there are no facts; without `helps` some columns stay unknown.
    Of `any_of` one is enough.
    """

    table: str
    build: Callable[[RawBundle], list[Row]]
    needs: tuple[str, ...] = ()
    helps: tuple[str, ...] = ()
    any_of: tuple[str, ...] = ()


FACTS = (
    Fact("os_version", system.build_os_version, ("os_release",)),
    Fact("os_support", system.build_os_support, ("os_release",)),
    Fact("system_info", system.build_system_info, ("system",), ("stat", "pam", "directory")),
    Fact("interface", network.build_interfaces, ("interface",)),
    Fact("route", network.build_routes, ("route",)),
    Fact(
        "account", accounts.build_accounts, ("passwd",), ("shadow", "sudoers", "group", "lastlog")
    ),
    Fact("user_group", accounts.build_groups, ("group", "passwd"), ("sudoers",)),
    Fact("account_policy", accounts.build_account_policy, ("pam",), ("login_config", "directory")),
    Fact(
        "screen_lock",
        sessions.build_screen_locks,
        ("stat",),
        ("shell_timeout", "logind", "desktop", "sshd_config"),
    ),
    Fact("update_policy", updates.build_update_policy, ("stat",), ("service",), ("dpkg", "rpm")),
    Fact("update_status", updates.build_update_status, ("stat", "pending"), (), ("dpkg", "rpm")),
    Fact("pending_update", updates.build_pending_updates, ("pending", "stat")),
    Fact("activation", system.build_activation, ("os_release",), ("stat",)),
    Fact("antivirus", protection.build_antivirus, ("stat",), ("process", "clamav", "schedule")),
    Fact("autoplay", sessions.build_autoplay, ("stat",), ("desktop",)),
    Fact("removable_media", protection.build_removable_media, ("modprobe",), ("module", "process")),
    Fact("share", network.build_shares, ("samba", "nfs"), ("process", "listening")),
    Fact("firewall", network.build_firewall, ("stat",), ("firewall", "firewall_config", "service")),
    Fact("remote_admin", network.build_remote_admin, ("listening",), ("sshd_config",)),
    Fact("listening_port", network.build_listening, ("listening",)),
    Fact("program", system.build_programs, any_of=("dpkg", "rpm")),
    Fact("service", system.build_services, ("service",)),
    Fact("browser", protection.build_browsers, ("stat",), ("browser_policy",)),
    Fact("volume", system.build_volumes, ("volume",)),
    Fact("log_config", logs.build_log_config, ("stat", "process"), ("log_config",)),
    Fact("audit_rule", logs.build_audit_rules, ("process",), ("audit_loaded", "audit_files")),
    Fact("time_sync", logs.build_time_sync, ("process",), ("time", "time_config")),
    Fact("integrity_tool", protection.build_integrity_tools, ("stat",), ("process", "schedule")),
    Fact("critical_file", system.build_critical_files, ("stat",)),
    Fact("mfa", sessions.build_mfa, ("pam",), ("sshd_config",)),
    Fact("backup_job", protection.build_backup_jobs, ("stat",), ("schedule", "service")),
    Fact("default_credential", accounts.build_default_credentials, ("passwd", "shadow"), ("snmp",)),
)


def normalise(bundle: Mapping[str, Any]) -> tuple[NormalisedTable, ...]:
    """Turn a collector's bundle into fact tables for the registry's columns.

    Args:    bundle: the JSON a collector printed, not trusted
    Returns: one entry per fact table of Linux, in a fixed order; every row has every column, None = not known
    Raises:  BundleError: malformed, of another format, or beyond the caps
    """
    raw = read_bundle(bundle)
    tables = fact_tables()
    return tuple(_normalised(fact, raw, tables[fact.table]) for fact in FACTS)


def _normalised(fact: Fact, raw: RawBundle, table: FactTable) -> NormalisedTable:
    missing = _missing(fact, raw)
    if missing is not None:
        return NormalisedTable(fact.table, missing.status, missing.error, ())
    try:
        rows = tuple(_completed(row, table) for row in fact.build(raw))
    except NotReadError as reason:
        return NormalisedTable(fact.table, reason.status, str(reason), ())
    sources = [(name, raw.table(name)) for name in fact.needs + fact.helps]
    doubts = [
        f"{name}: {source.error or source.status}"
        for name, source in sources
        if source.status not in ("ok", "empty", "unsupported")
    ]
    if rows:
        return NormalisedTable(fact.table, "partial" if doubts else "ok", _joined(doubts), rows)
    if any(raw.table(name).status == "partial" for name in fact.needs):
        # Nothing found while a part could not be read is not the same as nothing there.
        refused = any("denied:" in doubt for doubt in doubts)
        return NormalisedTable(fact.table, "denied" if refused else "error", _joined(doubts), ())
    if table.may_be_empty:
        return NormalisedTable(fact.table, "empty", None, ())
    return NormalisedTable(fact.table, "error", "no rows where there is always one", ())


def _missing(fact: Fact, raw: RawBundle) -> RawTable | None:
    needed = worst_status([raw.table(name) for name in fact.needs])
    if needed is not None or not fact.any_of:
        return needed
    choices = [raw.table(name) for name in fact.any_of]
    return None if any(choice.is_usable for choice in choices) else worst_status(choices)


def _joined(doubts: list[str]) -> str | None:
    return "; ".join(doubts)[:500] or None


def _completed(row: Row, table: FactTable) -> Row:
    """Return a row with every column of its table; a value of the wrong type is not known."""
    return {name: _typed(row.get(name), column.type) for name, column in table.columns.items()}


def _typed(value: object, kind: str) -> object:
    if isinstance(value, bool) and kind != "boolean":
        return None
    if kind == "integer" and isinstance(value, int) and abs(value) > INTEGER_MAX:
        return None
    return value if isinstance(value, _TYPES[kind]) else None
