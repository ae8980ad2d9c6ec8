"""Tasks from the installation's own texts: one that waits for approval, one given back, one soon in force."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from khien.adoption.force.selectors import coming_into_force, given_back, waiting_for_approval
from khien.adoption.models import ImportedText
from khien.desk.targets import Target, document_target
from khien.desk.tasks.task import Asked, Task
from khien.kernel.language import Text

AHEAD_DAYS = 30


def on_their_way(asked: Asked) -> Iterable[Task]:
    """Find texts that wait for a leader or for who wrote them, and the day on which one comes into force."""
    for text in waiting_for_approval(asked.units):
        yield _task(asked, text, Text("Phê duyệt văn bản {code}", "Approve the text {code}"))
    for text in given_back(asked.units):
        title = Text("Sửa văn bản {code} theo ý kiến trả lại", "Change the text {code} as asked")
        note = text.decided_note
        yield _task(asked, text, title, why=Text(note, note))
    until = asked.today + timedelta(days=AHEAD_DAYS)
    for publication in coming_into_force(asked.units, after=asked.today, until=until):
        name = publication.code
        yield Task(
            source="texts",
            title=Text(f"Văn bản {name} bắt đầu áp dụng", f"The text {name} comes into force"),
            target=document_target(name),
            due_on=publication.in_force_from,
            rank=2,
        )


def _task(asked: Asked, text: ImportedText, title: Text, why: Text | None = None) -> Task:
    return Task(
        source="texts",
        title=title.fill({"code": text.code}),
        target=Target("text_approval", (("text", text.code),)),
        why=why,
        is_urgent=True,
        where=asked.where(text.unit),
    )
