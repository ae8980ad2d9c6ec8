"""How a page gets its unit: only through what the signed-in person may see; of others it answers 404."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.http import Http404, HttpRequest

from khien.facts.models import Host
from khien.facts.selectors import hosts_of
from khien.kernel.clock import VIETNAM, now_utc, vietnam_date
from khien.norms.library import load_library
from khien.norms.model import Control, Document
from khien.norms.rulebook import Rulebook
from khien.norms.selectors import built_rulebook, documents_binding
from khien.org.errors import NotAllowed
from khien.org.models import Unit, User
from khien.org.roles import KNOW, READ
from khien.org.selectors import visible_to


def unit_or_404(request: HttpRequest, code: str, may: str = READ) -> Unit:
    """Return a unit at which the signed-in person may do something: read, unless said otherwise.

    Args:   may: a capability of `khien.org.roles`
    Raises: Http404: it does not exist, or is none of their business (the same answer for both);
            NotAllowed: the person knows the unit, but has no role for this there
    """
    unit = visible_to(request.user, may).filter(code=code).first()
    if unit is not None:
        return unit
    known = visible_to(request.user, KNOW).filter(code=code).first()
    if known is None:
        raise Http404
    raise NotAllowed(unit=known.name_vi)


def home_unit(request: HttpRequest) -> Unit | None:
    """Return the signed-in person's own unit; else the first at which a role is held."""
    user = request.user
    if not isinstance(user, User):
        return None
    known = visible_to(user, KNOW)
    return known.filter(pk=user.unit_id or 0).first() or known.first()


def host_or_404(unit: Unit, host_uid: str) -> Host:
    """Return a machine of a unit.

    Raises: Http404: the unit has no such machine
    """
    host = hosts_of([unit]).filter(host_uid=host_uid).first()
    if host is None:
        raise Http404
    return host


def document_or_404(document: str) -> Document:
    """Return a document of the library.

    Raises: Http404: the library does not hold it
    """
    found = load_library().documents.get(document)
    if found is None:
        raise Http404
    return found


def control_or_404(control: str) -> Control:
    """Return a control of the library.

    Raises: Http404: the library does not hold it
    """
    found = load_library().controls.get(control)
    if found is None:
        raise Http404
    return found


def rules_of(unit: Unit, *, on: date | None = None) -> Rulebook:
    """Return the rulebook of a unit on a day, today by default; an empty one if nothing binds it."""
    day = on or vietnam_date(now_utc())
    documents = documents_binding([unit], on=day)[unit.pk]
    return built_rulebook(load_library(), documents, on=day)


def asked_day(request: HttpRequest) -> date | None:
    """Return the past day named by ?ngay=YYYY-MM-DD; None for now.

    Raises: Http404: it is not a day, or a day still to come
    """
    asked = request.GET.get("ngay", "")
    if not asked:
        return None
    try:
        day = date.fromisoformat(asked)
    except ValueError as error:
        raise Http404 from error
    if day > vietnam_date(now_utc()):
        raise Http404
    return day


def end_of(day: date) -> datetime:
    """Return the last moment of a day in Viet Nam; what stood then is the state "on" that day."""
    return datetime.combine(day, time.max, tzinfo=VIETNAM) - timedelta(microseconds=999_999)
