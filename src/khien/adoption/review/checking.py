"""What a person wrote about a duty, checked: control, words, values of the kinds the control declares; pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from khien.adoption.review.drafts import ACTOR_UNSAID, DutyDraft, schedule_for
from khien.adoption.review.errors import DecisionRefused
from khien.kernel.language import Text
from khien.norms.model import EVIDENCE_MODES, MODALITIES, SIDES, Control, Parameter
from khien.norms.read_document import FREQUENCIES
from khien.registers.cleaning import clean_lines, one_line

NUMBER_MAX: Final = 1_000_000
LINE_MAX: Final = 300
TEXT_MAX: Final = 8000
DUTIES_MAX: Final = 12
ITEMS_MAX: Final = 40
_DAY = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")
_SEPARATORS = re.compile(r"[;\n]")


def checked_duty(raw: Mapping[str, Any], controls: Mapping[str, Control]) -> DutyDraft:
    """Return a duty as it can stand, from what a person or a file gives.

    Raises: DecisionRefused: a control that is not there, a value that the control cannot have
    """
    control = controls.get(str(raw.get("control", "")).strip())
    if control is None:
        raise _refused(
            f"không có biện pháp «{raw.get('control', '')}»; chọn một biện pháp trong danh sách.",
            f"there is no control «{raw.get('control', '')}»; choose one of the list.",
        )
    given = raw.get("parameters") or {}
    parameters = _checked_values(given if isinstance(given, Mapping) else {}, control)
    frequency = _choice(raw, "frequency", FREQUENCIES, "continuous")
    deadline = _line(raw, "deadline")
    text = clean_lines(str(raw.get("text") or ""))[:TEXT_MAX]
    if not text:
        raise _refused("nghĩa vụ chưa có lời văn.", "the duty has no words.")
    return DutyDraft(
        control=control.id,
        modality=_choice(raw, "modality", MODALITIES, "must"),
        actor=_line(raw, "actor") or ACTOR_UNSAID.vi,
        text=text,
        parameters=parameters,
        frequency=frequency,
        deadline=deadline,
        schedule=schedule_for(control, deadline, frequency, parameters),
        recipient=_line(raw, "recipient"),
        form=_line(raw, "form"),
        side=_choice(raw, "side", SIDES, "unit"),
        evidence=_choice(raw, "evidence", EVIDENCE_MODES, control.evidence),
    )


def _choice(raw: Mapping[str, Any], name: str, allowed: tuple[str, ...], default: str) -> str:
    value = str(raw.get(name) or default)
    if value not in allowed:
        words = ", ".join(allowed)
        raise _refused(
            f"«{name}» phải là một trong: {words}.", f"«{name}» must be one of: {words}."
        )
    return value


def _line(raw: Mapping[str, Any], name: str) -> str:
    said = one_line(str(raw.get(name) or ""))
    if len(said) > LINE_MAX:
        raise _refused(
            f"«{shortened(said)}» dài quá {LINE_MAX} ký tự.",
            f"«{shortened(said)}» is longer than {LINE_MAX} characters.",
        )
    return said


def shortened(text: str, length: int = 40) -> str:
    """Return the beginning of a text, to name it in a sentence."""
    return text if len(text) <= length else f"{text[: length - 1]}…"


def _checked_values(given: Mapping[str, Any], control: Control) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for name, value in given.items():
        parameter = control.parameters.get(name)
        if parameter is None:
            raise _refused(
                f"biện pháp «{control.title.vi}» không có tham số «{name}».",
                f"the control «{control.title.en}» has no parameter «{name}».",
            )
        read = read_value(parameter, value)
        if read not in (None, "", []):
            values[name] = read
    return values


def read_value(parameter: Parameter, value: Any) -> Any:
    """Return the value of a parameter in its JSON form; None where nothing is given.

    Raises: DecisionRefused: not of the parameter's kind
    """
    if value is None or value == "":
        return None
    match parameter.type:
        case "integer":
            return _integer(parameter, value)
        case "date":
            return _day(parameter, value)
        case "set":
            return _items(parameter, value)
        case _:
            said = one_line(str(value))
            if parameter.order and said and said not in parameter.order:
                words = ", ".join(parameter.order)
                raise _wrong(parameter, f"phải là một trong: {words}", f"must be one of: {words}")
            return said[:LINE_MAX] or None


def _integer(parameter: Parameter, value: Any) -> int | None:
    said = str(value).strip()
    if not said:
        return None
    is_number = said.isascii() and said.isdigit() and len(said) <= len(str(NUMBER_MAX))
    if isinstance(value, bool) or not is_number or int(said) > NUMBER_MAX:
        raise _wrong(
            parameter,
            f"phải là số nguyên từ 0 đến {NUMBER_MAX}, không kèm chữ; đang là «{shortened(said)}»",
            f"must be a whole number from 0 to {NUMBER_MAX}; it is «{shortened(said)}»",
        )
    return int(said)


def _day(parameter: Parameter, value: Any) -> str | None:
    said = str(value).strip()
    if not said:
        return None
    match = _DAY.fullmatch(said)
    try:
        day = (
            date(int(match[3]), int(match[2]), int(match[1])) if match else date.fromisoformat(said)
        )
    except ValueError:
        raise _wrong(
            parameter,
            f"phải là ngày dd/mm/yyyy có thật; đang là «{shortened(said)}»",
            f"must be a day dd/mm/yyyy that exists; it is «{shortened(said)}»",
        ) from None
    return day.isoformat()


def _items(parameter: Parameter, value: Any) -> list[str]:
    parts = value if isinstance(value, (list, tuple)) else _SEPARATORS.split(str(value))
    items = list(dict.fromkeys(said for part in parts if (said := one_line(str(part)))))
    if len(items) > ITEMS_MAX or any(len(item) > LINE_MAX for item in items):
        raise _wrong(parameter, "quá nhiều hoặc quá dài", "has too many or too long items")
    return items


def _wrong(parameter: Parameter, vi: str, en: str) -> DecisionRefused:
    return _refused(f"«{parameter.title.vi}» {vi}.", f"«{parameter.title.en}» {en}.")


def _refused(vi: str, en: str) -> DecisionRefused:
    return DecisionRefused(Text(vi, en))
