"""One's own access tokens: see them, make one, which is shown once, and revoke."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST

from khien.access.token_errors import TokenRefused
from khien.access.token_models import ApiToken
from khien.access.token_selectors import token_by_number
from khien.access.token_services import make_token, revoke_token
from khien.kernel.clock import now_utc
from khien.org.models import User
from khien.org.roles import KNOW
from khien.org.selectors import visible_to
from khien.web.pages.tokens import token_page
from khien.web.views.my_account import proven_lately


@login_required
@never_cache
@sensitive_variables("secret")
@require_http_methods(["GET", "HEAD", "POST"])
@proven_lately
def tokens(request: HttpRequest) -> HttpResponse:
    """Show the tokens of the signed-in person; make one on POST and show its secret this once."""
    user, secret, error = _me(request), "", None
    if request.method == "POST":
        try:
            secret = _make(request, user)[1]
        except TokenRefused as refused:
            error = refused
    page = token_page(user, now=now_utc(), typed=request.POST if error else None)
    context = {"page": page, "secret": secret, "error": error}
    status = error.http_status if error else 200
    return render(request, "web/tokens.html", context, status=status)


def _make(request: HttpRequest, user: User) -> tuple[ApiToken, str]:
    code, days = request.POST.get("don_vi", ""), request.POST.get("so_ngay", "")
    unit = visible_to(user, KNOW).filter(code=code).first() if code else None
    if code and unit is None:
        raise Http404
    return make_token(
        user,
        name=request.POST.get("ten", ""),
        scopes=request.POST.getlist("pham_vi"),
        days=int(days) if days.isdecimal() and len(days) < 5 else 0,
        by=user.username,
        now=now_utc(),
        unit=unit,
    )


@require_POST
@login_required
def revoke(request: HttpRequest, index: int) -> HttpResponse:
    """Revoke one of the person's own tokens."""
    user = _me(request)
    token = token_by_number(index, user=user)
    revoke_token(token, by=user.username, now=now_utc())
    messages.success(request, gettext("The token is revoked; whatever uses it is shut out now."))
    return redirect("tokens")


def _me(request: HttpRequest) -> User:
    if not isinstance(request.user, User):
        raise Http404
    return request.user
