"""Reading of a CISO Assistant library: a skeleton of clauses, with what they propose where controls are ours."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from khien.adoption.sharing.ciso import ANNOTATED, CONTROLS, PACKAGER
from khien.adoption.sharing.ciso_rules import library_problems
from khien.adoption.sharing.depth import too_deep
from khien.adoption.sharing.errors import SharedBroken, SharedUnreadable
from khien.kernel.language import Text
from khien.norms.located_yaml import Located, read_located
from khien.norms.model import Library

_OURS: Final = f"urn:{PACKAGER}:risk:reference_control:{CONTROLS}:"
_KINDS: Final = (
    (re.compile(r"C\.[^.]+"), "chuong"),
    (re.compile(r"(?:.*\.)?D\d+[a-zđ]?(?:#\d+)?"), "dieu"),
    (re.compile(r"(?:.*\.)?k\d+[a-zđ]?(?:#\d+)?"), "khoan"),
    (re.compile(r"(?:.*\.)?b\d+(?:#\d+)?"), "buoc"),
    (re.compile(r"(?:.*\.)?g\d+(?:#\d+)?"), "gach"),
    (re.compile(r"(?:.*\.)?p\d+(?:#\d+)?"), "doan"),
    (re.compile(r"(?:.*\.)?[a-zđ](?:#\d+)?"), "diem"),
    (re.compile(r"[IVX]+(?:\.\d+)*"), "muc"),
)
_BY_DEPTH: Final = ("chuong", "dieu", "khoan", "diem")
_NO_LIBRARY = Text(
    "không phải thư viện CISO Assistant có một khung yêu cầu", "it is no CISO Assistant library with one framework"
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Proposal:
    """A duty that a clause seems to state: what a person confirms or not.

    Only the control is sure to be one of ours; the rest is as the file says it, empty where it does not.
    """

    control: str
    modality: str = ""
    frequency: str = ""
    deadline: str = ""
    parameters: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SkeletonClause:
    """One clause of a skeleton: where it stands, its words, and what it proposes."""

    path: str
    kind: str
    title: Text
    text: Text
    is_asking: bool
    proposals: tuple[Proposal, ...] = ()


@dataclass(frozen=True, slots=True)
class Skeleton:
    """A text of which the form holds too little to put it into force: it has to be reviewed first."""

    form: str
    id: str
    title: Text
    issuer: str
    clauses: tuple[SkeletonClause, ...]


def read_ciso(content: bytes, file: str, library: Library) -> Skeleton:
    """Read a CISO Assistant library.

    Raises: SharedUnreadable: no YAML library of one framework; SharedBroken: what its importer would refuse
    """
    source = _located(content, file)
    objects = source.data.get("objects") if isinstance(source.data, dict) else None
    frameworks = list(_frameworks(objects)) if isinstance(objects, dict) else []
    if len(frameworks) != 1:
        raise SharedUnreadable(file, _NO_LIBRARY)
    problems = library_problems(source)
    if problems:
        raise SharedBroken([str(problem) for problem in problems])
    top, framework = source.data, frameworks[0]
    english = _translation(top).get("name")
    return Skeleton(
        form="ciso",
        id=str(top["ref_id"]),
        title=Text(str(top["name"]), str(english or top["name"])),
        issuer=str(top.get("provider") or ""),
        clauses=tuple(_clauses(framework["requirement_nodes"], library)),
    )


def _located(content: bytes, file: str) -> Located:
    deep = too_deep(content.decode("utf-8", "replace"), Path(Path(file).name))
    if deep is not None:
        raise SharedBroken([str(deep)])
    with tempfile.TemporaryDirectory(prefix="khien-") as folder:
        path = Path(folder) / "library.yaml"
        path.write_bytes(content)
        found = read_located(path)
    if not isinstance(found, Located):
        raise SharedUnreadable(
            file, Text(f"dòng {found.line}: {found.vi}", f"line {found.line}: {found.en}")
        )
    return Located(Path(Path(file).name), found.data, found.lines)


def _frameworks(objects: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for key in ("framework", "frameworks"):
        found = objects.get(key)
        yield from (
            one for one in (found if isinstance(found, list) else [found]) if isinstance(one, dict)
        )


def _translation(data: Mapping[str, Any]) -> Mapping[str, Any]:
    translations = data.get("translations")
    english = translations.get("en") if isinstance(translations, dict) else None
    return english if isinstance(english, dict) else {}


def _clauses(nodes: list[dict[str, Any]], library: Library) -> Iterator[SkeletonClause]:
    codes = {code.lower(): code for code in library.controls}
    depths: dict[str, int] = {}
    paths: set[str] = set()
    for number, node in enumerate(nodes, 1):
        place = str(node["urn"]).lower()
        depth = depths[place] = depths.get(str(node.get("parent_urn")).lower(), -1) + 1
        path = str(node.get("ref_id") or "")
        # Names of others may be anything: those that no path can be, or that stand twice, get a number.
        if not re.fullmatch(r"[\w.#đ-]{1,100}", path) or path in paths:
            path = f"n{number}"
        paths.add(path)
        english = _translation(node)
        name, said = (
            str(node.get("name") or ""),
            str(node.get("description") or node.get("name") or path),
        )
        yield SkeletonClause(
            path=path,
            kind=_kind(path, depth),
            title=Text(name, str(english.get("name") or name)),
            text=Text(said, str(english.get("description") or said)),
            is_asking=node["assessable"] is True,
            proposals=tuple(_proposals(node, codes)),
        )


def _kind(path: str, depth: int) -> str:
    for form, kind in _KINDS:
        if form.fullmatch(path):
            return kind
    return _BY_DEPTH[min(depth, len(_BY_DEPTH) - 1)]


def _proposals(node: Mapping[str, Any], codes: Mapping[str, str]) -> Iterator[Proposal]:
    """Yield what the annotation says of each duty, or else one proposal for each control of ours."""
    told = list(_annotated(str(node.get("annotation") or ""), codes))
    yield from told
    known = {proposal.control for proposal in told}
    for urn in node.get("reference_controls") or ():
        code = codes.get(str(urn).lower().removeprefix(_OURS))
        if str(urn).lower().startswith(_OURS) and code is not None and code not in known:
            yield Proposal(code)


def _annotated(annotation: str, codes: Mapping[str, str]) -> Iterator[Proposal]:
    duties: list[dict[str, str]] = []
    values: list[dict[str, str]] = []
    for line in annotation.splitlines():
        key, _, rest = line.removeprefix(ANNOTATED).partition("=")
        if not line.startswith(ANNOTATED):
            continue
        if key == "duty":
            duties.append(dict(pair.split("=", 1) for pair in rest.split(";")[1:] if "=" in pair))
            values.append({})
        elif duties and key == "deadline":
            duties[-1]["deadline"] = rest
        elif duties and key == "param":
            name, _, value = rest.partition("=")
            values[-1][name.rpartition(".")[2]] = value
    for duty, given in zip(duties, values, strict=True):
        code = codes.get(duty.get("control", "").lower())
        if code is not None:
            told = {key: duty.get(key, "") for key in ("modality", "frequency", "deadline")}
            yield Proposal(code, parameters=given, **told)
