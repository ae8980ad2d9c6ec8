"""Interfaces, routes, ports, remote administration, shares and firewall of a Linux machine."""

from __future__ import annotations

import ipaddress
import re

from khien.facts.linux_config import Files, Running, last_values, lines, sections, yes
from khien.facts.linux_pam import Row
from khien.facts.linux_raw import RawBundle, RawRow
from khien.facts.linux_sshd import Sshd, read_sshd, ssh_columns

_RTF_UP = "0.0.0.0"  # noqa: S104  # an unset gateway as /proc writes it, nothing is bound


def build_interfaces(bundle: RawBundle) -> list[Row]:
    """Return one row per network interface."""
    return [_interface(row) for row in bundle.rows("interface")]


def _interface(row: RawRow) -> Row:
    addresses = (row.text("addresses") or "").split()
    loopback = row.text("hardware") == "772"
    flags = row.text("flags") or ""
    is_up = bool(int(flags, 16) & 1) if re.fullmatch(r"0x[0-9a-f]{1,8}", flags) else None
    state = row.text("state")
    device, mac = row.boolean("device"), row.text("mac")
    return {
        "name": row.text("name"),
        "mac": None if mac is None or not mac.strip("0:") else mac.lower(),
        "ipv4": next((a.split("/")[0] for a in addresses if "." in a and ":" not in a), None),
        "ipv6": next((a.split("/")[0] for a in addresses if ":" in a and a[:4] != "fe80"), None),
        "addresses": " ".join(addresses) or None,
        "is_wireless": row.boolean("wireless"),
        # A cable that is not plugged in leaves the interface "up" but down in operation.
        "is_up": False if state in ("down", "notpresent", "lowerlayerdown") else is_up,
        "is_loopback": loopback,
        "is_virtual": None if device is None else not device,
        "type": _interface_type(row, loopback=loopback),
    }


def _interface_type(row: RawRow, *, loopback: bool) -> str:
    if loopback:
        return "loopback"
    if row.boolean("wireless"):
        return "wifi"
    if row.boolean("bridge"):
        return "bridge"
    if row.text("devtype") == "wwan":
        return "wwan"
    hardware = row.text("hardware")
    if hardware in ("768", "769", "776", "778", "65534"):
        return "tunnel"
    return "ethernet" if hardware == "1" else "other"


def build_routes(bundle: RawBundle) -> list[Row]:
    """Return one row per route."""
    rows: list[Row] = []
    for row in bundle.rows("route"):
        gateway = row.text("gateway")
        target = row.text("destination")
        rows.append(
            {
                "destination": target,
                "gateway": None if gateway in (_RTF_UP, "::") else gateway,
                "interface": row.text("interface"),
                "is_default": None if target is None else target in (_RTF_UP + "/0", "::/0"),
                "family": row.text("family"),
                "metric": row.integer("metric"),
            }
        )
    return rows


def is_loopback(address: str | None) -> bool | None:
    """Say whether an address is inside the machine only; None when it is not an address."""
    try:
        found = ipaddress.ip_address(address or "")
    except ValueError:
        return None
    mapped = found.ipv4_mapped if isinstance(found, ipaddress.IPv6Address) else None
    return (mapped or found).is_loopback


def build_listening(bundle: RawBundle) -> list[Row]:
    """Return one row per listening socket."""
    keys = {}
    for row in bundle.rows("listening"):
        values: Row = {
            "port": row.integer("port"),
            "protocol": row.text("protocol"),
            "family": row.text("family"),
            "address": row.text("address"),
            "process": row.text("process"),
            "is_loopback": is_loopback(row.text("address")),
        }
        keys[str(values)] = values
    return list(keys.values())


