"""What a Linux machine is: system, hardware, programs, services, volumes, licence."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from khien.facts.linux_config import Files, lines
from khien.facts.linux_pam import DIRECTORY_MODULES, Pam, Row, login_stacks, module
from khien.facts.linux_raw import RawBundle, RawRow, whole
from khien.facts.linux_sessions import has_desktop
from khien.facts.linux_support import support_ends, table_dated_at

_PAID = ("rhel", "sles", "sled", "ol")
# SMBIOS chassis types that matter here.
_CHASSIS = {
    **dict.fromkeys((3, 4, 5, 6, 7, 13, 15, 16, 24, 35, 36), "desktop"),
    **dict.fromkeys((8, 9, 10, 11, 12, 14, 30, 31, 32), "laptop"),
    **dict.fromkeys((17, 22, 23, 25, 28, 29), "server"),
}
_VIRTUAL = re.compile(
    r"(?i)kvm|qemu|vmware|virtualbox|hyper-v|virtual machine|bochs|xen|innotek|amazon ec2|openstack"
)


def _first(bundle: RawBundle, table: str) -> RawRow:
    rows = bundle.rows(table)
    return rows[0] if rows else RawRow({})


def build_os_version(bundle: RawBundle) -> list[Row]:
    """Return the one row that names the system."""
    row = _first(bundle, "os_release")
    version = row.text("version_id")
    parts = (version or "").split(".")
    installer = Files(bundle).oldest("/var/log/installer", "/var/log/anaconda")
    return [
        {
            "name": row.text("pretty_name") or row.text("name"),
            "version": row.text("version") or version,
            "major": whole(parts[0]),
            "minor": whole(parts[1]) if len(parts) > 1 else None,
            "platform": row.text("id"),
            "platform_like": row.text("id_like"),
            "codename": row.text("version_codename"),
            "arch": row.text("arch"),
            "kernel_version": row.text("kernel"),
            "installed_at": installer,
        }
    ]


def build_os_support(bundle: RawBundle) -> list[Row]:
    """Return until when the publisher supports this release."""
    row = _first(bundle, "os_release")
    product, version = row.text("id"), row.text("version_id")
    found = support_ends(product, version)
    release, ends, extended = found or (version, None, None)
    return [
        {
            "product": product,
            "release": release,
            "support_ends_at": ends,
            "extended_ends_at": extended,
            "is_known": found is not None,
            "table_dated_at": table_dated_at(),
        }
    ]


def build_system_info(bundle: RawBundle) -> list[Row]:
    """Return the one row about the machine itself."""
    row = _first(bundle, "system")
    vendor, model = row.text("sys_vendor"), row.text("product_name")
    contained = is_container(bundle)
    virtual = bool(_VIRTUAL.search(f"{vendor} {model}")) or row.boolean("hypervisor")
    kind = _directory_kind(bundle)
    return [
        {
            "hostname": row.text("hostname"),
            "uuid": (row.text("product_uuid") or "").lower() or None,
            "hardware_vendor": vendor,
            "hardware_model": model,
            "hardware_serial": row.text("product_serial"),
            "chassis": _chassis(row, is_container=contained, is_virtual=bool(virtual)),
            "cpu_brand": row.text("cpu_brand"),
            "cpu_logical_cores": row.integer("cpu_count"),
            "physical_memory_bytes": row.integer("memory_bytes"),
            "is_virtual": virtual,
            "is_container": contained,
            "has_desktop": has_desktop(bundle),
            "is_domain_joined": None if kind is None else kind != "none",
            "directory_kind": kind,
            "booted_at": row.moment("booted_at"),
            "timezone": row.text("timezone"),
        }
    ]


def is_container(bundle: RawBundle) -> bool:
    """Say whether this is a container; a machine made from a container's image keeps its marks."""
    mark = _first(bundle, "system").text("container")
    root = next((row for row in bundle.rows("volume") if row.text("mount") == "/"), RawRow({}))
    own_disk = re.match(r"/dev/(vd|sd|xvd|nvme|mmcblk)", root.text("device") or "")
    return mark is not None and not (mark in ("docker", "podman") and own_disk)


def _chassis(row: RawRow, *, is_container: bool, is_virtual: bool) -> str | None:
    if is_container:
        return "container"
    if is_virtual:
        return "virtual"
    number = row.integer("chassis_type")
    return None if number is None else _CHASSIS.get(number, "other")


def _directory_kind(bundle: RawBundle) -> str | None:
    said = " ".join(line.text for line in lines(bundle, "directory"))
    for word in ("ad", "ipa", "ldap"):
        if re.search(rf"id_provider\s*=\s*{word}\b", said):
            return word
    if re.search(r"(?i)security\s*=\s*ads", " ".join(x.text for x in lines(bundle, "samba"))):
        return "ad"
    if not bundle.usable("pam"):
        return None
    entries = [entry for stack in login_stacks(Pam(bundle)) for entry in stack]
    if module(entries, "pam_winbind.so"):
        return "ad"
    if module(entries, *DIRECTORY_MODULES):
        # The module is there, but without sssd's own file it may have no domain behind it.
        return "none" if bundle.complete("directory") else None
    return "none"


