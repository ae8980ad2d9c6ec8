"""What a submission says of itself: the manifest, read strictly where it matters and kept whole where it does not.

The format is told in docs/formats/submission.md; nothing here knows of a database.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from khien.exchange.submission_errors import SubmissionMalformed, VersionUnknown
from khien.kernel.canonical import INTEGER_MAX, Json, canonical_bytes
from khien.kernel.clock import parse_iso

FORMAT: Final = "khien-submission"
MAJOR: Final = 1
MINOR: Final = 1
FIRST_LINE: Final = f"{FORMAT}/{MAJOR}"
ITEMS_MAX: Final = 20_000
UNITS_MAX: Final = 5_000
PROOFS_MAX: Final = 64
NOTE_BYTES_MAX: Final = 16 * 2**20
ITEM_BYTES_MAX: Final = 200 * 2**20
BUNDLE_BYTES_MAX: Final = 2 * 2**30
NAME_LENGTH_MAX: Final = 200
# What a newer version may demand that a reader understands; there is nothing yet.
UNDERSTOOD: Final[frozenset[str]] = frozenset()

# The kinds of items this version knows; others are kept and shown by their name.
ENTRIES: Final = "ledger.entries"
REPORT: Final = "report.version"
SNAPSHOT: Final = "report.snapshot"
REPORT_FILE: Final = "report.file"
FINDINGS: Final = "findings.summary"
REGISTER: Final = "register.extract"
DOCUMENT: Final = "document"

_VERSION = re.compile(r"(0|[1-9][0-9]{0,3})\.(0|[1-9][0-9]{0,3})")
_BUNDLE = re.compile(r"[0-9a-f]{32}")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_INSTANCE = re.compile(r"[^\s+]{1,80}")
_CODE = re.compile(r"[-a-zA-Z0-9_]{1,40}")
_KIND = re.compile(r"[a-z]+(\.[a-z_]+)*")
_MEDIA = re.compile(r"[a-z0-9][a-z0-9.+-]{0,60}/[a-z0-9][a-z0-9.+-]{0,90}")
_MEMBER = re.compile(r"[0-9]{5}(-[a-z0-9][a-z0-9-]{0,59})?(\.[a-z0-9]{1,8})?")
_HASH = re.compile(r"[A-Za-z0-9+/]{43}=")
_PATH_LETTERS = re.compile(r"[^a-z0-9]+")
_ENDING = re.compile(r"[a-z0-9]{1,8}")


@dataclass(frozen=True, slots=True)
class Party:
    """Who sends, or for whom it is: the instance, its unit's code and name."""

    instance: str
    unit: str
    name_vi: str
    name_en: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """One thing in a bundle: what it is, how long, its digest, and the ledger entry that speaks of it."""

    kind: str
    name: str
    media_type: str
    size: int
    sha256: str
    unit: str = ""
    entry: int | None = None
    about: Mapping[str, Json] | None = None
    member: str = ""

    def as_json(self) -> dict[str, Json]:
        """Return the item as the manifest says it; what is empty is left out."""
        said: dict[str, Json] = {
            "kind": self.kind,
            "name": self.name,
            "member": self.member,
            "media_type": self.media_type,
            "size": self.size,
            "sha256": self.sha256,
        }
        more: dict[str, Json] = {"unit": self.unit or None, "entry": self.entry}
        more["about"] = dict(self.about) if self.about else None
        return said | {key: value for key, value in more.items() if value is not None}


@dataclass(frozen=True, slots=True)
class UnitSaid:
    """A unit the bundle tells of, as its sender calls it."""

    code: str
    name_vi: str
    kind: str = ""
    parent: str = ""

    def as_json(self) -> dict[str, Json]:
        """Return the unit as the manifest says it."""
        return {
            "code": self.code,
            "name_vi": self.name_vi,
            "kind": self.kind,
            "parent": self.parent,
        }


@dataclass(frozen=True, slots=True)
class Manifest:
    """What the signature of a bundle covers."""

    bundle: str
    sequence: int
    made_at: str
    sender: Party
    receiver: Party
    checkpoint: str
    items: tuple[Item, ...]
    consistency: Mapping[int, tuple[str, ...]]
    units: tuple[UnitSaid, ...] = ()
    software: str = ""
    version: str = f"{MAJOR}.{MINOR}"

    @property
    def made(self) -> datetime:
        """Return the moment at which the sender made the bundle."""
        return parse_iso(self.made_at)

    def text(self) -> str:
        """Return the text that is signed: the first line says the format, the second is canonical JSON."""
        said: dict[str, Json] = {
            "format": FORMAT,
            "version": self.version,
            "software": self.software,
            "bundle": self.bundle,
            "sequence": self.sequence,
            "made_at": self.made_at,
            "sender": _party(self.sender),
            "receiver": _party(self.receiver),
            "checkpoint": self.checkpoint,
            "consistency": [
                {"size": size, "proof": list(proof)}
                for size, proof in sorted(self.consistency.items())
            ],
            "units": [unit.as_json() for unit in self.units],
            "items": [item.as_json() for item in self.items],
            "requires": [],
        }
        return f"{FIRST_LINE}\n{canonical_bytes(said).decode()}\n"


