"""What travels when a text is shared: its two library files and the controls that are its unit's own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from khien.adoption.sharing.errors import NotExportable
from khien.kernel.language import Text
from khien.norms.errors import UnknownDocument
from khien.norms.library_format import canonical_data, canonical_yaml
from khien.norms.located_yaml import Located, read_located
from khien.norms.model import Control, Document, Library

# The order in which the library writes keys; others come after these, as they stand.
_ORDERS: Final[Mapping[str, tuple[str, ...]]] = {
    "head": (
        "id", "kind", "number", "tier", "mark", "level", "title", "short", "issuer", "place", "issued_on",
        "in_force_from", "in_force_to", "in_force_note", "note", "binds", "unit_kinds", "binds_by_kind",
        "replaces", "amends", "cites",
    ),
    "clause": ("path", "kind", "mark", "vi", "en", "none", "duties"),
    "duty": (
        "id", "item", "modality", "actor", "vi", "en", "control", "parameters", "frequency", "evidence", "side",
        "deadline", "schedule", "output", "repeat_of",
    ),
    "schedule": (
        "kind", "period", "rule", "sense", "opens", "assumed", "every", "each", "of", "register", "starts",
        "within", "measure", "due_field", "where", "window", "due",
    ),
    "control": (
        "id", "theme", "subject", "evidence", "severity", "title", "why", "parameters", "check", "fix", "supply",
        "waits_for", "aliases",
    ),
    "parameter": ("type", "sense", "unit", "vi", "en", "order", "implied_by"),
}  # fmt: skip
OWN_THEME: Final = "own"
HEAD: Final = "document.yaml"
BODY: Final = "clauses.yaml"
CONTROL: Final = "control.yaml"
_GONE = Text("tệp thư viện của văn bản không còn", "the library file of the text is gone")


@dataclass(frozen=True, slots=True)
class TextFiles:
    """A text as files of a library: nothing of it depends on where it lies.

    controls: control.yaml of each own control, by its id; the product's controls are named by id alone.
    """

    id: str
    document_yaml: str
    clauses_yaml: str
    controls: Mapping[str, str] = field(default_factory=dict)

    @property
    def files(self) -> dict[str, str]:
        """Return the contents by path inside a library, in the order of paths."""
        files = {
            f"controls/{OWN_THEME}/{code}/{CONTROL}": text for code, text in self.controls.items()
        }
        files[f"norms/{self.id}/{BODY}"] = self.clauses_yaml
        files[f"norms/{self.id}/{HEAD}"] = self.document_yaml
        return dict(sorted(files.items()))


@dataclass(frozen=True, slots=True)
class TextData:
    """The same text as plain data: every key of its files, known to this version or not."""

    head: Mapping[str, Any]
    clauses: tuple[Mapping[str, Any], ...]
    controls: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    # What stands beside the list of clauses in its file, should a later version put something there.
    beside: Mapping[str, Any] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """Return the id of the text."""
        return str(self.head.get("id", ""))

    def in_usual_order(self) -> TextData:
        """Return the same text with its keys as the library orders them, for forms that keep no order."""
        clauses = tuple(_ordered_clause(clause) for clause in self.clauses)
        controls = {code: _ordered_control(said) for code, said in self.controls.items()}
        return replace(self, head=_ordered(self.head, "head"), clauses=clauses, controls=controls)

    def as_files(self) -> TextFiles:
        """Return the text as files, in the one form of the library."""
        body = {**self.beside, "clauses": [dict(clause) for clause in self.clauses]}
        return TextFiles(
            self.id,
            canonical_data(dict(self.head)),
            canonical_data(body),
            {code: canonical_data(dict(said)) for code, said in self.controls.items()},
        )


def _ordered(data: Mapping[str, Any], kind: str) -> dict[str, Any]:
    first = [key for key in _ORDERS[kind] if key in data]
    return {key: data[key] for key in dict.fromkeys([*first, *data])}


def _ordered_clause(clause: Mapping[str, Any]) -> dict[str, Any]:
    ordered = _ordered(clause, "clause")
    if isinstance(ordered.get("duties"), list):
        ordered["duties"] = [_ordered_duty(duty) for duty in ordered["duties"]]
    return ordered


def _ordered_duty(duty: Mapping[str, Any]) -> dict[str, Any]:
    ordered = _ordered(duty, "duty")
    if isinstance(ordered.get("schedule"), Mapping):
        ordered["schedule"] = _ordered(ordered["schedule"], "schedule")
    return ordered


def _ordered_control(control: Mapping[str, Any]) -> dict[str, Any]:
    ordered = _ordered(control, "control")
    if isinstance(ordered.get("parameters"), Mapping):
        ordered["parameters"] = {
            name: _ordered(about, "parameter") if isinstance(about, Mapping) else about
            for name, about in ordered["parameters"].items()
        }
    return ordered


def own_controls_of(library: Library, document: Document) -> dict[str, Control]:
    """Return the controls of a unit's own that a text feeds, by id."""
    fed = {duty.control for _, duty in document.duties()}
    return {
        code: library.controls[code]
        for code in sorted(fed & set(library.controls))
        if library.controls[code].theme == OWN_THEME
    }


def files_of(library: Library, document_id: str) -> TextFiles:
    """Return a text of the library as its files.

    Raises: UnknownDocument; NotExportable: its files are gone
    """
    document = document_of(library, document_id)
    try:
        return TextFiles(
            document.id,
            _canonical(document.folder / HEAD),
            _canonical(document.folder / BODY),
            {
                code: _canonical(control.folder / CONTROL)
                for code, control in own_controls_of(library, document).items()
            },
        )
    except OSError as error:
        raise NotExportable(document=document_id, form="YAML", why=_GONE) from error


def data_of(library: Library, document_id: str) -> TextData:
    """Return a text of the library as plain data.

    Raises: UnknownDocument; NotExportable: its files are gone
    """
    document = document_of(library, document_id)
    controls = own_controls_of(library, document)
    body = _plain(document, document.folder / BODY)
    return TextData(
        _plain(document, document.folder / HEAD),
        tuple(body["clauses"]),
        {code: _plain(document, control.folder / CONTROL) for code, control in controls.items()},
        {key: value for key, value in body.items() if key != "clauses"},
    )


def document_of(library: Library, document_id: str) -> Document:
    """Return a document of the library.

    Raises: UnknownDocument
    """
    document = library.documents.get(document_id)
    if document is None:
        raise UnknownDocument(document=document_id, known=", ".join(library.documents))
    return document


def _canonical(path: Path) -> str:
    return canonical_yaml(path.read_text(encoding="utf-8"))


def _plain(document: Document, path: Path) -> dict[str, Any]:
    found = read_located(path)
    if not isinstance(found, Located):
        raise NotExportable(document=document.id, form="YAML", why=Text(found.vi, found.en))
    return dict(found.data)
