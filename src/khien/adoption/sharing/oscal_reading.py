"""Reading of a text from its OSCAL catalog; what is wrong is told with the place in the file."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from khien.adoption.sharing.checking import CheckedText, checked, is_document_id
from khien.adoption.sharing.contents import BODY, CONTROL, HEAD, OWN_THEME, TextData
from khien.adoption.sharing.errors import SharedBroken, SharedUnreadable
from khien.adoption.sharing.oscal import ISSUER, NUMBER_SCHEME
from khien.adoption.sharing.oscal_controls import TEXTS
from khien.adoption.sharing.oscal_words import data_of_props, plain
from khien.kernel.language import Text
from khien.norms.located_yaml import Place
from khien.norms.model import Library

_DEPTH_MAX = 40
_NOT_JSON = Text("không phải JSON", "it is not JSON")
NO_CATALOG = Text(
    "không có danh mục OSCAL của một văn bản do Khiên xuất", "it holds no OSCAL catalog of a text that Khiên wrote"
)  # fmt: skip
_TWO = Text("có hơn một văn bản", "it holds more than one text")
_WRONG = "sai dạng OSCAL"


@dataclass(frozen=True, slots=True)
class At:
    """An object of a JSON document, and the way to it."""

    data: Mapping[str, Any]
    way: str

    def all(self, key: str) -> list[At]:
        """Return the objects of a list; none where it is not there.

        Raises: ValueError: no list of objects, or nested too deep
        """
        found = self.data.get(key, [])
        if self.way.count("/") > _DEPTH_MAX * 2:
            raise ValueError(f"{self.way[:120]}…: nested too deep")
        if not isinstance(found, list) or not all(isinstance(one, Mapping) for one in found):
            raise ValueError(f"{self.way}/{key}: not a list of objects")
        return [At(one, f"{self.way}/{key}/{place}") for place, one in enumerate(found)]

    def one(self, key: str) -> At:
        """Return an object inside.

        Raises: ValueError
        """
        found = self.data.get(key)
        if not isinstance(found, Mapping):
            raise ValueError(f"{self.way}/{key}: not an object")
        return At(found, f"{self.way}/{key}")

    def text(self, key: str) -> str:
        """Return prose as plain text; empty where it is not there."""
        return plain(str(self.data.get(key, "")))

    def props(self) -> dict[str, Any]:
        """Return the data of our props.

        Raises: ValueError
        """
        props = [one.data for one in self.all("props")]
        try:
            return data_of_props(props)
        except (KeyError, ValueError, TypeError) as error:
            raise ValueError(f"{self.way}/props: {error}") from error


@dataclass(slots=True)
class _Reading:
    """Clauses as they are found, with where each stands."""

    clauses: list[tuple[str, dict[str, Any], str]] = field(default_factory=list)
    values: dict[str, dict[str, Any]] = field(default_factory=dict)
    ways: dict[tuple[str, Place], str] = field(default_factory=dict)


def catalogs_in(files: Mapping[str, bytes], file: str) -> dict[str, Mapping[str, Any]]:
    """Return the OSCAL catalogs among files, by the names of the files.

    Raises: SharedUnreadable: a file .json is none
    """
    found: dict[str, Mapping[str, Any]] = {}
    for name, content in files.items():
        if not name.endswith(".json"):
            continue
        try:
            data = json.loads(content.removeprefix(b"\xef\xbb\xbf"))
        except (ValueError, RecursionError) as error:
            raise SharedUnreadable(f"{file}: {name}", _NOT_JSON) from error
        if isinstance(data, Mapping) and isinstance(data.get("catalog"), Mapping):
            found[name] = data["catalog"]
    return found


def read_oscal(
    catalogs: Mapping[str, Mapping[str, Any]], file: str, library: Library
) -> CheckedText:
    """Read the text of an OSCAL catalog that Khiên wrote, and check everything in it.

    Raises: SharedUnreadable: no such catalog; SharedBroken: all mistakes, each with its place in the file
    """
    reading = _Reading()
    try:
        tops = [At(data, f"{name}#/catalog") for name, data in catalogs.items()]
        texts = [top for top in tops if "id" in top.one("metadata").props()]
        if len(texts) != 1:
            raise SharedUnreadable(file, _TWO if texts else NO_CATALOG)
        data = _text(texts[0], reading)
        own = {
            code: control
            for top in tops
            if top.one("metadata").props().get("holds") == "controls"
            for code, control in _own_controls(top, reading)
        }
    except (ValueError, TypeError, RecursionError) as error:
        problem = str(error)
        raise SharedBroken([f"{problem}: {_WRONG} / no OSCAL of the form expected"]) from error
    if not is_document_id(data.id):
        raise SharedBroken([f"{texts[0].way}/metadata/props: id: {data.id[:60]!r}"])
    text = replace(data, controls=own).in_usual_order().as_files()
    return checked(
        text.files, library, lambda name, place: _way(reading, name, place), is_canonical=True
    )


def _way(reading: _Reading, name: str, place: Place) -> str | None:
    for length in range(len(place), -1, -1):
        found = reading.ways.get((name, place[:length]))
        if found is not None:
            return found
    return None


def _text(top: At, reading: _Reading) -> TextData:
    metadata = top.one("metadata")
    head = metadata.props()
    beside = head.pop("beside", {})
    head["title"] = {"vi": metadata.text("title"), **_mapping(head.get("title"))}
    for one in metadata.all("document-ids"):
        if one.data.get("scheme") == NUMBER_SCHEME:
            head["number"] = one.data.get("identifier")
    issuer = _mapping(head.get("issuer"))
    for party in _issuers(metadata):
        issuer = {"vi": party.data.get("name"), **issuer}
    head["issuer"] = issuer
    _collect(top, reading, 0)
    in_order = sorted(reading.clauses, key=lambda found: found[0])
    document_id = str(head.get("id", ""))
    reading.ways[f"norms/{document_id}/{HEAD}", ()] = metadata.way
    body = f"norms/{document_id}/{BODY}"
    reading.ways[body, ()] = top.way
    for place, (_, clause, way) in enumerate(in_order):
        reading.ways[body, ("clauses", place)] = way
        for number, duty in enumerate(clause.get("duties") or ()):
            reading.ways[body, ("clauses", place, "duties", number)] = (
                f"{way} ({duty.get('id', '')})"
            )
    clauses = tuple(clause for _, clause, _ in in_order)
    _give_values(clauses, reading)
    return TextData(head, clauses, beside=beside)


def _mapping(value: Any) -> dict[str, Any]:
    return dict(value) if isinstance(value, Mapping) else {}


def _issuers(metadata: At) -> Iterator[At]:
    named = {
        str(uuid)
        for one in metadata.all("responsible-parties")
        if one.data.get("role-id") == ISSUER
        for uuid in one.data.get("party-uuids") or ()
    }
    yield from (one for one in metadata.all("parties") if one.data.get("uuid") in named)


def _collect(top: At, reading: _Reading, depth: int) -> None:
    """Note every clause under a catalog or group, and every value its parameters give."""
    if depth > _DEPTH_MAX:
        raise ValueError(f"{top.way[:120]}…: nested too deep")
    for group in top.all("groups"):
        _clause(group, reading)
        _collect(group, reading, depth + 1)
    for control in top.all("controls"):
        _clause(control, reading)
        _collect(control, reading, depth + 1)


def _clause(found: At, reading: _Reading) -> None:
    for param in found.all("params"):
        _value(param, reading)
    statement = next(iter(_parts(found, "statement")), None)
    if statement is None:
        raise ValueError(f"{found.way}/parts: no statement")
    _note_clause(found, statement, reading)


def _note_clause(found: At, statement: At, reading: _Reading) -> None:
    clause = {**found.props(), "vi": statement.text("prose"), **_english(statement)}
    duties = [_duty(part) for part in _parts(found, "duty")]
    if duties:
        clause["duties"] = duties
    reading.clauses.append((_sort_id(found), clause, found.way))
    for item in _parts(found, "item"):
        _note_clause(item, item, reading)


def _sort_id(found: At) -> str:
    for one in found.all("props"):
        if one.data.get("name") == "sort-id" and "ns" not in one.data:
            return str(one.data.get("value", ""))
    return ""


def _parts(found: At, name: str) -> Iterable[At]:
    return (part for part in found.all("parts") if part.data.get("name") == name)


def _english(found: At) -> dict[str, str]:
    translation = next(iter(_parts(found, "translation")), None)
    return {"en": translation.text("prose")} if translation else {}


def _duty(part: At) -> dict[str, Any]:
    duty = part.props()
    if "prose" in part.data:
        duty |= {"vi": part.text("prose"), **_english(part)}
    return duty


def _value(param: At, reading: _Reading) -> None:
    told = param.props()
    if "duty" not in told or "parameter" not in told:
        return
    values = param.data.get("values", [])
    if not isinstance(values, list):
        raise ValueError(f"{param.way}/values: not a list")
    value: Any
    match told.get("type"):
        case "integer" if len(values) == 1:
            value = _integer(values[0], param)
        case "text" if len(values) == 1:
            value = str(values[0])
        case "list":
            value = [str(one) for one in values]
        case _ if "value" in told:
            value = told["value"]
        case _:
            raise ValueError(f"{param.way}: no value")
    reading.values.setdefault(str(told["duty"]), {})[str(told["parameter"])] = value


def _integer(word: Any, param: At) -> int | str:
    """Return a number; what an editor made of it that is none is told where numbers are checked."""
    del param
    return int(word) if str(word).lstrip("-").isdecimal() else str(word)


def _give_values(clauses: Iterable[dict[str, Any]], reading: _Reading) -> None:
    for clause in clauses:
        for duty in clause.get("duties") or ():
            given = reading.values.get(str(duty.get("id", "")))
            if given:
                duty["parameters"] = given


def _own_controls(top: At, reading: _Reading) -> Iterator[tuple[str, dict[str, Any]]]:
    for group in top.all("groups"):
        for control in group.all("controls"):
            data = control.props()
            if data.get("theme") != OWN_THEME:
                continue
            code = str(data.get("id", ""))
            reading.ways[f"controls/{OWN_THEME}/{code}/{CONTROL}", ()] = control.way
            yield code, _control(control, data)


def _control(found: At, data: dict[str, Any]) -> dict[str, Any]:
    title = {"vi": found.text("title"), **_mapping(data.pop("title", None))}
    told: dict[str, Any] = {}
    for part in _parts(found, "guidance"):
        name = str(part.data.get("class", ""))
        if name in TEXTS:
            told[name] = {"vi": part.text("prose"), **_english(part)}
    parameters = {}
    for param in found.all("params"):
        about = param.props()
        rest = _mapping(about.get("about"))
        parameters[str(about.get("parameter", ""))] = {**rest, "vi": param.text("label")}
    made = {"id": data.pop("id", ""), **data, "title": title, **told}
    return {**made, **({"parameters": parameters} if parameters else {})}
