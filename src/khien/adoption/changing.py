"""Taking an imported text in hand to change it: only while it is reviewed, only as it was seen."""

from __future__ import annotations

from khien.adoption.errors import TextChangedMeanwhile, TextSettled
from khien.adoption.models import ImportedText
from khien.registers.services import Act


def open_text(text: ImportedText, *, expected_version: int | None) -> ImportedText:
    """Return the text as it stands, locked until the transaction ends.

    Args:   expected_version: the version the person saw; None where what is changed has a version of its own
    Raises: TextSettled: it is submitted, in force or dropped; TextChangedMeanwhile: someone else changed it
    """
    current = ImportedText.objects.select_for_update().get(pk=text.pk)
    if current.state != ImportedText.State.REVIEWING:
        raise TextSettled(text=current.code)
    if expected_version is not None and current.version != expected_version:
        raise TextChangedMeanwhile(by=current.changed_by)
    return current


def mark_changed(text: ImportedText, act: Act, *fields: str) -> None:
    """Save fields of a text that was changed, with who and when, as a new version."""
    text.version += 1
    text.changed_at, text.changed_by = act.now, act.by
    text.save(update_fields=[*fields, "version", "changed_at", "changed_by"])
