"""The ledger, the fact files and the findings of this instance, verified against each other."""

from khien.checks.selectors import findings_are_as_recorded
from khien.facts.selectors import altered_evidence
from khien.kernel.language import Text
from khien.ledger.selectors import verified

_ALTERED_FINDINGS = Text(
    "Kết quả của lần đánh giá gần nhất khác với lúc ghi vào sổ cái.",
    "The findings of the newest assessment differ from what the ledger recorded.",
)


def altered() -> list[Text]:
    """Return what is wrong with stored facts and findings, one sentence each."""
    sentences = [evidence.sentence for evidence in altered_evidence()]
    if not findings_are_as_recorded():
        sentences.append(_ALTERED_FINDINGS)
    return sentences


__all__ = ["altered", "verified"]
