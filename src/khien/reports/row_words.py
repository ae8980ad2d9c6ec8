"""What fields of rows say in a document, also those of the rows they refer to (system.level)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from khien.kernel.canonical import Json
from khien.registers.declarations import Register, register_by_code
from khien.registers.models import Row
from khien.registers.references import reference_labels, register_of
from khien.reports.said_values import said_in_document

Values = Mapping[str, Json]


class RowWords:
    """Says fields of some rows of one register; what they refer to is fetched once for all of them.

    Args: codes: the fields that will be asked for; `system.level` is a field of the row it refers to;
          is_cell: for a table, where a moment is said shortly
    """

    def __init__(
        self,
        register: Register,
        rows: Iterable[Values],
        codes: Collection[str],
        *,
        is_cell: bool = False,
    ) -> None:
        listed = list(rows)
        self._register = register
        self._is_cell = is_cell
        self._labels = reference_labels(register, listed)
        inner = dict.fromkeys(code.partition(".")[0] for code in codes if "." in code)
        self._inner = {
            code: _Referred(register, code, listed, codes, is_cell=is_cell) for code in inner
        }

    def said(self, values: Values, code: str) -> str:
        """Return what a field says; empty where it says nothing."""
        outer, _, inner = code.partition(".")
        value = values.get(outer)
        if inner:
            return self._inner[outer].said(value, inner)
        field = self._register.fields[outer]
        return said_in_document(field, value, self._labels, is_cell=self._is_cell)

    def together(self, values: Values, codes: Sequence[str]) -> str:
        """Return what several fields say, one after another; those that say nothing are left out."""
        return ", ".join(said for code in codes if (said := self.said(values, code)))

    def is_asked(self, code: str) -> bool:
        """Say whether somebody should fill the field in: its absence is shown."""
        field = self._register.fields[code.partition(".")[0]]
        return field.is_wanted or field.is_required


class _Referred:
    """The rows that one field of some rows refers to."""

    def __init__(
        self,
        register: Register,
        field: str,
        rows: Sequence[Values],
        codes: Collection[str],
        *,
        is_cell: bool,
    ) -> None:
        of = register_of(register.fields[field])
        keys = {value for row in rows if isinstance(value := row.get(field), int)}
        found = Row.objects.filter(pk__in=keys, register=of).values_list("pk", "values")
        self._values: Mapping[int, Values] = dict(found) if keys else {}
        asked = [code.partition(".")[2] for code in codes if code.startswith(f"{field}.")]
        inner = register_by_code(str(of))
        self._words = RowWords(inner, self._values.values(), asked, is_cell=is_cell)

    def said(self, key: Json, code: str) -> str:
        values = self._values.get(key) if isinstance(key, int) else None
        return self._words.said(values, code) if values is not None else ""
