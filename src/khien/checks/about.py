"""Findings about one thing: a row of a register as checks see it now."""

from __future__ import annotations

from khien.checks.models import Finding
from khien.checks.sentences import sentence_of
from khien.checks.shown import Shown
from khien.norms.model import VERDICTS, Library
from khien.norms.rulebook import Rulebook
from khien.org.models import Unit


def findings_about(
    unit: Unit, kind: str, subject: str, *, rulebook: Rulebook, library: Library
) -> list[Shown]:
    """Return what the unit's binding controls found at one subject, worst first, then by control.

    Args: kind: what the subject is, as controls name it (a register's code); subject: its id as text
    """
    rows = Finding.objects.filter(unit=unit, to_at=None, subject_kind=kind, subject=subject)
    found = []
    for row in rows:
        rule = rulebook.rules.get(row.control)
        if rule is None or not rule.binding:
            continue
        control = library.controls[row.control]
        detail = {"host_name": row.subject, **row.detail}
        said = sentence_of(control, row.reason, detail, rule=rule, library=library)
        found.append(Shown(row, None, said))
    order = ("fail", "unknown", *VERDICTS)
    return sorted(found, key=lambda s: (order.index(s.verdict), s.finding.control))
