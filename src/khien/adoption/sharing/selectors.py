"""Who may sign a text in this installation's name."""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser

from khien.adoption.models import Publication
from khien.norms.library import load_library
from khien.org.models import Unit, User
from khien.org.roles import APPROVE
from khien.org.selectors import visible_to


def signing_unit(document_id: str, user: User | AnonymousUser) -> Unit | None:
    """Return the unit for which a person may sign a text; None where there is none.

    A text of the product says the same everywhere: whoever approves at some unit may sign it, for the own unit
    where possible. A unit's own text is signed by who approves at that unit, and by nobody else's leader.
    """
    units = visible_to(user, APPROVE)
    document = load_library().documents.get(document_id)
    if document is None:
        return None
    if document.is_own:
        homes = Publication.objects.filter(code=document_id).values("unit")
        return units.filter(pk__in=homes).first()
    home = getattr(user, "unit_id", None) or 0
    return units.filter(pk=home).first() or units.first()


def may_sign(document_id: str, unit: Unit, user: User) -> bool:
    """Say whether a person may sign a text for a unit."""
    document = load_library().documents.get(document_id)
    if document is None or not visible_to(user, APPROVE).filter(pk=unit.pk).exists():
        return False
    return not document.is_own or Publication.objects.filter(code=document_id, unit=unit).exists()
