#!/usr/bin/env python3
"""Read security settings of this Linux machine and print them as one JSON bundle.

Read-only: it changes nothing, opens no connection, listens on nothing, and never sends. It reads no
passwords or their hashes, no private keys, no command lines of processes, no home folders, no full
names. `--list` says in Vietnamese and English what is read. Python 3.7 or newer, nothing else.
It only reads: what the values mean is decided on the server, where that can be tested.
"""

# It runs on old Pythons without anything installed, so newer spellings are not used here.
# ruff: noqa: UP006, UP035, UP045, B905, PTH100, PTH105, PTH108, PTH110, PTH112, PTH113, PTH115, PTH116
# ruff: noqa: PTH119, PTH120, PTH123, PTH207, PTH208

import argparse
import collections
import glob
import hashlib
import json
import os
import platform
import re
import shutil
import signal
import socket
import sqlite3
import stat
import struct
import subprocess
import sys
import tempfile
import time
import unicodedata
from typing import Any, Callable, Dict, Iterator, List, Optional, Tuple

VERSION = "0.1.0"
FORMAT = "khien-bundle/1"
SALT = "khien-host/1:"
SECONDS_MAX = 50.0
COMMAND_SECONDS = 10.0
FILE_BYTES_MAX = 4_194_304
OUTPUT_BYTES_MAX = 8_000_000
FILES_MAX = 300
ROWS_MAX = 10_000
TEXT_MAX = 1_000
SAFE_PATH = "/usr/sbin:/usr/bin:/sbin:/bin"
# What reading something of an unexpected shape can raise; one table must not take the others down.
EXPECTED = (
    OSError,
    ValueError,
    KeyError,
    IndexError,
    TypeError,
    AttributeError,
    struct.error,
    sqlite3.Error,
)
SECRET = re.compile(
    r"(?i)\b([\w-]*(?:pass(?:wd|word|phrase)?|secret|token|bindpw|pwd|psk|key|pin|authtok|community))(\s*=\s*)[^\s;,]+"
)
ADDRESS_LOGIN = re.compile(r"(?i)(://)[^/@\s]+@")
STARTED = time.monotonic()

Row = Dict[str, Any]
Read = Callable[["Notes"], List[Row]]


class Trouble(Exception):
    """A source that could not be read, with the status its table gets."""

    def __init__(self, status: str, message: str) -> None:
        self.status = status
        super().__init__(message)


class Notes:
    """What went wrong in part while a table was read."""

    def __init__(self) -> None:
        self.items: List[Tuple[str, str]] = []

    def add(self, status: str, message: str) -> None:
        """Remember one part that is missing."""
        self.items.append((status, message))

    def status_for(self, rows: List[Row]) -> str:
        """Return the status of a table from its rows and what is missing."""
        if rows:
            return "partial" if self.items else "ok"
        found = [status for status, _ in self.items]
        for status in ("denied", "timeout", "error", "unsupported"):
            if status in found:
                return status
        return "empty"

    def text(self) -> Optional[str]:
        """Return the troubles as one short line."""
        return clean("; ".join(f"{s}: {m}" for s, m in self.items)) or None


def seconds_left() -> float:
    """Return the time left for the whole run."""
    return SECONDS_MAX - (time.monotonic() - STARTED)


def moment(seconds: float) -> Optional[str]:
    """Return seconds since 1970 as ISO 8601 in UTC."""
    try:
        return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))
    except (ValueError, OverflowError, OSError):
        return None


def clean(text: str) -> str:
    """Return text in NFC without control characters or anything that looks like a secret."""
    text = text.encode("utf-8", "replace").decode("utf-8")
    text = "".join(c if c == "\t" or unicodedata.category(c) != "Cc" else " " for c in text)
    text = ADDRESS_LOGIN.sub(r"\1***@", SECRET.sub(r"\1\2***", text))
    return unicodedata.normalize("NFC", text).strip()[:TEXT_MAX]


def read_bytes(path: str) -> bytes:
    """Return a regular file (never a pipe or device) whole; half a file would hide what is in the rest."""
    handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    with os.fdopen(handle, "rb") as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise Trouble("error", path + " is not a regular file")
        content = file.read(FILE_BYTES_MAX + 1)
    if len(content) > FILE_BYTES_MAX:
        raise Trouble("error", f"{path} is larger than {FILE_BYTES_MAX} bytes")
    return content


def read_text(path: str) -> str:
    """Return a file as text."""
    return read_bytes(path).decode("utf-8", "replace")


def read_short(path: str) -> Optional[str]:
    """Return a one-line file of /sys or /proc, or None when it is not there or not ours to read."""
    try:
        return clean(read_text(path)) or None
    except (OSError, Trouble):
        return None


def run(*command: str, seconds: float = COMMAND_SECONDS, accept: Tuple[int, ...] = (0,)) -> str:
    """Return what a command printed; it gets no shell, no input, plain English and little time."""
    program = shutil.which(command[0], path=SAFE_PATH)
    if program is None:
        raise Trouble("unsupported", command[0] + " is not installed")
    limit = min(seconds, seconds_left())
    if limit <= 0:
        raise Trouble("timeout", "no time left for " + command[0])
    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen(  # noqa: S603 - fixed words only, see the callers
            (program, *command[1:]),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.PIPE,
            start_new_session=True,
            cwd="/",
            env={"PATH": SAFE_PATH, "LC_ALL": "C", "HOME": "/nonexistent"},
        )
        try:
            complaint = process.communicate(timeout=limit)[1].decode("utf-8", "replace")
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
            raise Trouble("timeout", f"{command[0]} took more than {limit:.0f} s") from None
        output.seek(0)
        text = output.read(OUTPUT_BYTES_MAX + 1).decode("utf-8", "replace")
    if process.returncode not in accept:
        refused = os.geteuid() != 0 and re.search(r"(?i)permi|root|privileg|denied", complaint)
        message = f"{command[0]} ended with {process.returncode}: {clean(complaint)[:160]}"
        raise Trouble("denied" if refused else "error", message)
    if len(text) > OUTPUT_BYTES_MAX:
        raise Trouble("error", f"{command[0]} printed more than {OUTPUT_BYTES_MAX} bytes")
    return text


