"""The draft of a plan as a file to edit, number and sign: from its frozen content, the same bytes each time."""

from __future__ import annotations

from datetime import datetime

from khien.plans.content import plan_content
from khien.plans.models import PlanDraft
from khien.reports.errors import UnknownFormat
from khien.reports.plan_vi import compose_plan
from khien.reports.services import FORMATS


def plan_file(draft: PlanDraft, file_format: str, *, now: datetime) -> tuple[str, str, bytes]:
    """Return the name, the media type and the bytes of a draft's file.

    Raises: UnknownFormat
    """
    if file_format not in FORMATS:
        raise UnknownFormat(format=file_format, known=", ".join(FORMATS))
    chosen = FORMATS[file_format]
    name = f"ke-hoach-{draft.unit.code}-{draft.number}.{file_format}"
    return name, chosen.media_type, chosen.render(compose_plan(plan_content(draft, now=now)))
