"""One entry of the ledger: one line of canonical JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeGuard

from khien.kernel.canonical import Json, canonical_bytes
from khien.kernel.clock import iso_utc
from khien.ledger.errors import EntryTooLarge
from khien.ledger.tree import leaf_hash

LINE_BYTES_MAX = 1024 * 1024
FIELDS = {"index", "at", "kind", "subject", "body"}
_AT = re.compile(r"[0-9]{4}(-[0-9]{2}){2}T([0-9]{2}:){2}[0-9]{2}Z")
KIND = re.compile(r"[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*")


@dataclass(frozen=True, slots=True)
class NewEntry:
    """What happened, before it has its place in the ledger."""

    kind: str
    subject: str
    body: Mapping[str, Json]
    at: datetime


@dataclass(frozen=True, slots=True)
class Entry:
    """What happened, at its place; `line` is the leaf's data, without the line feed."""

    index: int
    at: str
    kind: str
    subject: str
    body: Mapping[str, Json]
    line: bytes

    @property
    def leaf(self) -> bytes:
        """Return the leaf hash of the entry."""
        return leaf_hash(self.line)


def entry_at(index: int, new: NewEntry) -> Entry:
    """Return what happened as the entry at an index.

    Raises: EntryTooLarge: longer than a line may be; ValueError, TypeError: not canonical JSON, a naive
            time, or a kind that is not room.past_participle
    """
    if new.at.tzinfo is None or not KIND.fullmatch(new.kind):
        raise ValueError(f"an entry needs an aware time and a kind room.verb: {new.kind} {new.at}")
    at = iso_utc(new.at)
    line = canonical_bytes(
        {"index": index, "at": at, "kind": new.kind, "subject": new.subject, "body": new.body}
    )
    if len(line) > LINE_BYTES_MAX:
        raise EntryTooLarge(kind=new.kind, size=len(line), limit=LINE_BYTES_MAX)
    return _entry(json.loads(line), line)


def parse_entry(line: bytes) -> Entry | None:
    """Read one line without its line feed; None when it is not a canonical entry."""
    if len(line) > LINE_BYTES_MAX:
        return None
    try:
        value = json.loads(line.decode("utf-8"))
        if canonical_bytes(value) != line:
            return None
    except (ValueError, TypeError, RecursionError):
        return None
    return _entry(value, line) if _has_form(value) else None


def _has_form(value: Json) -> TypeGuard[Mapping[str, Json]]:
    return (
        isinstance(value, Mapping)
        and set(value) == FIELDS
        and type(value["index"]) is int
        and isinstance(value["at"], str)
        and _AT.fullmatch(value["at"]) is not None
        and isinstance(value["kind"], str)
        and KIND.fullmatch(value["kind"]) is not None
        and isinstance(value["subject"], str)
        and isinstance(value["body"], Mapping)
    )


def _entry(value: Mapping[str, Json], line: bytes) -> Entry:
    index, body = value["index"], value["body"]
    if not isinstance(index, int) or not isinstance(body, Mapping):
        raise TypeError("an entry has an integer index and a mapping as body")
    return Entry(index, str(value["at"]), str(value["kind"]), str(value["subject"]), body, line)
