"""Signing in by a one-time link, signing out, and the page that says how to get a link."""

from __future__ import annotations

from django.contrib.auth import login, logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from khien.kernel.clock import now_utc
from khien.org.errors import LinkRefused
from khien.org.services import use_sign_in_link


@never_cache
@sensitive_variables("secret")
@require_http_methods(["GET", "HEAD", "POST"])
def enter(request: HttpRequest, secret: str) -> HttpResponse:
    """Ask for one press of a button, then sign in: a preview of the link must not use it up."""
    if request.method != "POST":
        return render(request, "web/enter.html")
    try:
        user = use_sign_in_link(secret, now=now_utc())
    except LinkRefused as error:
        return render(request, "web/enter_refused.html", {"error": error}, status=error.http_status)
    login(request, user, backend="django.contrib.auth.backends.ModelBackend")
    return redirect("home")


@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Sign out."""
    logout(request)
    return redirect("sign-in-needed")


@require_safe
def sign_in_needed(request: HttpRequest) -> HttpResponse:
    """Say how to get a sign-in link."""
    return render(request, "web/sign_in_needed.html")
