"""What can be said only when a unit is whole: title or body, section or clause, empty headings."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from khien.norms.text.anomalies import anomaly
from khien.norms.text.model import Anomaly
from khien.norms.text.tree import Draft

_TITLE_MAX = 250
_TITLE_WITH_STOP_MAX = 110
_HEADING_MAX = 180
_EFFECT = (
    "này có hiệu lực",
    "chịu trách nhiệm thi hành",
    "này thay thế",
    "kèm theo Quyết định này",
)


def settle(drafts: Sequence[Draft], deciding: Sequence[bool], anomalies: list[Anomaly]) -> None:
    """Decide titles and kinds of finished drafts, and note headings that have no content.

    Args: deciding: by part, whether it is a decision, whose articles mostly have no title
    """
    groups: dict[int, list[Draft]] = defaultdict(list)
    for draft in drafts:
        if draft.kind == "dieu":
            draft.heading = _has_title(draft, deciding=deciding[draft.part])
            _note_empty(draft, anomalies)
        elif draft.kind in ("phan", "chuong", "muc", "tieu_muc"):
            _note_empty(draft, anomalies)
        elif _is_numbered(draft) and not _has_article(draft):
            groups[id(draft.parent)].append(draft)
        if draft.kind in ("khoan", "diem") and not draft.children and draft.text().endswith(":"):
            anomalies.append(anomaly(draft.start, "list-without-items", draft.local))
    for group in groups.values():
        _settle_group(group)


def _is_numbered(draft: Draft) -> bool:
    return draft.kind == "khoan" or draft.style == "decimal"


def _has_article(draft: Draft) -> bool:
    above: Draft | None = draft.parent
    while above is not None:
        if above.kind == "dieu":
            return True
        above = above.parent
    return False


def _has_title(draft: Draft, *, deciding: bool) -> bool:
    text = draft.text()
    if not text or len(text) > _TITLE_MAX:
        return False
    if text.endswith((";", "./.")) or any(phrase in text for phrase in _EFFECT):
        return False
    if text.endswith((".", ":")):
        if deciding or len(text) > _TITLE_WITH_STOP_MAX or not draft.children:
            return False
        return ". " not in text
    return bool(draft.children) or not deciding


def _note_empty(draft: Draft, anomalies: list[Anomaly]) -> None:
    if draft.children:
        return
    if draft.kind == "dieu" and not draft.heading and draft.text():
        return
    anomalies.append(anomaly(draft.start, "heading-without-content", draft.local))


def _settle_group(group: list[Draft]) -> None:
    """Numbered siblings outside articles are sections when they are headings, clauses when sentences."""
    headings = sum(_is_heading(draft) for draft in group)
    if headings * 2 < len(group):
        for draft in group:
            draft.heading = False
            draft.kind = "khoan"
        return
    for draft in group:
        draft.kind = "muc"
        draft.heading = _is_heading(draft) or not draft.text().endswith((".", ";"))


def _is_heading(draft: Draft) -> bool:
    text = draft.text()
    if draft.heading:
        return True
    if text.endswith(":") and draft.parent is None:
        return False
    return len(text) <= _HEADING_MAX and not text.endswith((".", ";", ","))