def files_of(patterns: str) -> Iterator[str]:
    """Give the existing files of a list of patterns, in order, no more than the cap."""
    count = 0
    for pattern in patterns.split():
        for path in sorted(glob.glob(pattern)):
            if os.path.isdir(path) or re.search(r"(~|\.dpkg-\w+|\.rpm(save|new)|\.bak)$", path):
                continue
            count += 1
            if count > FILES_MAX:
                raise Trouble("error", f"more than {FILES_MAX} files: {pattern}")
            yield path


def lines_of(path: str, keep: str, comment: str = "#") -> Iterator[Row]:
    """Give the lines of a settings file that match `keep`, without comments."""
    wanted = re.compile(keep)
    joined, first = "", 0
    for number, line in enumerate(read_text(path).splitlines(), 1):
        first, joined = (first or number), joined + line
        if joined.endswith("\\"):
            joined = joined[:-1] + " "
            continue
        text, number, joined, first = joined.strip(), first, "", 0
        if text and text[0] not in comment and wanted.search(text):
            yield {"file": path, "line": number, "text": clean(text)}


def settings(patterns: str, keep: str = "", comment: str = "#") -> Read:
    """Return a reader of chosen lines in settings files."""

    def read(notes: Notes) -> List[Row]:
        rows: List[Row] = []
        for folder in {os.path.dirname(p) for p in patterns.split()}:
            if "*" not in folder and os.path.isdir(folder) and not os.access(folder, os.R_OK):
                notes.add("denied", folder)
        for path in files_of(patterns):
            try:
                rows.extend(lines_of(path, keep, comment))
            except PermissionError:
                notes.add("denied", path)
            except (OSError, Trouble) as problem:
                notes.add("error", f"{path}: {problem}")
        return rows

    return read


def output_lines(*command: str, keep: str = "", seconds: float = COMMAND_SECONDS) -> Read:
    """Return a reader of chosen lines a command prints."""

    def read(_notes: Notes) -> List[Row]:
        lines = run(*command, seconds=seconds).splitlines()
        chosen = [line for line in lines if line.strip() and re.search(keep, line)]
        return [{"line": n, "text": clean(line)} for n, line in enumerate(chosen, 1)]

    return read


def fields(command: Tuple[str, ...], names: str) -> Read:
    """Return a reader of tab-separated fields a command prints."""

    def read(_notes: Notes) -> List[Row]:
        cut = [line.split("\t") for line in run(*command, seconds=20).splitlines() if line]
        return [dict(zip(names.split(), map(clean, parts))) for parts in cut]

    return read


def read_os_release(_notes: Notes) -> List[Row]:
    """Read which system this is."""
    path = "/etc/os-release" if os.path.exists("/etc/os-release") else "/usr/lib/os-release"
    pairs = re.findall(r"(?m)^([A-Z_]+)=[\"']?([^\"'\n]*)", read_text(path))
    wanted = {"ID", "ID_LIKE", "NAME", "VERSION", "VERSION_ID", "VERSION_CODENAME", "PRETTY_NAME"}
    row: Row = {key.lower(): clean(value) for key, value in pairs if key in wanted}
    row.update(kernel=clean(platform.release()), arch=clean(platform.machine()))
    return [row]


def read_system(notes: Notes) -> List[Row]:
    """Read what machine this is."""
    row: Row = {"hostname": clean(socket.gethostname())}
    for key in ("sys_vendor", "product_name", "product_serial", "product_uuid", "chassis_type"):
        path = "/sys/class/dmi/id/" + key
        row[key] = read_short(path)
        if row[key] is None and os.path.exists(path) and not os.access(path, os.R_OK):
            notes.add("denied", path)
    cpu, memory = read_text("/proc/cpuinfo"), read_text("/proc/meminfo")
    model = re.search(r"(?m)^(?:model name|Model)\s*:\s*(.+)$", cpu)
    total, booted = (
        re.search(r"MemTotal:\s+(\d+)", memory),
        re.search(r"btime (\d+)", read_text("/proc/stat")),
    )
    zone = os.path.realpath("/etc/localtime").partition("/zoneinfo/")[2] or read_short(
        "/etc/timezone"
    )
    row.update(
        cpu_brand=clean(model.group(1)) if model else None,
        cpu_count=os.cpu_count(),
        memory_bytes=int(total.group(1)) * 1024 if total else None,
        booted_at=moment(int(booted.group(1))) if booted else None,
        hypervisor=bool(re.search(r"(?m)^flags\s*:.*\bhypervisor\b", cpu)),
        timezone=zone or None,
        container=read_short("/run/systemd/container")
        or (
            "docker"
            if os.path.exists("/.dockerenv")
            else "podman"
            if os.path.exists("/run/.containerenv")
            else None
        ),
        systemd_running=os.path.isdir("/run/systemd/system"),
        hidden_processes=hidden_processes(),
    )
    return [row]


def hidden_processes() -> bool:
    """Say whether /proc hides other users' processes from us."""
    return os.geteuid() != 0 and bool(
        re.search(r"hidepid=(?:[12]|invisible|noaccess)", read_text("/proc/mounts"))
    )


def read_interfaces(notes: Notes) -> List[Row]:
    """Read network interfaces and their addresses."""
    found: Dict[str, List[str]] = collections.defaultdict(list)
    try:
        for item in json.loads(run("ip", "-j", "addr")):
            for entry in item.get("addr_info", []):
                found[item["ifname"]].append(f"{entry['local']}/{entry['prefixlen']}")
    except Trouble as problem:
        notes.add(problem.status, "addresses: " + str(problem))
    rows = []
    for name in sorted(os.listdir("/sys/class/net")):
        base = "/sys/class/net/" + name
        if not os.path.isdir(base):
            continue
        kind = re.search(r"DEVTYPE=(\w+)", read_short(base + "/uevent") or "")
        rows.append(
            {
                "name": clean(name),
                "mac": read_short(base + "/address"),
                "hardware": read_short(base + "/type"),
                "state": read_short(base + "/operstate"),
                "flags": read_short(base + "/flags"),
                "wireless": os.path.exists(base + "/wireless")
                or os.path.exists(base + "/phy80211"),
                "device": os.path.exists(base + "/device"),
                "devtype": kind.group(1) if kind else None,
                "bridge": os.path.exists(base + "/bridge"),
                "addresses": clean(" ".join(found[name])),
            }
        )
    return rows


