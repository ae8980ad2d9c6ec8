"""What clocks of suppliers give rise to: who is told when a repair takes longer than it may."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from khien.kernel.clock import said_moment, vietnam_date
from khien.kernel.language import Text
from khien.notices.kinds import SUPPLIER
from khien.notices.models import Notice
from khien.notices.reminders import People, people_on
from khien.notices.services import Telling, settle, tell
from khien.org.models import Unit
from khien.org.roles import LEADER, OFFICER
from khien.plans.suppliers import Clock, open_clocks

_ABOUT: Final = "supplier:"
_TITLE = Text(
    "Nhà cung cấp chưa khắc phục xong, đã quá hạn: {service}",
    "A supplier has not repaired in time: {service}",
)
_MAIL = Text("Nhà cung cấp khắc phục sự cố quá hạn", "A supplier takes longer than it may")
_WHY = Text("{supplier}, báo lúc {at}, hạn {due}.", "{supplier}, told at {at}, due {due}.")


def tell_suppliers(*, now: datetime) -> int:
    """Tell the officer of a unit, else its leader, of each clock that ran over; return how many are new.

    Source: binh-phuoc/D21.k3.b
    """
    today = vietnam_date(now)
    clocks = open_clocks(Unit.objects.filter(ended_on=None), today=today, now=now)
    _settle_repaired(clocks, now=now)
    late = [clock for clock in clocks if clock.state == "broken_open"]
    return tell(_tellings(late, people_on(today)), now=now) if late else 0


def _settle_repaired(clocks: list[Clock], *, now: datetime) -> None:
    """Put away unread notices of what was repaired meanwhile."""
    unread = Notice.objects.filter(read_at=None, about__startswith=_ABOUT).order_by()
    abouts = set(unread.values_list("about", flat=True).distinct())
    settle(abouts - {f"{_ABOUT}{clock.row.pk}" for clock in clocks}, now=now)


def _tellings(clocks: list[Clock], people: People) -> Iterator[Telling]:
    for clock in clocks:
        unit = clock.row.unit
        service = str(clock.row.values.get("service", ""))
        words = {
            "supplier": clock.supplier,
            "at": said_moment(clock.notified_at),
            "due": said_moment(clock.due_at) if clock.due_at else "–",
        }
        title = Text(_TITLE.vi.format(service=service), _TITLE.en.format(service=service))
        for user_id in people.holding(unit.pk, OFFICER, LEADER):
            yield Telling(
                user_id=user_id,
                kind=SUPPLIER,
                about=f"{_ABOUT}{clock.row.pk}",
                source=f"{_ABOUT}{clock.row.pk}:over",
                title=title,
                mail=_MAIL,
                unit=unit,
                why=Text(_WHY.vi.format(**words), _WHY.en.format(**words)),
                due_on=vietnam_date(clock.due_at) if clock.due_at else None,
                place=(("kind", "suppliers"), ("unit", unit.code)),
            )