def build_programs(bundle: RawBundle) -> list[Row]:
    """Return one row per installed package."""
    return [
        {
            "name": row.text("name"),
            "version": row.text("version"),
            "kind": "deb" if table == "dpkg" else "rpm",
            "arch": row.text("arch"),
            "publisher": row.text("vendor"),
            "installed_at": _since_epoch(row.integer("installed")),
        }
        for table in ("dpkg", "rpm")
        for row in bundle.rows(table)
        if row.text("status") == "installed" and row.text("name")
    ]


def _since_epoch(seconds: int | None) -> datetime | None:
    if seconds is None or not 0 < seconds < 32_503_680_000:
        return None
    return datetime.fromtimestamp(seconds, UTC)


def build_services(bundle: RawBundle) -> list[Row]:
    """Return one row per service; timers and sockets are left out."""
    rows: list[Row] = []
    for row in bundle.rows("service"):
        name, state, active = row.text("name"), row.text("state"), row.text("active")
        if name is None or not name.endswith(".service"):
            continue
        rows.append(
            {
                "name": name.removesuffix(".service"),
                "enabled": None if state is None else state in ("enabled", "enabled-runtime"),
                "running": None
                if active is None
                else active in ("active", "activating", "reloading"),
                "kind": "systemd",
            }
        )
    return rows


def build_volumes(bundle: RawBundle) -> list[Row]:
    """Return one row per mounted volume."""
    return [_volume(row) for row in bundle.rows("volume")]


def _volume(row: RawRow) -> Row:
    crypt, known, removable = row.boolean("crypt"), row.boolean("known"), row.text("removable")
    kind = row.text("filesystem")
    # zfs and network volumes encrypt (or not) out of our sight; an overlay shows another volume.
    seen = bool(known) and kind not in ("zfs", "overlay") and row.boolean("network") is not True
    encrypted = True if crypt else (False if seen and crypt is False else None)
    return {
        "mount": row.text("mount"),
        "device": row.text("device"),
        "filesystem": kind,
        "encrypted": encrypted,
        "encryption_kind": "luks" if crypt else ("none" if encrypted is False else None),
        "is_removable": removable == "1" if removable in ("0", "1") else None,
        "is_network": row.boolean("network"),
        "is_system": row.text("mount") in ("/", "/usr", "/boot", "/boot/efi"),
        "size_bytes": row.integer("size"),
        "free_bytes": row.integer("free"),
    }


def build_activation(bundle: RawBundle) -> list[Row]:
    """Return whether the system needs a subscription and has one."""
    row, files = _first(bundle, "os_release"), Files(bundle)
    product = row.text("id")
    paid = product in _PAID and product != "ol"
    proof = bool(
        files.matching("/etc/pki/consumer/cert.pem", "/etc/zypp/credentials.d/SCCcredentials")
    )
    return [
        {
            "product": row.text("pretty_name") or product,
            "licence_required": None if product is None else paid,
            "is_activated": (proof if files.is_known else None) if paid else None,
            "channel": None if product is None else ("subscription" if paid else "free"),
            "has_emulator_signal": False if product else None,
        }
    ]


# Path, widest mode that is still right, owners that are right.
_NORMS: dict[str, int] = {
    "/etc/passwd": 0o644, "/etc/group": 0o644, "/etc/shadow": 0o640, "/etc/gshadow": 0o640,
    "/etc/sudoers": 0o440, "/etc/ssh/sshd_config": 0o644, "/etc/crontab": 0o644,
    "/boot/grub/grub.cfg": 0o644, "/boot/grub2/grub.cfg": 0o644, "/etc/pam.d": 0o755,
    "/etc/security/opasswd": 0o640, "/usr/bin/su": 0o4755, "/usr/bin/sudo": 0o4755,
}  # fmt: skip


def build_critical_files(bundle: RawBundle) -> list[Row]:
    """Return rights of the files that decide who may do what."""
    rows: list[Row] = []
    for path, row in sorted(Files(bundle).rows.items()):
        norm = 0o640 if re.fullmatch(r"/etc/ssh/ssh_host_\w+_key", path) else _NORMS.get(path)
        mode_text = row.text("mode") or ""
        mode = int(mode_text, 8) if re.fullmatch(r"[0-7]{1,5}", mode_text, re.ASCII) else None
        if norm is None:
            continue
        owner, group = row.integer("uid"), row.integer("gid")
        rows.append(
            {
                "path": path,
                "owner": None if owner is None else str(owner),
                "group_owner": None if group is None else str(group),
                "mode": row.text("mode"),
                "is_world_readable": None if mode is None else bool(mode & 0o004),
                "is_world_writable": None if mode is None else bool(mode & 0o002),
                "is_as_expected": None if mode is None else mode & ~norm == 0 and owner == 0,
                "modified_at": row.moment("modified_at"),
            }
        )
    return rows
