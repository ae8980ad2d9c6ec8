"""What waits for the person who is signed in: undertakings to give, trainings to acknowledge."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from khien.kernel.clock import now_utc
from khien.kernel.errors import KhienError
from khien.ledger.services import publish
from khien.org.models import Unit, User
from khien.org.roles import KNOW
from khien.registers.beside import person_of
from khien.registers.models import Row
from khien.web import door
from khien.web.pages.workflow_forms import Circle, bound, posted_step, step_form, uploads
from khien.web.pages.workflow_place import CasePlace, case_place
from khien.workflows.errors import StepRefused
from khien.workflows.item_services import Choice, decide_items
from khien.workflows.selectors import Task, own_tasks
from khien.workflows.services import StepGiven, do_step


@require_safe
@login_required
def show(request: HttpRequest) -> HttpResponse:
    """Show what waits for the person, each with its form."""
    return _shown(request)


@require_POST
@login_required
def answer(request: HttpRequest, code: str, number: int, step: str) -> HttpResponse:
    """Give the own answer: an undertaking, or that a training was understood."""
    place = case_place(request, door.unit_or_404(request, code, KNOW), number)
    chosen = place.step(step)
    task = next(
        (t for t in _tasks(request) if t.view.case.pk == place.case.pk and t.step == chosen), None
    )
    if task is None:
        raise Http404
    try:
        _answer(place, task, request)
    except KhienError as refused:
        return _shown(
            request, refused=refused, at=(place.case.pk, step), status=refused.http_status
        )
    publish(place.now)
    messages.success(request, gettext("Recorded in your name. Thank you."))
    return redirect("my-tasks")


def _answer(place: CasePlace, task: Task, request: HttpRequest) -> None:
    if task.item is not None:
        seen = {task.item.pk: task.item.version}
        decide_items(place.case, task.step.code, Choice(_yes(task), seen), place.doer)
        return
    given = StepGiven(posted_step(task.step, request.POST), uploads(task.step, request.FILES))
    do_step(place.case, task.step.code, given, place.doer)


def _yes(task: Task) -> str:
    """Return the decision that a person's own "yes" is: the first one that is declared."""
    return next(iter(task.step.items.decisions)) if task.step.items else ""


def _person(request: HttpRequest) -> Row | None:
    return person_of(request.user) if isinstance(request.user, User) else None


def _tasks(request: HttpRequest) -> list[Task]:
    person = _person(request)
    return own_tasks(person, now=now_utc()) if person is not None else []


def _shown(
    request: HttpRequest,
    *,
    refused: KhienError | None = None,
    at: tuple[int, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    shown = []
    for task in _tasks(request):
        unit: Unit = task.view.case.unit
        failed = refused if at == (task.view.case.pk, task.step.code) else None
        problems = failed.problems if isinstance(failed, StepRefused) else ()
        raw = posted_step(task.step, request.POST) if failed else None
        form = None
        if task.item is None:
            circle = Circle(unit, [], {})
            form = step_form(task.step, task.view.world, circle, raw=raw, problems=problems)
        documents = door.rules_of(unit).documents
        clauses = bound(task.step.clauses or task.view.workflow.clauses, documents)
        shown.append({"task": task, "form": form, "clauses": clauses, "said": failed})
    context = {"tasks": shown, "person": _person(request), "today": now_utc()}
    return render(request, "web/workflows/my_tasks.html", context, status=status)
