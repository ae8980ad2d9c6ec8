"""The reader's own choices: language, theme and keys, kept in cookies."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from khien.web.context import KEYS_COOKIE, THEME_COOKIE, THEMES
from khien.web.middleware import LANGUAGE_COOKIE

_YEAR_SECONDS = 365 * 24 * 3600


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Keep the chosen language."""
    chosen = "en" if request.POST.get("ngon_ngu") == "en" else "vi"
    return _kept(request, LANGUAGE_COOKIE, chosen)


@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """Keep the chosen theme."""
    asked = request.POST.get("giao_dien", "")
    return _kept(request, THEME_COOKIE, asked if asked in THEMES else "auto")


@require_POST
@login_required
def keys(request: HttpRequest) -> HttpResponse:
    """Turn shortcuts of a single key on or off; whoever speaks to the machine may need them off."""
    return _kept(request, KEYS_COOKIE, "off" if request.POST.get("phim") == "tat" else "on")


def _kept(request: HttpRequest, cookie: str, value: str) -> HttpResponse:
    response = HttpResponseRedirect(_way_back(request))
    response.set_cookie(cookie, value, max_age=_YEAR_SECONDS, httponly=True, samesite="Lax")
    return response


def _way_back(request: HttpRequest) -> str:
    """Return the page the reader came from, if it is one of ours."""
    asked = request.POST.get("tro_lai", "/")
    is_ours = asked.startswith("/") and url_has_allowed_host_and_scheme(asked, allowed_hosts=None)
    return asked if is_ours else "/"
