"""Tags of the frame: the menu, and what the page tells htmx."""

from __future__ import annotations

import json

from django import template

from khien.org.models import Unit, User
from khien.web.navigation import Place, menu

register = template.Library()

# No inline style, no eval, no other host; a refusal (409, 422) is shown where the form stood.
_HTMX = {
    "includeIndicatorStyles": False,
    "allowEval": False,
    "allowScriptTags": False,
    "selfRequestsOnly": True,
    "historyCacheSize": 0,
    "responseHandling": [
        {"code": "204", "swap": False},
        {"code": "[23]..", "swap": True},
        {"code": "409", "swap": True},
        {"code": "422", "swap": True},
        {"code": "[45]..", "swap": False, "error": True},
    ],
}


@register.simple_tag
def htmx_config() -> str:
    """Return what htmx may do, for its meta element."""
    return json.dumps(_HTMX)


@register.simple_tag
def htmx_headers(token: str) -> str:
    """Return the headers that htmx sends along: the proof that a form is ours."""
    return json.dumps({"X-CSRFToken": str(token)})


@register.simple_tag
def menu_of(user: User, unit: Unit | None, place: str) -> list[Place]:
    """Return the entries of the menu that a person may open."""
    return menu(user, unit or None, here=place)  # `home` is lazy: none is false, not None
