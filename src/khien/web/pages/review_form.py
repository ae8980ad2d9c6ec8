"""The form of a duty under review: the parameters of its control as fields, and what a person typed read back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from khien.adoption.review.drafts import DutyDraft, draft_from, draft_of, schedule_for
from khien.adoption.review.neighbours import known_values
from khien.adoption.review.schedules import schedule_words
from khien.adoption.review.selectors import Decision
from khien.kernel.language import Text
from khien.norms.library import load_library
from khien.norms.model import MODALITIES, SIDES, Control, Parameter
from khien.norms.read_document import FREQUENCIES
from khien.norms.suggest.suggesting import Suggestion
from khien.norms.text.model import Node

_PARAMETER = "ts-"
_MORE = "-khac"
_WORDS_MAX = 300


@dataclass(frozen=True, slots=True)
class Option:
    """One value of a field to tick or choose."""

    code: str
    word: str
    is_on: bool


@dataclass(frozen=True, slots=True)
class Field:
    """One parameter of the chosen control as a field: kind is number, day, choice or set."""

    name: str
    title: Text
    kind: str
    unit: str
    value: str
    options: tuple[Option, ...] = ()
    is_suggested: bool = False


@dataclass(frozen=True, slots=True)
class Form:
    """The duty in hand as a form; `index` is its place among the clause's duties."""

    index: int
    control: Control
    draft: DutyDraft
    fields: tuple[Field, ...]
    schedule: Text | None
    modalities: tuple[Option, ...]
    frequencies: tuple[Option, ...]
    sides: tuple[Option, ...]
    has_details: bool

    @property
    def given(self) -> tuple[Field, ...]:
        """Return the parameters with a value, and the first of a control whose clause gives none."""
        found = tuple(field for field in self.fields if field.is_suggested)
        return found or self.fields[:1]

    @property
    def open_fields(self) -> tuple[Field, ...]:
        """Return the parameters that the clause seems to say nothing about."""
        return tuple(field for field in self.fields if field not in self.given)


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address or a refused form asks for: a control, a duty to change, one more duty, what was typed."""

    control: str
    index: int
    adds: bool
    edits: bool
    typed: QueryDict | None

    @property
    def is_form(self) -> bool:
        """Say whether the form is asked for, also of a clause that is decided."""
        return bool(self.control or self.adds or self.edits or self.typed)


def asked_of(query: QueryDict, typed: QueryDict | None) -> Asked:
    """Return what is asked for by an address, or by a form that was refused."""
    given = query.get("chon", "") if typed is None else typed.get("bien-phap", "")
    place = query.get("sua", "") if typed is None else typed.get("vi-tri", "")
    return Asked(
        control=given.strip().partition(" ")[0],
        index=int(place) if place.isascii() and place.isdigit() and len(place) < 3 else 0,
        adds="them" in query,
        edits="sua" in query,
        typed=typed,
    )


def form_for(
    asked: Asked,
    node: Node,
    suggestion: Suggestion | None,
    decision: Decision | None,
    known: Mapping[str, Control],
    *,
    says_nothing: bool,
) -> Form | None:
    """Return the form of the duty in hand; None where no control is chosen and none suggested."""
    duties = decision.duties if decision and not decision.is_stale else ()
    index = len(duties) if asked.adds else min(asked.index, len(duties))
    held = duties[index] if index < len(duties) else None
    code = asked.control or (str(held["control"]) if held else "")
    if not code and suggestion is not None and suggestion.controls and not says_nothing:
        code = suggestion.controls[0].control
    control = known.get(code)
    if control is None:
        return None
    if asked.typed is not None:
        draft = DutyDraft(**typed_duty(asked.typed, control))
    elif held is not None and held["control"] == code:
        draft = draft_from(held)
    elif suggestion is not None:
        draft = draft_of(suggestion, control)
    else:
        draft = DutyDraft(code, "must", "", node.text, evidence=control.evidence)
    return _form_of(index, control, draft, is_sound=asked.typed is None)


def _form_of(index: int, control: Control, draft: DutyDraft, *, is_sound: bool) -> Form:
    schedule = (
        schedule_for(control, draft.deadline, draft.frequency, draft.parameters)
        if is_sound
        else None
    )
    return Form(
        index=index,
        control=control,
        draft=draft,
        fields=tuple(
            _field(control, parameter, draft.parameters.get(name), draft)
            for name, parameter in control.parameters.items()
        ),
        schedule=schedule_words(schedule),
        modalities=_options(MODALITIES, draft.modality),
        frequencies=_options(FREQUENCIES, draft.frequency),
        sides=_options(SIDES, draft.side),
        has_details=bool(draft.recipient or draft.form or draft.side != "unit"),
    )


def _options(codes: Sequence[str], chosen: str) -> tuple[Option, ...]:
    label = load_library().label
    return tuple(Option(code, str(label(code)), code == chosen) for code in codes)


def _field(control: Control, parameter: Parameter, value: Any, draft: DutyDraft) -> Field:
    library = load_library()
    unit = str(library.label(parameter.unit)) if parameter.unit else ""
    is_suggested = parameter.name in draft.parameters
    if parameter.type == "integer":
        said = "" if value is None else str(value)
        return Field(parameter.name, parameter.title, "number", unit, said, (), is_suggested)
    if parameter.type == "date":
        return Field(parameter.name, parameter.title, "day", "", _day(value), (), is_suggested)
    given = value if isinstance(value, list) else [value] if value else []
    known = parameter.order or known_values(control.id, parameter.name)
    options = _options(known, "")
    options = tuple(Option(one.code, one.word, one.code in given) for one in options)
    others = [str(item) for item in given if item not in known]
    kind = "set" if parameter.type == "set" else "choice"
    return Field(
        parameter.name, parameter.title, kind, unit, "; ".join(others), options, is_suggested
    )


def _day(value: Any) -> str:
    if not isinstance(value, str):
        return ""
    parts = value.split("-")
    return "/".join(reversed(parts)) if len(parts) == len("dmy") else value


def typed_duty(typed: QueryDict, control: Control | None) -> dict[str, Any]:
    """Return what a person wrote into the form, unchecked, by the keys of a duty."""
    return {
        "control": control.id if control else typed.get("bien-phap", ""),
        "modality": typed.get("tinh-chat", ""),
        "actor": typed.get("chu-the", ""),
        "text": typed.get("loi-van", ""),
        "parameters": dict(_typed_values(typed, control)) if control else {},
        "frequency": typed.get("chu-ky", ""),
        "deadline": typed.get("han", ""),
        "recipient": typed.get("noi-nhan", ""),
        "form": typed.get("mau", ""),
        "side": typed.get("ben", ""),
    }


def typed_schedule(typed: QueryDict, control: Control | None) -> Text | None:
    """Return in words when a duty is due by what a person wrote; None where that gives no day."""
    if control is None:
        return None
    given = {
        name: int(value)
        for name, value in _typed_values(typed, control)
        if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 4
    }
    words, often = typed.get("han", "")[:_WORDS_MAX], typed.get("chu-ky", "")
    return schedule_words(schedule_for(control, words, often, given))


def _typed_values(typed: QueryDict, control: Control) -> Iterator[tuple[str, Any]]:
    for name, parameter in control.parameters.items():
        field = _PARAMETER + name
        more = typed.get(field + _MORE, "").strip()
        if parameter.type == "set":
            items = [*typed.getlist(field), *(part for part in more.split(";") if part.strip())]
            if items:
                yield name, items
        elif said := more or typed.get(field, "").strip():
            yield name, said