def read_routes(_notes: Notes) -> List[Row]:
    """Read where packets leave."""
    rows = []
    for line in read_text("/proc/net/route").splitlines()[1:]:
        part = line.split()
        target, gate, mask = (
            socket.inet_ntoa(struct.pack("=I", int(part[i], 16))) for i in (1, 2, 7)
        )
        rows.append(
            {
                "family": "ipv4",
                "interface": clean(part[0]),
                "gateway": gate,
                "metric": int(part[6]),
                "destination": f"{target}/{bin(int(part[7], 16)).count('1')}",
                "mask": mask,
            }
        )
    if os.path.exists("/proc/net/ipv6_route"):
        for line in read_text("/proc/net/ipv6_route").splitlines():
            part = line.split()
            target, gate = (
                socket.inet_ntop(socket.AF_INET6, bytes.fromhex(part[i])) for i in (0, 4)
            )
            rows.append(
                {
                    "family": "ipv6",
                    "interface": clean(part[9]),
                    "gateway": gate,
                    "mask": None,
                    "metric": int(part[5], 16),
                    "destination": f"{target}/{int(part[1], 16)}",
                }
            )
    return [row for row in rows if row["interface"] != "lo"]


def password_state(field: str) -> str:
    """Say what kind of thing a password field holds; the field itself never leaves this function."""
    if field == "":
        return "empty"
    if field.strip("!*xX") == "" or field in ("!!", "*LK*", "NP"):
        return "none"
    return "locked" if field[0] in "!*" else "hashed"


def read_passwd(_notes: Notes) -> List[Row]:
    """Read accounts; full names and home folders are left out."""
    cut = [line.split(":") for line in read_text("/etc/passwd").splitlines()]
    return [
        {
            "name": clean(p[0]),
            "uid": int(p[2]),
            "gid": int(p[3]),
            "shell": clean(p[6]),
            "password": "shadow" if p[1] == "x" else password_state(p[1]),
        }
        for p in cut
        if len(p) == 7 and p[2].isdigit() and p[3].isdigit()
    ]


def read_shadow(_notes: Notes) -> List[Row]:
    """Read states and dates of passwords; never the hash."""

    def number(text: str) -> Optional[int]:
        return int(text) if re.fullmatch(r"-?\d{1,9}", text) else None

    cut = [line.split(":") for line in read_text("/etc/shadow").splitlines()]
    return [
        {
            "name": clean(p[0]),
            "state": password_state(p[1]),
            "last_change": number(p[2]),
            "min": number(p[3]),
            "max": number(p[4]),
            "inactive": number(p[6]),
            "expire": number(p[7]),
        }
        for p in cut
        if len(p) >= 8
    ]


def read_group(_notes: Notes) -> List[Row]:
    """Read groups, one row per member."""
    cut = [line.split(":") for line in read_text("/etc/group").splitlines()]
    return [
        {"name": clean(p[0]), "gid": int(p[2]), "member": clean(member) or None}
        for p in cut
        if len(p) == 4 and p[2].isdigit()
        for member in p[3].split(",")
    ]


def read_lastlog(notes: Notes) -> List[Row]:
    """Read last logons; only to the month for people who are not administrators."""
    people = read_passwd(notes)
    admins = {g["member"] for g in read_group(notes) if g["name"] in ("sudo", "wheel", "admin")}
    seen: Dict[str, int] = {}
    if os.path.exists("/var/lib/lastlog/lastlog2.db"):
        link = sqlite3.connect("file:/var/lib/lastlog/lastlog2.db?mode=ro&immutable=1", uri=True)
        with link:
            seen = {
                str(name): int(at) for name, at in link.execute("SELECT Name, Time FROM Lastlog2")
            }
        link.close()
    else:
        with open("/var/log/lastlog", "rb") as file:
            for person in people:
                file.seek(person["uid"] * 292)
                record = file.read(4)
                seen[person["name"]] = struct.unpack("=i", record)[0] if len(record) == 4 else 0
    rows = []
    for person in people:
        at = seen.get(person["name"], 0)
        full = moment(at) if at > 0 else None
        exact = person["uid"] == 0 or person["name"] in admins
        rows.append(
            {
                "name": person["name"],
                "at": full if exact or not full else full[:7] + "-01T00:00:00Z",
            }
        )
    return rows


def read_processes(notes: Notes) -> List[Row]:
    """Read short names of running programs and how many there are; never their command lines."""
    if hidden_processes():
        notes.add("denied", "other users' processes are hidden (hidepid)")
    names = collections.Counter(
        read_short(f"/proc/{pid}/comm")
        for pid in os.listdir("/proc")
        if pid.isdigit() and not is_kernel_thread(pid)
    )
    return [
        {"name": name, "count": count}
        for name, count in sorted((str(n), c) for n, c in names.items() if n)
    ]


def is_kernel_thread(pid: str) -> bool:
    """Say whether a process belongs to the kernel."""
    found = re.search(r"\) \S (\d+) ", read_short(f"/proc/{pid}/stat") or "")
    return pid == "2" or (found is not None and found.group(1) == "2")


def socket_owners() -> Tuple[Dict[str, str], bool]:
    """Return the program that holds each socket, and whether some programs could not be looked at."""
    owners: Dict[str, str] = {}
    closed = 0
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            for fd in os.listdir(f"/proc/{pid}/fd"):
                target = os.readlink(f"/proc/{pid}/fd/{fd}")
                if target.startswith("socket:["):
                    owners[target[8:-1]] = read_short(f"/proc/{pid}/comm") or ""
        except FileNotFoundError:
            continue
        except PermissionError:
            closed += 1
    return owners, closed > 0


