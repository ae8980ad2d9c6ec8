"""Where a person stands in a case: the case, who they are in it, and its page with what was refused."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from khien.facts.selectors import hosts_of
from khien.kernel.clock import now_utc
from khien.ledger.selectors import entries_about, sentence_of
from khien.norms.rulebook import Rulebook
from khien.org.models import Unit, User
from khien.org.roles import READ, WRITE
from khien.org.selectors import visible_to
from khien.web import door, drafts
from khien.web.pages.workflow_case import Failed, case_page
from khien.web.pages.workflow_forms import Circle
from khien.workflows.declarations import Step
from khien.workflows.doers import Doer, doer_of
from khien.workflows.models import FrozenMinutes, WorkflowCase
from khien.workflows.selectors import CaseView, case_at, view_of


def doing_at(request: HttpRequest, unit: Unit, *, now: datetime) -> Doer:
    """Return the signed-in person as one who acts at a unit.

    Raises: Http404: nobody is signed in
    """
    if not isinstance(request.user, User):
        raise Http404
    return doer_of(request.user, unit, now=now)


@dataclass
class CasePlace:
    """A case as one person sees it."""

    request: HttpRequest
    unit: Unit
    case: WorkflowCase
    now: datetime

    @cached_property
    def doer(self) -> Doer:
        """Return the person as one who acts."""
        return doing_at(self.request, self.unit, now=self.now)

    @cached_property
    def rulebook(self) -> Rulebook:
        """Return the unit's rulebook."""
        return door.rules_of(self.unit)

    @property
    def view(self) -> CaseView:
        """Return the case with its steps as they stand now."""
        return view_of(self.case, now=self.now, rulebook=self.rulebook)

    @cached_property
    def circle(self) -> Circle:
        """Return what references may be filled with."""
        hosts = {host.host_uid: host.name for host in hosts_of([self.unit])}
        return Circle(self.unit, list(visible_to(self.request.user, READ)), hosts)

    def step(self, code: str) -> Step:
        """Return a step of the case's workflow.

        Raises: Http404: it has none such
        """
        found = self.view.workflow.steps.get(code)
        if found is None:
            raise Http404
        return found

    def page(
        self, *, asked: str = "", failed: Failed | None = None, said: str = "", status: int = 200
    ) -> HttpResponse:
        """Return the page of the case, with a form that was refused if there is one."""
        record = f"{self.unit.code}/{self.case.workflow}/{self.case.number}"
        entries = [(entry, sentence_of(entry)) for entry in entries_about(record)[:100]]
        page = case_page(
            self.view, self.doer, self.circle, self.rulebook, asked=asked, failed=failed
        )
        context = {
            "unit": self.unit,
            "page": page,
            "entries": entries,
            "case": self.case,
            "said": said or (failed.said if failed else ""),
            "may_write": WRITE in self.doer.may,
            "minutes": FrozenMinutes.objects.filter(case=self.case).first(),
            "writer": drafts.writer_mark(self.request),
            "today": self.now.date(),
        }
        return render(self.request, "web/workflows/case.html", context, status=status)


def case_place(request: HttpRequest, unit: Unit, number: int) -> CasePlace:
    """Return where the person stands in a case.

    Raises: UnknownCase: the unit has none such
    """
    return CasePlace(request, unit, case_at(unit, number), now_utc())
