"""Anti-malware, removable media, browsers, integrity tools and backups of a Linux machine."""

from __future__ import annotations

import re
from dataclasses import dataclass

from khien.facts.linux_config import Files, Running, installed, last_values, lines, yes
from khien.facts.linux_pam import Row
from khien.facts.linux_raw import RawBundle, whole

_PERIODS = {"hourly": 1, "daily": 1, "weekly": 7, "monthly": 31, "@hourly": 1, "@daily": 1,
            "@midnight": 1, "@weekly": 7, "@monthly": 31, "@yearly": 366, "@annually": 366}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Product:
    """A product by the place it installs to and the program that protects."""

    name: str
    path: str
    processes: tuple[str, ...]


_ANTIVIRUS = (
    Product("Kaspersky Endpoint Security", "/opt/kaspersky/kesl", ("kesl",)),
    Product("ESET Endpoint Antivirus", "/opt/eset/eea", ("oaeventd", "odfeeder")),
    Product("ESET Server Security", "/opt/eset/efs", ("oaeventd", "odfeeder")),
    Product("Sophos Protection", "/opt/sophos-spl", ("sophos_threat_detector", "soapd")),
    Product(
        "Bitdefender Endpoint Security", "/opt/bitdefender-security-tools", ("bdsecd", "epagd")
    ),
    Product("CrowdStrike Falcon", "/opt/CrowdStrike", ("falcon-sensor",)),
    Product("Microsoft Defender for Endpoint", "/opt/microsoft/mdatp", ("wdavdaemon",)),
    Product("Trend Micro Deep Security", "/opt/ds_agent", ("ds_agent", "ds_am")),
    Product("SentinelOne", "/opt/SentinelOne", ("s1-agent",)),
    Product("Bkav", "/opt/bkav", ("bkav",)),
    Product("CMC Antivirus", "/opt/cmc", ("cmcavd",)),
)


def build_antivirus(bundle: RawBundle) -> list[Row]:
    """Return one row per installed anti-malware product; running and set up are told apart."""
    files, running, rows = Files(bundle), Running(bundle), []
    if files.has("/usr/bin/clamscan", "/usr/sbin/clamd"):
        rows.append(_clamav(bundle, files, running))
    for product in _ANTIVIRUS:
        if files.has(product.path):
            on = running.process(*product.processes)
            # Vendors keep the rest in their own consoles; it is not guessed here.
            rows.append(
                {
                    "product": product.name,
                    "enabled": on,
                    "on_access": False if on is False else None,
                }
            )
    return rows


def _clamav(bundle: RawBundle, files: Files, running: Running) -> Row:
    values = last_values(lines(bundle, "clamav"))
    watcher = running.process("clamonacc")
    in_daemon = yes(values.get("scanonaccess", "no"))
    on_access = True if watcher else (in_daemon and running.process("clamd")) or watcher
    updates = running.process("freshclam")
    updates = True if updates else _scheduled(bundle, "freshclam") is not None or updates
    versions = installed(bundle)
    return {
        "product": "ClamAV",
        "version": versions.get("clamav") or versions.get("clamav-daemon") or versions.get("clamd"),
        "enabled": running.process("clamd"),
        "on_access": on_access,
        "signatures_at": files.newest("/var/lib/clamav/daily.c*", "/var/lib/clamav/main.c*"),
        "signatures_auto_update": updates,
        "last_scan_at": files.newest("/var/log/clamav/*scan*.log"),
        "scan_schedule_days": _schedule_days(bundle, "clamscan", "clamdscan"),
    }


def _scheduled(bundle: RawBundle, *tools: str) -> str | None:
    for row in bundle.rows("schedule"):
        if row.text("tool") in tools:
            return row.text("when")
    return None


def _schedule_days(bundle: RawBundle, *tools: str) -> int | None:
    when = _scheduled(bundle, *tools)
    if when is None:
        # A systemd timer of the agency's own may still exist, so only full readings say "none".
        return 0 if bundle.complete("schedule") and bundle.complete("service") else None
    return period_days(when)