def read_listening(notes: Notes) -> List[Row]:
    """Read listening sockets."""
    (owners, closed), rows = socket_owners(), []
    for name in ("tcp", "tcp6", "udp", "udp6"):
        if not os.path.exists("/proc/net/" + name):
            continue
        for line in read_text("/proc/net/" + name).splitlines()[1:]:
            part = line.split()
            if part[3] != ("0A" if name.startswith("tcp") else "07"):
                continue
            address, port = part[1].split(":")
            words = [
                struct.pack("=I", int(address[i : i + 8], 16)) for i in range(0, len(address), 8)
            ]
            family = socket.AF_INET6 if len(words) == 4 else socket.AF_INET
            rows.append(
                {
                    "protocol": name[:3],
                    "family": "ipv6" if len(words) == 4 else "ipv4",
                    "address": socket.inet_ntop(family, b"".join(words)),
                    "port": int(port, 16),
                    "process": owners.get(part[9]) or None,
                }
            )
    if closed and any(row["process"] is None for row in rows):
        notes.add("denied", "which process listens on some ports")
    return rows


def read_services(notes: Notes) -> List[Row]:
    """Read services, timers and sockets with their state."""
    rows: Dict[str, Row] = {}
    for path in glob.glob("/etc/systemd/system/*.wants/*"):
        rows[os.path.basename(path)] = {
            "name": clean(os.path.basename(path)),
            "state": "enabled",
            "active": None,
        }
    for path in glob.glob("/etc/rc[35].d/S*"):
        name = os.path.basename(path)[3:] + ".service"
        rows.setdefault(name, {"name": clean(name), "state": "enabled", "active": None})
    if not os.path.isdir("/run/systemd/system"):
        notes.add(
            "unsupported", "systemd is not running: only links that enable services were read"
        )
        return list(rows.values())
    kinds = "--type=service,timer,socket"
    for line in run(
        "systemctl", "list-unit-files", kinds, "--no-legend", "--no-pager", "--plain"
    ).splitlines():
        part = line.split()
        rows[part[0]] = {"name": clean(part[0]), "state": part[1], "active": "inactive"}
    wanted = "--property=Id,ActiveState,UnitFileState"
    for block in run(
        "systemctl", "show", "--all", "--no-pager", wanted, "*.service", "*.timer", "*.socket"
    ).split("\n\n"):
        unit = dict(line.split("=", 1) for line in block.splitlines() if "=" in line)
        if unit.get("Id"):
            old = rows.setdefault(unit["Id"], {"name": clean(unit["Id"]), "state": None})
            old.update(
                active=unit.get("ActiveState"), state=unit.get("UnitFileState") or old["state"]
            )
    return list(rows.values())


def read_firewall(notes: Notes) -> List[Row]:
    """Read the chains that meet incoming packets.

    Asking old iptables loads kernel modules, so it is asked only where they are loaded.
    """
    rows: List[Row] = []
    tried = 0
    try:
        rows.extend(nft_chains(json.loads(run("nft", "-j", "list", "ruleset"))["nftables"]))
        tried += 1
    except Trouble as problem:
        notes.add(problem.status, str(problem))
    for family, program in (("ip", "iptables"), ("ip6", "ip6tables")):
        path = os.path.realpath(shutil.which(program, path=SAFE_PATH) or "")
        loaded = read_short(f"/proc/net/{family}_tables_names")
        if (
            path == "/"
            or not os.path.isfile(path)
            or ("nft" not in os.path.basename(path) and not loaded)
        ):
            continue
        try:
            rows.append(iptables_chain(family, run(program, "-S")))
            tried += 1
        except Trouble as problem:
            notes.add(problem.status, str(problem))
    if tried:
        notes.items = [item for item in notes.items if item[0] != "unsupported"]
    return rows


def nft_chains(items: List[Row]) -> Iterator[Row]:
    """Give the chains that meet incoming packets, in short."""
    rules: Dict[Tuple[Any, ...], List[List[Row]]] = collections.defaultdict(list)
    for item in items:
        rule = item.get("rule")
        if rule:
            rules[(rule["family"], rule["table"], rule["chain"])].append(rule.get("expr", []))
    for item in items:
        chain = item.get("chain") or {}
        if chain.get("hook") != "input":
            continue
        own = rules[(chain["family"], chain["table"], chain["name"])]
        last = [set(e) - {"counter"} for e in own[-1]] if own else []
        verdict = next(
            (w for w in ("drop", "reject", "accept") if [s for s in last if s] == [{w}]), None
        )
        yield {
            "tool": "nft",
            "family": chain["family"],
            "table": clean(chain["table"]),
            "rules": len(own),
            "chain": clean(chain["name"]),
            "policy": chain.get("policy"),
            "last": verdict,
        }


def iptables_chain(family: str, text: str) -> Row:
    """Return the INPUT chain of iptables in short."""
    lines = [line.split() for line in text.splitlines()]
    policy = next((part[2] for part in lines if part[:2] == ["-P", "INPUT"]), "")
    own = [part for part in lines if part[:2] == ["-A", "INPUT"]]
    last = own[-1][3].lower() if own and own[-1][2:3] == ["-j"] else None
    return {
        "tool": "iptables",
        "family": family,
        "table": "filter",
        "chain": "INPUT",
        "policy": policy.lower(),
        "rules": len(own),
        "last": last,
    }


def read_volumes(notes: Notes) -> List[Row]:
    """Read mounted volumes."""
    rows, seen = [], set()
    for line in read_text("/proc/self/mountinfo").splitlines():
        left, right = line.split(" - ", 1)
        part, kind = left.split(), right.split()
        network = kind[0] in ("nfs", "nfs4", "cifs", "smb3") or kind[0].startswith("fuse.ssh")
        if (
            not (kind[1].startswith("/dev/") or network or kind[0] in ("zfs", "overlay", "btrfs"))
            or part[2] in seen
        ):
            continue
        seen.add(part[2])
        base = os.path.realpath("/sys/dev/block/" + part[2])
        row: Row = {
            "mount": clean(part[4]),
            "device": clean(kind[1]),
            "filesystem": kind[0],
            "network": network,
            "known": os.path.isdir(base),
            "crypt": is_encrypted(base),
            "size": None,
            "free": None,
            "removable": read_short(base + "/removable") or read_short(base + "/../removable"),
        }
        try:
            if not network:
                space = os.statvfs(part[4])
                row.update(
                    size=space.f_blocks * space.f_frsize, free=space.f_bavail * space.f_frsize
                )
        except OSError as problem:
            notes.add("denied", f"{part[4]}: {problem.strerror}")
        rows.append(row)
    return rows


