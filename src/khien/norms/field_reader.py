"""Typed reading of fields from a located YAML value; each mistake becomes a problem with its line."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from khien.kernel.language import Text
from khien.norms.located_yaml import Located, Place, Problem


class FieldReader:
    """Reads the fields of one mapping; wrong or missing ones are noted and replaced by an empty value."""

    def __init__(self, source: Located, place: Place, problems: list[Problem]) -> None:
        self.source = source
        self.place = place
        self.problems = problems
        data = self._value_at(place)
        self.data: Mapping[str, Any] = data if isinstance(data, Mapping) else {}
        if not isinstance(data, Mapping):
            self.note("phải là một nhóm khóa: giá trị", "must be a mapping of keys to values")

    def _value_at(self, place: Place) -> Any:
        value = self.source.data
        for step in place:
            value = value[step]
        return value

    def note(self, vi: str, en: str, *, at: str | int | None = None) -> None:
        """Record a problem at a field, or at the mapping itself."""
        place = self.place if at is None else (*self.place, at)
        name = f"«{at}» " if isinstance(at, str) else ""
        line = self.source.line(*place)
        self.problems.append(Problem(self.source.path, line, f"{name}{vi}", f"{name}{en}"))

    def allow_only(self, names: Collection[str]) -> None:
        """Note every key that is not among the names known."""
        for key in self.data:
            if key not in names:
                known = ", ".join(sorted(names))
                self.note(
                    f"không có khóa này; chỉ có: {known}", f"unknown key; known: {known}", at=key
                )

    def child(self, name: str | int) -> FieldReader:
        """Return a reader for a mapping inside this one."""
        return FieldReader(self.source, (*self.place, name), self.problems)

    def children(self, name: str) -> list[FieldReader]:
        """Return readers for the mappings of a list field; none if the field is absent."""
        value = self.data.get(name)
        if value is None:
            return []
        if not isinstance(value, list):
            self.note("phải là một danh sách", "must be a list", at=name)
            return []
        return [
            FieldReader(self.source, (*self.place, name, index), self.problems)
            for index in range(len(value))
        ]

    def text(self, name: str, *, required: bool = True) -> str:
        """Return a text field in NFC; empty if absent."""
        value = self.data.get(name)
        if value is None:
            if required:
                self.note("thiếu", "is missing", at=name)
            return ""
        if not isinstance(value, str) or (required and not value.strip()):
            self.note("phải là chữ, không được trống", "must be text and not empty", at=name)
            return "" if not isinstance(value, (int, str)) else str(value)
        if unicodedata.normalize("NFC", value) != value:
            self.note("chưa ở dạng Unicode NFC", "is not in Unicode form NFC", at=name)
        return value

    def choice(self, name: str, allowed: Collection[str], *, default: str | None = None) -> str:
        """Return a text field that must be one of a few words."""
        if default is not None and name not in self.data:
            return default
        value = self.text(name)
        if value and value not in allowed:
            words = ", ".join(allowed)
            self.note(f"phải là một trong: {words}", f"must be one of: {words}", at=name)
        return value

    def integer(self, name: str) -> int | None:
        """Return an integer field or None if absent."""
        value = self.data.get(name)
        if value is None or (isinstance(value, int) and not isinstance(value, bool)):
            return value
        self.note("phải là số nguyên", "must be an integer", at=name)
        return None

    def day(self, name: str, *, required: bool = False) -> date | None:
        """Return a date field written yyyy-mm-dd, or None if absent."""
        value = self.data.get(name)
        if value is None and not required:
            return None
        try:
            day = date.fromisoformat(str(value))
        except ValueError:
            day = None
        # Python also reads 20260630 and 2026-W27-2, which people do not.
        if day is None or day.isoformat() != str(value):
            self.note("phải là ngày yyyy-mm-dd", "must be a date yyyy-mm-dd", at=name)
            return None
        return day

    def bilingual(self, name: str | None = None) -> Text:
        """Return {vi, en} from a field, or from this mapping itself."""
        if name is not None and name not in self.data:
            self.note("thiếu (cần vi và en)", "is missing (vi and en needed)", at=name)
            return Text(vi="", en="")
        reader = self if name is None else self.child(name)
        return Text(vi=reader.text("vi"), en=reader.text("en"))

    def optional_bilingual(self, name: str) -> Text | None:
        """Return {vi, en} from a field, or None if it is absent."""
        return self.bilingual(name) if self.data.get(name) is not None else None

    def words(self, name: str) -> tuple[str, ...]:
        """Return a list of texts; empty if absent."""
        value = self.data.get(name)
        if value is None:
            return ()
        if not isinstance(value, list) or not all(isinstance(item, (str, int)) for item in value):
            self.note("phải là danh sách chữ", "must be a list of texts", at=name)
            return ()
        return tuple(str(item) for item in value)
