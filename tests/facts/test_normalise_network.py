"""SSH, remote administration, firewall, shares and interfaces."""

from __future__ import annotations

from typing import Any

import pytest
from normalise_samples import fact, printed, processes, row, services, settings, stat, table


def listening(
    *ports: tuple[int, str | None], protocol: str = "tcp", address: str = "10.0.0.5"
) -> dict[str, Any]:
    return table(
        "ok",
        [
            {
                "protocol": protocol,
                "family": "ipv4",
                "address": address,
                "port": p,
                "process": process,
            }
            for p, process in ports
        ],
    )


def test_ssh_as_it_states_itself() -> None:
    stated = printed(
        """
        port 22
        permitrootlogin without-password
        passwordauthentication no
        kbdinteractiveauthentication yes
        usepam no
        maxauthtries 4
        """
    )
    found = row(
        "remote_admin", sshd=stated, listening=listening((22, "sshd")), stat=stat("/usr/sbin/sshd")
    )
    assert (found["service"], found["encrypted"], found["max_auth_tries"]) == ("ssh", True, 4)
    assert (found["root_login"], found["root_password_login"]) == (True, False)
    assert found["password_authentication"] is False
    assert found["idle_timeout_seconds"] == 0


def test_ssh_from_files_takes_the_first_value_and_the_drop_in_where_it_is_included() -> None:
    files = settings(
        {
            "/etc/ssh/sshd_config": "Include /etc/ssh/sshd_config.d/*.conf\n"
            "PermitRootLogin no\nPort 2222\nUsePAM yes",
            "/etc/ssh/sshd_config.d/50-cloud.conf": "PermitRootLogin yes",
        }
    )
    found = row("remote_admin", sshd=table("denied"), sshd_config=files,
                listening=listening((2222, None)), stat=stat("/usr/sbin/sshd"))  # fmt: skip
    assert (found["service"], found["port"], found["root_login"]) == ("ssh", 2222, True)
    assert found["password_authentication"] is True


def test_a_match_block_counts_at_its_loosest() -> None:
    files = settings(
        {
            "/etc/ssh/sshd_config": "PasswordAuthentication no\nMatch User an\nPasswordAuthentication yes"
        }
    )
    stated = printed("port 22\npasswordauthentication no\npermitrootlogin no")
    found = row("remote_admin", sshd=stated, sshd_config=files, listening=listening((22, "sshd")))
    assert found["password_authentication"] is True


def test_unreadable_ssh_settings_are_unknown() -> None:
    denied = table("denied", error="denied: /etc/ssh/sshd_config")
    found = row("remote_admin", sshd=denied, sshd_config=denied, listening=listening((22, "sshd")))
    assert (found["service"], found["root_login"], found["mfa"]) == ("ssh", None, None)


def test_an_ssh_setting_without_a_listening_server_is_no_remote_administration() -> None:
    found = fact("remote_admin", sshd=printed("port 22"), stat=stat("/usr/sbin/sshd"))
    assert (found.status, found.rows) == ("empty", ())


def test_no_ssh_found_while_programs_were_hidden_is_not_absence() -> None:
    hidden = table(
        "partial", [{"protocol": "tcp", "address": "10.0.0.1", "port": 2024}], "denied: who"
    )
    assert fact("remote_admin", listening=hidden).status == "denied"


@pytest.mark.parametrize(
    ("port", "process", "service", "encrypted"),
    [
        (23, None, "telnet", False),
        (23, "inetd", "telnet", False),
        (513, "xinetd", "rsh", False),
        (3389, "xrdp", "rdp", None),
        (9090, "cockpit-tls", "cockpit", True),
        (5901, "Xtigervnc", "vnc", None),
    ],
)
def test_remote_administration_by_program_and_port(
    port: int, process: str | None, service: str, encrypted: bool | None
) -> None:
    found = row("remote_admin", listening=listening((port, process)))
    assert (found["service"], found["encrypted"]) == (service, encrypted)


@pytest.mark.parametrize(
    ("port", "process"), [(514, "rsyslogd"), (9090, "prometheus"), (8080, None), (5900, "node")]
)
def test_other_programs_are_not_remote_administration(port: int, process: str | None) -> None:
    assert fact("remote_admin", listening=listening((port, process))).rows == ()


@pytest.mark.parametrize(
    ("lines", "pam", "enabled", "enforced"),
    [
        ("authenticationmethods any", "", False, False),
        ("authenticationmethods publickey,password publickey,keyboard-interactive", "", True, True),
        ("authenticationmethods publickey password,keyboard-interactive", "", True, False),
        ("usepam yes\nkbdinteractiveauthentication yes\npubkeyauthentication yes\npasswordauthentication no",
         "auth required pam_google_authenticator.so", True, False),
        ("usepam yes\nkbdinteractiveauthentication yes\npubkeyauthentication no\npasswordauthentication no",
         "auth required pam_google_authenticator.so", True, True),
        ("usepam yes\nkbdinteractiveauthentication yes\npubkeyauthentication no\npasswordauthentication no",
         "auth required pam_google_authenticator.so nullok", True, False),
    ],
)  # fmt: skip
def test_a_second_factor_counts_only_when_nobody_can_go_around_it(
    lines: str, pam: str, enabled: bool, enforced: bool
) -> None:
    found = row(
        "mfa",
        sshd=printed(lines),
        pam=settings({"/etc/pam.d/sshd": pam} if pam else {}),
        stat=stat("/usr/sbin/sshd"),
    )
    assert (found["scope"], found["enabled"], found["enforced"]) == ("ssh", enabled, enforced)