def is_encrypted(base: str, depth: int = 0) -> bool:
    """Say whether a block device rests on an encrypted one."""
    if (read_short(base + "/dm/uuid") or "").startswith("CRYPT-"):
        return True
    below = glob.glob(base + "/slaves/*") if depth < 6 else []
    return bool(below) and all(is_encrypted(os.path.realpath(path), depth + 1) for path in below)


def read_stat(notes: Notes) -> List[Row]:
    """Read whether chosen files exist, whose they are and when they changed; not what is in them."""
    rows: List[Row] = []
    for pattern in STAT_PATHS.split():
        for path in sorted(glob.glob(pattern))[:500]:
            try:
                info = os.stat(path)
            except PermissionError:
                notes.add("denied", path)
                continue
            except OSError:
                continue
            rows.append(
                {
                    "path": clean(path),
                    "uid": info.st_uid,
                    "gid": info.st_gid,
                    "size": info.st_size,
                    "mode": f"{stat.S_IMODE(info.st_mode):04o}",
                    "modified_at": moment(info.st_mtime),
                    "readable": os.access(path, os.R_OK | os.X_OK) if os.path.isdir(path) else None,
                }
            )
    return rows


def read_browser_policies(notes: Notes) -> List[Row]:
    """Read two settings of the browsers' machine policies."""
    rows: List[Row] = []
    for path in files_of(BROWSER_POLICIES):
        try:
            values = json.loads(read_text(path))
        except PermissionError:
            notes.add("denied", path)
            continue
        except ValueError:
            notes.add("error", path + " is not JSON")
            continue
        values = values.get("policies", values) if isinstance(values, dict) else {}
        values = values if isinstance(values, dict) else {}
        rows.extend(
            {"file": path, "key": key, "value": values[key]}
            for key in ("PasswordManagerEnabled", "OfferToSaveLogins")
            if isinstance(values.get(key), bool)
        )
    return rows


def read_schedules(notes: Notes) -> List[Row]:
    """Read which known tools cron starts, and when; never the command itself."""
    known = re.compile(r"\b(" + CRON_TOOLS.replace(" ", "|") + r")\b")
    rows = [
        {"file": path, "when": path.split("/")[2][5:], "tool": clean(os.path.basename(path))}
        for path in files_of(
            "/etc/cron.hourly/* /etc/cron.daily/* /etc/cron.weekly/* /etc/cron.monthly/*"
        )
    ]
    for row in settings(
        "/etc/crontab /etc/cron.d/* /var/spool/cron/crontabs/root /var/spool/cron/root"
    )(notes):
        found, when = (
            known.search(row["text"]),
            re.match(r"@\w+|(?:[\d*,/\w-]+\s+){5}", row["text"]),
        )
        if found and when:
            rows.append(
                {"file": row["file"], "when": when.group(0).strip(), "tool": found.group(1)}
            )
    return rows


def read_snmp(notes: Notes) -> List[Row]:
    """Read which SNMP access lines still hold a well-known community; never the community."""
    rows = []
    for row in settings(
        "/etc/snmp/snmpd.conf /etc/snmp/snmpd.conf.d/*", r"^(r[ow]community6?|com2sec6?)\s"
    )(notes):
        words = row["text"].split()
        rows.append(
            {
                "file": row["file"],
                "line": row["line"],
                "directive": words[0],
                "default": any(w.lower() in ("public", "private") for w in words[1:]),
            }
        )
    return rows


def read_pending(notes: Notes) -> List[Row]:
    """Read waiting updates by the lists already fetched; nothing is downloaded."""
    if shutil.which("apt-get", path=SAFE_PATH):
        text = run("apt-get", "-s", "-q", "-o", "Debug::NoLocking=true", "dist-upgrade", seconds=20)
        found = re.findall(r"(?m)^Inst (\S+) \[(\S+)\] \((\S+) ([^)]*)\)", text)
        return [
            {"name": n, "installed": old, "available": new, "origin": clean(origin)}
            for n, old, new, origin in found
        ]
    tool = "dnf" if shutil.which("dnf", path=SAFE_PATH) else "yum"
    form = "%{name}\\t%{evr}\\t%{reponame}\\n"
    text = run(tool, "-q", "-C", "repoquery", "--upgrades", "--qf", form, seconds=20)
    rows: List[Row] = [
        dict(zip(("name", "available", "origin"), map(clean, line.split("\t"))))
        for line in text.splitlines()
        if line
    ]
    try:
        fixes = run(tool, "-q", "-C", "updateinfo", "list", "--security", seconds=15).split()
        for row in rows:
            build = f"{row['name']}-{row['available'].split(':')[-1]}."
            row["security"] = any(word.startswith(build) for word in fixes)
    except Trouble as problem:
        notes.add(problem.status, str(problem))
    return rows


