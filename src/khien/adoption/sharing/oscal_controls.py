"""The controls as an OSCAL catalog, and the profile by which a text selects some of them with its values."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from khien.adoption.sharing.contents import CONTROL, OWN_THEME
from khien.adoption.sharing.oscal_words import (
    NAMESPACE,
    VERSION,
    Object,
    identifier,
    is_line,
    prop,
    props_of,
    prose,
    without_empty,
)
from khien.norms.located_yaml import Located, read_located
from khien.norms.model import Document, Library, Value
from khien.norms.rulebook import Resolved, Rule, build_rulebook

CONTROLS_NAME: Final = "khien-controls"
TEXTS: Final = ("why", "fix", "supply")
_MEDIA_TYPE: Final = "application/oscal.catalog+json"
# The catalog of controls has the day of no text; it changes with its content, and so does its uuid.
_DAY: Final = "2026-01-01"


def parameter_id(control: str, name: str) -> str:
    """Return the id of a control's parameter in the catalog of controls."""
    return f"{control}_prm.{name}"


def control_catalog(library: Library, own: Mapping[str, Mapping[str, Any]]) -> Object:
    """Return the product's controls, and those of a text's unit, as a catalog grouped by theme."""
    groups: dict[str, list[Object]] = {}
    for control in library.controls.values():
        if control.theme != OWN_THEME:
            groups.setdefault(control.theme, []).append(_product_control(control.folder))
    for data in own.values():
        groups.setdefault(OWN_THEME, []).append(control_object(data))
    listed = [
        {"id": f"theme-{theme}", "class": "theme", "title": prose(library.label(theme).vi), "controls": found}
        for theme, found in groups.items()
    ]  # fmt: skip
    return {
        "uuid": identifier("controls", listed),
        "metadata": _metadata("Danh mục biện pháp của Khiên", _DAY, {"holds": "controls"}),
        "groups": listed,
    }


@lru_cache(maxsize=1_024)
def _product_control(folder: Path) -> Object:
    """Return a control of the product without how it is checked: that is no matter of a catalog."""
    found = read_located(folder / CONTROL)
    data = found.data if isinstance(found, Located) else {"id": folder.name}
    return control_object({key: value for key, value in data.items() if key != "check"})


def control_object(data: Mapping[str, Any]) -> Object:
    """Return the data of a control.yaml as an OSCAL control; nothing of it is lost."""
    code = str(data.get("id", ""))
    told = {"parameters"} if data.get("parameters") else set()
    parts: list[Object] = []
    for name in TEXTS:
        if _is_text(data.get(name)):
            told.add(name)
            parts.append(_told(f"{code}_{name}", "guidance", name, data[name]))
    title = data.get("title")
    rest = {key: value for key, value in data.items() if key not in told}
    title_vi = code
    if isinstance(title, Mapping) and _is_text(title):
        title_vi, rest["title"] = str(title["vi"]), {"en": title["en"]}
    made = {
        "id": code,
        "class": "control",
        "title": prose(title_vi),
        "params": [
            _parameter(code, name, about) for name, about in (data.get("parameters") or {}).items()
        ],
        "props": [{"name": "label", "value": code}, *props_of(rest)],
        "parts": parts,
    }
    return without_empty(made)


def _is_text(value: Any) -> bool:
    return isinstance(value, Mapping) and set(value) == {"vi", "en"}


def _told(name: str, kind: str, of: str, text: Mapping[str, Any]) -> Object:
    translation = {
        "name": "translation",
        "ns": NAMESPACE,
        "class": "en",
        "prose": prose(str(text["en"])),
    }
    return {
        "id": name,
        "name": kind,
        "class": of,
        "prose": prose(str(text["vi"])),
        "parts": [translation],
    }


def _parameter(code: str, name: str, about: Mapping[str, Any]) -> Object:
    rest = {key: value for key, value in about.items() if key != "vi"}
    return {
        "id": parameter_id(code, name),
        "props": [prop("parameter", name), *props_of({"about": rest})],
        "label": prose(str(about.get("vi", name))),
    }


def profile_of(document: Document, library: Library) -> Object | None:
    """Return what a text selects of the controls: which, with which values, and the clause that says so.

    None where it demands no control. The values are those of the text alone, its strictest for each parameter.
    """
    rules = build_rulebook(library, [document.id], on=document.in_force_from).rules
    if not rules:
        return None
    catalog = identifier("controls", document.id, library.digest)
    title = f"{document.title.vi}: biện pháp phải áp dụng"
    place = {"href": f"../../catalogs/{CONTROLS_NAME}/catalog.json", "media-type": _MEDIA_TYPE}
    where = {"href": f"trestle://catalogs/{CONTROLS_NAME}/catalog.json", "media-type": _MEDIA_TYPE}
    values = [
        _set(code, found) for code, rule in rules.items() for found in rule.parameters.values()
    ]
    made: Object = {
        "uuid": identifier("profile", document.id, library.digest, values, list(rules)),
        "metadata": _metadata(title, document.in_force_from.isoformat(), {"of": document.id}),
        "imports": [{"href": f"#{catalog}", "include-controls": [{"with-ids": list(rules)}]}],
        "merge": {"as-is": True},
        "modify": without_empty(
            {
                "set-parameters": values,
                "alters": [_alter(code, rule) for code, rule in rules.items()],
            }
        ),
        "back-matter": {
            "resources": [
                {"uuid": catalog, "title": "Danh mục biện pháp của Khiên", "rlinks": [where, place]}
            ]
        },
    }
    return made


def _metadata(title: str, day: str, about: Mapping[str, str]) -> Object:
    return {
        "title": prose(title),
        "last-modified": f"{day}T00:00:00+07:00",
        "version": day,
        "oscal-version": VERSION,
        "props": props_of(about),
    }


def _set(code: str, found: Resolved) -> Object:
    made = {
        "param-id": parameter_id(code, found.parameter.name),
        "props": [prop("clause", anchor) for anchor in found.anchors],
        "values": [word for word in _words(found.value) if is_line(word)],
    }
    return without_empty(made)


def _words(value: Value) -> list[str]:
    if value is None:
        return []
    return [str(one) for one in value] if isinstance(value, tuple) else [str(value)]


def _alter(code: str, rule: Rule) -> Object:
    """Name the clauses that demand a control, each with how strongly it does."""
    told = dict.fromkeys((clause.anchor, duty.modality) for clause, duty in rule.sources)
    props = [{**prop("clause", anchor), "class": modality} for anchor, modality in told]
    return {"control-id": code, "adds": [{"position": "ending", "props": props}]}
