"""The only writer of library YAML: UTF-8, NFC, fixed width, the order of keys kept."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import yaml

from khien.norms.located_yaml import Problem, read_located

_WIDTH = 110


def canonical_yaml(text: str) -> str:
    """Return YAML text as the library writes it; comments do not survive, so the library has none."""
    return canonical_data(yaml.load(text, Loader=_TextDates))  # noqa: S506  # a SafeLoader without dates


def canonical_data(data: object) -> str:
    """Return plain data as the library writes it in YAML."""
    dumped = _dumped(data, _FastDumper)
    # The writer in C gives the same text several times faster, but for rare letters and a single word.
    if not isinstance(data, dict) or "\\U" in dumped or "\\N" in dumped:
        dumped = _dumped(data, _Dumper)
    return unicodedata.normalize("NFC", dumped)


def _dumped(data: object, dumper: type[yaml.SafeDumper]) -> str:
    return str(yaml.dump(data, Dumper=dumper, allow_unicode=True, sort_keys=False, width=_WIDTH))


class _TextDates(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]  # the same, read in C
    """Reads dates as the text they are, so that writing them back changes nothing."""


_TextDates.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in pairs if not tag.endswith("timestamp")]
    for first, pairs in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


class _Dumper(yaml.SafeDumper):
    """Writes dates without quotes and never uses anchors."""

    def ignore_aliases(self, data: object) -> bool:
        """Write every value in full."""
        del data
        return True


class _FastDumper(getattr(yaml, "CSafeDumper", yaml.SafeDumper)):  # type: ignore[misc]  # the same, written in C
    """Writes as `_Dumper` does."""

    def ignore_aliases(self, data: object) -> bool:
        """Write every value in full."""
        del data
        return True


def unreadable_files(folder: Path) -> list[Problem]:
    """Return what keeps YAML files of the library from being read at all, in order."""
    found = [read_located(path) for path in sorted(folder.rglob("*.yaml"))]
    return [problem for problem in found if isinstance(problem, Problem)]


def unformatted_files(folder: Path) -> list[Path]:
    """Return the library's YAML files that are not written canonically, in order; all must be readable."""
    return [
        path
        for path in sorted(folder.rglob("*.yaml"))
        if canonical_yaml(text := path.read_text(encoding="utf-8")) != text
    ]


def write_canonical(path: Path) -> None:
    """Write a YAML file anew in the canonical form; a crash leaves the old one."""
    text = canonical_yaml(path.read_text(encoding="utf-8"))
    fresh = path.with_suffix(".new")
    fresh.write_text(text, encoding="utf-8")
    fresh.replace(path)