STAT_PATHS = """
/var/log/installer /var/log/anaconda /var/lib/aide /var/lib/tripwire /var/lib/samhain
/var/log/audit /timeshift/snapshots
/etc/passwd /etc/shadow /etc/group /etc/gshadow /etc/sudoers /etc/ssh/sshd_config /etc/crontab
/boot/grub/grub.cfg /boot/grub2/grub.cfg /etc/pam.d /etc/security/opasswd /etc/ssh/ssh_host_*_key
/usr/bin/su /usr/bin/sudo /var/lib/apt/periodic/* /var/lib/apt/lists/*InRelease
/var/lib/apt/lists/*_Release /var/log/dpkg.log /var/lib/dpkg/status /var/lib/rpm/rpmdb.sqlite
/var/lib/rpm/Packages /var/cache/dnf/*/repodata/repomd.xml /var/cache/yum/*/*/*/repomd.xml
/var/run/reboot-required /usr/bin/unattended-upgrade /usr/bin/dnf-automatic /usr/sbin/yum-cron
/usr/bin/snap /usr/share/xsessions/*.desktop /usr/share/wayland-sessions/*.desktop
/usr/bin/gnome-shell /usr/bin/plasmashell /usr/bin/clamscan /usr/sbin/clamd /usr/sbin/clamonacc
/usr/bin/freshclam /var/lib/clamav/*.c[vl]d /var/log/clamav/*.log /opt/kaspersky/kesl
/opt/eset/eea /opt/eset/efs /opt/sophos-spl /opt/bitdefender-security-tools /opt/CrowdStrike
/opt/microsoft/mdatp /opt/ds_agent /opt/bkav /opt/cmc /opt/SentinelOne /usr/bin/savscan
/usr/sbin/maldet /usr/bin/rkhunter /usr/bin/google-chrome /usr/bin/google-chrome-stable
/usr/bin/chromium /usr/bin/chromium-browser /usr/bin/firefox /usr/bin/firefox-esr
/usr/bin/microsoft-edge /usr/bin/microsoft-edge-stable /usr/bin/brave-browser /usr/bin/opera
/usr/bin/browser-stable /snap/bin/firefox /snap/bin/chromium /usr/lib/systemd/systemd-journald
/lib/systemd/systemd-journald /usr/sbin/rsyslogd /usr/sbin/syslog-ng /usr/sbin/auditd /sbin/auditd
/var/log/journal /var/log/journal/*/*.journal /var/log/syslog* /var/log/messages*
/var/log/auth.log* /var/log/secure* /var/log/audit/audit.log* /usr/bin/usbguard
/usr/sbin/usbguard-daemon /usr/bin/aide /usr/sbin/aide /usr/sbin/tripwire /usr/sbin/samhain
/var/ossec/bin/wazuh-syscheckd /usr/bin/debsums /usr/bin/osqueryd /opt/osquery/bin/osqueryd
/var/lib/aide/aide.db* /var/lib/tripwire/*.twd /var/lib/samhain/samhain_file
/run/systemd/timesync/synchronized /usr/sbin/chronyd /usr/sbin/ntpd
/usr/lib/systemd/systemd-timesyncd /usr/bin/restic /usr/bin/borg /usr/bin/borgmatic
/usr/bin/rsnapshot /usr/bin/timeshift /usr/sbin/bacula-fd /usr/sbin/bareos-fd /usr/bin/veeamconfig
/usr/bin/urbackupclientctl /usr/bin/duplicity /timeshift/snapshots/* /usr/sbin/ufw /usr/sbin/nft
/usr/sbin/iptables /usr/sbin/firewalld /usr/sbin/sshd /usr/sbin/smbd /usr/sbin/rpc.nfsd
/usr/sbin/exportfs /etc/pki/consumer/cert.pem /etc/pki/entitlement/*.pem
/etc/zypp/credentials.d/SCCcredentials
"""
BROWSER_POLICIES = """
/etc/opt/chrome/policies/managed/*.json /etc/chromium/policies/managed/*.json
/etc/opt/edge/policies/managed/*.json /etc/brave/policies/managed/*.json
/etc/chromium-browser/policies/managed/*.json /etc/opt/coccoc/policies/managed/*.json
/etc/firefox/policies/policies.json /usr/lib/firefox/distribution/policies.json
/usr/lib/firefox-esr/distribution/policies.json /usr/lib64/firefox/distribution/policies.json
"""
CRON_TOOLS = (
    "restic borg borgmatic rsnapshot duplicity timeshift clamscan clamdscan freshclam aide tripwire "
    "debsums rkhunter"
)
PROGRAM_FORM = "${binary:Package}\\t${Version}\\t${Architecture}\\t${db:Status-Status}\\n"
RPM_FORM = "%{NAME}\\t%{VERSION}-%{RELEASE}\\t%{ARCH}\\tinstalled\\t%{VENDOR}\\t%{INSTALLTIME}\\n"

# Which files each table of settings reads, and which of their lines it keeps.
LOGIN_FILES = """
/etc/login.defs /usr/lib/security/pwquality.conf /etc/security/pwquality.conf
/etc/security/pwquality.conf.d/*.conf /etc/security/faillock.conf /etc/security/pwhistory.conf
/etc/passwdqc.conf /etc/nsswitch.conf
"""
LOGIN = (
    r"(?i)^(PASS_|LOGIN_RETRIES|UID_M|ENCRYPT_METHOD)|^passwd:|^[a-z_]+\s*=|"
    r"^(enforce_for_root|local_users_only|even_deny_root|silent)"
)
SHELL_FILES = "/etc/profile /etc/profile.d/*.sh /etc/bash.bashrc /etc/bashrc /etc/environment"
DESKTOP_FILES = """
/etc/dconf/db/*.d/* /etc/dconf/db/*.d/locks/* /usr/share/glib-2.0/schemas/*.gschema.override
/etc/xdg/kscreenlockerrc
"""
DESKTOP = (
    r"^\[.*(org/gnome|Daemon)|idle-delay|lock-delay|lock-enabled|automount|autorun|^/org/gnome/desktop/|"
    r"^(Autolock|Timeout|Lock\w*)="
)
SSHD = (
    r"(?i)^(port|permit(root|empty)|(password|pubkey|kbdinteractive|challengeresponse)auth|"
    r"authenticationmethods|maxauth|client|allow(users|groups)|usepam|channeltimeout)"
)
LOGIND_FILES = "/etc/systemd/logind.conf /etc/systemd/logind.conf.d/*.conf"
CLAM_FILES = "/etc/clamav/*.conf /etc/clamd.d/*.conf /etc/freshclam.conf"
SMB = (
    r"(?i)^\[|path|guest|public|read only|writ|valid users|hosts|security|^include|^available|"
    r"^usershare_acl"
)
FIREWALL_FILES = "/etc/ufw/ufw.conf /etc/default/ufw /etc/firewalld/firewalld.conf"
LOG_FILES = """
/usr/lib/systemd/journald.conf.d/*.conf /etc/systemd/journald.conf
/etc/systemd/journald.conf.d/*.conf /etc/systemd/journal-upload.conf
/etc/rsyslog.conf /etc/rsyslog.d/*.conf /etc/syslog-ng/syslog-ng.conf /etc/syslog-ng/conf.d/*.conf
/etc/audit/auditd.conf /etc/logrotate.conf /etc/logrotate.d/*syslog* /etc/logrotate.d/messages
"""
LOG = (
    r"(?i)^(Storage|System(Max|Keep)|MaxRetention|URL|log_file|max_log|num_logs)|@|omfwd|omrelp|"
    r"target\s*=|protocol\s*=|StreamDriver|tls\s*=|\b(network|syslog|tcp|udp)\s*\(|"
    r"^(daily|weekly|monthly|yearly|hourly|rotate|maxage|size|maxsize)\b|[{}]"
)
TIME_FILES = """
/etc/chrony.conf /etc/chrony/chrony.conf /etc/chrony/sources.d/*.sources /etc/chrony.d/*.conf
/etc/systemd/timesyncd.conf /etc/systemd/timesyncd.conf.d/*.conf /etc/ntp.conf /etc/ntpsec/ntp.conf
"""
DNF_FILES = "/etc/dnf/automatic.conf /etc/yum/yum-cron.conf"
APT = r"^(APT::Periodic|Unattended-Upgrade)::"

