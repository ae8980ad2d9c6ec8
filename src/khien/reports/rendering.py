"""Files of written reports: from a version's frozen content and texts, the same bytes each time."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from khien.reports.blocks import OfficialDocument
from khien.reports.errors import UnknownFormat
from khien.reports.models import Report, ReportStep, ReportVersion
from khien.reports.own_templates import fill_template
from khien.reports.services import FORMATS, FileFormat
from khien.reports.template_selectors import template_content
from khien.reports.written_vi import Signature, Texts, compose_written

# A composer for every form of content that was ever stored; one of an old form is never taken away.
COMPOSERS: Mapping[
    int, Callable[[Mapping[str, Any], Texts, Signature | None], OfficialDocument]
] = {1: compose_written}


def document_of(version: ReportVersion) -> OfficialDocument:
    """Return a version as an official document, with number, day and signer once it was signed."""
    content = json.loads(version.snapshot.content)
    return COMPOSERS[version.snapshot.form](content, version.texts, signature_of(version))


def report_file(version: ReportVersion, file_format: str) -> tuple[str, FileFormat, bytes]:
    """Return the name, the format and the bytes of a version's file; reads nothing but what was frozen.

    The Word file is laid out by the unit's own template that stood when the version was made.
    Raises: UnknownFormat, TypesettingFailed, TemplateRefused; AttachmentAltered: the template was changed
    """
    if file_format not in FORMATS:
        raise UnknownFormat(format=file_format, known=", ".join(FORMATS))
    chosen = FORMATS[file_format]
    document = document_of(version)
    if file_format == "docx" and version.template is not None:
        content = json.loads(version.snapshot.content)
        made = fill_template(template_content(version.template), document, content, version.texts)
    else:
        made = chosen.render(document)
    return file_name(version, file_format), chosen, made


def file_name(version: ReportVersion, file_format: str) -> str:
    """Return the name of a version's file."""
    report: Report = version.report
    what = report.definition.replace("_", "-")
    return f"{what}-{report.unit.code}-{report.number}-v{version.number}.{file_format}"


def signature_of(version: ReportVersion) -> Signature | None:
    """Return what is known of a version's signing; None before it was signed."""
    step = version.steps.filter(what=ReportStep.What.SIGNED).last()
    if step is None:
        return None
    given = step.given
    return Signature(given["number"], given["signed_on"], given["signer"], given["capacity"])
