"""The ledger of this instance with its fact files, filed documents and findings, verified against each other."""

from khien.checks.selectors import findings_are_as_recorded, standing_is_as_counted
from khien.facts.evidence import altered_evidence
from khien.kernel.language import Text
from khien.ledger.selectors import verified
from khien.norms.library import load_library
from khien.registers.beside import altered_attachments

_ALTERED_FINDINGS = Text(
    "Kết quả của lần đánh giá gần nhất khác với lúc ghi vào sổ cái.",
    "The findings of the newest assessment differ from what the ledger recorded.",
)
_MISCOUNTED = Text(
    "Số đếm mà các trang hiển thị khác với kết quả đã lưu. Đếm lại: khien assess --recount.",
    "The counts that pages show differ from the stored findings. Count again: khien assess --recount.",
)


def altered() -> list[Text]:
    """Return what is wrong with stored facts, filed documents and findings, one sentence each."""
    sentences = [evidence.sentence for evidence in altered_evidence()]
    sentences.extend(altered_attachments())
    if not findings_are_as_recorded():
        sentences.append(_ALTERED_FINDINGS)
    if not standing_is_as_counted(library=load_library()):
        sentences.append(_MISCOUNTED)
    return sentences


__all__ = ["altered", "verified"]
