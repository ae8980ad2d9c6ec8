"""The texts people write in a report: which there are, what may stand in them, what two people changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from khien.kernel.language import Text
from khien.registers.cleaning import clean_lines
from khien.registers.errors import FieldProblem
from khien.reports.definitions import LEFT_NAME, RIGHT_NAME
from khien.reports.errors import ReportRefused, TextConflict

TEXT_LENGTH_MAX = 20_000
_UNKNOWN = Text("Báo cáo không có ô «{code}».", "The report has no text «{code}».")
_TOO_LONG = Text(
    "«{prompt}» dài {size} chữ cái, nhiều nhất {limit}.",
    "«{prompt}» has {size} letters, at most {limit}.",
)
Texts = Mapping[str, str]


def prompts_of(content: Mapping[str, Any]) -> dict[str, str]:
    """Return the texts of a frozen report by code, each with what is asked for."""
    found = {part["code"]: str(part["prompt"]) for part in text_parts(content)}
    if content["parties"]:
        left, right = content["parties"]
        found |= {LEFT_NAME: f"Họ tên: {left}", RIGHT_NAME: f"Họ tên: {right}"}
    return found


def text_parts(content: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Yield the parts of a frozen report that a person writes."""
    for section in content["sections"]:
        yield from (part for part in section["parts"] if part["kind"] == "text")


def initial_texts(content: Mapping[str, Any]) -> dict[str, str]:
    """Return the texts a report begins with."""
    return {part["code"]: part["initial"] for part in text_parts(content) if part["initial"]}


def cleaned(content: Mapping[str, Any], given: Mapping[str, object]) -> dict[str, str]:
    """Return texts as they are kept: in one form of Unicode, without unseen characters.

    Raises: ReportRefused: a text the report does not have, or one that is too long
    """
    prompts = prompts_of(content)
    problems: list[FieldProblem] = []
    texts: dict[str, str] = {}
    for code, value in given.items():
        if code not in prompts:
            problems.append(FieldProblem(code, _UNKNOWN.fill({"code": code[:60]})))
            continue
        text = clean_lines(str(value))
        if len(text) > TEXT_LENGTH_MAX:
            said = {"prompt": prompts[code], "size": len(text), "limit": TEXT_LENGTH_MAX}
            problems.append(FieldProblem(code, _TOO_LONG.fill(said)))
        texts[code] = text
    if problems:
        raise ReportRefused(problems)
    return texts


def merged(
    base: Texts, current: Texts, mine: Texts, prompts: Mapping[str, str]
) -> tuple[dict[str, str], list[TextConflict]]:
    """Return the texts with a person's changes, and what somebody else changed in the same place meanwhile.

    Args: base: as the person saw them; current: as they stand; mine: what the person gives
    """
    result = dict(current)
    conflicts: list[TextConflict] = []
    for code, text in mine.items():
        before, now = base.get(code, ""), current.get(code, "")
        if text in (before, now):
            continue
        if now != before:
            conflicts.append(TextConflict(code, prompts.get(code, code), before, now, text))
        result[code] = text
    return {code: text for code, text in result.items() if text}, conflicts
