"""Recording of a signed paper: the signatures of its file are read first, then it is filed with what was read."""

from __future__ import annotations

from dataclasses import replace

from khien.kernel.canonical import Json
from khien.reports.models import Report, ReportStep
from khien.reports.signed_files import version_of_file
from khien.reports.step_services import Signing, sign_report
from khien.signatures.readings import as_json
from khien.signatures.services import read_and_keep
from khien.workflows.doers import Doer

_PDF = b"%PDF-"


def record_signature(report: Report, signing: Signing, *, seen: int, doer: Doer) -> ReportStep:
    """Read the signatures of a PDF, then record that the report was signed; nothing more is claimed than was read.

    What was read also says whether the file is the PDF that left, with signatures added (`signed_files`).
    Not inside a transaction: reading a hostile file takes as long as it is allowed to.
    Raises: what `sign_report` raises
    """
    if signing.file.startswith(_PDF):
        reading = read_and_keep(signing.file, now=doer.now)
        if reading.signatures or reading.problem:
            is_intact = any(not one.is_broken for one in reading.signatures)
            told: dict[str, Json] = dict(as_json(reading))
            if reading.signatures:
                _, told["kinship"] = version_of_file(report, signing.file)
            signing = replace(signing, reading=told, is_intact=is_intact)
    return sign_report(report, signing, seen=seen, doer=doer)