# Program names that give remote administration, and whether the wire is encrypted.
_PROGRAMS: dict[str, tuple[str, bool | None]] = {
    "sshd": ("ssh", True), "dropbear": ("ssh", True), "in.telnetd": ("telnet", False),
    "telnetd": ("telnet", False), "in.rshd": ("rsh", False), "in.rlogind": ("rsh", False),
    "in.rexecd": ("rsh", False), "xrdp": ("rdp", None), "gnome-remote-de": ("rdp", None),
    "Xvnc": ("vnc", None), "Xtigervnc": ("vnc", None), "x11vnc": ("vnc", None), "vino-server": ("vnc", None),
    "cockpit-tls": ("cockpit", True), "cockpit-ws": ("cockpit", None), "miniserv.pl": ("webmin", None),
    "snmpd": ("snmp", None), "Xorg": ("x11", False),
}  # fmt: skip
# Ports that say enough when the program is not known to us.
_PORTS: dict[tuple[str, int], tuple[str, bool | None]] = {
    ("tcp", 22): ("ssh", True), ("tcp", 23): ("telnet", False), ("tcp", 512): ("rsh", False),
    ("tcp", 513): ("rsh", False), ("tcp", 514): ("rsh", False), ("tcp", 3389): ("rdp", None),
    ("tcp", 5900): ("vnc", None), ("tcp", 5901): ("vnc", None), ("udp", 161): ("snmp", None),
    ("tcp", 6000): ("x11", False),
}  # fmt: skip
_SUPERSERVERS = ("inetd", "xinetd", "systemd", "init")
_LOG_PROGRAMS = ("rsyslogd", "syslog-ng")


def build_remote_admin(bundle: RawBundle) -> list[Row]:
    """Return one row per listening service that gives remote administration."""
    sshd, rows = read_sshd(bundle), []
    for port in build_listening(bundle):
        found = _service_of(port, sshd)
        if found is None:
            continue
        service, encrypted = found
        row = (
            ssh_columns(bundle, sshd)
            if service == "ssh"
            else {"service": service, "encrypted": encrypted}
        )
        rows.append(row | {k: port[k] for k in ("port", "address", "is_loopback", "process")})
    return rows


def _service_of(row: Row, sshd: Sshd) -> tuple[str, bool | None] | None:
    process, port = row["process"], row["port"]
    if isinstance(process, str) and process in _PROGRAMS and process not in _SUPERSERVERS:
        return _PROGRAMS[process]
    by_port = _PORTS.get((str(row["protocol"]), port if isinstance(port, int) else -1))
    if process is None and row["protocol"] == "tcp" and port in sshd.ports and sshd.installed:
        return "ssh", True
    if process is None or process in _SUPERSERVERS:
        return by_port
    # A log receiver also uses 514/tcp; telnet's port has no other honest use.
    return by_port if port in (22, 23) and process not in _LOG_PROGRAMS else None


def build_shares(bundle: RawBundle) -> list[Row]:
    """Return one row per shared folder."""
    running = Running(bundle)
    # The NFS server itself is a part of the kernel: its port tells.
    ports = {row.integer("port") for row in bundle.rows("listening")}
    served = 2049 in ports if bundle.usable("listening") else running.process("rpc.mountd")
    return _samba(bundle, running.process("smbd")) + _nfs(bundle, served)


def _samba(bundle: RawBundle, served: bool | None) -> list[Row]:
    shares: dict[str, dict[str, str]] = {}
    for section, key, value in sections(lines(bundle, "samba", "*/smb.conf")):
        shares.setdefault(section, {})[key] = value
    common = next((v for k, v in shares.items() if k.lower() == "global"), {})
    rows = [
        _samba_share(name, common | own, served)
        for name, own in shares.items()
        if name.lower() not in ("global", "printers", "print$", "")
    ]
    return rows + _user_shares(bundle, served)


def _samba_share(name: str, values: dict[str, str], served: bool | None) -> Row:
    guest = yes(values.get("guest ok", values.get("public", "no")))
    guest = yes(values.get("guest only", "no")) or guest
    only_read = yes(values.get("read only", "yes"))
    for key in ("writable", "writeable", "write ok"):
        if key in values:
            writable = yes(values[key])
            only_read = None if writable is None else not writable
    path = values.get("path")
    home = name.lower() == "homes"
    return {
        "name": name,
        "path": "~" if home and path is None else path,
        "kind": "smb",
        "is_whole_disk": False if home else _is_whole_disk(path),
        "is_administrative": False,
        "guest_ok": guest,
        "password_required": None if guest is None else not guest,
        "read_only": only_read,
        "everyone_access": None if guest is None else guest or "valid users" not in values,
        "hosts_limited": "hosts allow" in values,
        "is_served": served and yes(values.get("available", "yes")) is not False,
    }


def _user_shares(bundle: RawBundle, served: bool | None) -> list[Row]:
    shares: dict[str, dict[str, str]] = {}
    for line in lines(bundle, "samba", "/var/lib/samba/usershares/*"):
        key, _, value = line.text.partition("=")
        shares.setdefault(line.file, {})[key.strip().lower()] = value.strip()
    return [
        {
            "name": file.rsplit("/", 1)[-1],
            "path": values.get("path"),
            "kind": "smb",
            "is_whole_disk": _is_whole_disk(values.get("path")),
            "is_administrative": False,
            "guest_ok": (guest := values.get("guest_ok", "n").startswith("y")),
            "password_required": not guest,
            "everyone_access": "s-1-1-0" in values.get("usershare_acl", "").lower(),
            "is_served": served,
        }
        for file, values in shares.items()
    ]


