"""The contact points that a unit's register names, as everybody at the unit may read them."""

from __future__ import annotations

from dataclasses import dataclass

from khien.kernel.clock import now_utc, vietnam_date
from khien.org.models import Unit
from khien.registers.declarations import register_by_code
from khien.registers.selectors import rows_of

REGISTER = "contact"
# What a member of staff needs to call; the rest of the row stays with those who read registers.
SHOWN = ("post", "phone", "email")


@dataclass(frozen=True, slots=True)
class Contact:
    """One contact point: its name, its kind in words, and how to reach it."""

    name: str
    kind: str
    post: str
    phone: str
    email: str


def contacts_of(unit: Unit) -> list[Contact]:
    """Return the contact points of a unit that stand today, in the order of the register's kinds."""
    register = register_by_code(REGISTER)
    kinds = register.fields["kind"].choices
    order = list(kinds)
    today = vietnam_date(now_utc()).isoformat()
    rows = [
        row
        for row in rows_of([unit], register)
        if str(row.values.get("ended_on") or "9999") > today
    ]
    rows.sort(
        key=lambda row: order.index(kind) if (kind := row.values.get("kind")) in order else 99
    )
    return [
        Contact(
            str(row.values.get("contact_name") or row.name),
            str(kinds.get(str(row.values.get("kind")), "")),
            *(str(row.values.get(code) or "") for code in SHOWN),
        )
        for row in rows
    ]
