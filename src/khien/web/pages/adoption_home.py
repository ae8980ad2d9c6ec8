"""Where a text stands on its way into force: its steps, and the one thing to do next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext, ngettext

from khien.adoption.importing.head import HeadProblem
from khien.adoption.importing.selectors import head_of, problems_of
from khien.adoption.models import ImportedText
from khien.adoption.review.selectors import decided_count
from khien.web.pages.text_doubts import open_doubts

DONE = "done"
NOW = "now"
LATER = "later"


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a text: what it is, how far it has come, and what to do there.

    Args: address: "" where there is nothing to open yet; action: the word of its button; percent: 0 to 100
    """

    code: str
    title: str
    address: str
    is_done: bool
    said: str
    action: str
    percent: int | None = None


@dataclass(frozen=True, slots=True)
class ShownStep:
    """A step with its place among the others: done, now or later."""

    number: int
    step: Step
    state: str


@dataclass(frozen=True, slots=True)
class TextHome:
    """The home of a text: what it is, its steps, the next one, what is wrong with its head."""

    title: str
    steps: Sequence[ShownStep]
    next_step: Step | None
    problems: Sequence[HeadProblem]


def text_home(text: ImportedText, *, today: date) -> TextHome:
    """Return the home page of a text."""
    shown = shown_steps(steps_of(text))
    waiting = next((one.step for one in shown if one.state == NOW), None)
    is_open = text.state == ImportedText.State.REVIEWING
    return TextHome(
        title=head_of(text).title or text.file_name,
        steps=shown,
        next_step=waiting,
        problems=problems_of(text, today=today) if is_open else [],
    )


def shown_steps(steps: Sequence[Step]) -> list[ShownStep]:
    """Return the steps in order; the first that is not done is the one to do now."""
    found: list[ShownStep] = []
    for number, step in enumerate(steps, start=1):
        is_first_open = not step.is_done and all(one.state == DONE for one in found)
        state = DONE if step.is_done else NOW if is_first_open else LATER
        found.append(ShownStep(number, step, state))
    return found


def steps_of(text: ImportedText) -> list[Step]:
    """Return the four steps of a text, as far as each has come."""
    return [structure_step(text), review_step(text), force_step(text), submit_step(text)]


def structure_step(text: ImportedText) -> Step:
    """Return step 1: the structure, done when no doubt is open."""
    if text.shared:
        return _came_done("structure", gettext("Structure"))
    doubts = open_doubts(text)
    count = len(doubts)
    said = (
        ngettext("{n} place to look at", "{n} places to look at", count).format(n=count)
        if count
        else gettext("Every place was looked at")
    )
    return Step(
        "structure",
        gettext("Structure"),
        reverse("text-structure", args=[text.code]),
        is_done=not count or text.state != ImportedText.State.REVIEWING,
        said=said,
        action=gettext("Look at the structure"),
    )


def review_step(text: ImportedText) -> Step:
    """Return step 2: the review of the clauses."""
    if text.shared:
        return _came_done("review", gettext("Clause review"))
    decided, total = decided_count(text)
    waiting = total - decided
    said = (
        ngettext("{n} clause to decide", "{n} clauses to decide", waiting).format(n=waiting)
        if waiting
        else gettext("Every clause is decided")
    )
    return Step(
        "review",
        gettext("Clause review"),
        reverse("text-review", args=[text.code]),
        is_done=bool(total) and not waiting,
        said=said,
        action=gettext("Review the clauses"),
        percent=100 * decided // total if total else 0,
    )


def _came_done(code: str, title: str) -> Step:
    """Return a step that was done where the text comes from."""
    return Step(
        code, title, "", is_done=True, said=gettext("Done where the text comes from"), action=""
    )


def force_step(text: ImportedText) -> Step:
    """Return step 3: from when the text holds, for whom, and what it replaces."""
    is_done = bool(text.scope)
    return Step(
        "force",
        gettext("Validity and scope"),
        reverse("text-force", args=[text.code]),
        is_done=is_done,
        said=gettext("Day and units are chosen") if is_done else gettext("Choose day and units"),
        action=gettext("Choose day and units"),
    )


def submit_step(text: ImportedText) -> Step:
    """Return step 4: the approval."""
    said = {
        ImportedText.State.SUBMITTED: gettext("Waits for a leader"),
        ImportedText.State.APPROVED: gettext("Approved"),
    }
    returned = gettext("Given back with a note") if text.decided_note else ""
    return Step(
        "submit",
        gettext("Leader's approval"),
        reverse("text-approval", args=[text.code]),
        is_done=text.state == ImportedText.State.APPROVED,
        said=said.get(ImportedText.State(text.state), returned),
        action=gettext("Submit or approve"),
    )
