"""Logging, auditing and the clock of a Linux machine."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime

from khien.facts.linux_config import (
    Files,
    Line,
    Running,
    file_name,
    last_values,
    lines,
    seconds,
    size_bytes,
)
from khien.facts.linux_pam import Row
from khien.facts.linux_raw import RawBundle, RawRow, whole
from khien.facts.linux_system import is_container

_DAY = 86_400
_ROTATION_DAYS = {"hourly": 0, "daily": 1, "weekly": 7, "monthly": 31, "yearly": 366}
_HEX_TIME = re.compile(r"@[0-9a-f]{32}-[0-9a-f]{16}-([0-9a-f]{16})\.journal$")


def build_log_config(bundle: RawBundle) -> list[Row]:
    """Return one row per logging service, also for those that are not there."""
    files, running = Files(bundle), Running(bundle)
    return [
        _journald(bundle, files, running),
        _rsyslog(bundle, files, running),
        _syslog_ng(bundle, files, running),
        _auditd(bundle, files, running),
    ]


def _journald(bundle: RawBundle, files: Files, running: Running) -> Row:
    values = last_values(lines(bundle, "log_config", "*journald.conf*"))
    there = files.has("/usr/lib/systemd/systemd-journald", "/lib/systemd/systemd-journald")
    on = running.process("systemd-journald")
    upload = last_values(lines(bundle, "log_config", "*/journal-upload.conf")).get("url")
    sends = bool(running.process("systemd-journal-upload") or _upload_active(running)) and bool(
        upload
    )
    storage = values.get("storage", "auto").lower()
    kept = storage == "persistent" or (storage == "auto" and files.has("/var/log/journal"))
    limit = seconds(values.get("maxretentionsec"))
    return {
        "service": "journald",
        "installed": there,
        "running": on,
        "persistent": bool(kept) if on and bundle.usable("log_config") and files.is_known else None,
        "retention_days": limit // _DAY if limit else None,
        "retention_bytes": size_bytes(values.get("systemmaxuse")),
        "is_forwarding": sends if sends or bundle.complete("service") or not upload else None,
        "forwards_to": upload if sends else None,
        "forwarding_encrypted": (upload or "").startswith("https") if sends else None,
        "oldest_entry_at": _oldest_journal(files),
    }


def _upload_active(running: Running) -> bool | None:
    return running.unit_active("systemd-journal-upload.service")


def _oldest_journal(files: Files) -> datetime | None:
    """The name of a rotated journal holds the microsecond of its first entry."""
    found = []
    for path in files.rows:
        match = _HEX_TIME.search(path)
        stamp = int(match.group(1), 16) // 1_000_000 if match else 0
        if 0 < stamp < 32_503_680_000:
            found.append(datetime.fromtimestamp(stamp, UTC))
    return min(found, default=None)


def _rsyslog(bundle: RawBundle, files: Files, running: Running) -> Row:
    found = lines(bundle, "log_config", "/etc/rsyslog.*")
    targets = [target for line in found if (target := _rsyslog_target(line.text))]
    secure = any(re.search(r"StreamDriverMode\W+1|tls\W+on", line.text) for line in found)
    return _syslog_row("rsyslog", bundle, files, running) | _forwarding(
        running.process("rsyslogd"), targets, encrypted=secure
    )


def _rsyslog_target(text: str) -> str | None:
    match = re.search(r"\btarget\s*=\s*\"([^\"]+)\"", text, re.IGNORECASE)
    if match:
        return match.group(1)
    match = re.match(r"[^@#]*?\s@{1,2}(?:\([^)]*\))?(\[[0-9a-fA-F:]+\]|[\w.-]+)", text)
    return match.group(1) if match else None


def _syslog_ng(bundle: RawBundle, files: Files, running: Running) -> Row:
    found = lines(bundle, "log_config", "/etc/syslog-ng/*")
    targets = []
    for line in found:
        match = re.search(r"\b(network|syslog|tcp|udp)\s*\(\s*\"([\w.:-]+)\"", line.text)
        # The same words open a listening source; only a destination names another host.
        if match and match.group(2) not in ("0.0.0.0", "127.0.0.1", "::"):  # noqa: S104
            targets.append(match.group(2))
    secure = any(re.search(r"transport\(\W*tls|\btls\s*\(", line.text) for line in found)
    return _syslog_row("syslog-ng", bundle, files, running) | _forwarding(
        running.process("syslog-ng"), targets, encrypted=secure
    )


def _syslog_row(name: str, bundle: RawBundle, files: Files, running: Running) -> Row:
    program = "rsyslogd" if name == "rsyslog" else name
    on = running.process(program)
    return {
        "service": name,
        "installed": files.has(f"/usr/sbin/{program}"),
        "running": on,
        "persistent": True if on else None,
        "retention_days": _rotation_days(bundle) if on else None,
        "oldest_entry_at": files.oldest("/var/log/syslog*", "/var/log/messages*") if on else None,
    }


def _forwarding(on: bool | None, targets: Sequence[str], *, encrypted: bool) -> Row:
    sends = bool(targets) and on
    return {
        "is_forwarding": False if on is False or not targets else sends,
        "forwards_to": " ".join(sorted(set(targets))) if sends else None,
        "forwarding_encrypted": encrypted if sends else None,
    }


def _rotation_days(bundle: RawBundle) -> int | None:
    """Return how long logrotate keeps the system log; by size alone is no time at all."""
    own = [x for x in lines(bundle, "log_config", "/etc/logrotate.d/*") if _is_syslog_file(x)]
    # A file may hold several blocks: the first one is taken, and the general rules fill the gaps.
    words = [line.text for line in lines(bundle, "log_config", "/etc/logrotate.conf")] + [
        line.text for line in own
    ]
    period, count, age = None, None, None
    for text in words:
        first, _, rest = text.partition(" ")
        period = _ROTATION_DAYS.get(first, period)
        count = whole(rest) if first == "rotate" else count
        age = whole(rest) if first == "maxage" else age
        if first == "size":
            period = None
    if period is None or count is None or count < 0:
        return None
    return min(period * count, age) if age else period * count


def _is_syslog_file(line: Line) -> bool:
    return file_name(line.file) in ("rsyslog", "syslog", "syslog-ng", "messages")


def _auditd(bundle: RawBundle, files: Files, running: Running) -> Row:
    values = last_values(lines(bundle, "log_config", "/etc/audit/auditd.conf"))
    megabytes, count = whole(values.get("max_log_file")), whole(values.get("num_logs"))
    on = running.process("auditd")
    return {
        "service": "auditd",
        "installed": files.has("/usr/sbin/auditd", "/sbin/auditd"),
        "running": on,
        "persistent": True if on else None,
        "retention_bytes": megabytes * count * 2**20 if megabytes and count else None,
        "is_forwarding": False if on is False else None,
        "oldest_entry_at": files.oldest("/var/log/audit/audit.log*") if on else None,
    }


# What the paths and system calls in a rule are about.
_CATEGORIES = {
    "login": r"/(lastlog|faillog|tallylog|faillock|wtmp|btmp|utmp)\b",
    "account_change": r"/etc/(passwd|group|gshadow)\b|/etc/security/opasswd",
    "password_file": r"/etc/(shadow|security/opasswd)\b",
    "privilege": r"/etc/sudoers|sudo\.log|\bexecve\b|\bset[ug]id\b|-F perm=x|privileg|/usr/bin/su(do)?\b",
    "config_change": r"/etc/(ssh|sysconfig|network|hosts|hostname|issue|pam\.d|cron|systemd|sysctl|selinux|"
    r"apparmor)|set(host|domain)name",
    "time_change": r"adjtimex|settimeofday|clock_settime|/etc/localtime",
    "file_access": r"\b(open|openat|creat|truncate|unlink|unlinkat|rename|chmod|fchmod|chown|fchown)\b",
    "audit_change": r"/etc/audit|/var/log/audit|/etc/libaudit",
}
_FROM_PROGRAMS = ("login", "account_change")


def build_audit_rules(bundle: RawBundle) -> list[Row]:
    """Return what is recorded now, by category; a rule in a file that is not loaded records nothing."""
    running = Running(bundle).process("auditd")
    loaded = [x.text("text") or "" for x in bundle.rows("audit_loaded")]
    written = [line.text for line in lines(bundle, "audit_files")]
    known = bundle.usable("audit_loaded")
    rows: list[Row] = []
    for category, pattern in _CATEGORIES.items():
        count = sum(
            1 for rule in loaded if re.search(pattern, rule) and "never" not in rule.split(",")
        )
        in_files = any(re.search(pattern, rule) for rule in written)
        now = bool(running) and count > 0 if known else None
        if running is False:
            now = False
        elif running and category in _FROM_PROGRAMS:
            now = True  # PAM and the account tools report these to auditd without any rule
        rows.append(
            {
                "category": category,
                "enabled": now,
                "is_configured": in_files if bundle.usable("audit_files") else None,
                "audits_success": now,
                "audits_failure": now,
                "rule_count": count if known else None,
                "mechanism": "auditd",
            }
        )
    return rows


_CLOCKS = (
    ("chrony", ("chronyd",), "chrony"),
    ("systemd-timesyncd", ("systemd-timesyncd",), "timesyncd"),
    ("ntpd", ("ntpd",), "ntp"),
    ("openntpd", ("openntpd",), "openntpd"),
)


def build_time_sync(bundle: RawBundle) -> list[Row]:
    """Return how the clock is kept right."""
    running = Running(bundle)
    values = last_values([Line("", 0, row.text("text") or "") for row in bundle.rows("time")])
    system = next(iter(bundle.rows("system")), RawRow({}))
    name, on, kind = _clock(running)
    if is_container(bundle) and not on:
        name, on = "host", None
    servers: list[str] = []
    for line in lines(bundle, "time_config", f"/etc/{kind}*", f"/etc/*/{kind}*", "/etc/chrony*"):
        words = line.text.replace("=", " ").split()
        servers += words[1:] if words[0] in ("NTP", "servers") else words[1:2]
    synced = values.get("ntpsynchronized")
    return [
        {
            "service": name,
            "running": on,
            "synchronized": synced == "yes"
            if synced in ("yes", "no")
            else (False if on is False else None),
            "servers": " ".join(dict.fromkeys(servers)) or None,
            "last_sync_at": Files(bundle).newest("/run/systemd/timesync/synchronized"),
            "timezone": system.text("timezone") or values.get("timezone"),
        }
    ]


def _clock(running: Running) -> tuple[str | None, bool | None, str]:
    states = [(name, running.process(*programs), kind) for name, programs, kind in _CLOCKS]
    for state in states:
        if state[1]:
            return state
    unsure = any(state[1] is None for state in states)
    return (None, None, "chrony") if unsure else ("none", False, "chrony")
