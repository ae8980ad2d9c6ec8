"""The only writer of decisions about clauses, of claims and of the unit's own controls."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction

from khien.adoption.errors import TextSettled
from khien.adoption.models import ClauseReview, ImportedText, OwnControl, ReviewClaim
from khien.adoption.review import events
from khien.adoption.review.checking import DUTIES_MAX, checked_duty
from khien.adoption.review.clauses import Chapter, words_digest
from khien.adoption.review.drafts import NOTHING, controls_known
from khien.adoption.review.errors import (
    ChapterClaimed,
    ClauseDecidedMeanwhile,
    DecisionRefused,
    NothingToUndo,
    SuggestionsChanged,
)
from khien.adoption.review.selectors import clause_at, own_controls_of, sweep_of
from khien.kernel.canonical import Json
from khien.kernel.language import Text
from khien.ledger import services as ledger
from khien.norms.library import load_library
from khien.norms.own_controls import OwnControlWords, checked_words, next_code
from khien.norms.text.model import Node
from khien.registers.services import Act

ONE, SWEEP = "one", "sweep"


@transaction.atomic
def confirm_clause(
    text: ImportedText,
    path: str,
    duties: Sequence[Mapping[str, Any]],
    *,
    expected_version: int,
    act: Act,
) -> ClauseReview:
    """Record what a clause demands, in place of what was decided before.

    Args:   expected_version: of the decision that was seen; 0 where there was none
    Raises: DecisionRefused, UnknownClause, ClauseDecidedMeanwhile, TextSettled
    """
    current = _open(text)
    node = clause_at(current, path)
    if not 1 <= len(duties) <= DUTIES_MAX:
        raise DecisionRefused(
            Text(
                f"một mục có từ 1 đến {DUTIES_MAX} nghĩa vụ.",
                f"a clause has 1 to {DUTIES_MAX} duties.",
            )
        )
    controls = controls_known(load_library(), own_controls_of(current))
    checked = [checked_duty(duty, controls).as_json() for duty in duties]
    _must_be_as_seen(current, path, expected_version)
    named = ", ".join(dict.fromkeys(duty["control"] for duty in checked))
    version = _record(
        events.CLAUSE_CONFIRMED, current, act, path=path, controls=named, how=ONE,
        duties=[_recorded(duty) for duty in checked],
    )  # fmt: skip
    return _write(current, node, version, act, duties=checked)


@transaction.atomic
def confirm_nothing(
    text: ImportedText, path: str, reason: str, *, expected_version: int, act: Act
) -> ClauseReview:
    """Record that a clause demands nothing, and why.

    Args:   reason: a code of `drafts.NOTHING`
    Raises: DecisionRefused, UnknownClause, ClauseDecidedMeanwhile, TextSettled
    """
    current = _open(text)
    node = clause_at(current, path)
    if reason not in NOTHING:
        raise DecisionRefused(
            Text("chọn lý do không có nghĩa vụ.", "choose why the clause demands nothing.")
        )
    _must_be_as_seen(current, path, expected_version)
    version = _record(events.CLAUSE_DEMANDS_NOTHING, current, act, path=path, none=reason, how=ONE)
    return _write(current, node, version, act, none=reason)


@transaction.atomic
def reopen_clause(text: ImportedText, path: str, *, expected_version: int, act: Act) -> None:
    """Take a decision back; the clause waits again. What was decided stays in the ledger.

    Raises: NothingToUndo, ClauseDecidedMeanwhile, TextSettled
    """
    current = _open(text)
    review = ClauseReview.objects.filter(text=current, path=path).first()
    if review is None:
        raise NothingToUndo
    if review.version != expected_version:
        raise ClauseDecidedMeanwhile(by=review.decided_by)
    _record(events.CLAUSES_REOPENED, current, act, count=1, paths=[path])
    review.delete()


@transaction.atomic
def sweep(text: ImportedText, chapter: Chapter, *, seen: str, act: Act) -> list[ClauseReview]:
    """Confirm all sure suggestions of a chapter in one go, with one record; all of them or none.

    Args:   seen: the digest of the list that the person looked at (`selectors.Sweep.seen`)
    Raises: SuggestionsChanged: the list is another one now; TextSettled
    """
    current = _open(text)
    planned = sweep_of(current, chapter)
    if planned.seen != seen or not planned.clauses:
        raise SuggestionsChanged
    paths = {one.node.path: one.duty.control if one.duty else one.none for one in planned.clauses}
    version = _record(
        events.CLAUSES_SWEPT, current, act, count=len(paths), chapter=chapter.name.vi, how=SWEEP,
        paths=paths,
    )  # fmt: skip
    ClauseReview.objects.filter(text=current, path__in=list(paths)).delete()
    return ClauseReview.objects.bulk_create(
        ClauseReview(
            text=current,
            path=one.node.path,
            outcome=_outcome(one.duty is not None),
            duties=[one.duty.as_json()] if one.duty else [],
            none=one.none,
            words_sha256=words_digest(one.node),
            how=SWEEP,
            version=version,
            decided_at=act.now,
            decided_by=act.by,
        )
        for one in planned.clauses
    )


@transaction.atomic
def undo_sweep(text: ImportedText, version: int, *, act: Act) -> int:
    """Take back what a sweep decided and nobody decided anew since; return how many clauses wait again.

    Args:   version: of the decisions that the sweep wrote
    Raises: NothingToUndo: none of them stands; TextSettled
    """
    current = _open(text)
    swept = ClauseReview.objects.filter(text=current, how=SWEEP, version=version)
    paths = list(swept.values_list("path", flat=True))
    if not paths:
        raise NothingToUndo
    _record(events.CLAUSES_REOPENED, current, act, count=len(paths), paths=paths, sweep=version)
    swept.delete()
    return len(paths)


@transaction.atomic
def claim_chapter(
    text: ImportedText, chapter: Chapter, *, act: Act, takes_over: bool = False
) -> ReviewClaim:
    """Mark a chapter as reviewed by a person, for the others to see.

    Raises: ChapterClaimed: by somebody else, and it is not taken over; TextSettled
    """
    current = _open(text)
    held = ReviewClaim.objects.filter(text=current, path=chapter.path).first()
    if held is not None and held.person == act.by:
        return held
    if held is not None:
        if not takes_over:
            raise ChapterClaimed(by=held.person)
        held.delete()
    _record(events.CHAPTER_CLAIMED, current, act, chapter=chapter.name.vi, path=chapter.path)
    return ReviewClaim.objects.create(
        text=current, path=chapter.path, person=act.by, made_at=act.now
    )


@transaction.atomic
def release_chapter(text: ImportedText, chapter: Chapter, *, act: Act) -> None:
    """Take the mark from a chapter; nothing where there is none."""
    current = _open(text)
    if ReviewClaim.objects.filter(text=current, path=chapter.path).delete()[0]:
        _record(events.CHAPTER_RELEASED, current, act, chapter=chapter.name.vi, path=chapter.path)


@transaction.atomic
def write_own_control(text: ImportedText, words: OwnControlWords, *, act: Act) -> OwnControl:
    """Write a control of the unit's own, since none of the library's fits; its code is given here.

    Raises: DecisionRefused: a text is missing or too long; TextSettled
    """
    # A code is given once per installation: whoever writes another control waits until this one stands.
    list(ImportedText.objects.select_for_update().order_by("pk").values_list("pk"))
    current = _open(text)
    _must_be_words(words)
    code = next_code([*OwnControl.objects.values_list("code", flat=True), *load_library().controls])
    control = OwnControl(text=current, code=code, made_at=act.now, made_by=act.by)
    _save_words(control, words)
    _record(events.OWN_CONTROL_WRITTEN, current, act, control=code, title=words.title)
    return control


@transaction.atomic
def change_own_control(
    text: ImportedText, code: str, words: OwnControlWords, *, act: Act
) -> OwnControl:
    """Correct the words of a control that was written for this text; its code stays.

    Raises: DecisionRefused: the text has no such control, or a word is missing; TextSettled
    """
    current = _open(text)
    _must_be_words(words)
    control = OwnControl.objects.filter(text=current, code=code).first()
    if control is None:
        raise DecisionRefused(
            Text(
                f"văn bản này không có biện pháp riêng «{code}».",
                f"the text has no own control «{code}».",
            )
        )
    _save_words(control, words)
    _record(events.OWN_CONTROL_CHANGED, current, act, control=code, title=words.title)
    return control


def _must_be_words(words: OwnControlWords) -> None:
    problem = checked_words(words)
    if problem is not None:
        raise DecisionRefused(problem)


def _save_words(control: OwnControl, words: OwnControlWords) -> None:
    for name in ("title", "why", "fix", "supply", "evidence", "severity"):
        setattr(control, name, getattr(words, name))
    control.save()


def _open(text: ImportedText) -> ImportedText:
    """Return the text, held until the end of the transaction, if it is still under review."""
    current = (
        ImportedText.objects.select_for_update(of=("self",))
        .select_related("unit")
        .defer("source")
        .get(pk=text.pk)
    )
    if current.state != ImportedText.State.REVIEWING:
        raise TextSettled(text=current.code)
    return current


def _must_be_as_seen(text: ImportedText, path: str, expected_version: int) -> None:
    held = ClauseReview.objects.filter(text=text, path=path).first()
    if (held.version if held else 0) != expected_version:
        raise ClauseDecidedMeanwhile(by=held.decided_by if held else "…")


def _write(
    text: ImportedText,
    node: Node,
    version: int,
    act: Act,
    *,
    duties: Sequence[Mapping[str, Any]] = (),
    none: str = "",
) -> ClauseReview:
    review, _ = ClauseReview.objects.update_or_create(
        text=text,
        path=node.path,
        defaults={
            "outcome": _outcome(bool(duties)),
            "duties": list(duties),
            "none": none,
            "words_sha256": words_digest(node),
            "how": ONE,
            "version": version,
            "decided_at": act.now,
            "decided_by": act.by,
        },
    )
    return review


def _outcome(has_duties: bool) -> str:
    outcome = ClauseReview.Outcome.DUTIES if has_duties else ClauseReview.Outcome.NOTHING
    return outcome.value


def _recorded(duty: Mapping[str, Any]) -> dict[str, Json]:
    """Return what the ledger keeps of a duty: all but its words, which are the clause's own."""
    return {name: value for name, value in duty.items() if name != "text"}


def _record(kind: str, text: ImportedText, act: Act, **more: Json) -> int:
    """Put an event on record; return its number, which is the version of what was decided."""
    body: dict[str, Json] = {"unit": text.unit.code, "text": text.code, "by": act.by, **more}
    # The first entry of a ledger has number 0; a version never is, since 0 says that nothing was decided.
    return 1 + ledger.record(kind, subject=text.code, body=body, at=act.now)
