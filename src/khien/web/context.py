"""What every page needs: language, theme, the unit in hand and where the reader is."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from khien.kernel.clock import now_utc
from khien.kernel.language import current_language
from khien.notices.selectors import unread_count
from khien.org.models import User
from khien.web.door import home_unit
from khien.web.navigation import address_of, has_choice_of_units

THEME_COOKIE = "khien_theme"
KEYS_COOKIE = "khien_keys"
THEMES = ("auto", "light", "dark")


def page(request: HttpRequest) -> dict[str, Any]:
    """Return the values that the frame of a page uses."""
    match = request.resolver_match
    chosen = request.COOKIES.get(THEME_COOKIE, "auto")
    user = getattr(request, "user", None)
    return {
        "language": current_language(),
        "theme": chosen if chosen in THEMES else "auto",
        "keys": request.COOKIES.get(KEYS_COOKIE) != "off",
        "home": SimpleLazyObject(lambda: home_unit(request)) if user is not None else None,
        "many_units": SimpleLazyObject(
            lambda: isinstance(user, User) and has_choice_of_units(user)
        ),
        "unread": SimpleLazyObject(lambda: unread_count(user)) if user is not None else 0,
        "account": address_of("my-account"),
        "place": match.url_name if match else "",
        "here": request.get_full_path(),
        "now": now_utc(),
    }
