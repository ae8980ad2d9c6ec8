"""What bringing in and correcting a text puts on record."""

from khien.kernel.language import Text
from khien.ledger.events import register

STRUCTURE_CORRECTED = register(
    "adoption.structure_corrected",
    Text(
        "{by} sửa cấu trúc văn bản {subject}, lần {number}: {kind} tại dòng {line}.",
        "{by} corrected the structure of {subject}, correction {number}: {kind} at line {line}.",
    ),
)
CORRECTION_UNDONE = register(
    "adoption.correction_undone",
    Text(
        "{by} hoàn tác lần sửa cấu trúc số {number} của văn bản {subject}.",
        "{by} undid correction {number} of the structure of {subject}.",
    ),
)
CORRECTION_REDONE = register(
    "adoption.correction_redone",
    Text(
        "{by} làm lại lần sửa cấu trúc số {number} của văn bản {subject}.",
        "{by} redid correction {number} of the structure of {subject}.",
    ),
)
HEAD_CORRECTED = register(
    "adoption.head_corrected",
    Text(
        "{by} sửa thông tin văn bản {subject}: {fields}.",
        "{by} corrected the head of {subject}: {fields}.",
    ),
)
TEXT_DROPPED = register(
    "adoption.text_dropped",
    Text("{by} bỏ văn bản nhập {subject}.", "{by} dropped the imported text {subject}."),
)
