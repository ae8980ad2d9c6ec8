"""Words of OSCAL: ids, props, prose, and identifiers made of content: the same text gives the same bytes."""

from __future__ import annotations

import json
import re
import unicodedata
import uuid
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, TypeAlias

from khien.adoption.sharing.flat import EMPTY_LIST, Empty, Plain, flattened, nested
from khien.kernel.canonical import canonical_bytes, sha256_hex

Object: TypeAlias = dict[str, Any]

VERSION: Final = "1.2.1"
# Names of ours in documents that have names of others as well.
NAMESPACE: Final = "urn:khien:oscal"
_UUIDS: Final = uuid.uuid5(uuid.NAMESPACE_URL, NAMESPACE)
_TOKEN: Final = re.compile(r"[^\W\d][\w.\-]*")
# What a prop may hold: one line that neither begins nor ends with white space.
_LINE: Final = re.compile(r"\S(?:.*\S)?")
_LINE_MARKS: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff]")
_MARKUP: Final = re.compile(r"[\\`*_<>\[\]{}~^&|#$]")
_BLOCK: Final = re.compile(r"^(\s*)([-+=])|^(\s*\d+)([.)])", re.MULTILINE)
_ESCAPE: Final = re.compile(r"\\([!-/:-@\[-`{-~])")
_CLASSES: Final[Mapping[type, str]] = {bool: "boolean", int: "integer", type(None): "null"}


def identifier(*content: Any) -> str:
    """Return the UUID (version 5) of content: another content has another."""
    return str(uuid.uuid5(_UUIDS, sha256_hex(canonical_bytes(json_safe(list(content))))))


def json_safe(value: Any) -> Any:
    """Return data whose numbers all have a canonical form."""
    if isinstance(value, Mapping):
        return {str(key): json_safe(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [json_safe(one) for one in value]
    is_large = isinstance(value, int) and not isinstance(value, bool) and abs(value) > 2**53 - 1
    return str(value) if is_large else value


def token(text: str) -> str:
    """Return text as an id: letters without marks, điểm đ as dd, and nothing a token may not hold."""
    bare = text.replace("đ", "dd").replace("Đ", "DD").replace("#", "-n")
    bare = unicodedata.normalize("NFD", bare).encode("ascii", "ignore").decode()
    bare = re.sub(r"[^A-Za-z0-9._-]+", "-", bare)
    return bare if re.match(r"[A-Za-z_]", bare) else f"_{bare}"


class Names:
    """Gives every id once: a second text with the same token gets a number."""

    def __init__(self) -> None:
        self._given: set[str] = set()

    def of(self, text: str) -> str:
        """Return a token for a text that was not given before."""
        name, number = token(text), 1
        while (name if number == 1 else f"{name}-{number}").casefold() in self._given:
            number += 1
        name = name if number == 1 else f"{name}-{number}"
        self._given.add(name.casefold())
        return name


def is_line(text: str) -> bool:
    """Say whether a prop can hold text as it is."""
    return bool(_LINE.fullmatch(text)) and not _LINE_MARKS.search(text)


def prop(name: str, value: Plain) -> Object:
    """Return one of our props; what is not a line of text says in its class what it is."""
    made: Object = {"name": name, "ns": NAMESPACE}
    if isinstance(value, Empty):
        return {**made, "value": str(value), "class": "list" if value == EMPTY_LIST else "mapping"}
    if isinstance(value, str):
        return {**made, "value": value} if is_line(value) else {**made, **as_json(value)}
    said = "null" if value is None else str(value).lower()
    return {**made, "value": said, "class": _CLASSES[type(value)]}


def as_json(value: Any) -> Object:
    """Return the value and class of a prop that holds any data."""
    return {"value": json.dumps(value, sort_keys=True), "class": "json"}


def value_of(one: Mapping[str, Any]) -> Any:
    """Return what one of our props holds.

    Raises: ValueError: not what its class says
    """
    value, kind = str(one["value"]), one.get("class")
    match kind:
        case None:
            return value
        case "integer":
            return int(value)
        case "boolean" | "null" if value in ("true", "false", "null"):
            return {"true": True, "false": False, "null": None}[value]
        case "list" | "mapping":
            return Empty(value)
        case "json":
            return json.loads(value)
        case _:
            raise ValueError(f"class {kind}")


def props_of(data: Mapping[str, Any]) -> list[Object]:
    """Return data as props with dotted names; what has keys that are no tokens goes as JSON."""
    made: list[Object] = []
    for key, value in data.items():
        pairs = list(flattened({key: value}))
        if _TOKEN.fullmatch(key) and all(_TOKEN.fullmatch(name) for name, _ in pairs):
            made.extend(prop(name, one) for name, one in pairs)
        else:
            made.append({"name": "data", "ns": NAMESPACE, **as_json({key: value})})
    return made


def data_of_props(props: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Return the data that our props hold; props of others are let be.

    Raises: ValueError: a prop is not what it says, or two contradict each other
    """
    pairs: list[tuple[str, Any]] = []
    whole: dict[str, Any] = {}
    for one in props:
        if one.get("ns") != NAMESPACE:
            continue
        if one["name"] == "data":
            whole.update(value_of(one))
        else:
            pairs.append((str(one["name"]), value_of(one)))
    return {**nested(pairs), **whole}


def prose(text: str) -> str:
    """Return text as OSCAL prose (CommonMark): whatever looks like markup is escaped."""
    escaped = _MARKUP.sub(lambda found: f"\\{found[0]}", text)
    return _BLOCK.sub(
        lambda found: f"{found[1] or found[3] or ''}\\{found[2] or found[4]}", escaped
    )


def plain(text: str) -> str:
    """Return what prose says, its escapes undone."""
    return _ESCAPE.sub(r"\1", text)


def without_empty(made: Mapping[str, Any]) -> Object:
    """Return an object without its empty lists; OSCAL does not allow them."""
    return {key: value for key, value in made.items() if value not in ([], None, "")}


def as_bytes(document: Mapping[str, Any]) -> bytes:
    """Return an OSCAL document as JSON people can read."""
    return (json.dumps(document, ensure_ascii=False, indent=2) + "\n").encode()


def first(found: Sequence[Any] | None, default: Any = None) -> Any:
    """Return the first of a list, if there is one."""
    return found[0] if found else default