def period_days(when: str) -> int | None:
    """Return how many days lie between two runs of a cron line at most, or None."""
    if when in _PERIODS:
        return _PERIODS[when]
    parts = when.split()
    if len(parts) != 5:
        return None
    _, _, month_day, month, week_day = parts
    if month != "*":
        return 366
    if week_day != "*":
        return 7
    if month_day == "*":
        return 1
    step = re.fullmatch(r"\*/(\d{1,2})", month_day, re.ASCII)
    return whole(step.group(1)) if step else 31


def build_removable_media(bundle: RawBundle) -> list[Row]:
    """Return whether USB storage is held back."""
    blocked = any(
        re.search(
            r"^(blacklist\s+usb[-_]storage|install\s+usb[-_]storage\s+\S*(true|false|null))",
            line.text,
        )
        for line in lines(bundle, "modprobe")
    )
    loaded = any(line.text.startswith(("usb_storage ", "uas ")) for line in lines(bundle, "module"))
    guard = Running(bundle).process("usbguard-daemon")
    known = bundle.usable("modprobe")
    held = bool(guard) or (blocked and not loaded)
    return [
        {
            "mechanism": "usbguard"
            if guard
            else ("modprobe" if blocked else ("none" if known else None)),
            "usb_storage_blocked": held if held or (known and guard is not None) else None,
            "scan_on_insert": None,
            "usb_storage_in_use": loaded if bundle.usable("module") else None,
        }
    ]


@dataclass(frozen=True, slots=True)
class Browser:
    """A browser by a part of its policy folder, its programs and its packages."""

    policies: str
    programs: tuple[str, ...]
    packages: tuple[str, ...]


def _browser(policies: str, programs: str, packages: str) -> Browser:
    return Browser(policies, tuple(programs.split()), tuple(packages.split()))


_BROWSERS = {
    "chrome": _browser(
        "/etc/opt/chrome/",
        "/usr/bin/google-chrome /usr/bin/google-chrome-stable",
        "google-chrome-stable",
    ),
    "chromium": _browser(
        "/etc/chromium",
        "/usr/bin/chromium /usr/bin/chromium-browser /snap/bin/chromium",
        "chromium",
    ),
    "edge": _browser(
        "/etc/opt/edge/",
        "/usr/bin/microsoft-edge /usr/bin/microsoft-edge-stable",
        "microsoft-edge-stable",
    ),
    "brave": _browser("/etc/brave/", "/usr/bin/brave-browser", "brave-browser"),
    "coccoc": _browser("/etc/opt/coccoc/", "/usr/bin/browser-stable", "coccoc-browser-stable"),
    "opera": _browser("/etc/opt/opera/", "/usr/bin/opera", "opera-stable"),
    "firefox": _browser(
        "firefox", "/usr/bin/firefox /usr/bin/firefox-esr /snap/bin/firefox", "firefox firefox-esr"
    ),
}


def build_browsers(bundle: RawBundle) -> list[Row]:
    """Return one row per installed browser; not set means that saving passwords is on."""
    files, versions = Files(bundle), installed(bundle)
    rows: list[Row] = []
    known = bundle.usable("browser_policy")
    for name, browser in _BROWSERS.items():
        if not files.has(*browser.programs):
            continue
        off = any(
            row.boolean("value") is False and browser.policies in (row.text("file") or "")
            for row in bundle.rows("browser_policy")
            if row.text("key") == "PasswordManagerEnabled" or name == "firefox"
        )
        whole_reading = bundle.complete("browser_policy")
        rows.append(
            {
                "name": name,
                "version": next((versions[p] for p in browser.packages if p in versions), None),
                "installed": True,
                "password_save_disabled": True
                if off
                else (False if known and whole_reading else None),
                "is_enforced": True if off else None,
            }
        )
    return rows


