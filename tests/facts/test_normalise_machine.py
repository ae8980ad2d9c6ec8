"""Updates, protection, sessions, logs, the clock and volumes."""

from __future__ import annotations

from typing import Any

import pytest
from normalise_samples import fact, printed, processes, row, services, settings, stat, table

DPKG = table("ok", [{"name": "clamav", "version": "1.0.7", "arch": "amd64", "status": "installed"}])
APT_ON = 'APT::Periodic::Update-Package-Lists "1";\nAPT::Periodic::Unattended-Upgrade "1";'


@pytest.mark.parametrize(
    ("conf", "timer", "automatic"),
    [
        (APT_ON, "enabled", True),
        (APT_ON, "disabled", False),
        (APT_ON + '\nAPT::Periodic::Enable "0";', "enabled", False),
        ('APT::Periodic::Update-Package-Lists "1";', "enabled", False),
    ],
)
def test_automatic_updates_need_the_setting_and_the_timer(
    conf: str, timer: str, automatic: bool
) -> None:
    found = row(
        "update_policy",
        dpkg=DPKG,
        apt_config=printed(conf),
        stat=stat("/usr/bin/unattended-upgrade"),
        service=services(apt__daily__upgrade_timer=timer),
    )
    assert (found["mechanism"], found["automatic"]) == ("unattended-upgrades", automatic)


def test_the_setting_without_the_package_updates_nothing() -> None:
    assert row("update_policy", dpkg=DPKG, apt_config=printed(APT_ON))["automatic"] is False


def test_dnf_that_only_downloads_is_not_automatic() -> None:
    tables: dict[str, Any] = {
        "dpkg": table("unsupported"),
        "rpm": table(
            "ok",
            [{"name": "bash", "version": "5", "status": "installed", "installed": "1700000000"}],
        ),
        "stat": stat("/usr/bin/dnf-automatic"),
        "service": services(dnf__automatic_timer="enabled"),
    }
    conf = "upgrade_type = security\napply_updates = {}"
    off = settings({"/etc/dnf/automatic.conf": conf.format("no")})
    on = settings({"/etc/dnf/automatic.conf": conf.format("yes")})
    assert row("update_policy", dnf_config=off, **tables)["automatic"] is False
    found = row("update_policy", dnf_config=on, **tables)
    assert (found["automatic"], found["automatic_scope"]) == (True, "security")
    assert row("program", **tables)["installed_at"].year == 2023


def test_missing_updates_are_known_only_as_far_as_the_lists_go() -> None:
    pending = table(
        "ok",
        [{"name": "libc6", "installed": "1", "available": "2", "origin": "Debian-Security:12/x"}],
    )
    never = fact("pending_update", dpkg=DPKG, pending=table("empty"))
    assert never.status == "error"
    assert row("update_status", dpkg=DPKG, pending=table("empty"))["pending_count"] is None
    lists = stat("/var/lib/apt/lists/deb_InRelease")
    found = row("update_status", dpkg=DPKG, pending=pending, stat=lists)
    assert (found["pending_count"], found["security_pending_count"]) == (1, 1)
    assert found["metadata_at"].isoformat() == "2026-05-01T00:00:00+00:00"
    assert fact("pending_update", dpkg=DPKG, pending=table("empty"), stat=lists).status == "empty"


def test_no_antivirus_is_an_answer() -> None:
    assert fact("antivirus").status == "empty"


def test_clamav_installed_but_not_running_protects_nothing() -> None:
    found = row("antivirus", dpkg=DPKG, stat=stat("/usr/bin/clamscan"))
    assert (found["enabled"], found["on_access"], found["signatures_at"]) == (False, False, None)
    assert found["scan_schedule_days"] == 0


def test_clamav_that_watches_updates_and_scans_weekly() -> None:
    found = row(
        "antivirus",
        dpkg=DPKG,
        stat=stat("/usr/bin/clamscan", "/var/lib/clamav/daily.cld"),
        process=processes("clamd", "clamonacc", "freshclam"),
        schedule=table(
            "ok", [{"file": "/etc/cron.d/quet", "when": "0 2 * * 0", "tool": "clamscan"}]
        ),
    )
    assert (found["enabled"], found["on_access"], found["signatures_auto_update"]) == (
        True,
        True,
        True,
    )
    assert (found["version"], found["scan_schedule_days"]) == ("1.0.7", 7)


