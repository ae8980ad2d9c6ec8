"""The only writer of a text's way into force: scope, submission, approval, withdrawal, end; with its records."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import yaml
from django.db import transaction

from khien.adoption.errors import TextChangedMeanwhile, UnknownText
from khien.adoption.force import events
from khien.adoption.force.drafting import (
    Draft,
    checked_days,
    draft_of,
    library_without,
)
from khien.adoption.force.errors import (
    AlreadyInForce,
    DaysInWrongOrder,
    NeedsNote,
    NotAtThisStep,
    NotYourOwn,
    TextHasMistakes,
    UnknownPublication,
)
from khien.adoption.force.head import head_of
from khien.adoption.force.keeping import write_published
from khien.adoption.force.scope import Scope, units_in
from khien.adoption.force.targets import Acting, checked_amendments, must_not_circle
from khien.adoption.importing.selectors import problems_of
from khien.adoption.models import ImportedText, Publication
from khien.kernel.canonical import Json
from khien.kernel.clock import said_day, vietnam_date
from khien.kernel.language import Text
from khien.ledger import services as ledger
from khien.norms.library_format import canonical_data
from khien.norms.own_library import digest_of
from khien.norms.services import bind_units, release_units, restore_ends, unbind_document
from khien.org.errors import NotAllowed
from khien.org.models import Unit, User
from khien.org.rights import able_to
from khien.org.roles import APPROVE, WRITE
from khien.org.selectors import may_do
from khien.registers.cleaning import clean_lines

State = ImportedText.State
NOTE_MAX = 1000
STATES: Mapping[str, Text] = {
    State.REVIEWING: Text("đang rà soát", "under review"),
    State.SUBMITTED: Text("chờ phê duyệt", "waiting for approval"),
    State.APPROVED: Text("đã phê duyệt", "approved"),
    State.WITHDRAWN: Text("đã rút", "withdrawn"),
    State.DROPPED: Text("đã bỏ", "dropped"),
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """Whom a text shall bind, from when, and what it does to other texts."""

    scope: Scope
    in_force_from: date
    replaces: Sequence[str] = ()
    amends: Sequence[Mapping[str, Any]] = ()


@transaction.atomic
def set_force(
    text: ImportedText, wanted: Wanted, *, seen: int, user: User, now: datetime
) -> ImportedText:
    """Record whom a text shall bind, from which day, and what it replaces and amends.

    Raises: NotAllowed, TextChangedMeanwhile, NotAtThisStep, UnitOutOfReach, NobodyBound, DaysInWrongOrder,
            ActsOnItself, CircleOfTexts, UnknownAmended
    """
    text = _locked(text, WRITE, user, State.REVIEWING, step=Text("sửa", "changed"))
    _must_be_seen(text, seen)
    library = library_without(text.code)
    units = units_in(wanted.scope, text.unit, user=user)
    text.scope = wanted.scope.as_json()
    text.amends = checked_amendments(wanted.amends, text.code, library)
    names = list(dict.fromkeys(name.strip() for name in wanted.replaces if name.strip()))
    text.replaces = names
    text.head = text.head | {
        "in_force_from": wanted.in_force_from.isoformat(),
        "replaces": names,
    }
    head = head_of(text)
    checked_days(head, library, names)
    amended = [str(one["document"]) for one in text.amends]
    must_not_circle(Acting(text.code, head.number, (*names, *amended)), library)
    _changed(text, user, now)
    body: dict[str, Json] = {
        "from": wanted.in_force_from.isoformat(),
        "units": len(units),
        "scope": text.scope,
        "replaces": names,
        "amends": text.amends,
        "by": user.get_username(),
    }
    ledger.record(events.SCOPE_SET, subject=text.code, body=body, at=now)
    return text


@transaction.atomic
def submit_text(text: ImportedText, *, seen: int, user: User, now: datetime) -> Draft:
    """Submit a reviewed text to the leaders of its unit.

    Returns: the text as it would be published
    Raises:  NotAllowed, TextChangedMeanwhile, NotAtThisStep, and all that `drafting.draft_of` raises
    """
    text = _locked(text, WRITE, user, State.REVIEWING, step=Text("trình", "submitted"))
    _must_be_seen(text, seen)
    _must_have_a_head(text, vietnam_date(now))
    draft = draft_of(text, user=user)
    text.state = State.SUBMITTED
    text.submitted_at, text.submitted_by = now, user.get_username()
    text.decided_at, text.decided_by, text.decided_note = None, "", ""
    _changed(text, user, now)
    _record(events.TEXT_SUBMITTED, text.code, user, now, sha256=draft.sha256)
    return draft


@transaction.atomic
def return_text(
    text: ImportedText, note: str, *, seen: int, user: User, now: datetime
) -> ImportedText:
    """Give a submitted text back with a note; a leader does.

    Raises: NotAllowed, TextChangedMeanwhile, NotAtThisStep; NeedsNote: it does not say why
    """
    text = _locked(text, APPROVE, user, State.SUBMITTED, step=Text("trả lại", "returned"))
    _must_be_seen(text, seen)
    text.state = State.REVIEWING
    _decided(text, _note(note), user, now)
    _record(events.TEXT_RETURNED, text.code, user, now, note=text.decided_note)
    return text


def approve_text(text: ImportedText, *, seen: int, user: User, now: datetime) -> Publication:
    """Approve a submitted text: from its day it binds the units in its scope, and the library holds it.

    All is one transaction: the publication, the bindings, the ends of what it replaces, the records. Then the
    folder of own texts is written; a crash between is made good at the next start.
    Raises: NotAllowed, TextChangedMeanwhile, NotAtThisStep, NotYourOwn, and all that `drafting.draft_of` raises
    """
    with transaction.atomic():
        publication = _approved(text, seen=seen, user=user, now=now)
    write_published()
    return publication


def _approved(text: ImportedText, *, seen: int, user: User, now: datetime) -> Publication:
    text = _locked(text, APPROVE, user, State.SUBMITTED, step=Text("phê duyệt", "approved"))
    _must_be_seen(text, seen)
    _must_not_be_own(text, user)
    submitter = User.objects.filter(username=text.submitted_by).first()
    # Whoever chose the units saw them; the leader approves what was submitted.
    draft = draft_of(text, user=submitter)
    publication = publish(draft, text.unit, text=text, user=user, now=now)
    text.state = State.APPROVED
    _decided(text, "", user, now)
    return publication


def publish(
    draft: Draft,
    home: Unit,
    *,
    user: User,
    now: datetime,
    text: ImportedText | None = None,
    origin: str = "",
) -> Publication:
    """Store a publication with its bindings and records; inside the transaction of who calls."""
    by, begin = user.get_username(), draft.document.in_force_from
    bind_units(draft.units, draft.code, bound_from=begin, now=now, by=by)
    ended: dict[str, Json] = {
        old: dict(release_units(draft.units, old, bound_to=begin, now=now, by=by))
        for old in draft.replaces
    }
    scope = draft.scope.as_json() | {"bound": [unit.code for unit in draft.units], "ended": ended}
    publication, _ = Publication.objects.update_or_create(
        code=draft.code,
        defaults={
            "text": text,
            "unit": home,
            "files": dict(draft.files),
            "sha256": draft.sha256,
            "origin": origin,
            "in_force_from": begin,
            "scope": scope,
            "published_at": now,
            "published_by": by,
            "withdrawn_at": None,
            "withdrawn_by": "",
        },
    )
    body: dict[str, Json] = {
        "from": begin.isoformat(),
        "units": len(draft.units),
        "sha256": draft.sha256,
        "files": {name: digest_of({name: one}) for name, one in draft.files.items()},
        "replaces": list(draft.replaces),
        "by": by,
    }
    ledger.record(events.TEXT_APPROVED, subject=draft.code, body=body, at=now)
    return publication


def withdraw(code: str, note: str, *, user: User, now: datetime) -> Publication:
    """Take back an approved text before the day it takes effect; it goes back to review.

    Raises: NotAllowed, UnknownPublication, NeedsNote; AlreadyInForce: its day has come
    """
    with transaction.atomic():
        publication = _standing(code, user)
        begin = publication.in_force_from
        if begin <= vietnam_date(now):
            raise AlreadyInForce(text=code, day=said_day(begin))
        said, by = _note(note), user.get_username()
        unbind_document(code, now=now, by=by)
        for old, ends in publication.scope.get("ended", {}).items():
            restore_ends(old, ends, now=now, by=by)
        publication.withdrawn_at, publication.withdrawn_by = now, by
        publication.save(update_fields=["withdrawn_at", "withdrawn_by"])
        if publication.text is not None:
            publication.text.state = State.REVIEWING
            _decided(publication.text, said, user, now)
        _record(
            events.TEXT_WITHDRAWN, code, user, now, note=said, **{"from": begin.isoformat()}
        )  # fmt: skip
    write_published()
    return publication


def end_text(code: str, note: str, *, on: date, user: User, now: datetime) -> Publication:
    """Record the day on which a text in force ends; what it bound before that day stays judged by it.

    Raises: NotAllowed, UnknownPublication, NeedsNote; DaysInWrongOrder: not after it came into force, or past
    """
    with transaction.atomic():
        publication = _standing(code, user)
        _must_end_later(publication, on, vietnam_date(now))
        said, by = _note(note), user.get_username()
        name = f"norms/{code}/document.yaml"
        head = yaml.safe_load(publication.files[name]) | {"in_force_to": on.isoformat()}
        publication.files = publication.files | {name: canonical_data(head)}
        publication.sha256 = digest_of(publication.files)
        publication.save(update_fields=["files", "sha256"])
        units = Unit.objects.filter(code__in=publication.scope.get("bound", []))
        release_units(units, code, bound_to=on, now=now, by=by)
        _record(
            events.TEXT_ENDED, code, user, now, note=said, on=on.isoformat(), sha256=publication.sha256
        )  # fmt: skip
    write_published()
    return publication


def _must_end_later(publication: Publication, on: date, today: date) -> None:
    begin = publication.in_force_from
    if on <= begin or on < today:
        days = {"end": said_day(on), "begin": said_day(max(begin, today))}
        raise DaysInWrongOrder(
            Text("ngày hết hiệu lực {end} phải sau {begin}", "the end {end} must come after {begin}").fill(days)
        )  # fmt: skip


def _standing(code: str, user: User) -> Publication:
    found = (
        Publication.objects.select_for_update(of=("self",))
        .select_related("unit", "text")
        .filter(code=code, withdrawn_at=None)
        .first()
    )
    if found is None:
        raise UnknownPublication(text=code[:60])
    if not may_do(user, APPROVE, found.unit):
        raise NotAllowed(unit=found.unit.name_vi)
    return found


def _locked(text: ImportedText, may: str, user: User, *states: str, step: Text) -> ImportedText:
    found = (
        ImportedText.objects.select_for_update(of=("self",))
        .select_related("unit")
        .filter(pk=text.pk)
        .first()
    )
    if found is None:
        raise UnknownText(text=text.code)
    if not may_do(user, may, found.unit):
        raise NotAllowed(unit=found.unit.name_vi)
    if found.state not in states:
        raise NotAtThisStep(text=found.code, state=STATES[found.state], step=step)
    return found


def _must_have_a_head(text: ImportedText, today: date) -> None:
    """Refuse a text whose head says what cannot be, such as that it was issued on a day still to come."""
    stops = [one.sentence for one in problems_of(text, today=today) if one.stops]
    if stops:
        raise TextHasMistakes(text.code, stops)


def _must_be_seen(text: ImportedText, seen: int) -> None:
    if text.version != seen:
        raise TextChangedMeanwhile(by=text.changed_by)


def _must_not_be_own(text: ImportedText, user: User) -> None:
    """Refuse that a leader approves what that leader submitted, where somebody else could."""
    if text.submitted_by != user.get_username():
        return
    others = [one.get_username() for one in able_to(APPROVE, text.unit) if one.pk != user.pk]
    if others:
        raise NotYourOwn(unit=text.unit.name_vi, others=", ".join(others[:5]))


def _note(note: str) -> str:
    said = clean_lines(note)[:NOTE_MAX]
    if not said:
        raise NeedsNote()
    return said


def _decided(text: ImportedText, note: str, user: User, now: datetime) -> None:
    text.decided_at, text.decided_by, text.decided_note = now, user.get_username(), note
    _changed(text, user, now)


def _changed(text: ImportedText, user: User, now: datetime) -> None:
    text.version += 1
    text.changed_at, text.changed_by = now, user.get_username()
    text.save()


def _record(kind: str, code: str, user: User, now: datetime, **body: Json) -> None:
    ledger.record(kind, subject=code, body={**body, "by": user.get_username()}, at=now)