TABLES: Dict[str, Read] = {
    "os_release": read_os_release,
    "system": read_system,
    "interface": read_interfaces,
    "route": read_routes,
    "passwd": read_passwd,
    "shadow": read_shadow,
    "group": read_group,
    "lastlog": read_lastlog,
    "sudoers": settings("/etc/sudoers /etc/sudoers.d/*"),
    "pam": settings("/etc/pam.d/*"),
    "login_config": settings(LOGIN_FILES, LOGIN),
    "directory": settings(
        "/etc/sssd/sssd.conf /etc/sssd/conf.d/*.conf", r"^(\[domain|id_provider|access_provider)"
    ),
    "shell_timeout": settings(SHELL_FILES, "TMOUT"),
    "desktop": settings(DESKTOP_FILES, DESKTOP),
    "logind": settings(LOGIND_FILES, "^Idle"),
    "sshd": output_lines("sshd", "-T", keep=SSHD),
    "sshd_config": settings(
        "/etc/ssh/sshd_config /etc/ssh/sshd_config.d/*.conf", SSHD + "|^(match|include)"
    ),
    "process": read_processes,
    "listening": read_listening,
    "service": read_services,
    "dpkg": fields(("dpkg-query", "-W", "-f", PROGRAM_FORM), "name version arch status"),
    "rpm": fields(("rpm", "-qa", "--qf", RPM_FORM), "name version arch status vendor installed"),
    "apt_config": output_lines("apt-config", "dump", keep=APT),
    "dnf_config": settings(
        DNF_FILES, r"^(apply_updates|upgrade_type|update_cmd|download_updates)\b"
    ),
    "pending": read_pending,
    "stat": read_stat,
    "clamav": settings(CLAM_FILES, r"(?i)^(Checks|OnAccess|ScanOnAccess|DatabaseDirectory)"),
    "modprobe": settings(
        "/etc/modprobe.d/*.conf /usr/lib/modprobe.d/*.conf", r"usb.storage|\buas\b"
    ),
    "module": settings("/proc/modules", r"^(usb_storage|uas|nf_tables|ip_tables) "),
    "samba": settings("/etc/samba/smb.conf /var/lib/samba/usershares/*", SMB, "#;"),
    "nfs": settings("/etc/exports /etc/exports.d/*.exports"),
    "firewall": read_firewall,
    "firewall_config": settings(FIREWALL_FILES, r"^(ENABLED|DEFAULT_INPUT|DefaultZone)"),
    "volume": read_volumes,
    "log_config": settings(LOG_FILES, LOG),
    "audit_loaded": output_lines("auditctl", "-l"),
    "audit_files": settings("/etc/audit/audit.rules /etc/audit/rules.d/*.rules"),
    "time": output_lines("timedatectl", "show"),
    "time_config": settings(TIME_FILES, r"^(server|pool|peer|servers|NTP)\b"),
    "browser_policy": read_browser_policies,
    "schedule": read_schedules,
    "backup_config": settings("/etc/rsnapshot.conf", r"^(snapshot_root|backup)\s"),
    "snmp": read_snmp,
}

