"""Signing in through an OpenID Connect provider: going there and coming back."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from khien.access import provider
from khien.access.config import OpenIdSettings, load_access_settings
from khien.access.errors import ProviderRefused
from khien.access.services import OPENID
from khien.kernel.clock import now_utc
from khien.web.views.sign_in import go_on, way_onward

_JOURNEY = "khien_openid"


@never_cache
@require_safe
def begin(request: HttpRequest) -> HttpResponse:
    """Send the person to the provider."""
    config = _config_or_404()
    onward = way_onward(request, request.GET.get("next", ""))
    address, journey = provider.begin(config, back=_back(request), onward=onward, now=now_utc())
    request.session[_JOURNEY] = journey.as_dict()
    return redirect(address)


@never_cache
@require_safe
def come_back(request: HttpRequest) -> HttpResponse:
    """Take the provider's answer; what was kept for it serves once."""
    config, journey = _config_or_404(), request.session.pop(_JOURNEY, None)
    if journey is None:
        return redirect("sign-in-needed")
    answer = {name: str(value) for name, value in request.GET.items()}
    try:
        user = provider.arrive(config, journey, answer, back=_back(request), now=now_utc())
    except ProviderRefused as error:
        return render(request, "web/failure.html", {"error": error}, status=error.http_status)
    return go_on(request, user, way=OPENID, onward=journey["onward"])


def _config_or_404() -> OpenIdSettings:
    config = load_access_settings().openid
    if config is None:
        raise Http404
    return config


def _back(request: HttpRequest) -> str:
    return request.build_absolute_uri(reverse("openid-return"))
