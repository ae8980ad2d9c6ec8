"""What was verified of a bundle, as codes with sentences: shown on the board, written into the receipt."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from khien.exchange.witnessing import Continuity
from khien.kernel.language import Text

Tone = Literal["good", "note", "bad"]


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that was verified, or could not be."""

    code: str
    tone: Tone
    text: Text


SIGNED: Final = "signed"
WHOLE: Final = "whole"
PROVEN: Final = "proven"
UNPROVEN_ITEMS: Final = "unproven_items"
FALSE_PROOF: Final = "false_proof"
GAP: Final = "gap"
LATE: Final = "late"
OLD_KEY: Final = "old_key"
UNKNOWN_UNIT: Final = "unknown_unit"
NEWER: Final = "newer"

_ALL: Final = (
    Fact(
        SIGNED,
        "good",
        Text("Chữ ký đúng khóa đã đăng ký.", "The signature is that of a registered key."),
    ),
    Fact(
        WHOLE,
        "good",
        Text("Từng byte khớp bản kê đã ký.", "Every byte fits the list that was signed."),
    ),
    Fact(
        PROVEN,
        "good",
        Text(
            "Báo cáo và tài liệu có bằng chứng nằm trong sổ cái của đơn vị gửi.",
            "Reports and documents are proven to stand in the sender's ledger.",
        ),
    ),
    Fact(
        UNPROVEN_ITEMS,
        "note",
        Text(
            "Một số mục không kèm bằng chứng sổ cái; chỉ có chữ ký của gói.",
            "Some items come without a proof of the ledger; only the bundle's signature stands for them.",
        ),
    ),
    Fact(
        FALSE_PROOF,
        "bad",
        Text(
            "Có bằng chứng sổ cái sai: mục đó không nằm trong sổ cái đã ký.",
            "A proof of the ledger is false: that entry does not stand in the signed ledger.",
        ),
    ),
    Fact(
        GAP,
        "note",
        Text(
            "Thiếu gói trước gói này theo số thứ tự.",
            "By their numbers, bundles before this one are missing.",
        ),
    ),
    Fact(
        LATE,
        "note",
        Text(
            "Gói cũ hơn gói đã nhận; giữ làm lịch sử, không thay số liệu mới hơn.",
            "Older than what was received before; kept as history, newer figures stay.",
        ),
    ),
    Fact(
        OLD_KEY,
        "note",
        Text(
            "Ký bằng khóa nay đã thay; ngày lập do bên gửi ghi.",
            "Signed by a key that was replaced since; the date is what the sender wrote.",
        ),
    ),
    Fact(
        UNKNOWN_UNIT,
        "note",
        Text(
            "Có đơn vị chưa có trong cây đơn vị ở đây; nội dung giữ dưới đơn vị gửi.",
            "It tells of units that the tree here lacks; their content is kept under the sender.",
        ),
    ),
    Fact(
        NEWER,
        "note",
        Text(
            "Lập bằng Khiên mới hơn; phần chưa biết được giữ nguyên, không dùng.",
            "Made by a newer Khiên; what is not known here is kept and not used.",
        ),
    ),
    Fact(
        Continuity.FIRST,
        "good",
        Text(
            "Mốc sổ cái đầu tiên của đơn vị gửi đã được đồng ký.",
            "The sender's first ledger checkpoint was co-signed.",
        ),
    ),
    Fact(
        Continuity.SAME,
        "good",
        Text(
            "Sổ cái như mốc đã đồng ký lần trước; đã đồng ký lại.",
            "The ledger is as it was co-signed before; co-signed again.",
        ),
    ),
    Fact(
        Continuity.CONTINUES,
        "good",
        Text(
            "Sổ cái nối tiếp mốc đã đồng ký lần trước, có bằng chứng; đã đồng ký mốc mới.",
            "The ledger provably continues what was co-signed before; the new checkpoint was co-signed.",
        ),
    ),
    Fact(
        Continuity.OLDER,
        "note",
        Text(
            "Mốc sổ cái cũ hơn mốc đã đồng ký; không đồng ký lại.",
            "The checkpoint is older than the one co-signed; it was not co-signed again.",
        ),
    ),
    Fact(
        Continuity.UNPROVEN,
        "note",
        Text(
            "Gói không kèm bằng chứng sổ cái nối tiếp mốc đã đồng ký; chưa đồng ký.",
            "The bundle brings no proof that the ledger continues what was co-signed; not co-signed.",
        ),
    ),
    Fact(
        Continuity.FORKED,
        "bad",
        Text(
            "SỔ CÁI RẼ NHÁNH: sổ cái của đơn vị gửi đã bị viết lại sau mốc đã đồng ký.",
            "FORKED LEDGER: the sender's ledger was rewritten after it was co-signed.",
        ),
    ),
    Fact(
        Continuity.ROLLED_BACK,
        "bad",
        Text(
            "SỔ CÁI BỊ CẮT LÙI: ngắn hơn mốc đã đồng ký (khôi phục từ bản cũ, hoặc bị sửa).",
            "LEDGER CUT BACK: shorter than what was co-signed (restored from an old copy, or tampered with).",
        ),
    ),
)
FACTS: Final[Mapping[str, Fact]] = {str(fact.code): fact for fact in _ALL}


def facts_of(codes: Iterable[str]) -> list[Fact]:
    """Return facts by their codes; one that a newer version wrote is shown by its code."""
    return [FACTS.get(code, Fact(code, "note", Text(code, code))) for code in codes]


def worst(codes: Iterable[str]) -> Tone:
    """Return the worst tone among facts."""
    tones = {fact.tone for fact in facts_of(codes)}
    return "bad" if "bad" in tones else "note" if "note" in tones else "good"
