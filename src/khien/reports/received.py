"""Reports that units below sent to a unit, read from the unit that received them."""

from __future__ import annotations

from datetime import date

from khien.norms.selectors import documents_binding
from khien.org.history import subtree
from khien.org.models import Unit
from khien.reports.definition_reading import load_definitions
from khien.reports.definitions import Definition
from khien.reports.errors import UnknownWrittenReport
from khien.reports.models import Report
from khien.reports.reports_below import applies


def report_received(unit: Unit, sender: str, number: int) -> Report:
    """Return a report that a unit received, by its sender's code and its number there.

    Raises: UnknownWrittenReport: there is none, or it was not sent to this unit
    """
    sent = Report.objects.filter(sent_to=unit, unit__code=sender, number=number)
    found = sent.select_related("unit", "subject", "document", "sent_to").first()
    if found is None:
        raise UnknownWrittenReport(number=number)
    return found


def waiting_at(unit: Unit) -> list[Report]:
    """Return the reports that were sent to a unit and not answered yet, the oldest first."""
    sent = Report.objects.filter(sent_to=unit, state=Report.State.SENT)
    return list(sent.select_related("unit").order_by("sent_on", "pk")[:200])


def boards_of(unit: Unit, *, on: date) -> list[Definition]:
    """Return the regular reports that units below a unit make on a day, in their order."""
    below = [one for one in subtree(unit) if one.pk != unit.pk and one.ended_on is None]
    bound = documents_binding(below, on=on)
    return [
        definition
        for definition in load_definitions().values()
        if definition.rhythm.is_regular
        and any(applies(definition, bound[one.pk], one.kind, on) for one in below)
    ]
