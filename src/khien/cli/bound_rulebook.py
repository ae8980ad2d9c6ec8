"""The rulebook of a registered unit, for the command line."""

from __future__ import annotations

from datetime import date

from khien.norms.library import load_library
from khien.norms.rulebook import Rulebook
from khien.norms.selectors import rulebook_of
from khien.org.selectors import unit_by_code


def rulebook_of_code(code: str, *, on: date) -> Rulebook:
    """Return the rulebook of the unit with a code on a day.

    Raises: UnknownUnit: nobody registered it; NotBound: no document binds it then
    """
    return rulebook_of(unit_by_code(code), library=load_library(), on=on)