def chain(**more: Any) -> dict[str, Any]:
    base = {"tool": "nft", "family": "ip", "table": "filter", "chain": "INPUT", "policy": "accept"}
    return base | {"rules": 0, "last": None} | more


def test_ufw_that_really_filters() -> None:
    found = row(
        "firewall",
        firewall=table("ok", [chain(policy="drop", rules=12)]),
        firewall_config=settings({"/etc/ufw/ufw.conf": "ENABLED=yes"}),
        service=services(ufw_service="enabled"),
    )
    assert (found["mechanism"], found["enabled"], found["default_deny_inbound"]) == (
        "ufw",
        True,
        True,
    )
    assert found["starts_at_boot"] is True


def test_a_firewall_in_a_file_only_is_off() -> None:
    found = row(
        "firewall",
        firewall=table("empty"),
        firewall_config=settings({"/etc/ufw/ufw.conf": "ENABLED=yes"}),
    )
    assert (found["mechanism"], found["enabled"]) == ("none", False)


def test_a_firewall_that_could_not_be_read_is_unknown() -> None:
    found = fact(
        "firewall",
        firewall=table("denied", error="denied: nft"),
        firewall_config=settings({"/etc/ufw/ufw.conf": "ENABLED=yes"}),
        stat=stat("/usr/sbin/nft"),
    )
    assert found.status == "partial"
    assert (found.rows[0]["mechanism"], found.rows[0]["enabled"]) == ("ufw", None)


def test_firewalld_denies_by_its_last_rule() -> None:
    rows = [chain(family="inet", table="firewalld", chain="filter_INPUT", rules=7, last="reject")]
    found = row("firewall", firewall=table("ok", rows), process=processes("firewalld"))
    assert (found["mechanism"], found["default_deny_inbound"]) == ("firewalld", True)


def test_empty_chains_left_by_containers_are_no_firewall() -> None:
    found = row("firewall", firewall=table("ok", [chain(), chain(family="ip6")]))
    assert (found["mechanism"], found["enabled"]) == ("none", False)


def test_no_tool_installed_means_no_firewall() -> None:
    found = row("firewall", firewall=table("unsupported", error="nft is not installed"))
    assert (found["mechanism"], found["enabled"]) == ("none", False)


SMB = """
[global]
security = user
map to guest = Bad User
[chung]
path = /srv/chung
guest ok = yes
read only = no
[tai lieu]
path = /srv/tailieu
valid users = @vanphong
[o-d]
path = /
writable = yes
[printers]
path = /var/spool/samba
"""


def test_samba_shares_are_read_with_their_guests_and_paths() -> None:
    rows = fact(
        "share", samba=settings({"/etc/samba/smb.conf": SMB}), process=processes("smbd")
    ).rows
    assert [(r["name"], r["guest_ok"], r["is_whole_disk"], r["read_only"]) for r in rows] == [
        ("chung", True, False, False),
        ("tai lieu", False, False, True),
        ("o-d", False, True, False),
    ]
    assert all(r["is_served"] for r in rows)


@pytest.mark.parametrize(
    ("line", "whole", "guest", "read_only"),
    [
        ("/ *(rw)", True, True, False),
        ("/srv/data 10.0.0.0/24(ro,sync)", False, False, True),
        ("/srv/data *(rw,sec=krb5p)", False, False, False),
        ('"/srv/co quan" may-02(rw)', False, False, False),
        ("/srv/data", False, True, True),
    ],
)
def test_nfs_exports(line: str, whole: bool, guest: bool, read_only: bool) -> None:
    found = row("share", nfs=settings({"/etc/exports": line}))
    assert (found["is_whole_disk"], found["guest_ok"], found["read_only"]) == (
        whole,
        guest,
        read_only,
    )


def test_interfaces_and_loopback() -> None:
    rows = [
        {"name": "lo", "mac": "00:00:00:00:00:00", "hardware": "772", "flags": "0x9", "state": "unknown",
         "wireless": False, "device": False, "addresses": "127.0.0.1/8"},
        {"name": "wlp2s0", "mac": "AA:BB:CC:00:11:22", "hardware": "1", "flags": "0x1003", "state": "down",
         "wireless": True, "device": True, "addresses": ""},
        {"name": "eth0", "mac": "aa:bb:cc:00:11:23", "hardware": "1", "flags": "0x1003", "state": "up",
         "wireless": False, "device": True, "addresses": "10.0.0.5/24 fe80::1/64 2001:db8::5/64"},
    ]  # fmt: skip
    loop, wifi, wired = fact("interface", interface=table("ok", rows)).rows
    assert (loop["mac"], loop["is_loopback"]) == (None, True)
    assert (wifi["mac"], wifi["is_wireless"], wifi["is_up"]) == ("aa:bb:cc:00:11:22", True, False)
    assert (wired["ipv4"], wired["ipv6"], wired["type"]) == ("10.0.0.5", "2001:db8::5", "ethernet")


def test_a_machine_without_any_interface_row_is_a_reading_error() -> None:
    assert fact("interface", interface=table("empty")).status == "error"
