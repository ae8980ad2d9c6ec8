"""What the importer of CISO Assistant asks of a library, checked here before anybody uploads one."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from khien.norms.located_yaml import Located, Place, Problem

URN: Final = re.compile(
    r"urn:([a-zA-Z0-9_-]+):([a-zA-Z0-9_-]+):([a-zA-Z0-9_-]+)(?::([a-zA-Z0-9_-]+))?"
    r":([0-9A-Za-z\[\]\(\)\-\._:]+)"
)
CATEGORIES: Final = ("policy", "process", "technical", "physical", "procedure")
FUNCTIONS: Final = ("govern", "identify", "protect", "detect", "respond", "recover")
RELATIONSHIPS: Final = ("equal", "subset", "superset", "intersect", "not_related")
_PAIRS: Final[Mapping[str, str]] = {
    "framework": "frameworks",
    "risk_matrix": "risk_matrices",
    "requirement_mapping_set": "requirement_mapping_sets",
}
_OBJECTS: Final = {
    *_PAIRS, *_PAIRS.values(), "reference_controls", "threats", "metric_definitions", "ttp_catalogs",
    "ttp_tactics", "ttp_techniques", "preset", "workflows",
}  # fmt: skip
_LENGTHS: Final[Mapping[str, int]] = {
    "name": 200, "ref_id": 100, "provider": 200, "packager": 100, "copyright": 4_096,
}  # fmt: skip


@dataclass(slots=True)
class _Check:
    """Goes through a library and notes what the importer would not take."""

    source: Located
    problems: list[Problem] = field(default_factory=list)
    urns: set[str] = field(default_factory=set)
    controls: set[str] = field(default_factory=set)

    def note(self, place: Place, vi: str, en: str) -> None:
        where = ".".join(map(str, place)) or "–"
        line = self.source.line(*place)
        self.problems.append(Problem(self.source.path, line, f"«{where}» {vi}", f"«{where}» {en}"))

    def urn(
        self, data: Mapping[str, Any], place: Place, key: str = "urn", *, new: bool = True
    ) -> str:
        """Note a URN that is not one, or stands twice; return it as the importer keeps it."""
        value = data.get(key)
        if not isinstance(value, str) or not URN.fullmatch(value):
            self.note(
                (*place, key), "phải là URN chỉ gồm chữ ASCII", "must be a URN in ASCII letters"
            )
            return ""
        if new and value.lower() in self.urns:
            self.note((*place, key), f"có hai lần: {value}", f"stands twice: {value}")
        if new:
            self.urns.add(value.lower())
        return value.lower()

    def texts(self, data: Mapping[str, Any], place: Place, needed: Collection[str] = ()) -> None:
        """Note texts that are missing or longer than the columns they go to."""
        for key in needed:
            if not isinstance(data.get(key), str) or not data[key]:
                self.note((*place, key), "thiếu", "is missing")
        for key, most in _LENGTHS.items():
            if isinstance(data.get(key), str) and len(data[key]) > most:
                self.note(
                    (*place, key), f"dài quá {most} ký tự", f"is longer than {most} characters"
                )

    def choice(
        self, data: Mapping[str, Any], place: Place, key: str, known: Collection[str]
    ) -> None:
        """Note a word that is none of those known."""
        if key in data and data[key] not in known:
            words = ", ".join(known)
            self.note((*place, key), f"phải là một trong: {words}", f"must be one of: {words}")

    def objects(
        self, data: Mapping[str, Any], key: str, place: Place
    ) -> Iterator[tuple[Place, dict[str, Any]]]:
        """Yield the mappings of a list with their places; note what is none."""
        found = data.get(key)
        if found is None:
            return
        if not isinstance(found, list):
            self.note((*place, key), "phải là danh sách", "must be a list")
            return
        for number, one in enumerate(found):
            if isinstance(one, dict):
                yield (*place, key, number), one
            else:
                self.note(
                    (*place, key, number), "phải là bảng khóa và giá trị", "must be a mapping"
                )


def library_problems(source: Located) -> list[Problem]:
    """Return what CISO Assistant would not take of a library, each with its line."""
    check = _Check(source)
    top = source.data
    if not isinstance(top, dict):
        return [Problem(source.path, 1, "phải là bảng khóa và giá trị", "must be a mapping")]
    check.urn(top, ())
    check.texts(top, (), ("name", "ref_id"))
    if not isinstance(top.get("version"), int) or isinstance(top.get("version"), bool):
        check.note(("version",), "phải là số nguyên", "must be an integer")
    objects = top.get("objects")
    if not isinstance(objects, dict) or not objects:
        check.note(("objects",), "thiếu", "is missing")
        return check.problems
    _known_objects(check, objects)
    for place, one in check.objects(objects, "reference_controls", ("objects",)):
        check.controls.add(check.urn(one, place))
        check.texts(one, place, ("ref_id",))
        check.choice(one, place, "category", CATEGORIES)
        check.choice(one, place, "csf_function", FUNCTIONS)
    for place, one in _one_or_more(check, objects, "framework"):
        _framework(check, one, place)
    for place, one in _one_or_more(check, objects, "requirement_mapping_set"):
        _mapping_set(check, one, place)
    return check.problems


def _known_objects(check: _Check, objects: Mapping[str, Any]) -> None:
    for key in objects:
        if key not in _OBJECTS:
            check.note(("objects", key), "không có loại này", "there is no such kind")
    for one, more in _PAIRS.items():
        if one in objects and more in objects:
            check.note(
                ("objects", one), f"không được có cùng «{more}»", f"may not stand beside «{more}»"
            )


def _one_or_more(
    check: _Check, objects: Mapping[str, Any], key: str
) -> Iterator[tuple[Place, dict[str, Any]]]:
    if isinstance(objects.get(key), dict):
        yield ("objects", key), objects[key]
    elif isinstance(objects.get(key), list):
        yield from check.objects(objects, key, ("objects",))
    yield from check.objects(objects, _PAIRS[key], ("objects",))


def _framework(check: _Check, framework: dict[str, Any], place: Place) -> None:
    check.urn(framework, place)
    check.texts(framework, place, ("ref_id",))
    least, most = framework.get("min_score", 0), framework.get("max_score", 100)
    if not isinstance(least, int) or not isinstance(most, int) or not 0 <= least < most:
        check.note((*place, "min_score"), "phải nhỏ hơn max_score", "must be below max_score")
    groups = {
        str(one.get("ref_id"))
        for _, one in check.objects(framework, "implementation_groups_definition", place)
    }
    nodes = list(check.objects(framework, "requirement_nodes", place))
    if not nodes:
        check.note((*place, "requirement_nodes"), "không được trống", "must not be empty")
    before: set[str] = set()
    for at, node in nodes:
        before.add(check.urn(node, at))
        check.texts(node, at)
        if not isinstance(node.get("assessable"), bool):
            check.note((*at, "assessable"), "phải là true hoặc false", "must be true or false")
        parent = node.get("parent_urn")
        if parent is not None and str(parent).lower() not in before:
            check.note((*at, "parent_urn"), "không đứng trước nút này", "does not stand before it")
        for control in _words(node.get("reference_controls")):
            if control.lower() not in check.controls:
                check.note(
                    (*at, "reference_controls"), f"không có {control}", f"there is no {control}"
                )
        for group in _words(node.get("implementation_groups")):
            if group not in groups:
                check.note(
                    (*at, "implementation_groups"), f"không có {group}", f"there is no {group}"
                )


def _words(value: Any) -> list[str]:
    return [str(one) for one in value] if isinstance(value, list) else []


def _mapping_set(check: _Check, mapping: dict[str, Any], place: Place) -> None:
    check.urn(mapping, place)
    check.texts(mapping, place, ("ref_id",))
    for key in ("source_framework_urn", "target_framework_urn"):
        check.urn(mapping, place, key, new=False)
    seen: set[tuple[str, str]] = set()
    for at, one in check.objects(mapping, "requirement_mappings", place):
        source = check.urn(one, at, "source_requirement_urn", new=False)
        target = check.urn(one, at, "target_requirement_urn", new=False)
        check.choice(one, at, "relationship", RELATIONSHIPS)
        strength = one.get("strength_of_relationship", 0)
        if not isinstance(strength, int) or not 0 <= strength <= 10:
            check.note((*at, "strength_of_relationship"), "phải từ 0 đến 10", "must be 0 to 10")
        if (source, target) in seen:
            check.note(at, "cặp này có hai lần", "this pair stands twice")
        seen.add((source, target))
