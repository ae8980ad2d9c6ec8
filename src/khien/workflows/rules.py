"""The rulebook that days of a unit's workflows are counted by."""

from __future__ import annotations

from datetime import datetime

from khien.kernel.clock import vietnam_date
from khien.norms.library import load_library
from khien.norms.rulebook import Rulebook
from khien.norms.selectors import rulebooks_of
from khien.org.models import Unit


def rules_of(unit: Unit, now: datetime) -> Rulebook:
    """Return the rulebook of a unit today; one without rules where no document binds it."""
    return rulebooks_of([unit], library=load_library(), on=vietnam_date(now))[unit.pk]
