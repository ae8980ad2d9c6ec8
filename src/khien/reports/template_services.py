"""The only writer of units' own templates: checked, kept under their digest, on record."""

from __future__ import annotations

from django.db import transaction

from khien.kernel.canonical import Json
from khien.kernel.language import Text
from khien.ledger import services as ledger
from khien.org.models import Unit
from khien.org.roles import MANAGE, WRITE
from khien.registers import files
from khien.reports import events
from khien.reports.definitions import Definition
from khien.reports.errors import TemplateRefused
from khien.reports.models import ReportTemplate
from khien.reports.own_templates import check_template
from khien.reports.template_rules import SIZE_MAX
from khien.reports.template_sentences import said_problem
from khien.reports.written_services import must_have
from khien.workflows.doers import Doer

_MAY = (MANAGE, WRITE)
_WHAT = Text("đổi mẫu văn bản", "change the templates of documents")


def add_template(
    unit: Unit, definition: Definition, content: bytes, *, name: str, doer: Doer
) -> ReportTemplate:
    """Keep a unit's own Word template of a report, from the next version on; the one before is retired.

    Returns: the template; the one that stands where it has these very bytes
    Raises:  ReportNotYours; TemplateRefused: each problem named, nothing is kept
    """
    must_have(doer, _MAY, _WHAT)
    if len(content) > SIZE_MAX:
        raise TemplateRefused([said_problem("too_large", "")])
    check_template(content, definition)
    return _keep(unit, definition, files.looked_at(content, name), doer)


@transaction.atomic
def _keep(unit: Unit, definition: Definition, file: files.LookedAt, doer: Doer) -> ReportTemplate:
    Unit.objects.select_for_update().get(pk=unit.pk)
    standing = ReportTemplate.objects.filter(
        unit=unit, definition=definition.code, retired_at=None
    ).first()
    if standing is not None and standing.sha256 == file.sha256:
        return standing
    if standing is not None:
        standing.retired_at, standing.retired_by = doer.now, doer.by
        standing.save(update_fields=["retired_at", "retired_by"])
    files.keep(file)
    made = ReportTemplate(
        unit=unit, definition=definition.code, name=file.name, sha256=file.sha256,
        size_bytes=len(file.content), added_at=doer.now, added_by=doer.by,
        ledger_index=_record(events.TEMPLATE_ADDED, unit, definition, file.sha256, doer),
    )  # fmt: skip
    made.save()
    return made


@transaction.atomic
def retire_template(unit: Unit, definition: Definition, *, doer: Doer) -> ReportTemplate | None:
    """Go back to the layout of the decree from the next version on; None where no template stands.

    Raises: ReportNotYours
    """
    must_have(doer, _MAY, _WHAT)
    standing = (
        ReportTemplate.objects.select_for_update()
        .filter(unit=unit, definition=definition.code, retired_at=None)
        .first()
    )
    if standing is None:
        return None
    standing.retired_at, standing.retired_by = doer.now, doer.by
    standing.save(update_fields=["retired_at", "retired_by"])
    _record(events.TEMPLATE_RETIRED, unit, definition, standing.sha256, doer)
    return standing


def _record(kind: str, unit: Unit, definition: Definition, sha256: str, doer: Doer) -> int:
    body: dict[str, Json] = {
        "unit": unit.code,
        "report": definition.code,
        "title_vi": definition.title.vi,
        "title_en": definition.title.en,
        "sha256": sha256,
        "by": doer.by,
    }
    return ledger.record(kind, subject=f"{unit.code}/{definition.code}", body=body, at=doer.now)
