"""What a report still lacks: texts to write, recipients nobody named, figures that are not known."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from khien.kernel.language import Text
from khien.registers.declarations import load_registers
from khien.reports.models import ReportVersion
from khien.reports.recipients import AUTHORITY
from khien.reports.written_texts import text_parts

TEXT, RECIPIENT, FIGURE, CONFIRMATION = "text", "recipient", "figure", "confirmation"
_TEXT = Text("Chưa viết: {what}", "Not written yet: {what}")
_RECIPIENT = Text(
    "Chưa rõ nơi nhận hôm nay của «{what}»: ghi vào danh mục cơ quan nhận báo cáo rồi lấy lại số liệu.",
    "Who is «{what}» today is not recorded: add it to the register of authorities, then take the figures anew.",
)
_FIGURE = Text("Đang xác minh: {what}.", "Not known yet: {what}.")
_PARTLY = Text(
    "«{what}»: {count} dòng thiếu thông tin nên chưa đếm được.",
    "«{what}»: {count} row(s) lack what decides.",
)
_CONFIRMATION = Text(
    "Sổ của «{what}» chưa được xác nhận đầy đủ trong kỳ.",
    "The register behind «{what}» was not confirmed as complete in the period.",
)


@dataclass(frozen=True, slots=True)
class Gap:
    """One thing a report lacks; `is_blocking`: it cannot be reviewed or signed without.

    `code` is the text's or the figure's; `register` where it can be mended.
    """

    kind: str
    code: str
    sentence: Text
    is_blocking: bool
    register: str = ""


def gaps_of(version: ReportVersion) -> list[Gap]:
    """Return what a version lacks, what keeps it from being signed first."""
    content = json.loads(version.snapshot.content)
    found = [*_texts(content, version.texts), *_recipients(content), *_figures(content)]
    return sorted(found, key=lambda gap: not gap.is_blocking)


def _texts(content: Mapping[str, Any], texts: Mapping[str, str]) -> Iterator[Gap]:
    for part in text_parts(content):
        if part["is_required"] and not texts.get(part["code"], "").strip():
            yield Gap(TEXT, part["code"], _TEXT.fill({"what": part["prompt"]}), is_blocking=True)


def _recipients(content: Mapping[str, Any]) -> Iterator[Gap]:
    field = load_registers()[AUTHORITY].fields["stands_for"]
    for one in content["to"]:
        if one["name"]:
            continue
        words = [field.choices[code] for code in one["asked"] if code in field.choices]
        said = Text(" / ".join(w.vi for w in words), " / ".join(w.en for w in words))
        sentence = Text(_RECIPIENT.vi.format(what=said.vi), _RECIPIENT.en.format(what=said.en))
        yield Gap(RECIPIENT, "|".join(one["asked"]), sentence, not one["is_copy"], AUTHORITY)


def _figures(content: Mapping[str, Any]) -> Iterator[Gap]:
    for code in content["figure_codes"]:
        figure = content["figures"][code]
        what, register = figure["title"], figure["register"]
        if figure["value"] is None:
            yield Gap(FIGURE, code, _FIGURE.fill({"what": what}), False, register)
        elif figure["unsure_count"]:
            said = {"what": what, "count": figure["unsure_count"]}
            yield Gap(FIGURE, code, _PARTLY.fill(said), False, register)
        elif not figure["is_confirmed"]:
            yield Gap(CONFIRMATION, code, _CONFIRMATION.fill({"what": what}), False, register)
