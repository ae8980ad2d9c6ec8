"""Khiên judged by its own controls: the same statements as for any machine, over facts about Khiên itself."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.db import transaction

from khien.access import events
from khien.access.config import load_access_settings
from khien.access.probes import measure
from khien.access.self_facts import HOST, Rows, facts_of_khien, measured_as_json
from khien.checks.catalogue import RunningCheck, load_checks, tables_used
from khien.checks.runner import run_checks
from khien.checks.sentences import sentence_of
from khien.facts.engine import FactEngine
from khien.facts.register_tables import REGISTER_PREFIX, check_tables
from khien.kernel.canonical import Json, canonical_bytes, sha256_hex
from khien.kernel.clock import vietnam_date
from khien.kernel.language import Text
from khien.ledger import services as ledger
from khien.norms.library import load_library
from khien.norms.rulebook import Rulebook, is_binding
from khien.norms.selectors import rulebooks_of
from khien.norms.wording import cited
from khien.org.models import Unit

# Every control of the library that can be said of an application by itself; the rest is about machines and people.
CONTROLS = (
    "PWD-01",
    "PWD-02",
    "PWD-03",
    "SES-01",
    "SES-02",
    "ACC-01",
    "ACC-08",
    "ACC-09",
    "APP-01",
    "SRV-07",
    "NET-04",
    "LOG-01",
    "LOG-02",
    "LOG-04",
    "BAK-03",
)
# These ask how data travels over a network.
ABOUT_NETWORK = ("APP-01",)
_LOOPBACK = Text(
    "Trang chỉ mở trong chính máy này (loopback): không có gì đi qua mạng.",
    "The pages are for this machine only (loopback): nothing travels over a network.",
)


@dataclass(frozen=True, slots=True)
class SelfVerdict:
    """What one control says of Khiên, and the clause that asks."""

    control: str
    title: Text
    verdict: str
    reason: str
    sentence: Text
    clauses: tuple[Text, ...]
    sources: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class SelfCheck:
    """Khiên judged by the rulebook of a unit."""

    unit: Unit
    at: datetime
    verdicts: tuple[SelfVerdict, ...]
    measured: Mapping[str, Json] = field(default_factory=dict)

    @property
    def measured_sha256(self) -> str:
        """Return the digest of what was measured."""
        return sha256_hex(canonical_bytes(self.measured))

    def count(self, verdict: str) -> int:
        """Return how many controls stand at a verdict."""
        return sum(1 for one in self.verdicts if one.verdict == verdict)

    @property
    def is_clean(self) -> bool:
        """Say whether nothing fails."""
        return self.count("fail") == 0


def check_khien(unit: Unit, *, now: datetime) -> SelfCheck:
    """Judge Khiên by the controls that bind a unit, in their own SQL, over facts that are measured now."""
    rulebook = rulebooks_of([unit], library=load_library(), on=vietnam_date(now))[unit.pk]
    checks = [load_checks()[name] for name in CONTROLS if name in rulebook.rules]
    if not checks:
        return SelfCheck(unit, now, ())
    measured = measure(unit, now=now)
    rows = facts_of_khien(unit, measured, now=now)
    found = _judged(unit, checks, rows, rulebook, now=now)
    verdicts = [
        _verdict(check, rulebook, *found[check.control.id])
        for check in checks
        if check.control.id in found
    ]
    told = tuple(_without_network(one) for one in verdicts)
    return SelfCheck(unit, now, told, measured_as_json(measured))


def _without_network(one: SelfVerdict) -> SelfVerdict:
    """Set aside what asks how data travels, while the pages are for this machine only: nothing travels."""
    if one.control not in ABOUT_NETWORK or not load_access_settings().serve.stays_on_machine:
        return one
    return replace(one, verdict="not_applicable", reason="loopback_only", sentence=_LOOPBACK)


@transaction.atomic
def record_check(done: SelfCheck, *, now: datetime) -> None:
    """Put a self-check on record."""
    body: dict[str, Json] = {
        "passed": done.count("pass"),
        "failed": done.count("fail"),
        "unknown": done.count("unknown"),
        "measured_sha256": done.measured_sha256,
        "reasons": {one.control: one.reason for one in done.verdicts},
    }
    ledger.record(events.SELF_CHECKED, subject=done.unit.code, body=body, at=now)


def _judged(
    unit: Unit, checks: list[RunningCheck], rows: Rows, rulebook: Rulebook, *, now: datetime
) -> dict[str, tuple[str, str, dict[str, Any]]]:
    tables = check_tables()
    needed = set().union(*(tables_used(check, tables) for check in checks)) | set(rows)
    engine = FactEngine({name: tables[name] for name in needed})
    try:
        _fill(engine, unit, rows, now=now)
        engine.settle(as_of=now)
        run_checks(checks, engine, {unit.pk: rulebook})
        answers = engine.sql.execute("SELECT control_id, verdict, reason, detail FROM outcome")
        return {c: (v, r, json.loads(d)) for c, v, r, d in answers.fetchall()}
    finally:
        engine.close()


def _fill(engine: FactEngine, unit: Unit, rows: Rows, *, now: datetime) -> None:
    machine = {
        "host_id": HOST,
        "unit_id": unit.pk,
        "host_name": "Khiên",
        "kind": "server",
        "os_family": "linux",
    }
    engine.add_hosts([machine])
    keys = {"intake_id": 1, "host_id": HOST}
    for table, given in rows.items():
        if table.startswith(REGISTER_PREFIX):
            row = {"unit_id": unit.pk, "row_number": 1, "changed_at": now}
            engine.add_rows(table, [row | one for one in given])
            continue
        engine.add_rows(table, [keys | one for one in given])
    engine.add_collections(
        [
            {
                **keys,
                "table_name": t,
                "status": "ok" if given else "empty",
                "row_count": len(given),
                "collected_at": now,
            }
            for t, given in rows.items()
            if not t.startswith(REGISTER_PREFIX)
        ]
    )
    engine.add_register_states(
        [
            {
                "unit_id": unit.pk,
                "register": t.removeprefix(REGISTER_PREFIX),
                "row_count": len(given),
                "confirmed_on": None,
            }
            for t, given in rows.items()
            if t.startswith(REGISTER_PREFIX)
        ]
    )


def _verdict(
    check: RunningCheck, rulebook: Rulebook, verdict: str, reason: str, detail: Mapping[str, Any]
) -> SelfVerdict:
    library, rule = load_library(), rulebook.rules[check.control.id]
    asked = list(dict.fromkeys((c.document, c.path) for c, d in rule.sources if is_binding(d)))
    return SelfVerdict(
        control=check.control.id,
        title=check.control.title,
        verdict=verdict,
        reason=reason,
        sentence=sentence_of(check.control, reason, detail, rule=rule, library=library),
        clauses=tuple(cited(library.documents[document], path) for document, path in asked),
        sources=tuple(asked),
    )
