"""One report as it is worked on: its sections with texts and figures, what it lacks, its steps and versions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from khien.kernel.errors import KhienError
from khien.reports.blocks import OfficialDocument
from khien.reports.comparing import ChangedRow, changed_rows
from khien.reports.definition_reading import load_definitions
from khien.reports.definitions import Definition
from khien.reports.errors import TextConflict
from khien.reports.gaps import Gap, gaps_of
from khien.reports.models import Report, ReportStep, ReportVersion
from khien.reports.rendering import document_of
from khien.reports.written_selectors import content_of, steps_of, version_at, versions_of
from khien.reports.written_services import OPEN

State = Report.State
# The way of a report, as the strip at the head of its page shows it.
WAY = (State.DRAFT, State.REVIEWED, State.SIGNED, State.SENT, State.RECEIVED)
_PLACE = {State.RETURNED: State.DRAFT, State.CANCELLED: State.DRAFT}


@dataclass(frozen=True, slots=True)
class Box:
    """A text that a person writes: what is asked, what it says, and what another one wrote meanwhile."""

    code: str
    prompt: str
    text: str
    is_required: bool
    conflict: TextConflict | None = None


@dataclass(frozen=True, slots=True)
class FigureShown:
    """A figure as it is said, with how many rows stand behind it."""

    code: str
    title: str
    said: str
    is_known: bool
    count: int


@dataclass(frozen=True, slots=True)
class PartShown:
    """One part of a section: a box to write in, a sentence, or a table by its title and number of rows."""

    kind: str
    words: str = ""
    box: Box | None = None
    rows: int = 0
    register: str = ""


@dataclass(frozen=True, slots=True)
class SectionShown:
    """One section of a report."""

    title: str
    parts: Sequence[PartShown]


@dataclass(frozen=True, slots=True)
class Sheet:
    """Everything the page of a report shows of one version."""

    report: Report
    version: ReportVersion
    definition: Definition | None
    content: Mapping[str, Any]
    sections: Sequence[SectionShown]
    figures: Sequence[FigureShown]
    gaps: Sequence[Gap]
    document: OfficialDocument
    steps: Sequence[ReportStep]
    versions: Sequence[ReportVersion]
    changed: Sequence[ChangedRow]

    @property
    def is_open(self) -> bool:
        """Say whether texts may still be written."""
        return self.report.state in OPEN

    @property
    def way(self) -> list[tuple[str, str]]:
        """Return the steps of the way, each as done, now or ahead."""
        here = WAY.index(_PLACE.get(self.report.state, self.report.state))  # type: ignore[call-overload]
        tones = ("done", "now", "ahead")
        return [(state, tones[(at > here) + (at >= here)]) for at, state in enumerate(WAY)]

    @property
    def blocking(self) -> list[Gap]:
        """Return what keeps the report from being signed."""
        return [gap for gap in self.gaps if gap.is_blocking]

    @property
    def unsure(self) -> list[Gap]:
        """Return what is not known yet, which keeps nothing back."""
        return [gap for gap in self.gaps if not gap.is_blocking]

    @property
    def returned(self) -> ReportStep | None:
        """Return the step that gave the report back, while it lies there."""
        found = [step for step in self.steps if step.what == ReportStep.What.RETURNED]
        return found[-1] if found and self.report.state == State.RETURNED else None

    @property
    def signing(self) -> ReportStep | None:
        """Return the step of its signing."""
        found = [step for step in self.steps if step.what == ReportStep.What.SIGNED]
        return found[-1] if found else None

    def days_left(self, today: date) -> int | None:
        """Return the days until the last day allowed; None where there is none, or it was sent."""
        is_sent = self.report.state in (State.SENT, State.RECEIVED, State.CANCELLED)
        return None if self.report.due_on is None or is_sent else (self.report.due_on - today).days


def sheet_of(
    report: Report, *, typed: Mapping[str, str] | None = None, refused: KhienError | None = None
) -> Sheet:
    """Return the page of a report's newest version.

    Args: typed: texts that were refused and stay in their boxes; refused: why
    """
    version = version_at(report)
    content = content_of(version)
    conflicts = {one.code: one for one in getattr(refused, "conflicts", ())}
    texts = {**version.texts, **(typed or {})}
    is_signed = report.state in (State.SIGNED, State.SENT, State.RECEIVED)
    return Sheet(
        report=report,
        version=version,
        definition=load_definitions().get(report.definition),
        content=content,
        sections=[_section(one, texts, conflicts) for one in content["sections"]],
        figures=[_figure(code, one) for code, one in content["figures"].items()],
        gaps=[] if is_signed else gaps_of(version),
        document=document_of(version),
        steps=list(steps_of(report)),
        versions=list(versions_of(report)[:30]),
        changed=changed_rows(version)[:50] if is_signed else [],
    )


def _section(
    section: Mapping[str, Any], texts: Mapping[str, str], conflicts: Mapping[str, TextConflict]
) -> SectionShown:
    parts = [_part(part, texts, conflicts) for part in section["parts"]]
    return SectionShown(section["title"] or "", [part for part in parts if part])


def _part(
    part: Mapping[str, Any], texts: Mapping[str, str], conflicts: Mapping[str, TextConflict]
) -> PartShown | None:
    match part["kind"]:
        case "text":
            code = part["code"]
            box = Box(
                code, part["prompt"], texts.get(code, ""), part["is_required"], conflicts.get(code)
            )
            return PartShown("text", box=box)
        case "sentence" | "heading":
            return PartShown(part["kind"], words=part["words"])
        case "table":
            register = part.get("register", "")
            return PartShown(
                "table", words=part["title"], rows=len(part["rows"]), register=register
            )
        case _:
            return None


def _figure(code: str, figure: Mapping[str, Any]) -> FigureShown:
    count = len(figure["rows"]) + len(figure["unsure"]) + len(figure["items"])
    return FigureShown(code, figure["title"], figure["said"], figure["value"] is not None, count)


_CODE = re.compile(r"chu-([a-z0-9_]{1,60})")


def typed_texts(posted: Mapping[str, str], names: Iterable[str]) -> dict[str, str]:
    """Return the texts of a form by their codes."""
    found = ((_CODE.fullmatch(name), name) for name in names)
    return {match[1]: posted[name] for match, name in found if match}