@dataclass(frozen=True, slots=True)
class Watcher:
    """A tool that watches files: its programs, resident process, baseline and systemd units."""

    programs: tuple[str, ...]
    process: str = ""
    database: str = ""
    units: tuple[str, ...] = ()


_WATCHERS = {
    "aide": Watcher(
        ("/usr/bin/aide", "/usr/sbin/aide"),
        database="/var/lib/aide/aide.db*",
        units=("aidecheck.timer", "dailyaidecheck.timer"),
    ),
    "tripwire": Watcher(("/usr/sbin/tripwire",), database="/var/lib/tripwire/*"),
    "samhain": Watcher(
        ("/usr/sbin/samhain",), "samhain", "/var/lib/samhain/*", ("samhain.service",)
    ),
    "wazuh": Watcher(
        ("/var/ossec/bin/wazuh-syscheckd",), "wazuh-syscheckd", units=("wazuh-agent.service",)
    ),
    "debsums": Watcher(("/usr/bin/debsums",)),
    "osquery": Watcher(
        ("/usr/bin/osqueryd", "/opt/osquery/bin/osqueryd"), "osqueryd", units=("osqueryd.service",)
    ),
}


def build_integrity_tools(bundle: RawBundle) -> list[Row]:
    """Return one row per installed tool that watches system files."""
    files, running = Files(bundle), Running(bundle)
    rows: list[Row] = []
    for name, tool in _WATCHERS.items():
        if not files.has(*tool.programs):
            continue
        made = files.newest(tool.database) if tool.database else None
        readable = bool(tool.database) and files.can_read(tool.database.rsplit("/", 1)[0])
        timer = running.unit_active(*tool.units) if tool.units else None
        rows.append(
            {
                "name": name,
                "installed": True,
                "running": running.process(tool.process) if tool.process else None,
                "database_at": made,
                "has_database": True if made else (False if readable else None),
                "scheduled": True
                if _scheduled(bundle, name) or timer
                else _none_if_unsure(bundle, timer),
            }
        )
    return rows


def _none_if_unsure(bundle: RawBundle, timer: bool | None) -> bool | None:
    return False if bundle.complete("schedule") and timer is not None else None


_BACKUP = {
    "restic": "/usr/bin/restic", "borg": "/usr/bin/borg", "borgmatic": "/usr/bin/borgmatic",
    "rsnapshot": "/usr/bin/rsnapshot", "timeshift": "/usr/bin/timeshift", "bacula": "/usr/sbin/bacula-fd",
    "bareos": "/usr/sbin/bareos-fd", "veeam": "/usr/bin/veeamconfig", "urbackup": "/usr/bin/urbackupclientctl",
    "duplicity": "/usr/bin/duplicity",
}  # fmt: skip


def build_backup_jobs(bundle: RawBundle) -> list[Row]:
    """Return backup tools found; that one is installed proves no backup, so dates stay unknown."""
    files, running, rows = Files(bundle), Running(bundle), []
    root = last_values(lines(bundle, "backup_config")).get("snapshot_root")
    for name, path in _BACKUP.items():
        if not files.has(path):
            continue
        row: Row = {"tool": name, "scheduled": _backup_scheduled(bundle, running, name)}
        if name == "timeshift":
            snapshots = files.matching("/timeshift/snapshots/*")
            row |= {
                "last_success_at": files.newest("/timeshift/snapshots/*"),
                "target_separate": False,
            }
            row |= {"copies_count": len(snapshots), "dataset": "/", "target": "/timeshift"}
        elif name == "rsnapshot" and root:
            row["target"] = root
        rows.append(row)
    return rows


def _backup_scheduled(bundle: RawBundle, running: Running, name: str) -> bool | None:
    if _scheduled(bundle, name) or running.unit_active(f"{name}.timer", f"{name}.service"):
        return True
    return None
