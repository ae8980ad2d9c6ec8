"""Small readers of the settings files of Linux that several fact tables share."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from fnmatch import fnmatchcase
from pathlib import PurePosixPath

from khien.facts.linux_raw import RawBundle, RawRow

_TIME_UNITS = {
    "us": 0, "ms": 0, "s": 1, "sec": 1, "second": 1, "seconds": 1, "m": 60, "min": 60, "minute": 60,
    "minutes": 60, "h": 3600, "hr": 3600, "hour": 3600, "hours": 3600, "d": 86400, "day": 86400,
    "days": 86400, "w": 604800, "week": 604800, "weeks": 604800, "month": 2629800, "months": 2629800,
    "y": 31557600, "year": 31557600, "years": 31557600, "": 1,
}  # fmt: skip
_SIZE_UNITS = {"": 1, "k": 2**10, "m": 2**20, "g": 2**30, "t": 2**40}


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a settings file."""

    file: str
    number: int
    text: str


def lines(bundle: RawBundle, table: str, *patterns: str) -> list[Line]:
    """Return the lines of a raw table of settings, optionally only of files that match a pattern."""
    found = [_line(row) for row in bundle.rows(table)]
    if not patterns:
        return found
    return [one for one in found if any(fnmatchcase(one.file, pattern) for pattern in patterns)]


def _line(row: RawRow) -> Line:
    return Line(row.text("file") or "", row.integer("line") or 0, row.text("text") or "")


def assignments(found: Iterable[Line]) -> Iterator[tuple[str, str]]:
    """Give key and value of lines like `key = value` or `key value`, keys in lower case."""
    for line in found:
        match = re.match(r"([\w.-]+)\s*(?:=|\s|$)\s*(.*)$", line.text)
        if match:
            yield match.group(1).lower(), match.group(2).split(" #")[0].strip().strip("\"'")


def last_values(found: Iterable[Line]) -> dict[str, str]:
    """Return the last value of each key: the later file and line win."""
    return dict(assignments(found))


def sections(found: Iterable[Line]) -> Iterator[tuple[str, str, str]]:
    """Give section, key and value of lines like an INI file; a new file begins without a section."""
    section = file = ""
    for line in found:
        if line.file != file:
            section, file = "", line.file
        if line.text.startswith("["):
            section = line.text.strip("[] \t")
            continue
        key, equals, value = line.text.partition("=")
        if equals:
            yield section, " ".join(key.lower().split()), value.strip()


def seconds(text: str | None) -> int | None:
    """Return a systemd or sshd time span in seconds ("10min", "1h 30m", "600"), or None."""
    if text is None or len(text) > 60:
        return None
    parts = re.findall(r"(\d{1,9})\s*([a-zA-Z]*)", text, re.ASCII)
    if not parts or re.sub(r"\d{1,9}\s*[a-zA-Z]*", "", text, flags=re.ASCII).strip():
        return None
    # To systemd "M" is a month and "m" a minute.
    units = ["month" if unit == "M" else unit.lower() for _, unit in parts]
    if any(unit not in _TIME_UNITS for unit in units):
        return None
    return sum(int(part[0]) * _TIME_UNITS[unit] for part, unit in zip(parts, units, strict=True))


def size_bytes(text: str | None) -> int | None:
    """Return a size such as 500M in bytes, or None."""
    match = re.fullmatch(r"(\d{1,9})\s*([kmgt]?)i?b?", (text or "").strip().lower(), re.ASCII)
    return int(match.group(1)) * _SIZE_UNITS[match.group(2)] if match else None


def yes(text: str | None) -> bool | None:
    """Return what a yes or no of a settings file means, or None for anything else."""
    word = (text or "").strip().strip("\"';").lower()
    if word in ("yes", "true", "1", "on", "y"):
        return True
    return False if word in ("no", "false", "0", "off", "n") else None


class Files:
    """What the collector saw of files: presence, rights and dates."""

    def __init__(self, bundle: RawBundle) -> None:
        table = bundle.table("stat")
        self.is_known = table.is_usable
        self.rows = {row.text("path") or "": row for row in table.rows}

    def has(self, *paths: str) -> bool | None:
        """Say whether one of the paths exists; None when files could not be looked at."""
        return any(path in self.rows for path in paths) if self.is_known else None

    def can_read(self, folder: str) -> bool:
        """Say whether a folder is absent or its content was visible to the collector."""
        row = self.rows.get(folder)
        return self.is_known and (row is None or row.boolean("readable") is not False)

    def matching(self, *patterns: str) -> list[RawRow]:
        """Return the rows of existing files that match, by path."""
        return [
            row
            for path, row in sorted(self.rows.items())
            if any(fnmatchcase(path, pattern) for pattern in patterns)
        ]

    def newest(self, *patterns: str) -> datetime | None:
        """Return when the newest matching file changed."""
        found = [at for row in self.matching(*patterns) if (at := row.moment("modified_at"))]
        return max(found, default=None)

    def oldest(self, *patterns: str) -> datetime | None:
        """Return when the oldest matching file changed."""
        found = [at for row in self.matching(*patterns) if (at := row.moment("modified_at"))]
        return min(found, default=None)


class Running:
    """What runs and what is set to run."""

    def __init__(self, bundle: RawBundle) -> None:
        processes = bundle.table("process")
        self.is_complete = processes.status == "ok"
        self.names = {row.text("name") or "" for row in processes.rows}
        self.units = {row.text("name") or "": row for row in bundle.rows("service")}
        self.has_systemd = bundle.table("service").status == "ok"

    def process(self, *names: str) -> bool | None:
        """Say whether a program of one of the names runs; None when processes were hidden."""
        # The kernel keeps 15 letters of a name.
        if any(name[:15] in self.names for name in names):
            return True
        return False if self.is_complete else None

    def unit_active(self, *units: str) -> bool | None:
        """Say whether one of the systemd units is active; None when systemd did not answer."""
        if not self.has_systemd:
            return None
        return any(self._word(unit, "active") in ("active", "activating") for unit in units)

    def unit_enabled(self, *units: str) -> bool | None:
        """Say whether one of the systemd units starts at boot; None when that is not known."""
        if any(self._word(unit, "state") in ("enabled", "enabled-runtime") for unit in units):
            return True
        return False if self.has_systemd else None

    def _word(self, unit: str, key: str) -> str | None:
        row = self.units.get(unit)
        return row.text(key) if row else None


def installed(bundle: RawBundle) -> dict[str, str]:
    """Return names and versions of installed packages."""
    return {
        (row.text("name") or "").split(":")[0]: row.text("version") or ""
        for table in ("dpkg", "rpm")
        for row in bundle.rows(table)
        if row.text("status") == "installed"
    }


def file_name(path: str) -> str:
    """Return the last part of a path."""
    return PurePosixPath(path).name


def either(values: Sequence[bool | None]) -> bool | None:
    """Return true if one is true, None if one is not known, else false."""
    if any(values):
        return True
    return None if None in values else False
