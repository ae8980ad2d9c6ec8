"""A reviewed text in the form of the library: document.yaml, clauses.yaml and the unit's own controls."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import yaml

from khien.adoption.force.head import Head
from khien.adoption.review.schedules import schedule_of
from khien.kernel.canonical import sha256_hex
from khien.norms.library_format import canonical_data
from khien.norms.model import Control
from khien.norms.text.model import Citation, Node, ParsedDocument
from khien.norms.wording import clause_name

DUTIES, NOTHING = "duties", "nothing"
HEADING = "heading"
# What an occurrence of a duty can name (duties.models).
_DUTY_ID_MAX = 80
_DIGEST_LETTERS = 8
_LETTERS = str.maketrans({"đ": "dd", "#": "n", ".": "-"})


@dataclass(frozen=True, slots=True)
class Decided:
    """What was decided about one clause: its duties, or why there is none."""

    outcome: str
    duties: tuple[Mapping[str, Any], ...] = ()
    none: str = ""


@dataclass(frozen=True, slots=True)
class Binds:
    """Whom a text binds and what it does to others, as its document.yaml says it."""

    words: str
    unit_kinds: tuple[str, ...]
    in_force_from: date
    in_force_to: date | None = None
    replaces: tuple[str, ...] = ()
    amends: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class Reviewed:
    """All that a library form is made of.

    law: keys of law.yaml, for the texts cited; own_controls: library files of the unit's own controls.
    """

    code: str
    head: Head
    structure: ParsedDocument
    decided: Mapping[str, Decided]
    binds: Binds
    controls: Mapping[str, Control]
    law: Sequence[str] = ()
    own_controls: Mapping[str, str] = field(default_factory=dict)


def library_files(text: Reviewed) -> dict[str, str]:
    """Return a text as library files by path, in the order of paths; nothing of it is checked here."""
    body = {"clauses": list(_clauses(text))}
    files = dict(text.own_controls)
    files[f"norms/{text.code}/clauses.yaml"] = canonical_data(body)
    files[f"norms/{text.code}/document.yaml"] = canonical_data(_document(text))
    return dict(sorted(files.items()))


def with_binds(files: Mapping[str, str], code: str, binds: Binds) -> dict[str, str]:
    """Return the files of a text that came reviewed, with whom it binds here and from when."""
    name = f"norms/{code}/document.yaml"
    head = yaml.safe_load(files[name]) | _bound(binds)
    kept = {key: value for key, value in head.items() if value is not None}
    return dict(files) | {name: canonical_data(_clean(kept))}


def _bound(binds: Binds) -> dict[str, Any]:
    return {
        "in_force_from": _said_day(binds.in_force_from),
        "in_force_to": _said_day(binds.in_force_to),
        "binds": _both(binds.words),
        "unit_kinds": list(binds.unit_kinds),
        "replaces": list(binds.replaces) or None,
        "amends": [dict(one) for one in binds.amends] or None,
    }


def _document(text: Reviewed) -> dict[str, Any]:
    head, binds = text.head, text.binds
    said: dict[str, Any] = {
        "id": text.code,
        "kind": head.kind,
        "number": head.number or None,
        "title": _both(head.title),
        "short": _both(head.short),
        "issuer": _both(head.issuer),
        "place": head.place,
        "issued_on": _said_day(head.issued_on),
        **_bound(binds),
        "cites": list(_cites(text.structure, text.law)) or None,
    }
    return {name: _clean(value) for name, value in said.items() if value is not None}


def _said_day(day: date | None) -> str | None:
    return day.isoformat() if day is not None else None


def _both(vi: str, en: str = "") -> dict[str, str]:
    return {"vi": vi, "en": en or vi}


def _cites(structure: ParsedDocument, law: Sequence[str]) -> Iterator[dict[str, Any]]:
    places: dict[str, list[str]] = {}
    for citation in structure.citations:
        key = _law_key(citation, law)
        if key is not None:
            place = citation.node if citation.node in structure.by_path else None
            found = places.setdefault(key, [])
            if (place or "recital") not in found:
                found.append(place or "recital")
    for key, clauses in places.items():
        yield {"key": key, "clauses": clauses}


def _law_key(citation: Citation, law: Sequence[str]) -> str | None:
    """Return the key of law.yaml that a citation means: the one in which its number stands whole."""
    if citation.internal or not citation.number:
        return None
    number = re.compile(rf"(?<![\w/]){re.escape(citation.number)}(?![\w/])")
    return next((key for key in law if number.search(key)), None)


def _clauses(text: Reviewed) -> Iterator[dict[str, Any]]:
    for node in text.structure.nodes:
        decided = text.decided.get(node.path)
        words = words_of(node)
        duties = decided.duties if decided is not None and decided.outcome == DUTIES else ()
        told = [_duty(text, node, number, one, words) for number, one in enumerate(duties, start=1)]
        first = text.controls.get(str(duties[0].get("control"))) if duties else None
        clause: dict[str, Any] = {
            "path": node.path,
            "kind": node.kind,
            "vi": words,
            "en": first.title.en if first is not None else words,
        }
        if told:
            clause["duties"] = told
        else:
            clause["none"] = (decided.none if decided is not None else "") or HEADING
        yield _clean(clause)


def words_of(node: Node) -> str:
    """Return the words of a clause on one line: its own, else its title, else its name."""
    return " ".join((node.text or node.title).split()) or clause_name(node.path).vi or node.path


def _duty(
    text: Reviewed, node: Node, number: int, given: Mapping[str, Any], words: str
) -> dict[str, Any]:
    control = text.controls.get(str(given.get("control")))
    own = " ".join(str(given.get("text") or "").split())
    said: dict[str, Any] = {
        "id": duty_id(text.code, node.path, number),
        "modality": given.get("modality") or "must",
        "actor": _bilingual(given.get("actor")) or _both("Đơn vị", "The unit"),
    }
    if own and own != words:
        said |= {"vi": own, "en": control.title.en if control is not None else own}
    said |= {
        "control": str(given.get("control") or ""),
        "parameters": _parameters(given.get("parameters")) or None,
        "frequency": given.get("frequency") or "continuous",
        "deadline": _bilingual(given.get("deadline")),
        "evidence": given.get("evidence") or (control.evidence if control else "attest"),
        "output": _output(given.get("form"), given.get("recipient")),
        "side": given.get("side") or None,
        "schedule": given.get("schedule") or _schedule(given, control),
    }
    return {name: value for name, value in said.items() if value is not None}


def _schedule(given: Mapping[str, Any], control: Control | None) -> dict[str, Any] | None:
    """Return when a duty is due that has a period and for which nobody said a day: nothing stays out of view."""
    frequency = str(given.get("frequency") or "")
    evidence = control.evidence if control is not None else ""
    return schedule_of("", frequency, evidence=evidence)


def duty_id(code: str, path: str, number: int) -> str:
    """Return the id of a duty: the same as long as neither code, path nor place change; never too long."""
    slug = path.translate(_LETTERS).lower()
    plain = f"{code}-{slug}-{number}"
    if len(plain) <= _DUTY_ID_MAX:
        return plain
    digest = sha256_hex(plain.encode())[:_DIGEST_LETTERS]
    return f"{plain[: _DUTY_ID_MAX - _DIGEST_LETTERS - 1]}-{digest}"


def _bilingual(value: object) -> dict[str, str] | None:
    if isinstance(value, Mapping):
        vi = " ".join(str(value.get("vi") or "").split())
        return _both(vi, " ".join(str(value.get("en") or "").split())) if vi else None
    words = " ".join(str(value or "").split())
    return _both(words) if words else None


def _output(form: object, recipient: object) -> dict[str, str] | None:
    said = [part for part in (_bilingual(form), _bilingual(recipient)) if part is not None]
    return (
        _both(" → ".join(p["vi"] for p in said), " → ".join(p["en"] for p in said))
        if said
        else None
    )


def _parameters(value: object) -> dict[str, Any]:
    """Return parameters by name; a review may also keep them as a list of {name, value}."""
    if isinstance(value, Mapping):
        return dict(value)
    listed = value if isinstance(value, Iterable) and not isinstance(value, str) else ()
    return {str(one["name"]): one.get("value") for one in listed if isinstance(one, Mapping)}


def _clean(value: Any) -> Any:
    """Return data in NFC, as the library demands it, whatever the file had."""
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    if isinstance(value, Mapping):
        return {_clean(name): _clean(one) for name, one in value.items()}
    return [_clean(one) for one in value] if isinstance(value, (list, tuple)) else value
