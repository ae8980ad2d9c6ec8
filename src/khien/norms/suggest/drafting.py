"""A first draft of a control of the unit's own, for a clause that no control fits; a person finishes it."""

from __future__ import annotations

import re

from khien.kernel.vietnamese import nfc
from khien.norms.own_controls import OwnControlWords
from khien.norms.suggest.modality import MUST_NOT, SHOULD
from khien.norms.suggest.suggesting import Suggestion
from khien.norms.suggest.words import words

_TITLE_MAX = 110
# Duties that leave a paper behind are proven by it; others by the statement of who is in charge.
_PAPER = re.compile(
    r" (văn bản|biên bản|kế hoạch|quy trình|hồ sơ|báo cáo|danh sách|danh mục|quyết định|hợp đồng|nội quy"
    r"|sổ theo dõi|giấy|phương án|cam kết|quy chế) "
)
_GRAVE = re.compile(r" (nghiêm cấm|tuyệt đối|bắt buộc|bí mật|ngay lập tức|khẩn cấp) ")
_DUTY = re.compile(r"^(?:phải|có trách nhiệm|cần|chịu trách nhiệm)\s+", re.IGNORECASE)
_HOW_OFTEN = {
    "weekly": "hằng tuần", "monthly": "hằng tháng", "quarterly": "hằng quý", "6-monthly": "sáu tháng một lần",
    "yearly": "hằng năm",
}  # fmt: skip


def drafted_control(suggestion: Suggestion, code: str) -> OwnControlWords:
    """Return a draft: what is to be done in the clause's own first words, how it is proven, how grave it is.

    Args: code: the code the control gets, like OWN-01
    """
    clause = words(suggestion.node.text)
    is_paper = bool(_PAPER.search(clause))
    return OwnControlWords(
        code=code,
        title=_title(suggestion),
        why="Văn bản của đơn vị đặt ra yêu cầu này; thư viện chưa có biện pháp nào tương ứng.",
        fix=_fix(suggestion),
        supply=_PAPER_SUPPLY if is_paper else _STATEMENT_SUPPLY,
        evidence="document" if is_paper else "attest",
        severity=_severity(suggestion, clause),
    )


_PAPER_SUPPLY = (
    "Nạp văn bản đã ký và ghi số, ngày vào sổ văn bản; người có trách nhiệm khai kết quả thực hiện."
)
_STATEMENT_SUPPLY = (
    "Người có trách nhiệm khai kết quả thực hiện, ghi ngày khai và ngày phải khai lại."
)


def _title(suggestion: Suggestion) -> str:
    """Return the clause without who must do it and without the word of duty, cut where a thought ends."""
    said = " ".join(nfc(suggestion.node.text).split())
    actor = suggestion.actor
    if actor and said.startswith(actor):
        said = said[len(actor) :].lstrip(" ,")
    said = _DUTY.sub("", said)
    first = re.split(r"[.;:](?:\s|$)", said, maxsplit=1)[0].strip(" ,.-")
    if len(first) > _TITLE_MAX:
        first = first[:_TITLE_MAX].rsplit(" ", 1)[0].rstrip(" ,") + " …"
    first = first or suggestion.node.path
    return first[:1].upper() + first[1:]


def _fix(suggestion: Suggestion) -> str:
    when = [_HOW_OFTEN[suggestion.frequency]] if suggestion.frequency else []
    when += [deadline.words for deadline in suggestion.deadlines[:1]]
    said = {
        "Người làm": suggestion.actor or "chưa rõ, cần phân công",
        "thời hạn": ", ".join(when),
        "nơi nhận": suggestion.recipient,
        "mẫu": suggestion.form,
    }
    named = "; ".join(f"{what}: {value}" for what, value in said.items() if value)
    return f"{named}. Ghi lại ngày làm và kết quả để có căn cứ khai."


def _severity(suggestion: Suggestion, clause: str) -> str:
    if suggestion.modality.code == SHOULD:
        return "low"
    is_grave = suggestion.modality.code == MUST_NOT or _GRAVE.search(clause)
    return "high" if is_grave else "medium"
