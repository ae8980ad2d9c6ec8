"""The ledger of this instance with its fact files, filed documents and findings, verified against each other."""

from khien.checks.selectors import findings_are_as_recorded
from khien.facts.selectors import altered_evidence
from khien.kernel.language import Text
from khien.ledger.selectors import verified
from khien.registers.beside import altered_attachments

_ALTERED_FINDINGS = Text(
    "Kết quả của lần đánh giá gần nhất khác với lúc ghi vào sổ cái.",
    "The findings of the newest assessment differ from what the ledger recorded.",
)


def altered() -> list[Text]:
    """Return what is wrong with stored facts, filed documents and findings, one sentence each."""
    sentences = [evidence.sentence for evidence in altered_evidence()]
    sentences.extend(altered_attachments())
    if not findings_are_as_recorded():
        sentences.append(_ALTERED_FINDINGS)
    return sentences


__all__ = ["altered", "verified"]
