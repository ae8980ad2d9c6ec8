"""The ledger with fact files, documents, reports and findings, verified against each other."""

from khien.checks.selectors import findings_are_as_recorded, standing_is_as_counted
from khien.exchange.submission_selectors import altered_bundles, cosignatures
from khien.facts.evidence import altered_evidence
from khien.kernel.clock import said_moment
from khien.kernel.language import Text
from khien.ledger.selectors import verified
from khien.norms.library import load_library
from khien.registers.beside import altered_attachments
from khien.reports.verifying import altered_reports

_ALTERED_FINDINGS = Text(
    "Kết quả của lần đánh giá gần nhất khác với lúc ghi vào sổ cái.",
    "The findings of the newest assessment differ from what the ledger recorded.",
)
_MISCOUNTED = Text(
    "Số đếm mà các trang hiển thị khác với kết quả đã lưu. Đếm lại: khien assess --recount.",
    "The counts that pages show differ from the stored findings. Count again: khien assess --recount.",
)
_COSIGNED = Text(
    "{size} bản ghi đầu được {name} đồng ký lúc {at}.",
    "The first {size} entries were co-signed by {name} at {at}.",
)
_FALSE = Text(
    "Chữ ký đồng ký của {name} cho {size} bản ghi đầu không đúng.",
    "The co-signature of {name} on the first {size} entries does not hold.",
)


def altered() -> list[Text]:
    """Return what is wrong with stored facts, filed documents and findings, one sentence each."""
    sentences = [evidence.sentence for evidence in altered_evidence()]
    sentences.extend(altered_attachments())
    sentences.extend(altered_bundles())
    sentences.extend(altered_reports())
    if not findings_are_as_recorded():
        sentences.append(_ALTERED_FINDINGS)
    if not standing_is_as_counted(library=load_library()):
        sentences.append(_MISCOUNTED)
    return sentences


def cosigned() -> list[tuple[Text, str, bool]]:
    """Return who co-signed this ledger: a sentence, the co-signed checkpoint, whether the signature holds."""
    return [
        (
            (_COSIGNED if one.is_valid else _FALSE).fill(
                {"name": one.partner.name_vi, "at": said_moment(one.at), "size": one.size}
            ),
            one.note,
            one.is_valid,
        )
        for one in cosignatures()
    ]


__all__ = ["altered", "cosigned", "verified"]