def test_hidden_processes_leave_protection_unknown() -> None:
    hidden = table("partial", [{"name": "bash", "count": 1}], "denied: hidepid")
    found = fact("antivirus", stat=stat("/opt/kaspersky/kesl"), process=hidden)
    assert found.status == "partial"
    assert found.rows[0]["enabled"] is None


@pytest.mark.parametrize(
    ("lines", "active", "seconds", "fixed"),
    [
        ("TMOUT=600", True, 600, False),
        ("readonly TMOUT=600", True, 600, True),
        ("typeset -xr TMOUT=900", True, 900, True),
        ("TMOUT=300\nreadonly TMOUT\nexport TMOUT\nTMOUT=9999", True, 300, True),
        ("TMOUT=0", False, 0, False),
        ("export TMOUT", False, None, False),
        ("TMOUT=600\nunset TMOUT", False, None, False),
    ],
)
def test_the_shell_timeout_that_holds(
    lines: str, active: bool, seconds: int | None, fixed: bool
) -> None:
    found = row("screen_lock", shell_timeout=settings({"/etc/profile.d/tmout.sh": lines}))
    assert found["mechanism"] == "shell_tmout"
    assert (found["is_active"], found["timeout_seconds"], found["is_enforced"]) == (
        active,
        seconds,
        fixed,
    )


DCONF = {
    "/etc/dconf/db/local.d/00-khoa": "[org/gnome/desktop/session]\nidle-delay=uint32 600\n"
    "[org/gnome/desktop/screensaver]\nlock-enabled=true\nlock-delay=uint32 0",
}
LOCKS = {
    "/etc/dconf/db/local.d/locks/khoa": "/org/gnome/desktop/session/idle-delay\n"
    "/org/gnome/desktop/screensaver/lock-enabled",
}


def test_a_gnome_lock_counts_only_when_users_cannot_change_it() -> None:
    gnome = stat("/usr/bin/gnome-shell")
    loose = fact("screen_lock", stat=gnome, desktop=settings(DCONF)).rows[-1]
    fixed = fact("screen_lock", stat=gnome, desktop=settings(DCONF | LOCKS)).rows[-1]
    assert (loose["mechanism"], loose["is_active"], loose["timeout_seconds"]) == (
        "gnome",
        None,
        600,
    )
    assert (fixed["is_active"], fixed["layer"], fixed["password_required"]) == (
        True,
        "policy",
        True,
    )


def test_a_server_without_a_desktop_starts_nothing_by_itself() -> None:
    assert row("autoplay")["is_disabled"] is True
    assert row("autoplay", stat=stat("/usr/bin/gnome-shell"))["is_disabled"] is False


def test_usb_storage_that_is_loaded_is_not_blocked() -> None:
    rule = settings({"/etc/modprobe.d/usb.conf": "install usb-storage /bin/false"})
    assert row("removable_media", modprobe=rule)["usb_storage_blocked"] is True
    loaded = settings({"/proc/modules": "usb_storage 81920 1 uas, Live 0x0"})
    assert row("removable_media", modprobe=rule, module=loaded)["usb_storage_blocked"] is False


def test_a_browser_without_a_policy_saves_passwords() -> None:
    chrome = stat("/usr/bin/google-chrome")
    assert row("browser", stat=chrome)["password_save_disabled"] is False
    policy = table(
        "ok",
        [
            {
                "file": "/etc/opt/chrome/policies/managed/a.json",
                "key": "PasswordManagerEnabled",
                "value": False,
            }
        ],
    )
    assert row("browser", stat=chrome, browser_policy=policy)["password_save_disabled"] is True
    assert (
        row("browser", stat=chrome, browser_policy=table("denied"))["password_save_disabled"]
        is None
    )
    assert fact("browser").status == "empty"


RSYSLOG = {"/etc/rsyslog.d/90-gui.conf": "*.* @@log.co-quan.vn:6514\n$ActionSendStreamDriverMode 1"}


def test_rsyslog_settings_without_rsyslog_running_send_nothing() -> None:
    off = fact("log_config", log_config=settings(RSYSLOG)).rows[1]
    on = fact("log_config", log_config=settings(RSYSLOG), process=processes("rsyslogd")).rows[1]
    assert (off["service"], off["running"], off["is_forwarding"]) == ("rsyslog", False, False)
    assert (on["is_forwarding"], on["forwards_to"], on["forwarding_encrypted"]) == (
        True,
        "log.co-quan.vn",
        True,
    )


