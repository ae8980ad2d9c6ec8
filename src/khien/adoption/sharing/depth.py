"""How deep YAML of strangers nests, found before it is built: a C reader that recurses would end the program."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import yaml

from khien.norms.located_yaml import Problem

_DEPTH_MAX: Final = 20
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def too_deep(text: str, path: Path) -> Problem | None:
    """Return where text nests deeper than a library file ever does; what is no YAML is told by its reader."""
    depth = 0
    try:
        for event in yaml.parse(text, Loader=_LOADER):
            if isinstance(event, yaml.CollectionStartEvent):
                depth += 1
            elif isinstance(event, yaml.CollectionEndEvent):
                depth -= 1
            if depth > _DEPTH_MAX:
                line = event.start_mark.line + 1 if event.start_mark else 1
                return Problem(path, line, "lồng quá sâu", "nested too deep")
    except yaml.YAMLError:
        return None
    return None
