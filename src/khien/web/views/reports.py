"""The report as a file to sign."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from khien.kernel.clock import now_utc
from khien.ledger.services import publish
from khien.norms.library import load_library
from khien.reports.services import compliance_report
from khien.web import door


@require_POST
@login_required
def compliance(request: HttpRequest, code: str, file_format: str) -> HttpResponse:
    """Make the compliance report and send it; a POST, because making it is put on record."""
    unit = door.unit_or_404(request, code)
    now, actor = now_utc(), request.user.get_username()
    made = compliance_report(
        unit, library=load_library(), now=now, actor=actor, file_format=file_format
    )
    publish(now)
    response = HttpResponse(made.content, content_type=made.media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{made.file_name}"'
    return response