@pytest.mark.parametrize(
    ("conf", "folder", "persistent", "days"),
    [
        ("Storage=persistent\nMaxRetentionSec=6month", False, True, 182),
        ("Storage=volatile", True, False, None),
        ("SystemMaxUse=1G", True, True, None),
        ("", False, False, None),
        ("MaxRetentionSec=0", True, True, None),
    ],
)
def test_the_journal_survives_only_where_it_is_kept(
    conf: str, folder: bool, persistent: bool, days: int | None
) -> None:
    found = row(
        "log_config",
        log_config=settings({"/etc/systemd/journald.conf": conf}),
        process=processes("systemd-journal"),
        stat=stat(*["/var/log/journal"] * folder),
    )
    assert (found["persistent"], found["retention_days"]) == (persistent, days)


def test_rotation_tells_how_long_the_system_log_is_kept() -> None:
    conf = {
        "/etc/logrotate.conf": "weekly\nrotate 4",
        "/etc/logrotate.d/rsyslog": "{\nrotate 26\nweekly\n}",
    }
    found = fact("log_config", log_config=settings(conf), process=processes("rsyslogd")).rows[1]
    assert found["retention_days"] == 182


def test_audit_rules_count_only_when_loaded() -> None:
    rules = "-w /etc/shadow -p wa -k identity\n-w /etc/sudoers -p wa"
    files = settings({"/etc/audit/rules.d/a.rules": rules})
    written = {r["category"]: r for r in fact("audit_rule", audit_files=files).rows}
    assert (written["password_file"]["enabled"], written["password_file"]["is_configured"]) == (
        False,
        True,
    )
    loaded = fact("audit_rule", audit_loaded=printed(rules), process=processes("auditd")).rows
    now = {r["category"]: r["enabled"] for r in loaded}
    assert (now["password_file"], now["privilege"], now["time_change"]) == (True, True, False)


def test_unread_audit_rules_are_unknown_while_auditd_runs() -> None:
    denied = table("denied", error="denied: auditctl")
    rows = fact("audit_rule", audit_loaded=denied, process=processes("auditd")).rows
    assert {r["category"]: r["enabled"] for r in rows}["password_file"] is None


def test_the_clock() -> None:
    found = row(
        "time_sync",
        process=processes("chronyd"),
        time=printed("Timezone=Asia/Ho_Chi_Minh\nNTPSynchronized=yes"),
        time_config=settings(
            {"/etc/chrony/chrony.conf": "server time.co-quan.vn iburst\npool vn.pool.ntp.org"}
        ),
    )
    assert (found["service"], found["synchronized"]) == ("chrony", True)
    assert found["servers"] == "time.co-quan.vn vn.pool.ntp.org"
    assert row("time_sync")["synchronized"] is False


@pytest.mark.parametrize(
    ("more", "encrypted", "kind"),
    [
        ({"crypt": True}, True, "luks"),
        ({"crypt": False}, False, "none"),
        ({"crypt": False, "filesystem": "zfs"}, None, None),
        ({"crypt": False, "network": True}, None, None),
        ({"crypt": False, "known": False}, None, None),
    ],
)
def test_encryption_is_said_only_where_it_can_be_seen(
    more: dict[str, Any], encrypted: bool | None, kind: str | None
) -> None:
    base = {
        "mount": "/",
        "device": "/dev/sda1",
        "filesystem": "ext4",
        "network": False,
        "known": True,
    }
    found = row("volume", volume=table("ok", [base | more]))
    assert (found["encrypted"], found["encryption_kind"]) == (encrypted, kind)


def test_an_old_system_is_past_its_support() -> None:
    old = table("ok", [{"id": "centos", "version_id": "7"}])
    new = table("ok", [{"id": "hanoi-os", "version_id": "1"}])
    assert row("os_support", os_release=old)["support_ends_at"].year == 2024
    assert row("os_support", os_release=new)["is_known"] is False
    assert row("os_support", os_release=new)["support_ends_at"] is None


def test_a_baseline_in_a_closed_folder_is_unknown_not_missing() -> None:
    open_ = row("integrity_tool", stat=stat("/usr/bin/aide"))
    closed = stat("/usr/bin/aide", "/var/lib/aide")
    closed["rows"][-1]["readable"] = False
    assert open_["has_database"] is False
    assert row("integrity_tool", stat=closed)["has_database"] is None


def test_an_installed_backup_tool_is_no_backup() -> None:
    found = row("backup_job", stat=stat("/usr/bin/restic"))
    assert (found["tool"], found["last_success_at"], found["target_separate"]) == (
        "restic",
        None,
        None,
    )