def _is_whole_disk(path: str | None) -> bool | None:
    if path is None:
        return None
    return bool(
        re.fullmatch(r"/|/(mnt|media|srv)/?|/(mnt|media|run/media)/[^/]+/?", path.strip() or "/")
    )


def _nfs(bundle: RawBundle, served: bool | None) -> list[Row]:
    rows = []
    for line in lines(bundle, "nfs"):
        match = re.match(r'("[^"]+"|\S+)(?:\s+(.*))?$', line.text)
        if match is None:
            continue
        clients = (match.group(2) or "*").split()
        anyone = any(re.match(r"(\*|0\.0\.0\.0/0|::/0)?(\(|$)", client) for client in clients)
        options = " ".join(clients)
        secure = "sec=krb5" in options and "sec=sys" not in options
        rows.append(
            {
                "name": match.group(1).strip('"'),
                "path": match.group(1).strip('"'),
                "kind": "nfs",
                "is_whole_disk": _is_whole_disk(match.group(1).strip('"')),
                "is_administrative": False,
                "guest_ok": anyone and not secure,
                "password_required": secure,
                "read_only": not re.search(r"[(,]rw[,)]", options),
                "everyone_access": anyone,
                "hosts_limited": not anyone,
                "is_served": served,
            }
        )
    return rows


def build_firewall(bundle: RawBundle) -> list[Row]:
    """Return the chains that filter incoming packets; configuration alone never counts as on."""
    running, table = Running(bundle), bundle.table("firewall")
    ufw = yes(last_values(lines(bundle, "firewall_config", "/etc/ufw/ufw.conf")).get("enabled"))
    firewalld = running.process("firewalld")
    chains = [_chain(row, ufw=ufw, firewalld=firewalld) for row in table.rows]
    filtering = [row for row in chains if row["rule_count"] != 0 or row["default_deny_inbound"]]
    # iptables over nft shows the same chain twice; nft was asked first.
    rows = list({(row["mechanism"], row["profile"]): row for row in reversed(filtering)}.values())
    for row in rows:
        row["starts_at_boot"] = _at_boot(str(row["mechanism"]), running, ufw=ufw)
    if rows:
        return rows
    if table.status in ("ok", "empty"):
        return [_no_firewall(enabled=False)]
    tools = Files(bundle).has("/usr/sbin/nft", "/usr/sbin/iptables", "/usr/sbin/firewalld")
    if table.status == "unsupported" and tools is False and firewalld is False:
        return [_no_firewall(enabled=False)]
    name = "ufw" if ufw else ("firewalld" if firewalld else None)
    return [_no_firewall(enabled=None) | {"mechanism": name, "starts_at_boot": ufw}]


def _no_firewall(*, enabled: bool | None) -> Row:
    return {
        "mechanism": "none" if enabled is False else None,
        "profile": "inet",
        "enabled": enabled,
        "default_deny_inbound": enabled,
        "starts_at_boot": enabled,
    }


def _chain(row: RawRow, *, ufw: bool | None, firewalld: bool | None) -> Row:
    table, count = row.text("table") or "", row.integer("rules")
    mechanism = "iptables" if table == "filter" else "nftables"
    if firewalld and (table == "firewalld" or mechanism == "iptables"):
        mechanism = "firewalld"
    elif ufw and mechanism == "iptables":
        mechanism = "ufw"
    denies = row.text("policy") == "drop" or row.text("last") in ("drop", "reject")
    return {
        "mechanism": mechanism,
        "profile": row.text("family"),
        "enabled": denies or bool(count) if count is not None else None,
        "default_deny_inbound": denies,
        "rule_count": count,
    }


def _at_boot(mechanism: str, running: Running, *, ufw: bool | None) -> bool | None:
    units = {
        "ufw": ("ufw.service",),
        "firewalld": ("firewalld.service",),
        "nftables": ("nftables.service",),
        "iptables": ("netfilter-persistent.service", "iptables.service"),
    }
    if mechanism == "ufw" and ufw is False:
        return False
    return running.unit_enabled(*units.get(mechanism, ()))
