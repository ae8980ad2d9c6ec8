"""How a page gets an imported text: through its unit only; of others it answers 404."""

from __future__ import annotations

from django.http import Http404, HttpRequest

from khien.adoption.errors import UnknownText
from khien.adoption.importing.selectors import imported_text
from khien.adoption.models import ImportedText
from khien.kernel.clock import now_utc
from khien.org.errors import NotAllowed
from khien.org.roles import KNOW, READ
from khien.org.selectors import visible_to
from khien.registers.services import Act


def text_or_404(request: HttpRequest, code: str, may: str = READ) -> ImportedText:
    """Return an imported text at whose unit the signed-in person may do something.

    Raises: Http404: there is none, or its unit is none of their business; NotAllowed: the role is not enough
    """
    try:
        return imported_text(code, visible_to(request.user, may))
    except UnknownText:
        pass
    try:
        known = imported_text(code, visible_to(request.user, KNOW))
    except UnknownText as error:
        raise Http404 from error
    raise NotAllowed(unit=known.unit.name_vi)


def act_of(request: HttpRequest) -> Act:
    """Return who does something now."""
    return Act(request.user.get_username(), now_utc())


def version_asked(request: HttpRequest) -> int:
    """Return the version of the text that a form was made from; one that fits none where it says nothing."""
    given = request.POST.get("phien_ban", "")
    return int(given) if given.isdecimal() and len(given) < 10 else 0
