"""What is proposed for a clause as a duty that a person can confirm; pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from khien.adoption.review.schedules import first_deadline, schedule_of
from khien.kernel.language import Text
from khien.kernel.vietnamese import nfc
from khien.norms.model import Control, Library
from khien.norms.suggest.suggesting import Suggestion

_EVENT_DEADLINES = (
    "within_hours", "within_minutes", "within_days", "within_working_days", "at_once", "before_event",
    "on_request",
)  # fmt: skip
_ONCE_DEADLINES = ("by_quarter", "by_year_end", "by")
_SUPPLIERS = re.compile(
    r"^(?:các |những )?(?:nhà cung cấp|doanh nghiệp|bên cung cấp|đơn vị cung cấp|bên thuê|nhà thầu)",
    re.IGNORECASE,
)
ACTOR_UNSAID = Text("Cơ quan, đơn vị", "The unit")

# Why a clause demands nothing; the codes stand in the library too (`none:` of a clause).
NOTHING: Mapping[str, Text] = {
    "heading": Text("Tiêu đề, câu dẫn", "A title, a lead-in"),
    "scope": Text("Phạm vi, đối tượng áp dụng", "Scope, whom it concerns"),
    "definition": Text("Giải thích từ ngữ", "A definition"),
    "validity": Text("Hiệu lực, thay thế văn bản", "Validity, what it replaces"),
    "criteria": Text("Tiêu chí, phân loại, mô tả", "Criteria, classes, a description"),
    "same_as_point": Text(
        "Lặp lại quy định khác của văn bản", "Repeats another clause of the text"
    ),
    "not_ours": Text("Không thuộc an toàn thông tin của đơn vị", "Not about the unit's security"),
}
_NOTHING_BY_WORDS = (
    ("definition", re.compile(r"giải thích từ ngữ|được hiểu là|sau đây (?:viết|gọi) tắt", re.IGNORECASE)),
    ("scope", re.compile(r"phạm vi|đối tượng|quy (?:chế|định) này (?:quy định|áp dụng)", re.IGNORECASE)),
    ("validity", re.compile(r"hiệu lực|thay thế|ban hành kèm theo|chịu trách nhiệm thi hành", re.IGNORECASE)),
)  # fmt: skip
_ISSUES = re.compile(
    r"^\s*(?:ban hành|nay ban hành) kèm theo|chịu trách nhiệm thi hành", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class DutyDraft:
    """One duty as a person confirms it; the keys are those that `ClauseReview.duties` keeps."""

    control: str
    modality: str
    actor: str
    text: str
    parameters: Mapping[str, Any] = field(default_factory=dict)
    frequency: str = "continuous"
    deadline: str = ""
    schedule: Mapping[str, Any] | None = None
    recipient: str = ""
    form: str = ""
    side: str = "unit"
    evidence: str = "attest"

    def as_json(self) -> dict[str, Any]:
        """Return the duty as values of JSON."""
        return asdict(self)


def draft_from(kept: Mapping[str, Any]) -> DutyDraft:
    """Return a duty from what was kept of it; keys of others are left out."""
    names = DutyDraft.__dataclass_fields__
    return DutyDraft(**{name: value for name, value in kept.items() if name in names})


def controls_known(library: Library, own: Mapping[str, Control]) -> dict[str, Control]:
    """Return the controls a duty may feed: the library's, and those the unit wrote for this text."""
    return {**library.controls, **own}


def draft_of(suggestion: Suggestion, control: Control) -> DutyDraft:
    """Return the duty proposed where a clause feeds a control."""
    deadline = first_deadline(suggestion.deadlines)
    frequency = _frequency(suggestion)
    parameters = {
        one.name: _value(one.value)
        for one in suggestion.parameters
        if one.control == control.id and one.name in control.parameters
    }
    modality = suggestion.modality.code
    return DutyDraft(
        control=control.id,
        modality=modality,
        actor=suggestion.actor or ACTOR_UNSAID.vi,
        text=nfc(suggestion.node.text),
        parameters=parameters,
        frequency=frequency,
        deadline=deadline,
        schedule=schedule_for(control, deadline, frequency, parameters),
        recipient="; ".join(suggestion.recipients),
        form=suggestion.form,
        side="supplier" if _SUPPLIERS.match(suggestion.actor) else "unit",
        evidence=control.evidence,
    )


def schedule_for(
    control: Control, deadline: str, frequency: str, parameters: Mapping[str, Any]
) -> dict[str, Any] | None:
    """Return when a duty of a control is due, by its words and by the interval a parameter gives."""
    months = next(
        (
            value
            for name, value in parameters.items()
            if control.parameters[name].unit == "month" and isinstance(value, int)
        ),
        0,
    )
    return schedule_of(
        deadline, frequency, theme=control.theme, evidence=control.evidence, months=months
    )


def nothing_of(suggestion: Suggestion, titles: Sequence[str]) -> str:
    """Return why a clause demands nothing, a code of NOTHING; empty where it seems to demand something.

    Args: titles: what stands above it
    """
    if suggestion.node.text.strip() in titles:
        return "same_as_point"  # a step that is all its point says: the duty is the point's
    if suggestion.modality.code != "info":
        return "" if suggestion.controls or not _ISSUES.search(suggestion.node.text) else "validity"
    said = " ".join([*titles, suggestion.node.text])
    for code, pattern in _NOTHING_BY_WORDS:
        if pattern.search(said):
            return code
    return "criteria"


def _frequency(suggestion: Suggestion) -> str:
    if suggestion.frequency:
        return suggestion.frequency
    kinds = {one.kind for one in suggestion.deadlines[:1]}
    if kinds & set(_EVENT_DEADLINES):
        return "event"
    if kinds & set(_ONCE_DEADLINES) or any(
        "year" in one.numbers for one in suggestion.deadlines[:1]
    ):
        return "once"
    return "continuous"


def _value(value: object) -> Any:
    if isinstance(value, tuple):
        return list(value)
    return value.isoformat() if isinstance(value, date) else value
