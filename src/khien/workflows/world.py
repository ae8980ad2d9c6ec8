"""What a case knows: its subject, the rows its steps made, what was given; and the paths to all of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from khien.kernel.canonical import Json
from khien.kernel.clock import iso_utc, vietnam_date
from khien.org.models import Unit
from khien.registers.declarations import register_by_code
from khien.registers.models import Row
from khien.registers.selectors import Filter, RowQuery, rows_of
from khien.workflows.conditions import IN_WORDS, passes
from khien.workflows.declarations import Conditions
from khien.workflows.models import CaseItem, StepDone, WorkflowCase


class World:
    """Resolves paths such as `subject.level`, `rows.account.username`, `brief.held_on`, `today`."""

    def __init__(
        self, case: WorkflowCase, *, now: datetime, by: str = "", person: int | None = None
    ) -> None:
        self.case, self.now, self.by, self.person = case, now, by, person
        stored = case.steps.all() if case.pk is not None else ()  # a case that is only thought of
        self.steps: dict[str, StepDone] = {done.step: done for done in stored}
        self.own: Mapping[str, Json] = {}
        self.item: CaseItem | None = None
        self._rows: dict[int, Row | None] = {}
        if case.subject_id is not None:
            self._rows[case.subject_id] = case.subject

    @property
    def unit(self) -> Unit:
        """Return the unit of the case."""
        return self.case.unit

    def value(self, given: Json) -> Json:
        """Return a value of a declaration, paths ($…) followed."""
        if isinstance(given, str):
            return self._text(given)
        if isinstance(given, Mapping):
            return {name: self.value(inner) for name, inner in given.items()}
        if isinstance(given, (list, tuple)):
            return [self.value(inner) for inner in given]
        return given

    def at(self, path: str) -> Json:
        """Return what stands at a path; None where there is nothing yet."""
        head, _, rest = path.partition(".")
        if head == "subject":
            return self._row_value(self.case.subject_id, rest)
        if head == "rows":
            alias, _, field = rest.partition(".")
            return self._row_value(self.case.rows.get(alias), field)
        if head == "item":
            return self._item_value(rest)
        if head == "last":
            return self._newest(*rest.split(".", 1))
        if head in self.own and not rest:
            return self.own[head]
        if rest:
            return self._step_value(head, rest)
        return self._plain(head)

    def _text(self, given: str) -> Json:
        """Return what a text of a declaration stands for: a path, or words with paths in them."""
        if given.startswith("$"):
            return self.at(given[1:])
        return IN_WORDS.sub(lambda found: str(self.at(found[1]) or ""), given)

    def holds(self, conditions: Conditions) -> bool:
        """Say whether all of some conditions hold."""
        return all(passes(self.at(path), self.value(test)) for path, test in conditions.items())

    def rows_where(self, register: str, where: Mapping[str, Json]) -> list[Row]:
        """Return the active rows of the unit's register that pass tests, in the order of names."""
        tests = {field: self.value(test) for field, test in where.items()}
        exact = tuple(
            Filter(field, "is", test)
            for field, test in tests.items()
            if isinstance(test, (str, int)) and not isinstance(test, bool)
            and register_by_code(register).fields[field].type != "choices"
        )  # fmt: skip
        found = rows_of([self.unit], register_by_code(register), RowQuery(filters=exact))
        return [
            row
            for row in found
            if all(passes(row.values.get(field), test) for field, test in tests.items())
        ]

    def row(self, pk: Json) -> Row | None:
        """Return a row by its id, read once."""
        if not isinstance(pk, int):
            return None
        if pk not in self._rows:
            self._rows[pk] = Row.objects.filter(pk=pk).select_related("unit").first()
        return self._rows[pk]

    def forget(self, pk: int) -> None:
        """Read a row anew the next time: it was changed."""
        self._rows.pop(pk, None)

    def row_called(self, alias: str) -> Row | None:
        """Return the row a declaration calls by a name."""
        if alias == "subject":
            return self.row(self.case.subject_id)
        if alias == "item":
            return self.row(self.item.row_id) if self.item is not None else None
        return self.row(self.case.rows.get(alias))

    def _newest(self, register: str, field: str) -> Json:
        """Return the latest value of a field in a register before the case started."""
        started = vietnam_date(self.case.started_at).isoformat()
        known = [
            row.values.get(field) for row in self.rows_where(register, {field: {"max": started}})
        ]
        return max((value for value in known if isinstance(value, str)), default=None)

    def _row_value(self, pk: Json, field: str) -> Json:
        if not field:
            return pk
        row = self.row(pk)
        return None if row is None else row.values.get(field)

    def _item_value(self, field: str) -> Json:
        item = self.item
        if item is None:
            return None
        if field in ("source", "name"):
            return item.source if field == "source" else item.name
        if not field:
            return item.row_id
        row = self.row(item.row_id)
        values: Mapping[str, Json] = row.values if row is not None else item.values
        return values.get(field)

    def _step_value(self, step: str, field: str) -> Json:
        done = self.steps.get(step)
        if done is None:
            return None
        if field == "on":
            return vietnam_date(done.done_at).isoformat()
        if field == "by":
            return done.done_by
        counted: Mapping[str, Json] = done.values.get("_counts", {})
        found: Json = done.values.get(field, counted.get(field))
        return found

    def _plain(self, name: str) -> Json:
        item = self.item
        plain: dict[str, Json] = {
            "today": vietnam_date(self.now).isoformat(),
            "year_later": _year_later(vietnam_date(self.now)).isoformat(),
            "now": iso_utc(self.now),
            "me": self.person,
            "by": self.by,
            "unit": self.unit.name_vi,
            "title": self.case.title,
            "number": self.case.number,
            "note": item.note if item is not None else None,
            "on": (item.on or vietnam_date(self.now)).isoformat() if item is not None else None,
        }
        return plain.get(name)


def _year_later(day: date) -> date:
    last_of_february = (day.month, day.day) == (2, 29)
    return day.replace(year=day.year + 1, day=28 if last_of_february else day.day)
