"""One clause under review: its words, what is suggested, what other texts say, the form that confirms it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, QueryDict

from khien.adoption.models import ClauseReview, ImportedText
from khien.adoption.review.clauses import ancestors_of
from khien.adoption.review.drafts import (
    NOTHING,
    DutyDraft,
    controls_known,
    draft_from,
    nothing_of,
)
from khien.adoption.review.marking import Piece, marked
from khien.adoption.review.neighbours import Neighbour, neighbours_of
from khien.adoption.review.schedules import schedule_words
from khien.adoption.review.selectors import (
    Decision,
    Place,
    decision_at,
    last_decision_by,
    nothing_words,
    own_controls_of,
    place_of,
    titles_above,
)
from khien.adoption.review.suggesting import suggestions_of
from khien.adoption.structure import structure_of
from khien.kernel.language import Text
from khien.norms.library import load_library
from khien.norms.model import Control
from khien.norms.suggest.suggesting import Suggestion
from khien.norms.text.model import Node
from khien.norms.wording import clause_name
from khien.web.pages.review_form import Form, Option, asked_of, form_for
from khien.web.pages.review_sweep import said_values

CHOICES_MAX = 5


@dataclass(frozen=True, slots=True)
class Choice:
    """One control that may fit: the number key that chooses it, and what decided for it."""

    number: int
    control: Control
    words: tuple[str, ...]
    is_chosen: bool
    is_own: bool


@dataclass(frozen=True, slots=True)
class DecidedDuty:
    """One duty that was confirmed, in words."""

    index: int
    control: Control | None
    code: str
    draft: DutyDraft
    modality: str
    values: tuple[tuple[Text, Text], ...]
    schedule: Text | None


@dataclass(frozen=True, slots=True)
class ClausePage:
    """One clause ready to be decided."""

    node: Node
    name: Text
    above: tuple[Node, ...]
    pieces: tuple[Piece, ...]
    place: Place
    decision: Decision | None
    decided: tuple[DecidedDuty, ...]
    choices: tuple[Choice, ...]
    form: Form | None
    neighbours: tuple[Neighbour, ...]
    nothing: tuple[Option, ...]
    suggests_nothing: bool
    is_sure: bool
    unplaced: tuple[str, ...]
    ended: tuple[Any, ...]
    every_control: tuple[Control, ...]
    undo: ClauseReview | None
    first_choice: str

    @property
    def version(self) -> int:
        """Return the version of the decision that was seen; 0 where there is none."""
        return self.decision.version if self.decision else 0

    @property
    def record(self) -> int:
        """Return the number of the decision's record in the ledger."""
        return self.version - 1

    @property
    def nothing_word(self) -> str:
        """Return why the clause demands nothing, in words."""
        return nothing_words(self.decision.none) if self.decision else ""

    @property
    def edits_own(self) -> bool:
        """Say whether the control in hand was written for this text, and may be corrected."""
        return any(one.is_own and one.is_chosen for one in self.choices)

    @property
    def none_fits(self) -> bool:
        """Say whether no control of the library fits, so that the unit writes one of its own."""
        return self.form is None and not self.choices and not self.suggests_nothing


def clause_page(
    request: HttpRequest, text: ImportedText, node: Node, typed: QueryDict | None = None
) -> ClausePage:
    """Put the page of a clause together.

    Args: typed: what a person wrote and was refused; it is shown again
    """
    suggestion = suggestions_of(text).get(node.path)
    known = controls_known(load_library(), own := own_controls_of(text))
    decision = decision_at(text, node.path)
    titles = titles_above(text, node)
    nothing = nothing_of(suggestion, titles) if suggestion else ""
    asked = asked_of(request.GET, typed)
    is_editing = decision is None or decision.is_stale or asked.is_form
    form = None
    if is_editing:
        form = form_for(asked, node, suggestion, decision, known, says_nothing=bool(nothing))
    chosen = form.control.id if form else ""
    return ClausePage(
        node=node,
        name=clause_name(node.path),
        above=tuple(ancestors_of(structure_of(text), node)),
        pieces=tuple(marked(node.text, _phrases(suggestion, chosen))),
        place=place_of(text, node),
        decision=decision,
        decided=tuple(_decided(decision, known)) if decision else (),
        choices=tuple(_choices(suggestion, known, own, chosen)) if is_editing else (),
        form=form,
        neighbours=neighbours_of(chosen) if chosen else (),
        nothing=tuple(
            Option(code, str(word), code == (nothing or "criteria"))
            for code, word in NOTHING.items()
        ),
        suggests_nothing=bool(nothing) and is_editing and not asked.is_form,
        is_sure=bool(suggestion and suggestion.sure),
        unplaced=tuple(
            one.words for one in (suggestion.parameters if suggestion else ()) if not one.control
        ),
        ended=tuple(one for one in (suggestion.citations if suggestion else ()) if one.ended_on),
        every_control=tuple(known.values()) if is_editing else (),
        first_choice=suggestion.controls[0].control if suggestion and suggestion.controls else "",
        undo=last_decision_by(text, request.user.get_username()),
    )


def _phrases(suggestion: Suggestion | None, chosen: str) -> Iterator[tuple[str, str]]:
    if suggestion is None:
        return
    for given in suggestion.parameters:
        if given.control in (chosen, ""):
            yield given.words, "value"
    for deadline in suggestion.deadlines:
        yield deadline.words, "when"
    for one in suggestion.controls:
        if one.control == chosen or not chosen:
            for words in one.words:
                yield words, "control"


def _choices(
    suggestion: Suggestion | None,
    known: Mapping[str, Control],
    own: Mapping[str, Control],
    chosen: str,
) -> Iterator[Choice]:
    found: dict[str, tuple[str, ...]] = {}
    for one in suggestion.controls if suggestion else ():
        if one.control in known:
            found[one.control] = one.words
    codes = list(found)[:CHOICES_MAX]
    if chosen and chosen not in codes:
        codes = [*codes[: CHOICES_MAX - 1], chosen]
    for number, code in enumerate(codes, 1):
        yield Choice(number, known[code], found.get(code, ()), code == chosen, code in own)


def _decided(decision: Decision, known: Mapping[str, Control]) -> Iterator[DecidedDuty]:
    library = load_library()
    for index, duty in enumerate(decision.duties):
        code = str(duty["control"])
        control, draft = known.get(code), draft_from(duty)
        yield DecidedDuty(
            index=index,
            control=control,
            code=code,
            draft=draft,
            modality=str(library.label(draft.modality)),
            values=tuple(said_values(draft, control, library)) if control else (),
            schedule=schedule_words(draft.schedule),
        )
