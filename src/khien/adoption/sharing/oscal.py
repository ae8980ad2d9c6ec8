"""A text as OSCAL: a catalog of its clauses, and a profile of the controls it selects with its values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from khien.adoption.sharing.contents import TextData
from khien.adoption.sharing.oscal_controls import CONTROLS_NAME, control_catalog, profile_of
from khien.adoption.sharing.oscal_tree import Node, tree_of
from khien.adoption.sharing.oscal_words import (
    NAMESPACE,
    VERSION,
    Names,
    Object,
    as_bytes,
    as_json,
    identifier,
    is_line,
    prop,
    props_of,
    prose,
    token,
    without_empty,
)
from khien.norms.model import Document, Library, Parameter
from khien.norms.wording import clause_name

NUMBER_SCHEME: Final = "urn:khien:so-ky-hieu"
ISSUER: Final = "issuer"
_CONTROLS_HREF: Final = f"../{CONTROLS_NAME}/catalog.json"


def oscal_files(data: TextData, document: Document, library: Library) -> dict[str, bytes]:
    """Return a text as OSCAL files, laid out as a trestle workspace; the same text gives the same bytes.

    The profile is left out where the text demands no control.
    """
    files = {
        f"catalogs/{data.id}/catalog.json": as_bytes({"catalog": text_catalog(data, library)}),
        f"catalogs/{CONTROLS_NAME}/catalog.json": as_bytes(
            {"catalog": control_catalog(library, data.controls)}
        ),
    }
    profile = profile_of(document, library)
    if profile is not None:
        files[f"profiles/{data.id}/profile.json"] = as_bytes({"profile": profile})
    return files


def text_catalog(data: TextData, library: Library) -> Object:
    """Return the catalog of a text: chapters are groups, articles controls, what stands under them parts."""
    writer = _Writer(data, library)
    nodes = [writer.node(root) for root in tree_of(data.clauses)]
    made = {
        "uuid": identifier("catalog", data.head, list(data.clauses), data.beside),
        "metadata": _metadata(data),
        "groups": [made for made, is_group in nodes if is_group],
        "controls": [made for made, is_group in nodes if not is_group],
        "back-matter": {"resources": writer.resources},
    }
    return without_empty(made)


def _metadata(data: TextData) -> Object:
    head = {key: value for key, value in data.head.items() if key not in ("title", "issuer")}
    title, issuer = dict(data.head.get("title", {})), dict(data.head.get("issuer", {}))
    number = head.get("number")
    has_number = isinstance(number, str) and is_line(number)
    if has_number:
        del head["number"]
    name = str(issuer.get("vi", ""))
    has_issuer = is_line(name)
    if has_issuer:
        del issuer["vi"]
    title_vi = str(title.pop("vi", ""))
    party = identifier("party", data.id, name)
    rest = {**head, "title": title, "issuer": issuer}
    props = props_of(rest)
    if data.beside:
        props.append({"name": "beside", "ns": NAMESPACE, **as_json(data.beside)})
    made: Object = {
        "title": prose(title_vi),
        "published": _moment(data.head.get("issued_on")),
        "last-modified": _moment(data.head.get("in_force_from")),
        "version": str(data.head.get("in_force_from")),
        "oscal-version": VERSION,
        "document-ids": [{"scheme": NUMBER_SCHEME, "identifier": number}] if has_number else [],
        "props": props,
    }
    if has_issuer:
        made["roles"] = [{"id": ISSUER, "title": "Nơi ban hành"}]
        made["parties"] = [{"uuid": party, "type": "organization", "name": name}]
        made["responsible-parties"] = [{"role-id": ISSUER, "party-uuids": [party]}]
    return without_empty(made)


def _moment(day: object) -> str | None:
    return f"{day}T00:00:00+07:00" if day else None


@dataclass(slots=True)
class _Writer:
    """Writes clauses; gives ids, and knows which law is cited where."""

    data: TextData
    library: Library
    names: Names = field(default_factory=Names)
    resources: list[Object] = field(default_factory=list)
    cited: dict[str, list[Object]] = field(default_factory=dict)
    controls: str = ""

    def __post_init__(self) -> None:
        document = self.library.documents.get(self.data.id)
        known = {citation.key: citation for citation in document.citations} if document else {}
        for cite in self.data.head.get("cites") or ():
            key = str(cite.get("key", ""))
            law = known.get(key)
            about: dict[str, Any] = {"key": key}
            if law is not None:
                ended = law.ended_on.isoformat() if law.ended_on else None
                told = {"ended_on": ended, "successor": law.successor, "mark": law.mark}
                about |= {name: value for name, value in told.items() if value}
            uuid = identifier("law", self.data.id, key)
            title = prose(law.title.vi if law else key)
            self.resources.append({"uuid": uuid, "title": title, "props": props_of(about)})
            for path in cite.get("clauses") or ():
                link = {"href": f"#{uuid}", "rel": "reference"}
                self.cited.setdefault(str(path), []).append(link)
        self.controls = identifier("controls", self.data.id)
        place = {"href": _CONTROLS_HREF, "media-type": "application/oscal.catalog+json"}
        self.resources.append(
            {"uuid": self.controls, "title": "Danh mục biện pháp của Khiên", "rlinks": [place]}
        )

    def node(self, node: Node) -> tuple[Object, bool]:
        """Return a chapter as group, anything else outside an article as control, and which of them it is."""
        statement: Object = {"name": "statement", **self._statement(node.clause)}
        name = self.names.of(f"{self.data.id}_{node.path}")
        statement["id"] = f"{name}_smt"
        made: Object = {
            "id": name,
            "class": token(str(node.clause.get("kind", ""))),
            "title": prose(clause_name(node.path).vi or node.path or "–"),
            "params": self._params(node),
            "props": self._props(node),
            "links": self.cited.get(node.path, []),
        }
        if not node.is_group:
            made["parts"] = [statement, *self._inside(node)]
            return without_empty(made), False
        under = [self.node(child) for child in node.children]
        made["parts"] = [statement, *self._duties(node.clause)]
        made["groups"] = [child for child, is_group in under if is_group]
        made["controls"] = [child for child, is_group in under if not is_group]
        return without_empty(made), True

    def _statement(self, clause: Mapping[str, Any]) -> Object:
        parts = [] if "en" not in clause else [_translation(str(clause["en"]))]
        return without_empty({"prose": prose(str(clause.get("vi", ""))), "parts": parts})

    def _inside(self, node: Node) -> list[Object]:
        return [*self._duties(node.clause), *(self._item(child) for child in node.children)]

    def _item(self, node: Node) -> Object:
        said = self._statement(node.clause)
        made = {
            "id": self.names.of(f"{self.data.id}_{node.path}"),
            "name": "item",
            "class": token(str(node.clause.get("kind", ""))),
            "title": prose(clause_name(node.path).vi or node.path or "–"),
            "props": self._props(node),
            **said,
            "links": self.cited.get(node.path, []),
        }
        made["parts"] = [*said.get("parts", []), *self._inside(node)]
        return without_empty(made)

    def _props(self, node: Node) -> list[Object]:
        clause = node.clause
        told = {"vi", "en"} | ({"duties"} if clause.get("duties") else set())
        rest = {key: value for key, value in clause.items() if key not in told}
        return [{"name": "sort-id", "value": f"{node.place:06d}"}, *props_of(rest)]

    def _duties(self, clause: Mapping[str, Any]) -> list[Object]:
        return [self._duty(duty) for duty in clause.get("duties") or ()]

    def _duty(self, duty: Mapping[str, Any]) -> Object:
        told = {"vi", "en"} if {"vi", "en"} <= set(duty) else set()
        told |= {"parameters"} if duty.get("parameters") else set()
        rest = {key: value for key, value in duty.items() if key not in told}
        control = str(duty.get("control", ""))
        made: Object = {
            "id": self.names.of(str(duty.get("id", ""))),
            "name": "duty",
            "ns": NAMESPACE,
            "class": token(str(duty.get("modality", ""))),
            "props": props_of(rest),
            "links": [
                {"href": f"#{self.controls}", "rel": "related", "resource-fragment": control}
            ],
        }
        if "vi" in told:
            made |= {"prose": prose(str(duty["vi"])), "parts": [_translation(str(duty["en"]))]}
        return without_empty(made)

    def _params(self, node: Node) -> list[Object]:
        made = [param for duty in node.clause.get("duties") or () for param in self._values(duty)]
        if not node.is_group:
            made.extend(param for child in node.children for param in self._params(child))
        return made

    def _values(self, duty: Mapping[str, Any]) -> Iterable[Object]:
        control = self.library.controls.get(str(duty.get("control", "")))
        for name, value in (duty.get("parameters") or {}).items():
            known = control.parameters.get(name) if control else None
            about = [prop("duty", str(duty.get("id", ""))), prop("parameter", str(name))]
            made: Object = {
                "id": self.names.of(f"{duty.get('id', '')}_prm_{name}"),
                "props": about,
                "label": prose(known.title.vi if known else str(name)),
                "constraints": _constraints(known, value, self.library),
            }
            values, kind = _said(value)
            about.append(kind)
            made["values"] = values
            yield without_empty(made)


def _translation(en: str) -> Object:
    return {"name": "translation", "ns": NAMESPACE, "class": "en", "prose": prose(en)}


def _said(value: Any) -> tuple[list[str], Object]:
    """Return a value as the values of a parameter, and the prop that says how to read them."""
    if isinstance(value, bool) or value is None:
        return [], {"name": "value", "ns": NAMESPACE, **as_json(value)}
    if isinstance(value, int):
        return [str(value)], prop("type", "integer")
    if isinstance(value, str) and is_line(value):
        return [value], prop("type", "text")
    if isinstance(value, list) and value and all(isinstance(v, str) and is_line(v) for v in value):
        return list(value), prop("type", "list")
    return [], {"name": "value", "ns": NAMESPACE, **as_json(value)}


def _constraints(known: Parameter | None, value: Any, library: Library) -> list[Object]:
    """Say what a number means for who is bound by it: at least, or at most."""
    if known is None or not isinstance(value, int) or known.sense not in ("max", "min"):
        return []
    words, sign = ("ít nhất", ">=") if known.sense == "max" else ("nhiều nhất", "<=")
    unit = f" {library.label(known.unit).vi}" if known.unit else ""
    test = {"expression": f". {sign} {value}"}
    return [{"description": prose(f"{words} {value}{unit}"), "tests": [test]}]