# What the people of the machine are told about each table.
DESCRIBED = """
os_release | Tên, phiên bản hệ điều hành | Name and version of the system
system | Tên máy, hãng, số sê-ri, bộ xử lý, bộ nhớ | Host name, maker, serial, processor, memory
interface | Giao diện mạng, MAC, IP | Network interfaces, MAC, IP
route | Bảng định tuyến | Routes
passwd | Tên tài khoản, uid, shell (không đọc họ tên) | Account names, uid, shell (no full names)
shadow | Tình trạng, ngày đổi mật khẩu (không lấy chuỗi băm) | State and dates of passwords (never the hash)
group | Nhóm và thành viên | Groups and members
lastlog | Tháng đăng nhập gần nhất; ngày giờ với quản trị | Month of last logon; exact for administrators
sudoers | Quyền sudo | sudo rights
pam | Cấu hình xác thực PAM | PAM configuration
login_config | Quy tắc mật khẩu, khóa tài khoản | Password and lockout rules
directory | Có gia nhập miền hay không | Whether joined to a directory
shell_timeout | Tự thoát phiên dòng lệnh | Shell idle timeout
desktop | Khóa màn hình, tự chạy của môi trường đồ họa | Screen lock and autorun of the desktop
logind | Tự khóa phiên | Session idle action
sshd | Thiết lập SSH đang có hiệu lực | SSH settings in effect
sshd_config | Tệp cấu hình SSH | SSH configuration files
process | Tên ngắn của chương trình đang chạy (không đọc dòng lệnh) | Names of running programs (no command lines)
listening | Cổng đang nghe | Listening ports
service | Dịch vụ hệ thống | System services
dpkg | Gói phần mềm (deb) | Packages (deb)
rpm | Gói phần mềm (rpm) | Packages (rpm)
apt_config | Tự động cập nhật (apt) | Automatic updates (apt)
dnf_config | Tự động cập nhật (dnf, yum) | Automatic updates (dnf, yum)
pending | Bản cập nhật còn thiếu, theo danh mục đã tải | Missing updates, by the lists already fetched
stat | Có hay không, quyền, ngày sửa của tệp (không đọc nội dung) | Presence, rights, dates of files (not content)
clamav | Cấu hình ClamAV | ClamAV configuration
modprobe | Chặn lưu trữ USB | USB storage block
module | Trình điều khiển USB, tường lửa đã nạp | Loaded USB and firewall drivers
samba | Thư mục chia sẻ Samba | Samba shares
nfs | Thư mục chia sẻ NFS | NFS exports
firewall | Luật tường lửa chiều vào (tóm tắt) | Inbound firewall chains (summary)
firewall_config | Cấu hình tường lửa | Firewall configuration
volume | Phân vùng, mã hóa, dung lượng | Volumes, encryption, space
log_config | Cấu hình nhật ký và nơi gửi | Logging configuration and where logs go
audit_loaded | Luật kiểm toán đã nạp | Loaded audit rules
audit_files | Luật kiểm toán trong tệp | Audit rules in files
time | Đồng bộ thời gian | Time synchronisation
time_config | Máy chủ thời gian | Time servers
browser_policy | Chính sách lưu mật khẩu của trình duyệt | Browser policy on saving passwords
schedule | Công cụ chạy theo lịch (không lấy câu lệnh) | Tools started by cron (not the command)
backup_config | Cấu hình sao lưu | Backup configuration
snmp | SNMP còn dùng chuỗi mặc định không | Whether SNMP still uses default communities
"""


def read_table(read: Read) -> Row:
    """Read one table; whatever happens, the answer says what happened."""
    notes = Notes()
    rows: List[Row] = []
    if seconds_left() <= 0:
        return {"status": "timeout", "error": "no time left", "rows": []}
    try:
        rows = read(notes)
    except Trouble as problem:
        notes.add(problem.status, str(problem))
    except PermissionError as problem:
        notes.add("denied", str(problem.filename))
    except FileNotFoundError as problem:
        notes.add("unsupported", f"{problem.filename} does not exist")
    except EXPECTED as problem:
        notes.add("error", f"{type(problem).__name__}: {clean(str(problem))[:200]}")
    if len(rows) > ROWS_MAX:
        notes.add("error", f"{len(rows)} rows, only {ROWS_MAX} kept")
    # Once more for everything: names of files, too, can hold bytes that are not text.
    safe = [
        {key: clean(value) if isinstance(value, str) else value for key, value in row.items()}
        for row in rows[:ROWS_MAX]
    ]
    return {"status": notes.status_for(rows), "error": notes.text(), "rows": safe}


def host_identity() -> Row:
    """Name the machine, the same for root and others, without giving its machine-id away."""
    source, value = "hostname", clean(socket.gethostname())
    macs = sorted(
        filter(None, (read_short(p) for p in glob.glob("/sys/class/net/*/device/../address")))
    )
    macs = macs or sorted(
        m
        for m in (read_short(p) for p in glob.glob("/sys/class/net/*/address"))
        if m and m.strip("0:")
    )
    if macs:
        source, value = "mac", macs[0]
    for path in ("/var/lib/dbus/machine-id", "/etc/machine-id"):
        found = read_short(path)
        if found and re.fullmatch(r"[0-9a-f]{32}", found):
            source, value = "machine-id", found
    uid = hashlib.sha256((SALT + value).encode()).hexdigest()[:32]
    return {
        "host_uid": uid,
        "uid_source": source,
        "name": clean(socket.gethostname()),
        "os_family": "linux",
    }


def collect() -> Row:
    """Read every table and return the bundle."""
    try:
        own = hashlib.sha256(read_bytes(__file__)).hexdigest()
    except (NameError, OSError, Trouble):
        own = ""
    began = moment(time.time())
    tables = {name: read_table(read) for name, read in TABLES.items()}
    return {
        "format": FORMAT,
        "collector": {"name": "khien_collect_linux", "version": VERSION, "sha256": own or None},
        "host": dict(host_identity(), privileged=os.geteuid() == 0),
        "started_at": began,
        "finished_at": moment(time.time()),
        "tables": tables,
    }


def write(path: str, text: str) -> None:
    """Write the bundle so that only its owner reads it and no half file is left behind."""
    handle, temporary = tempfile.mkstemp(
        dir=os.path.dirname(os.path.abspath(path)), prefix=".khien-"
    )
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    except OSError:
        os.unlink(temporary)
        raise


def main() -> int:
    """Collect, or say what would be collected."""
    parser = argparse.ArgumentParser(
        description="Đọc cấu hình an toàn của máy này / Read the security settings of this machine"
    )
    parser.add_argument("--output", metavar="FILE", help="ghi vào tệp / write to a file")
    parser.add_argument(
        "--list", action="store_true", help="liệt kê những gì được đọc / list what is read"
    )
    options = parser.parse_args()
    if options.list:
        for line in DESCRIBED.strip().splitlines():
            name, vi, en = line.split(" | ")
            sys.stdout.write(f"{name:16} {vi}\n{'':16} {en}\n")
        return 0
    folder = os.path.dirname(os.path.abspath(options.output or "."))
    if not os.path.isdir(folder):
        sys.stderr.write(f"Không có thư mục / no such folder: {folder}\n")
        return 1
    text = json.dumps(collect(), ensure_ascii=False, separators=(",", ":"), allow_nan=False) + "\n"
    if not options.output:
        sys.stdout.buffer.write(text.encode("utf-8"))
        return 0
    try:
        write(options.output, text)
    except OSError as problem:
        sys.stderr.write(f"Không ghi được / cannot write {options.output}: {problem.strerror}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
