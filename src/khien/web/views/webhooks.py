"""A unit's webhooks: open, close, try, see what was sent, send again."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from khien.exchange.deliveries import deliver
from khien.exchange.errors import WebhookRefused
from khien.exchange.models import Webhook
from khien.exchange.selectors import deliveries_of, delivery_by_number, webhook_by_number
from khien.exchange.webhooks import make_webhook, queue_test, remove_webhook, replay
from khien.kernel.clock import now_utc
from khien.org.models import Unit
from khien.org.roles import MANAGE
from khien.web import door
from khien.web.pages.webhooks import webhook_page

_DELIVERIES_SHOWN = 100


@login_required
@never_cache
@sensitive_variables("secret")
@require_http_methods(["GET", "HEAD", "POST"])
def webhooks(request: HttpRequest, code: str) -> HttpResponse:
    """Show the webhooks of a unit; open one on POST and show its secret this once."""
    unit = door.unit_or_404(request, code, MANAGE)
    secret, error = "", None
    if request.method == "POST":
        try:
            secret = make_webhook(
                unit,
                url=request.POST.get("dia_chi", "").strip(),
                kinds=request.POST.getlist("su_kien"),
                by=request.user.get_username(),
                now=now_utc(),
            )[1]
        except WebhookRefused as refused:
            error = refused
    page = webhook_page(unit, typed=request.POST if error else None)
    context = {"unit": unit, "page": page, "secret": secret, "error": error}
    status = error.http_status if error else 200
    return render(request, "web/webhooks.html", context, status=status)


@require_safe
@login_required
def webhook(request: HttpRequest, code: str, index: int) -> HttpResponse:
    """Show a webhook and what was sent through it."""
    unit, found = _webhook(request, code, index)
    listed = deliveries_of(found)[:_DELIVERIES_SHOWN]
    context = {"unit": unit, "webhook": found, "deliveries": listed}
    return render(request, "web/webhook.html", context)


@require_POST
@login_required
def remove(request: HttpRequest, code: str, index: int) -> HttpResponse:
    """Close a webhook."""
    _, found = _webhook(request, code, index)
    remove_webhook(found, by=request.user.get_username(), now=now_utc())
    messages.success(request, gettext("The webhook is closed; nothing is sent to it any more."))
    return redirect("webhooks", code)


@require_POST
@login_required
def try_out(request: HttpRequest, code: str, index: int) -> HttpResponse:
    """Send a test message now and say what came back."""
    _, found = _webhook(request, code, index)
    if found.ended_at is None:
        _send_now(request, queue_test(found, now=now_utc()).pk)
    return redirect("webhook", code, index)


@require_POST
@login_required
def send_again(request: HttpRequest, code: str, index: int, delivery: int) -> HttpResponse:
    """Send one message again now, under its own id."""
    _, found = _webhook(request, code, index)
    chosen = delivery_by_number(found, delivery)
    if found.ended_at is None:
        _send_now(request, replay(chosen, now=now_utc()).pk)
    return redirect("webhook", code, index)


def _send_now(request: HttpRequest, delivery: int) -> None:
    answer = deliver(delivery, now=now_utc())
    if answer is not None and answer.is_accepted:
        messages.success(request, gettext("The receiver accepted the message."))
    else:
        word = answer.word if answer is not None else ""
        messages.error(
            request, gettext("The receiver did not accept it: %(word)s") % {"word": word}
        )


def _webhook(request: HttpRequest, code: str, index: int) -> tuple[Unit, Webhook]:
    unit = door.unit_or_404(request, code, MANAGE)
    return unit, webhook_by_number(index, [unit])
