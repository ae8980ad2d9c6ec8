"""What people call the states of an imported text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from khien.adoption.models import ImportedText
from khien.kernel.language import Text

STATES: Final[Mapping[str, Text]] = {
    ImportedText.State.REVIEWING: Text("đang rà soát", "being reviewed"),
    ImportedText.State.SUBMITTED: Text("đã trình duyệt", "submitted"),
    ImportedText.State.APPROVED: Text("đã đưa vào áp dụng", "put into force"),
    ImportedText.State.WITHDRAWN: Text("đã rút", "withdrawn"),
    ImportedText.State.DROPPED: Text("đã bỏ", "dropped"),
}


def state_word(text: ImportedText) -> Text:
    """Return what people call the state of a text."""
    return STATES[text.state]