def _party(party: Party) -> dict[str, Json]:
    return {
        "instance": party.instance,
        "unit": party.unit,
        "name_vi": party.name_vi,
        "name_en": party.name_en,
    }


def parse_manifest(text: str) -> Manifest:
    """Read the signed text of a bundle; what a newer minor version added is let be.

    Raises: VersionUnknown: another major version, or one that demands what is not known here;
            SubmissionMalformed: not a manifest
    """
    said = json_after(text, FORMAT, MAJOR)
    version = Reader(said).text("version", _VERSION)
    if version.partition(".")[0] != str(MAJOR) or said.get("format") != FORMAT:
        raise VersionUnknown(found=f"{FORMAT}/{version}", known=FIRST_LINE)
    demanded = said.get("requires", [])
    if not isinstance(demanded, list) or not {str(one) for one in demanded} <= UNDERSTOOD:
        raise VersionUnknown(found=f"{FORMAT}/{version} {demanded!s:.60}", known=FIRST_LINE)
    return _manifest(Reader(said), version)


def json_after(text: str, name: str, major: int) -> dict[str, Any]:
    """Return the object of a text whose first line names its format and whose second is canonical JSON.

    Raises: VersionUnknown, SubmissionMalformed
    """
    first, _, rest = text.partition("\n")
    if first != f"{name}/{major}":
        if re.fullmatch(re.escape(name) + r"/[0-9]{1,4}", first):
            raise VersionUnknown(found=first, known=f"{name}/{major}")
        raise SubmissionMalformed(where=name)
    body = rest[:-1] if rest.endswith("\n") else rest
    try:
        said = json.loads(body, parse_float=_no_fraction, parse_constant=_no_fraction)
        is_canonical = canonical_bytes(said) == body.encode("utf-8")
    except (ValueError, TypeError, RecursionError) as error:
        raise SubmissionMalformed(where="JSON") from error
    if not is_canonical or not isinstance(said, dict):
        raise SubmissionMalformed(where="JSON")
    return said


def _no_fraction(word: str) -> None:
    raise ValueError(f"no fractions: {word[:20]}")


class Reader:
    """Takes the members of an object apart, each with its form; says which one is wrong."""

    def __init__(self, said: Mapping[str, Any], where: str = "") -> None:
        self._said, self._where = said, where

    def text(self, key: str, form: re.Pattern[str] | None = None, *, length: int = 200) -> str:
        """Return a text of a form."""
        value = self._said.get(key)
        if not isinstance(value, str) or len(value) > length:
            raise SubmissionMalformed(where=self._where + key)
        if form is not None and not form.fullmatch(value):
            raise SubmissionMalformed(where=self._where + key)
        return value

    def line(self, key: str, *, length: int = NAME_LENGTH_MAX) -> str:
        """Return one line of text, without letters that steer; empty where it is not there."""
        value = self._said.get(key, "")
        if not isinstance(value, str) or len(value) > length or has_odd_letters(value):
            raise SubmissionMalformed(where=self._where + key)
        return value

    def number(self, key: str, *, least: int = 0, most: int = INTEGER_MAX) -> int:
        """Return a whole number in a range."""
        value = self._said.get(key)
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            raise SubmissionMalformed(where=self._where + key)
        return value

    def moment(self, key: str) -> str:
        """Return a moment, as it is written."""
        value = self.text(key, length=40)
        try:
            parse_iso(value)
        except ValueError as error:
            raise SubmissionMalformed(where=self._where + key) from error
        return value

    def inside(self, key: str) -> Reader:
        """Return the reader of an object inside."""
        value = self._said.get(key)
        if not isinstance(value, dict):
            raise SubmissionMalformed(where=self._where + key)
        return Reader(value, f"{self._where}{key}.")

    def objects(self, key: str, most: int) -> list[Reader]:
        """Return the readers of a list of objects; none where the list is not there."""
        value = self._said.get(key, [])
        is_list = isinstance(value, list) and len(value) <= most
        if not is_list or not all(isinstance(one, dict) for one in value):
            raise SubmissionMalformed(where=self._where + key)
        return [Reader(one, f"{self._where}{key}[{n}].") for n, one in enumerate(value)]

    def raw(self, key: str) -> Any:
        """Return a member as it is, None where it is not there."""
        return self._said.get(key)


