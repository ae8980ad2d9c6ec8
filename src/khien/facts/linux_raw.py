"""Reading of a collector's bundle that trusts nothing in it: shapes, sizes, and values by type."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from khien.facts.errors import BundleError, BundleFormatError, BundleTooLargeError
from khien.kernel.clock import parse_iso

FORMAT = "khien-bundle/1"
STATUSES = ("ok", "empty", "partial", "denied", "unsupported", "timeout", "error")
USABLE = ("ok", "empty", "partial")
TABLES_MAX = 200
ROWS_MAX = 20_000
ROWS_TOTAL_MAX = 100_000
KEYS_MAX = 40
TEXT_MAX = 1_024
INTEGER_MAX = 2**53 - 1
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_NAME = re.compile(r"[a-z][a-z0-9_]{0,63}")
_HOST_UID = re.compile(r"[0-9a-f]{32}")
_UNFIT = re.compile("[\x00-\x08\x0a-\x1f\x7f-\x9f\ud800-\udfff]")  # all but the tab
_TOP_KEYS = {"format", "collector", "host", "started_at", "finished_at", "tables"}


class NotReadError(Exception):
    """A fact cannot be told from what was read; its table gets the status and says why."""

    def __init__(self, status: str, reason: str) -> None:
        self.status = status
        super().__init__(reason)


class RawRow:
    """One row of a raw table; a value of another type than asked for reads as not known."""

    __slots__ = ("_values",)

    def __init__(self, values: Mapping[str, Any]) -> None:
        self._values = values

    def text(self, key: str) -> str | None:
        """Return a non-empty text, or None."""
        value = self._values.get(key)
        return value if isinstance(value, str) and value else None

    def integer(self, key: str) -> int | None:
        """Return a whole number, or None; a number written as text counts."""
        value = self._values.get(key)
        if isinstance(value, bool):
            return None
        if isinstance(value, str):
            return whole(value)
        return value if isinstance(value, int) else None

    def boolean(self, key: str) -> bool | None:
        """Return true or false, or None."""
        value = self._values.get(key)
        return value if isinstance(value, bool) else None

    def moment(self, key: str) -> datetime | None:
        """Return an aware moment in UTC, or None when the text is not one."""
        return moment(self.text(key))


@dataclass(frozen=True, slots=True)
class RawTable:
    """A raw table with how its reading went."""

    status: str
    error: str | None
    rows: tuple[RawRow, ...]

    @property
    def is_usable(self) -> bool:
        """Whether the rows mean something."""
        return self.status in USABLE


NOT_SENT = RawTable("error", "the collector did not send this table", ())


@dataclass(frozen=True, slots=True)
class RawBundle:
    """A bundle whose shape was checked."""

    tables: Mapping[str, RawTable]
    finished_at: datetime
    privileged: bool

    def table(self, name: str) -> RawTable:
        """Return a raw table; one that was not sent reads as an error, never as empty."""
        return self.tables.get(name, NOT_SENT)

    def rows(self, name: str) -> tuple[RawRow, ...]:
        """Return the rows of a raw table, none when it was not readable."""
        return self.table(name).rows

    def usable(self, name: str) -> bool:
        """Say whether a raw table was read, at least in part."""
        return self.table(name).is_usable

    def complete(self, name: str) -> bool:
        """Say whether a raw table was read whole, so that absence in it means absence."""
        return self.table(name).status in ("ok", "empty")


def read_bundle(bundle: object) -> RawBundle:
    """Check the shape and size of a bundle and return it for reading by type.

    Raises: BundleError: malformed; BundleFormatError: another format; BundleTooLargeError: beyond the caps
    """
    top = _mapping(bundle, "bundle")
    if top.get("format") != FORMAT:
        found = top.get("format")
        raise BundleFormatError(
            where=ascii(found)[:40] if isinstance(found, str) else "?", why=FORMAT
        )
    if set(top) != _TOP_KEYS:
        raise BundleError(where="bundle", why=", ".join(sorted(_TOP_KEYS)))
    _check_collector(_mapping(top["collector"], "collector"))
    host = _mapping(top["host"], "host")
    _check_host(host)
    for key in ("started_at", "finished_at"):
        if moment(top[key] if isinstance(top[key], str) else None) is None:
            raise BundleError(where=key, why="ISO 8601, UTC")
    finished = moment(top["finished_at"])
    return RawBundle(_read_tables(top["tables"]), finished or EPOCH, host.get("privileged") is True)


def _check_collector(collector: Mapping[str, Any]) -> None:
    _check_row(collector, "collector")
    for key in ("name", "version"):
        value = collector.get(key)
        if not isinstance(value, str) or not 0 < len(value) <= 80:
            raise BundleError(where=f"collector.{key}", why="text, 1-80")


def _check_host(host: Mapping[str, Any]) -> None:
    _check_row(host, "host")
    uid = host.get("host_uid")
    if not isinstance(uid, str) or not _HOST_UID.fullmatch(uid):
        raise BundleError(where="host.host_uid", why="32 × [0-9a-f]")
    name = host.get("name")
    if not isinstance(name, str) or not 0 < len(name) <= 255:
        raise BundleError(where="host.name", why="text, 1-255")
    if host.get("os_family") != "linux":
        raise BundleFormatError(where="host.os_family", why="linux")


def _read_tables(tables: object) -> dict[str, RawTable]:
    found = _mapping(tables, "tables")
    if len(found) > TABLES_MAX:
        raise BundleTooLargeError(where="tables", why=f"{len(found)} > {TABLES_MAX}")
    result = {name: _read_table(name, value) for name, value in found.items()}
    total = sum(len(table.rows) for table in result.values())
    if total > ROWS_TOTAL_MAX:
        raise BundleTooLargeError(where="tables", why=f"{total} > {ROWS_TOTAL_MAX}")
    return result


def _read_table(name: str, value: object) -> RawTable:
    if not _NAME.fullmatch(name):
        raise BundleError(where="tables", why="name")
    table = _mapping(value, name)
    if set(table) != {"status", "error", "rows"}:
        raise BundleError(where=name, why="status, error, rows")
    status, error, rows = table["status"], table["error"], table["rows"]
    if status not in STATUSES:
        raise BundleError(where=f"{name}.status", why=", ".join(STATUSES))
    if error is not None:
        error = _checked_value(error, f"{name}.error")
    if not isinstance(rows, Sequence) or isinstance(rows, (str, bytes)):
        raise BundleError(where=f"{name}.rows", why="list")
    if len(rows) > ROWS_MAX:
        raise BundleTooLargeError(where=f"{name}.rows", why=f"{len(rows)} > {ROWS_MAX}")
    readable = status in USABLE
    checked = tuple(RawRow(_check_row(_mapping(row, name), name)) for row in rows)
    return RawTable(status, error, checked if readable else ())


def _mapping(value: object, where: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping) or not all(isinstance(key, str) for key in value):
        raise BundleError(where=where, why="object")
    return value


def _check_row(row: Mapping[str, Any], where: str) -> Mapping[str, Any]:
    if len(row) > KEYS_MAX:
        raise BundleTooLargeError(where=where, why=f"{len(row)} > {KEYS_MAX}")
    return {_checked_key(key, where): _checked_value(value, where) for key, value in row.items()}


def _checked_key(key: str, where: str) -> str:
    if not _NAME.fullmatch(key):
        raise BundleError(where=where, why="name")
    return key


def _checked_value(value: object, where: str) -> object:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        if abs(value) > INTEGER_MAX:
            raise BundleTooLargeError(where=where, why=f"> {INTEGER_MAX}")
        return value
    if isinstance(value, str):
        return _checked_text(value, where)
    raise BundleError(where=where, why="text, integer, boolean, null")


def _checked_text(value: str, where: str) -> str:
    if len(value) > TEXT_MAX:
        raise BundleTooLargeError(where=where, why=f"{len(value)} > {TEXT_MAX}")
    if _UNFIT.search(value):
        raise BundleError(where=where, why="control character")
    return unicodedata.normalize("NFC", value)


def whole(text: str | None) -> int | None:
    """Return a short decimal number in a text, or None."""
    if text is None or not re.fullmatch(r"[+-]?[0-9]{1,15}", text.strip(), re.ASCII):
        return None
    return int(text)


def moment(text: str | None) -> datetime | None:
    """Return the aware moment in UTC an ISO 8601 text states, or None."""
    try:
        return parse_iso(text) if text and len(text) <= 40 else None
    except (ValueError, OverflowError):
        return None


def day(number: int | None) -> datetime | None:
    """Return the moment a day counted from 1970-01-01 begins, or None when there is no such day."""
    if number is None or not 0 <= number <= 100_000:
        return None
    return EPOCH + timedelta(days=number)


def worst_status(tables: Sequence[RawTable]) -> RawTable | None:
    """Return the unusable one of some raw tables that says most, or None when all are usable."""
    bad = [table for table in tables if not table.is_usable]
    return max(bad, key=lambda table: -STATUSES.index(table.status), default=None)
