"""Whether a signed file that comes back is the one that left: our own bytes, and nothing but signatures after."""

from __future__ import annotations

import json
from collections.abc import Mapping
from itertools import islice
from typing import Final, Literal

from khien.kernel.language import Text
from khien.reports.models import Report, ReportVersion
from khien.reports.rendering import COMPOSERS
from khien.reports.services import FORMATS
from khien.reports.written_selectors import versions_of
from khien.signatures.bounded import changes_after

Kinship = Literal["same", "unsigned", "changed", "another"]
KINSHIP_WORDS: Final[Mapping[Kinship, Text]] = {
    "same": Text(
        "Tệp đúng là bản PDF Khiên đã xuất, chỉ thêm chữ ký.",
        "The file is the PDF that Khiên made, with signatures added and nothing else.",
    ),
    "unsigned": Text(
        "Tệp đúng là bản PDF Khiên đã xuất, chưa có chữ ký nào.",
        "The file is the PDF that Khiên made, without any signature.",
    ),
    "changed": Text(
        "Tệp bắt đầu bằng bản PDF Khiên đã xuất, nhưng ngoài chữ ký còn thêm thứ khác: đọc lại trước khi dùng.",
        "The file begins as the PDF that Khiên made, but more than signatures was added: read it before use.",
    ),
    "another": Text(
        "Tệp không phải bản PDF Khiên đã xuất, hoặc đã được chương trình khác ghi lại: người ghi nhận tự đối "
        "chiếu nội dung.",
        "The file is not the PDF that Khiên made, or another program rewrote it: who records it compares.",
    ),
}
_VERSIONS_MAX: Final = 20


def kinship_of(version: ReportVersion, content: bytes) -> Kinship:
    """Say whether a file is a version as Khiên made it, with signatures added; judged by bytes, not by looks.

    Raises: TypesettingFailed
    """
    ours = unsigned_pdf(version)
    if content == ours:
        return "unsigned"
    if not content.startswith(ours):
        return "another"
    return "same" if changes_after(content, len(ours)) in ("signatures", "archive") else "changed"


def version_of_file(report: Report, content: bytes) -> tuple[ReportVersion | None, Kinship]:
    """Return which version of a report a file began as, the newest first, and what became of it.

    Raises: TypesettingFailed
    """
    for version in islice(versions_of(report), _VERSIONS_MAX):
        kinship = kinship_of(version, content)
        if kinship != "another":
            return version, kinship
    return None, "another"


def unsigned_pdf(version: ReportVersion) -> bytes:
    """Return the PDF of a version as it was before anybody signed: number and signer still open.

    Raises: TypesettingFailed
    """
    content = json.loads(version.snapshot.content)
    document = COMPOSERS[version.snapshot.form](content, version.texts, None)
    return FORMATS["pdf"].render(document)