def has_odd_letters(text: str) -> bool:
    """Say whether a text holds control letters or such as turn the direction of writing."""
    return any(unicodedata.category(letter) in ("Cc", "Cf", "Zl", "Zp") for letter in text)


def _manifest(reader: Reader, version: str) -> Manifest:
    return Manifest(
        version=version,
        software=reader.line("software", length=40),
        bundle=reader.text("bundle", _BUNDLE),
        sequence=reader.number("sequence", least=1),
        made_at=reader.moment("made_at"),
        sender=_read_party(reader.inside("sender")),
        receiver=_read_party(reader.inside("receiver")),
        checkpoint=reader.text("checkpoint", length=4096),
        consistency=dict(_read_proof(one) for one in reader.objects("consistency", PROOFS_MAX)),
        units=tuple(_read_unit(one) for one in reader.objects("units", UNITS_MAX)),
        items=_read_items(reader),
    )


def _read_party(reader: Reader) -> Party:
    return Party(
        instance=reader.text("instance", _INSTANCE),
        unit=reader.text("unit", _CODE),
        name_vi=reader.line("name_vi"),
        name_en=reader.line("name_en"),
    )


def _read_proof(reader: Reader) -> tuple[int, tuple[str, ...]]:
    return reader.number("size"), hashes_of(reader)


def hashes_of(reader: Reader) -> tuple[str, ...]:
    """Return the hashes of a member `proof`.

    Raises: SubmissionMalformed
    """
    proof = reader.raw("proof")
    is_list = isinstance(proof, list) and len(proof) <= 64
    if not is_list or not all(isinstance(one, str) and _HASH.fullmatch(one) for one in proof):
        raise SubmissionMalformed(where="proof")
    return tuple(proof)


def _read_unit(reader: Reader) -> UnitSaid:
    parent = reader.line("parent", length=40)
    return UnitSaid(
        code=reader.text("code", _CODE),
        name_vi=reader.line("name_vi"),
        kind=reader.line("kind", length=30),
        parent=parent,
    )


def _read_items(reader: Reader) -> tuple[Item, ...]:
    items = tuple(
        _read_item(one, place) for place, one in enumerate(reader.objects("items", ITEMS_MAX), 1)
    )
    if sum(item.size for item in items) > BUNDLE_BYTES_MAX:
        raise SubmissionMalformed(where="items.size")
    listed = [place for place, item in enumerate(items) if item.kind == ENTRIES]
    if listed not in ([], [0]):
        raise SubmissionMalformed(where="items.kind")
    return items


def _read_item(reader: Reader, place: int) -> Item:
    name, member = reader.line("name"), reader.text("member", _MEMBER)
    about = reader.raw("about")
    if not member.startswith(f"{place:05d}"):
        raise SubmissionMalformed(where="items.member")
    if not name or "/" in name or "\\" in name or not isinstance(about, (dict, type(None))):
        raise SubmissionMalformed(where="items.name")
    has_entry = reader.raw("entry") is not None
    return Item(
        kind=reader.text("kind", _KIND, length=40),
        name=name,
        media_type=reader.text("media_type", _MEDIA),
        size=reader.number("size", most=ITEM_BYTES_MAX),
        sha256=reader.text("sha256", _SHA256),
        unit=reader.text("unit", _CODE) if reader.raw("unit") else "",
        entry=reader.number("entry") if has_entry else None,
        about=about,
        member=member,
    )


def member_name(place: int, name: str) -> str:
    """Return the name under which an item stands in the file: its place, and a word for people's eyes."""
    stem, dot, ending = name.lower().rpartition(".")
    bare = unicodedata.normalize("NFD", (stem if dot else name.lower()).replace("đ", "d"))
    slug = _PATH_LETTERS.sub("-", bare.encode("ascii", "ignore").decode()).strip("-")[:60]
    tail = f".{ending}" if dot and _ENDING.fullmatch(ending) else ""
    return f"{place:05d}{'-' if slug else ''}{slug}{tail}"


def is_bundle_id(text: str) -> bool:
    """Say whether a text has the form of a bundle's id."""
    return bool(_BUNDLE.fullmatch(text))


def known_kinds() -> Sequence[str]:
    """Return the kinds of items that this version knows."""
    return (ENTRIES, REPORT, SNAPSHOT, REPORT_FILE, FINDINGS, REGISTER, DOCUMENT)
