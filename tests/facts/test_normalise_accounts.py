"""Passwords, lockout and accounts: what the settings really do, not what they look like."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from normalise_samples import account, fact, row, settings, shadow, table

DEBIAN_PLAIN = "password [success=1 default=ignore] pam_unix.so obscure yescrypt\npassword requisite pam_deny.so"
DEBIAN_QUALITY = (
    "password requisite pam_pwquality.so retry=3\n"
    "password [success=1 default=ignore] pam_unix.so obscure use_authtok try_first_pass yescrypt"
)
RHEL_SYSTEM_AUTH = """
auth required pam_env.so
auth required pam_faillock.so preauth silent
auth sufficient pam_unix.so nullok
auth [default=die] pam_faillock.so authfail
auth required pam_deny.so
account required pam_faillock.so
password requisite pam_pwquality.so local_users_only
password sufficient pam_unix.so sha512 shadow nullok use_authtok
"""
UBUNTU_LOCKOUT = """
auth required pam_faillock.so preauth
auth [success=1 default=ignore] pam_unix.so nullok
auth [default=die] pam_faillock.so authfail
auth sufficient pam_faillock.so authsucc
"""


def debian(
    password: str = DEBIAN_PLAIN, auth: str = "auth required pam_unix.so", **files: str
) -> dict[str, object]:
    return settings(
        {
            "/etc/pam.d/common-auth": auth,
            "/etc/pam.d/common-password": password,
            "/etc/pam.d/login": "@include common-auth",
            "/etc/pam.d/passwd": "@include common-password",
            **{f"/etc/pam.d/{name}": text for name, text in files.items()},
        }
    )


def test_plain_debian_demands_six_characters_and_no_kinds() -> None:
    found = row("account_policy", pam=debian())
    assert (found["mechanism"], found["minimum_length"], found["minimum_classes"]) == (
        "pam_unix",
        6,
        0,
    )
    assert found["complexity_enforced"] is False


def test_a_settings_file_without_the_module_in_the_stack_demands_nothing() -> None:
    conf = settings({"/etc/security/pwquality.conf": "minlen = 14\nminclass = 4"})
    assert row("account_policy", pam=debian(), login_config=conf)["minimum_length"] == 6


@pytest.mark.parametrize(
    ("conf", "length", "classes", "special"),
    [
        ("", 8, 0, False),
        ("minlen = 12\nminclass = 3", 12, 3, False),
        ("minlen = 10\nminclass = 4", 10, 4, True),
        ("minlen = 10\nlcredit = -1\nucredit = -1\ndcredit = -1\nocredit = -1", 10, 4, True),
        ("minlen = 10\ndcredit = 2", 8, 0, False),
    ],
)
def test_pwquality_is_read_with_its_credits(
    conf: str, length: int, classes: int, special: bool
) -> None:
    found = row(
        "account_policy",
        pam=debian(DEBIAN_QUALITY),
        login_config=settings({"/etc/security/pwquality.conf": conf}),
    )
    got = (found["minimum_length"], found["minimum_classes"], found["requires_special"])
    assert got == (length, classes, special)
    assert found["complexity_enforced"] is True


def test_arguments_win_over_the_file_and_warning_only_is_not_enforced() -> None:
    pam = debian(DEBIAN_QUALITY.replace("retry=3", "retry=3 minlen=16 enforce_for_root"))
    conf = settings({"/etc/security/pwquality.conf": "minlen = 9\nenforcing = 0"})
    found = row("account_policy", pam=pam, login_config=conf)
    assert found["minimum_length"] == 16
    assert (found["complexity_enforced"], found["enforced_for_root"]) == (False, True)


def test_a_drop_in_wins_over_the_main_file() -> None:
    conf = settings(
        {
            "/etc/security/pwquality.conf.d/50-co-quan.conf": "minlen = 12",
            "/etc/security/pwquality.conf": "minlen = 6",
        }
    )
    assert (
        row("account_policy", pam=debian(DEBIAN_QUALITY), login_config=conf)["minimum_length"] == 12
    )


def test_a_rhel_stack_is_followed_through_its_includes() -> None:
    pam = settings(
        {
            "/etc/pam.d/system-auth": RHEL_SYSTEM_AUTH,
            "/etc/pam.d/password-auth": RHEL_SYSTEM_AUTH,
            "/etc/pam.d/passwd": "password substack system-auth",
            "/etc/pam.d/login": "auth substack system-auth",
            "/etc/pam.d/sshd": "auth substack password-auth",
        }
    )
    conf = settings({"/etc/security/faillock.conf": "deny = 5\nunlock_time = 900\neven_deny_root"})
    found = row("account_policy", pam=pam, login_config=conf)
    assert (found["lockout_threshold"], found["lockout_duration_seconds"]) == (5, 900)
    assert (found["lockout_for_root"], found["mechanism"]) == (True, "pam_pwquality")


def test_lockout_that_ssh_does_not_have_is_no_lockout() -> None:
    pam = debian(auth=UBUNTU_LOCKOUT, sshd="auth required pam_unix.so")
    found = row("account_policy", pam=pam)
    assert (found["lockout_threshold"], found["lockout_mechanism"]) == (0, "none")


def test_faillock_settings_without_the_module_lock_nothing() -> None:
    conf = settings({"/etc/security/faillock.conf": "deny = 3"})
    assert row("account_policy", pam=debian(), login_config=conf)["lockout_threshold"] == 0


def test_faillock_that_never_counts_locks_nothing() -> None:
    pam = debian(auth="auth required pam_faillock.so preauth\nauth required pam_unix.so")
    assert row("account_policy", pam=pam)["lockout_threshold"] == 0


@pytest.mark.parametrize(("unlock", "seconds"), [("600", 600), ("0", 0), ("never", 0)])
def test_a_lock_until_the_administrator_comes_is_zero_seconds(unlock: str, seconds: int) -> None:
    conf = settings({"/etc/security/faillock.conf": f"deny = 4\nunlock_time = {unlock}"})
    found = row("account_policy", pam=debian(auth=UBUNTU_LOCKOUT), login_config=conf)
    assert (found["lockout_threshold"], found["lockout_duration_seconds"]) == (4, seconds)


def test_tally2_without_a_number_never_locks() -> None:
    pam = debian(auth="auth required pam_tally2.so onerr=fail")
    assert row("account_policy", pam=pam)["lockout_threshold"] == 0


@pytest.mark.parametrize(
    ("line", "never", "days"),
    [
        ("PASS_MAX_DAYS\t99999", True, None),
        ("PASS_MAX_DAYS -1", True, None),
        ("PASS_MAX_DAYS 90", False, 90),
        ("PASS_MIN_DAYS 0", True, None),
        ("PASS_MAX_DAYS nhieu", None, None),
    ],
)
def test_never_is_data_and_not_a_large_number(
    line: str, never: bool | None, days: int | None
) -> None:
    found = row("account_policy", pam=debian(), login_config=settings({"/etc/login.defs": line}))
    assert (found["maximum_age_never"], found["maximum_age_days"]) == (never, days)


def test_a_machine_in_a_domain_says_that_another_policy_exists() -> None:
    pam = debian(auth="auth sufficient pam_sss.so use_first_pass\nauth required pam_unix.so")
    domain = settings({"/etc/sssd/sssd.conf": "[domain/co-quan.vn]\nid_provider = ad"})
    assert row("account_policy", pam=pam, directory=domain)["has_directory_accounts"] is True
    assert row("system_info", pam=pam, directory=domain)["directory_kind"] == "ad"


def test_a_domain_file_that_was_denied_leaves_the_directory_unknown() -> None:
    pam = debian(auth="auth sufficient pam_sss.so\nauth required pam_unix.so")
    found = row("system_info", pam=pam, directory=table("denied", error="denied: /etc/sssd"))
    assert (found["directory_kind"], found["is_domain_joined"]) == (None, None)


def test_files_that_include_each_other_come_to_an_end() -> None:
    loop = "\n".join(["@include common-auth"] * 200)
    assert (
        row("account_policy", pam=settings({"/etc/pam.d/common-auth": loop}))["lockout_threshold"]
        is None
    )


def test_ageing_of_each_account_has_its_own_sentinels() -> None:
    people = [account(n, 1000 + i) for i, n in enumerate(("an", "binh", "chi", "dung"))]
    shadows = [
        shadow("an", max=90),
        shadow("binh", max=99_999),
        shadow("chi", max=None, last_change=0),
        shadow("dung", max=-1),
    ]
    rows = fact("account", passwd=table("ok", people), shadow=table("ok", shadows)).rows
    assert [r["password_expires"] for r in rows] == [True, False, False, False]
    assert [r["maximum_age_days"] for r in rows] == [90, None, None, None]
    assert rows[2]["must_change"] is True
    assert rows[2]["password_last_changed_at"] is None


@pytest.mark.parametrize(
    ("state", "shell", "expire", "enabled", "by_key"),
    [
        ("hashed", "/bin/bash", None, True, True),
        ("hashed", "", None, True, True),
        ("locked", "/bin/bash", None, False, True),
        ("none", "/bin/bash", None, False, True),
        ("hashed", "/usr/sbin/nologin", None, False, False),
        ("hashed", "/bin/bash", 1, False, False),
        ("hashed", "/bin/bash", 30_000, True, True),
        ("empty", "/bin/bash", None, True, True),
    ],
)
def test_an_account_is_enabled_only_when_it_can_log_on(
    state: str, shell: str, expire: int | None, enabled: bool, by_key: bool
) -> None:
    found = row(
        "account",
        passwd=table("ok", [account("an", 1000, shell)]),
        shadow=table("ok", [shadow("an", state, expire=expire)]),
    )
    assert (found["enabled"], found["key_login_possible"]) == (enabled, by_key)
    assert found["empty_password"] is (state == "empty")


def test_denied_shadow_keeps_the_accounts_and_leaves_their_state_unknown() -> None:
    denied = table("denied", error="denied: /etc/shadow")
    found = fact("account", passwd=table("ok", [account("an", 1000)]), shadow=denied)
    assert found.status == "partial"
    assert found.rows[0]["enabled"] is None
    assert fact("default_credential", shadow=denied).status == "denied"


def test_administrators_come_from_sudo_groups_and_uid_zero() -> None:
    people = [account("root", 0), account("an", 1000), account("binh", 1001), account("chi", 1002)]
    groups = [
        {"name": "quantri", "gid": 2000, "member": "an"},
        {"name": "docker", "gid": 2001, "member": "chi"},
        {"name": "sudo", "gid": 27, "member": "binh"},
    ]
    sudoers = settings({"/etc/sudoers": "Defaults env_reset\n%quantri ALL=(ALL:ALL) ALL"})
    rows = fact(
        "account", passwd=table("ok", people), group=table("ok", groups), sudoers=sudoers
    ).rows
    assert [r["is_admin"] for r in rows] == [True, True, False, True]


def test_unread_sudo_rights_leave_people_unknown_but_not_the_customary_groups() -> None:
    people = [account("an", 1000), account("binh", 1001)]
    groups = [{"name": "sudo", "gid": 27, "member": "an"}]
    rows = fact(
        "account", passwd=table("ok", people), group=table("ok", groups), sudoers=table("denied")
    ).rows
    assert [r["is_admin"] for r in rows] == [True, None]


def test_default_accounts_and_communities_are_signs() -> None:
    found = fact(
        "default_credential",
        passwd=table(
            "ok", [account("root", 0), account("pi", 1000), account("postgres", 110, "/bin/false")]
        ),
        shadow=table("ok", [shadow("root"), shadow("pi", "empty"), shadow("postgres", "none")]),
        snmp=table(
            "ok",
            [
                {
                    "file": "/etc/snmp/snmpd.conf",
                    "line": 3,
                    "directive": "rocommunity",
                    "default": True,
                }
            ],
        ),
    )
    said = [(r["kind"], r["subject"], r["is_default"]) for r in found.rows]
    assert ("empty_password", "pi", True) in said
    assert ("default_account", "postgres", False) in said
    assert ("snmp_community", "rocommunity", True) in said


def test_last_logons_keep_never_apart_from_unknown() -> None:
    logons = table("ok", [{"name": "root", "at": None}])
    assert row("account", lastlog=logons)["never_logged_in"] is True
    assert row("account", lastlog=table("unsupported"))["never_logged_in"] is None
    seen = table("ok", [{"name": "root", "at": "2026-05-01T00:00:00Z"}])
    assert row("account", lastlog=seen)["last_login_at"] == datetime(2026, 5, 1, tzinfo=UTC)
