"""Reading of what a form of the unit tree or of users says: days, decisions, roles."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext

from khien.kernel.errors import KhienError
from khien.kernel.language import Text
from khien.org.accounts import WantedRole
from khien.org.decisions import Decision
from khien.org.models import Unit
from khien.org.roles import ROLES


class DayUnreadable(KhienError):
    """A day in a form that is none."""

    code = "KHIEN-WEB-021"
    http_status = 422
    sentence = Text(
        vi="«{given}» không phải là ngày. Ghi như 01/07/2025.",
        en="“{given}” is not a day. Write it like 01/07/2025.",
    )


class HourUnreadable(KhienError):
    """An hour in a form that is none."""

    code = "KHIEN-WEB-024"
    http_status = 422
    sentence = Text(
        vi="«{given}» không phải là giờ. Ghi như 08:30.",
        en="“{given}” is not an hour. Write it like 08:30.",
    )


class ChoiceMissing(KhienError):
    """A choice of a form that was not made, or that is not among those offered."""

    code = "KHIEN-WEB-022"
    http_status = 422
    sentence = Text(
        vi="Chưa chọn, hoặc chọn ngoài danh sách: {field_vi}.",
        en="Not chosen, or chosen outside the list: {field_en}.",
    )


def day_asked(given: str) -> date | None:
    """Return the day somebody typed or picked; None where the field is empty.

    Raises: DayUnreadable
    """
    given = given.strip()
    if not given:
        return None
    for pattern in ("%Y-%m-%d", "%d/%m/%Y"):
        try:
            return datetime.strptime(given, pattern).date()  # noqa: DTZ007  # a day has no zone
        except ValueError:
            continue
    raise DayUnreadable(given=given[:40])


def day_needed(given: str, today: date) -> date:
    """Return the day of a form's field, today where it is empty.

    Raises: DayUnreadable
    """
    return day_asked(given) or today


def decision_asked(post: Mapping[str, str]) -> Decision:
    """Return the deciding document that a form names.

    Raises: DayUnreadable
    """
    return Decision(post.get("so", ""), day_asked(post.get("ngay_ky", "")), post.get("co_quan", ""))


def roles_asked(post: QueryDict) -> list[WantedRole]:
    """Return the roles ticked in a form, each with its last day if one is given.

    Raises: DayUnreadable
    """
    return [
        WantedRole(role, day_asked(post.get(f"den_{role}", "")))
        for role in post.getlist("vai_tro")
        if role in ROLES
    ]


def unit_among(units: Mapping[str, Unit], code: str, field: Text) -> Unit:
    """Return one of the units offered.

    Raises: ChoiceMissing
    """
    if code not in units:
        raise ChoiceMissing(field_vi=field.vi, field_en=field.en)
    return units[code]


def typed(request: HttpRequest, *names: str) -> dict[str, str]:
    """Return what was typed into fields, so that a refused form comes back as it was sent."""
    return {name: request.POST.get(name, "")[:500] for name in names}


def saved_words() -> str:
    """Return what is said after a change was recorded."""
    return gettext("Recorded.")
