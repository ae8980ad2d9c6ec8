"""A text as a library of CISO Assistant: framework, reference controls, and a mapping between two texts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from khien.adoption.sharing.contents import TextData
from khien.adoption.sharing.oscal_tree import Node, tree_of
from khien.adoption.sharing.oscal_words import Names
from khien.kernel.language import Text
from khien.norms.library_format import canonical_data
from khien.norms.model import Control, Document, Duty, Library, Value
from khien.norms.wording import clause_name

MEDIA_TYPE: Final = "application/yaml"
PACKAGER: Final = "khien"
CONTROLS: Final = "khien"
NAME_LENGTH_MAX: Final = 200
# What is ours inside an annotation is said after this word, one line each.
ANNOTATED: Final = "khien:"
_CATEGORIES: Final[Mapping[str, str]] = {
    "host": "technical", "log": "technical", "register": "process", "workflow": "process",
    "document": "policy", "attest": "procedure",
}  # fmt: skip
# The function of a theme in the sense of the NIST Cybersecurity Framework; what is not named protects.
_FUNCTIONS: Final[Mapping[str, str]] = {
    "governance": "govern", "budget": "govern", "conduct": "govern", "level": "govern", "outsourcing": "govern",
    "report": "govern", "supplier-sla": "govern", "coordination": "respond", "incident": "respond",
    "risk": "identify", "vulnerability": "identify", "access-review": "identify", "log": "detect",
    "monitoring": "detect", "malware": "detect", "backup": "recover",
}  # fmt: skip
_SIDES: Final[Mapping[str, Text]] = {
    "unit": Text("Đơn vị", "The unit"),
    "authority": Text("Cơ quan cấp trên, cơ quan chuyên trách", "Authorities"),
    "supplier": Text("Nhà cung cấp", "Suppliers"),
}
_MODALITIES: Final[Mapping[str, Text]] = {
    "must": Text("phải", "must"),
    "must_not": Text("không được", "must not"),
    "should": Text("nên", "should"),
    "info": Text("thông tin", "information"),
}
_COPYRIGHT: Final = (
    "Điều khoản được phát biểu lại bằng lời của người rà soát; văn bản quy phạm pháp luật, văn bản hành chính "
    "không thuộc đối tượng bảo hộ quyền tác giả."
)


def ciso_library(data: TextData, document: Document, library: Library) -> str:
    """Return a text as a CISO Assistant library in YAML; the same text gives the same bytes."""
    writer = _Framework(document, library)
    nodes = [made for root in tree_of(data.clauses) for made in writer.nodes(root, 1, None)]
    fed = sorted({duty.control for _, duty in document.duties()})
    made: dict[str, Any] = {
        "urn": urn("library", document.id),
        "locale": "vi",
        "ref_id": document.id,
        "name": _short(document.title.vi),
        "description": document.title.vi,
        "copyright": _COPYRIGHT,
        "version": _version(document),
        "publication_date": document.in_force_from.isoformat(),
        "provider": _short(document.issuer.vi),
        "packager": PACKAGER,
        "translations": {
            "en": {"name": _short(document.title.en), "description": document.title.en}
        },
        "objects": {
            "reference_controls": [
                _reference_control(library.controls[code])
                for code in fed
                if code in library.controls
            ],
            "framework": {
                "urn": urn("framework", document.id),
                "ref_id": document.id,
                "name": _short(document.title.vi),
                "description": f"{document.binds.vi}",
                "translations": {
                    "en": {"name": _short(document.title.en), "description": document.binds.en}
                },
                "implementation_groups_definition": _groups(document),
                "requirement_nodes": nodes,
            },
        },
    }
    if not made["objects"]["reference_controls"]:
        del made["objects"]["reference_controls"]
    return canonical_data(made)


def urn(kind: str, ref: str, *rest: str) -> str:
    """Return the URN of a thing of ours, small letters as the importer keeps it."""
    return ":".join(["urn", PACKAGER, "risk", kind, ref, *rest]).lower()


def control_urn(code: str) -> str:
    """Return the URN of one of our controls: the same in every library."""
    return urn("reference_control", CONTROLS, code)


def _short(text: str) -> str:
    return text if len(text) <= NAME_LENGTH_MAX else f"{text[: NAME_LENGTH_MAX - 1]}…"


def _reference_control(control: Control) -> dict[str, Any]:
    is_physical = control.theme == "physical"
    return {
        "urn": control_urn(control.id),
        "ref_id": control.id,
        "name": _short(control.title.vi),
        "description": control.why.vi,
        "category": "physical" if is_physical else _CATEGORIES[control.evidence],
        "csf_function": _FUNCTIONS.get(control.theme, "protect"),
        "typical_evidence": control.supply.vi,
        "annotation": control.fix.vi,
        "translations": {
            "en": {
                "name": _short(control.title.en),
                "description": control.why.en,
                "typical_evidence": control.supply.en,
                "annotation": control.fix.en,
            }
        },
    }


def _groups(document: Document) -> list[dict[str, Any]]:
    used = {duty.side for _, duty in document.duties()}
    return [
        {"ref_id": side, "name": name.vi, "description": name.vi, "translations": {"en": {"name": name.en}}}
        for side, name in _SIDES.items()
        if side in used or side == "unit"
    ]  # fmt: skip


@dataclass(slots=True)
class _Framework:
    """Writes the requirement nodes of a text; each URN stands once, in letters of ASCII."""

    document: Document
    library: Library
    names: Names = field(default_factory=Names)

    def nodes(self, node: Node, depth: int, parent: str | None) -> Iterator[dict[str, Any]]:
        """Yield a clause and what stands under it, each after its parent."""
        name = self.names.of(node.path)
        place = urn("req_node", self.document.id, re.sub(r"^_", "", name))
        clause = self.document.clauses[node.path]
        duties = clause.duties
        asked = [duty for duty in duties if duty.modality != "info"]
        made: dict[str, Any] = {
            "urn": place,
            **({"parent_urn": parent} if parent else {}),
            "ref_id": node.path[:100],
            "name": _short(clause_name(node.path).vi),
            "description": clause.text.vi,
            "assessable": bool(asked),
            "depth": depth,
        }
        controls = list(dict.fromkeys(control_urn(duty.control) for duty in duties))
        if controls:
            made["reference_controls"] = controls
        if asked:
            made["implementation_groups"] = sorted({duty.side for duty in asked})
            made["typical_evidence"] = self._evidence(asked)
        if duties or clause.mark != "A":
            made["annotation"] = "\n".join(self._annotated(duties, clause.mark))
        english = {"name": _short(clause_name(node.path).en), "description": clause.text.en}
        made["translations"] = {"en": english}
        yield made
        for child in node.children:
            yield from self.nodes(child, depth + 1, place)

    def _evidence(self, duties: Sequence[Duty]) -> str:
        outputs = [duty.output.vi for duty in duties if duty.output]
        supplies = [self.library.controls[duty.control].supply.vi for duty in duties]
        return "\n".join(dict.fromkeys([*outputs, *supplies]))

    def _annotated(self, duties: Sequence[Duty], mark: str) -> Iterator[str]:
        """Say what the format has no place for: who must, how strongly, how often, until when, which values."""
        if mark != "A":
            yield f"{ANNOTATED}mark={mark}"
        for duty in duties:
            yield f"{_MODALITIES[duty.modality].vi.capitalize()} ({duty.actor.vi}): {duty.text.vi}"
            told = {"control": duty.control, "modality": duty.modality, "frequency": duty.frequency}
            yield f"{ANNOTATED}duty={duty.id};" + ";".join(f"{k}={v}" for k, v in told.items())
            if duty.deadline:
                yield f"{ANNOTATED}deadline={duty.deadline.vi}"
            for name, value in duty.parameters.items():
                yield f"{ANNOTATED}param={duty.control}.{name}={_said(value)}"


def _said(value: Value) -> str:
    if value is None:
        return ""
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)


def ciso_mapping(source: Document, target: Document) -> str:
    """Return a library that maps the clauses of two texts to each other by the controls they share, both ways.

    equal: both clauses feed the same controls; subset, superset: one feeds all that the other does.
    """
    ref = f"{source.id}-and-{target.id}"
    names = (
        f"{source.short.vi}, {target.short.vi}: đối chiếu theo biện pháp",
        f"{source.short.en}, {target.short.en}: mapping by control",
    )
    made = {
        "urn": urn("library", ref),
        "locale": "vi",
        "ref_id": ref,
        "name": _short(names[0]),
        "description": names[0],
        "copyright": _COPYRIGHT,
        "version": max(_version(source), _version(target)),
        "provider": _short(source.issuer.vi),
        "packager": PACKAGER,
        "translations": {"en": {"name": _short(names[1]), "description": names[1]}},
        "dependencies": [urn("library", source.id), urn("library", target.id)],
        "objects": {
            "requirement_mapping_sets": [_mapping_set(source, target), _mapping_set(target, source)]
        },
    }
    return canonical_data(made)


def _version(document: Document) -> int:
    return int(document.in_force_from.strftime("%Y%m%d"))


def _mapping_set(source: Document, target: Document) -> dict[str, Any]:
    others = list(_fed(target))
    by_control: dict[str, list[int]] = {}
    for place, (_, fed) in enumerate(others):
        for code in fed:
            by_control.setdefault(code, []).append(place)
    ref = f"{source.id}-to-{target.id}"
    name = _short(f"{source.short.vi} → {target.short.vi}")
    return {
        "urn": urn("req_mapping_set", ref),
        "ref_id": ref,
        "name": name,
        "description": name,
        "source_framework_urn": urn("framework", source.id),
        "target_framework_urn": urn("framework", target.id),
        "requirement_mappings": [
            _mapping(one, mine, *others[place])
            for one, mine in _fed(source)
            for place in sorted({at for code in mine for at in by_control.get(code, ())})
        ],
    }


def _mapping(one: str, mine: set[str], other: str, theirs: set[str]) -> dict[str, Any]:
    return {
        "source_requirement_urn": one,
        "target_requirement_urn": other,
        "relationship": _relationship(mine, theirs),
        "strength_of_relationship": round(10 * len(mine & theirs) / len(mine | theirs)),
        "rationale": "functional",
    }


def _relationship(mine: set[str], theirs: set[str]) -> str:
    if mine == theirs:
        return "equal"
    if mine < theirs:
        return "subset"
    return "superset" if mine > theirs else "intersect"


def _fed(document: Document) -> Iterable[tuple[str, set[str]]]:
    """Return the clauses that ask for something, by the URN of their node, with the controls they feed."""
    names = Names()
    order = _in_tree_order(document)
    for path in order:
        place = urn("req_node", document.id, re.sub(r"^_", "", names.of(path)))
        asked = {d.control for d in document.clauses[path].duties if d.modality != "info"}
        if asked:
            yield place, asked


def _in_tree_order(document: Document) -> Iterator[str]:
    clauses = [{"path": clause.path, "kind": clause.kind} for clause in document.clauses.values()]
    waiting = list(reversed(tree_of(clauses)))
    while waiting:
        node = waiting.pop()
        yield node.path
        waiting.extend(reversed(node.children))
