"""What every page needs: language, theme, the unit in hand and where the reader is."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from khien.kernel.clock import now_utc
from khien.kernel.language import current_language
from khien.web.door import home_unit

THEME_COOKIE = "khien_theme"
THEMES = ("auto", "light", "dark")


def page(request: HttpRequest) -> dict[str, Any]:
    """Return the values that the frame of a page uses."""
    match = request.resolver_match
    chosen = request.COOKIES.get(THEME_COOKIE, "auto")
    return {
        "language": current_language(),
        "theme": chosen if chosen in THEMES else "auto",
        "home": home_unit(request) if hasattr(request, "user") else None,
        "place": match.url_name if match else "",
        "here": request.get_full_path(),
        "now": now_utc(),
    }
