"""YAML of the library, read so that every value knows the line it stands on."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

import yaml

Place: TypeAlias = tuple[str | int, ...]

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_DECIMAL = re.compile(r"[+-]?(0|[1-9][0-9]{0,17})")
_DEPTH_MAX = 20


@dataclass(frozen=True, slots=True)
class Located:
    """One YAML file: its plain data, and the line of each value by its place in the data."""

    path: Path
    data: Any
    lines: dict[Place, int]

    def line(self, *place: str | int) -> int:
        """Return the 1-based line of a place, or of the nearest place above it that exists."""
        for length in range(len(place), -1, -1):
            found = self.lines.get(place[:length])
            if found is not None:
                return found
        return 1


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong in the library: file, line, and what to do, in one English/Vietnamese pair."""

    path: Path
    line: int
    vi: str
    en: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.vi} / {self.en}"


def read_located(path: Path) -> Located | Problem:
    """Read one YAML file; a file that is not readable YAML comes back as a problem with its line."""
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        return Problem(
            path, 1, "không phải UTF-8; lưu lại bằng UTF-8", f"not UTF-8: {error.reason}"
        )
    except OSError as error:
        return Problem(
            path, 1, f"không đọc được: {error.strerror}", f"cannot read: {error.strerror}"
        )
    try:
        node = yaml.compose(text, Loader=_LOADER)
        walk = _Walk()
        data = None if node is None else walk.plain(node, ())
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        return Problem(
            path, line, f"sai cú pháp YAML: {error.problem}", f"bad YAML: {error.problem}"
        )
    except (yaml.YAMLError, RecursionError) as error:
        return Problem(path, 1, f"sai cú pháp YAML: {error}", f"bad YAML: {error}")
    return Located(path=path, data=data, lines=walk.lines)


@dataclass(slots=True)
class _Walk:
    """Turns nodes into plain data and notes their lines."""

    lines: dict[Place, int] = field(default_factory=dict)
    seen: set[int] = field(default_factory=set)

    def plain(self, node: yaml.Node, place: Place) -> Any:
        # An alias gives the same node twice: it may run in a circle or grow without end, and it hides a line.
        if id(node) in self.seen or len(place) > _DEPTH_MAX:
            why = "an alias (*name)" if id(node) in self.seen else "nested too deep"
            raise yaml.MarkedYAMLError(problem=f"{why}; write it out", problem_mark=node.start_mark)
        self.seen.add(id(node))
        self.lines[place] = node.start_mark.line + 1
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, place)
        if isinstance(node, yaml.SequenceNode):
            return [self.plain(item, (*place, index)) for index, item in enumerate(node.value)]
        return _scalar(node)

    def _mapping(self, node: yaml.MappingNode, place: Place) -> dict[str, Any]:
        result: dict[str, Any] = {}
        for key_node, value_node in node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                raise yaml.MarkedYAMLError(
                    problem="a key must be one word", problem_mark=key_node.start_mark
                )
            key = str(key_node.value)
            if key in result:
                raise yaml.MarkedYAMLError(
                    problem=f"'{key}' twice", problem_mark=key_node.start_mark
                )
            result[key] = self.plain(value_node, (*place, key))
            self.lines[(*place, key)] = key_node.start_mark.line + 1
        return result


def _scalar(node: yaml.Node) -> str | int | bool | None:
    text = str(node.value)
    if node.tag == "tag:yaml.org,2002:int" and _DECIMAL.fullmatch(text):
        return int(text)
    if node.tag == "tag:yaml.org,2002:null":
        return None
    if node.tag == "tag:yaml.org,2002:bool" and text in ("true", "false"):
        return text == "true"
    return text
