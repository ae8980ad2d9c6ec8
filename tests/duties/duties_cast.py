"""What tests of duties need: units bound by texts, rows put in registers, and the calendar of a day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime

from khien.duties.models import Occurrence
from khien.duties.refreshing import refresh
from khien.duties.selectors import Asked, occurrences
from khien.norms.models import Binding
from khien.org.models import Unit
from khien.registers.declarations import register_by_code
from khien.registers.filing import add_attachment
from khien.registers.models import Row
from khien.registers.references import VisibleReferences
from khien.registers.services import Act, add_row, change_row
from khien.registers.values import RowDraft, Values, read_row

BY = "an"


def at(day: date | str, hour: int = 2) -> datetime:
    """A moment of a day: 02:00 UTC is 09:00 in Viet Nam."""
    day = date.fromisoformat(day) if isinstance(day, str) else day
    return datetime(day.year, day.month, day.day, hour, tzinfo=UTC)


def bound_unit(code: str, *documents: str, since: date, kind: str = "hospital") -> Unit:
    unit = Unit.objects.create(
        code=code, name_vi=f"Đơn vị {code}", name_en=code, kind=kind, place="M"
    )
    for document in documents:
        Binding.objects.create(unit=unit, document=document, bound_from=since)
    return unit


@dataclass(slots=True)
class Cast:
    """One unit, and how tests write into its registers and look at its duties."""

    unit: Unit

    def put(self, register: str, on: str = "2026-11-01", **values: object) -> Row:
        """Add a row, as somebody would on a day."""
        draft = self._draft(register, values)
        return add_row(draft, unit=self.unit, act=Act(BY, at(on)))

    def change(self, row: Row, on: str = "2026-11-01", **values: object) -> Row:
        row.refresh_from_db()
        draft = self._draft(row.register, values, base=row.values)
        return change_row(row, draft, expected_version=row.version, act=Act(BY, at(on)))

    def _draft(
        self, register: str, values: Mapping[str, object], base: Values | None = None
    ) -> RowDraft:
        raw = {name: _said(value) for name, value in values.items()}
        references = VisibleReferences([self.unit], home=self.unit)
        draft = read_row(register_by_code(register), raw, references, base=base)
        assert not draft.problems, [str(problem.text) for problem in draft.problems]
        return draft

    def paper(self, kind: str, issued_on: str, *, is_filed: bool = True, **values: object) -> Row:
        """File a signed paper."""
        said = {
            "title": f"Văn bản {kind}",
            "number": f"{kind}-{issued_on}",
            "signer": "Lê Thị B",
        } | values
        row = self.put("document", kind=kind, issued_on=issued_on, is_approved=True, **said)
        if is_filed:
            add_attachment(
                row, b"noi dung van ban\n", name="van-ban.txt", act=Act(BY, at(issued_on))
            )
        return row

    def system(self, name: str, **values: object) -> Row:
        return self.put("system", system_name=name, catalogue="his", stage="operating", **values)

    def person(self, name: str = "Nguyễn An") -> Row:
        return self.put("person", full_name=name, kind="official")

    def body(self, name: str) -> Row:
        found = Row.objects.filter(
            unit=self.unit, register="authority", name=f"Cơ quan {name}"
        ).first()
        return found or self.put(
            "authority", body_name=f"Cơ quan {name}", stands_for=[name], used_from="2020-01-01"
        )

    def send(self, kind: str, sent_on: str, to: str = "so_yt", **values: object) -> Row:
        """Send a signed paper to a body, as the register of dispatches says it."""
        paper = self.paper(kind, sent_on, **values)
        return self.put("dispatch", document=paper, authority=self.body(to), sent_on=sent_on)

    def on(self, day: str | datetime, duty: str = "", **asked: object) -> list[Occurrence]:
        """Refresh on a day and return what is on the calendar then."""
        now = at(day) if isinstance(day, str) else day
        self.unit.refresh_from_db()
        refresh([self.unit], now=now)
        return list(occurrences([self.unit], Asked(duty=duty, **asked), now=now))  # type: ignore[arg-type]

    def stands(self, day: str | datetime, duty: str) -> dict[str, str]:
        """Return how the occurrences of a duty stand on a day, by period."""
        return {one.period: one.stands for one in self.on(day, duty)}  # type: ignore[attr-defined]


def _said(value: object) -> object:
    if isinstance(value, Row):
        return f"#{value.number}"
    if isinstance(value, bool):
        return "có" if value else "không"
    return str(value) if isinstance(value, int) else value
