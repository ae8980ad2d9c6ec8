"""Where the search box looks: each function finds one kind of thing among what a person may see."""

from __future__ import annotations

from functools import cache, lru_cache

from khien.checks.machines import MachineQuery, machines_found
from khien.desk.search.field import Field
from khien.desk.search.hits import NOWHERE, Hit, HitGroup, Sought, same
from khien.desk.targets import (
    case_target,
    clause_target,
    control_target,
    document_target,
    known_unit_target,
    machine_target,
    register_target,
    row_target,
    unit_target,
)
from khien.kernel.clock import now_utc
from khien.kernel.language import Text
from khien.kernel.vietnamese import search_key
from khien.norms.library import load_library, per_library
from khien.norms.model import Clause, Control, Document
from khien.norms.wording import clause_name
from khien.org.models import Unit
from khien.registers.declarations import load_registers
from khien.registers.finding import rows_found
from khien.workflows.reading import load_workflows
from khien.workflows.selectors import cases_of

CASES_MAX = 500
PERSONS = "person"


def units(sought: Sought, field: Field) -> HitGroup:
    """Find units by name, place or code."""
    keyed = ((_unit_key(unit), unit) for unit in field.known.values())
    found, is_cut = sought.best(keyed)
    hits = [
        Hit(
            Text(unit.name_vi, unit.name_en),
            same(unit.place),
            (unit_target if unit.pk in field.readable else known_unit_target)(unit.code),
        )
        for unit in found
    ]
    return HitGroup("unit", Text("Đơn vị", "Units"), hits, is_cut)


def _unit_key(unit: Unit) -> str:
    return _key_of(f"{unit.name_vi} {unit.name_en} {unit.place} {unit.code}")


@lru_cache(4096)
def _key_of(text: str) -> str:
    return search_key(text)


def machines(sought: Sought, field: Field) -> HitGroup:
    """Find machines by name."""
    query = MachineQuery(words=sought.text)
    found = machines_found(list(field.readable.values()), query, now=now_utc())
    hosts = list(found[: sought.limit + 1])
    hits = [
        Hit(
            same(host.name),
            field.name_of(host.unit_id),
            machine_target(host.unit.code, host.host_uid),
        )
        for host in hosts[: sought.limit]
    ]
    return HitGroup("machine", Text("Máy", "Machines"), hits, len(hosts) > sought.limit)


def persons_and_rows(sought: Sought, field: Field, *, is_deep: bool) -> tuple[HitGroup, HitGroup]:
    """Find rows of registers; persons stand in a group of their own."""
    registers = load_registers()
    found = rows_found(
        field.readable.values(), sought.text, limit=3 * sought.limit, is_deep=is_deep
    )
    groups: dict[bool, list[Hit]] = {True: [], False: []}
    for row in found:
        register = registers.get(row.register)
        if register is None:
            continue
        unit, is_person = field.readable[row.unit_id], row.register == PERSONS
        where = _joined(field.name_of(unit.pk), NOWHERE if is_person else register.title)
        target = row_target(unit.code, row.register, row.number)
        groups[is_person].append(Hit(same(row.name), where, target))
    return (
        _cut("person", Text("Người", "Persons"), groups[True], sought.limit),
        _cut("row", Text("Dòng sổ", "Rows of registers"), groups[False], sought.limit),
    )


def _cut(kind: str, word: Text, hits: list[Hit], limit: int) -> HitGroup:
    return HitGroup(kind, word, hits[:limit], len(hits) > limit)


def _joined(*parts: Text) -> Text:
    """Return texts with a dot between; empty ones are left out."""
    return Text(
        " · ".join(part.vi for part in parts if part.vi),
        " · ".join(part.en for part in parts if part.en),
    )


@per_library
def _control_keys() -> tuple[tuple[str, Control], ...]:
    controls = load_library().controls.values()
    return tuple((search_key(f"{c.title.vi} {c.title.en} {c.id}"), c) for c in controls)


def controls(sought: Sought, field: Field) -> HitGroup:
    """Find controls by title; they lead to the unit in hand."""
    found, is_cut = sought.best(_control_keys() if field.home else ())
    code = field.home.code if field.home else ""
    hits = [
        Hit(control.title, same(control.id), control_target(code, control.id)) for control in found
    ]
    return HitGroup("control", Text("Biện pháp", "Controls"), hits, is_cut)


@per_library
def _clause_keys() -> tuple[tuple[str, tuple[Document, Clause]], ...]:
    return tuple(
        (search_key(f"{clause.text.vi} {clause.text.en}"), (document, clause))
        for document in load_library().documents.values()
        for clause in document.clauses.values()
    )


def clauses(sought: Sought, field: Field) -> HitGroup:
    """Find clauses by our own statement of them, or by how one says their place."""
    del field
    found, is_cut = sought.best(_clause_keys())
    hits = [
        Hit(
            Text(_short(clause.text.vi), _short(clause.text.en)),
            _joined(clause_name(clause.path), document.short),
            clause_target(document.id, clause.path),
        )
        for document, clause in found
    ]
    return HitGroup("clause", Text("Điều khoản", "Clauses"), hits, is_cut)


def _short(text: str) -> str:
    return text if len(text) <= 140 else f"{text[:139].rsplit(' ', 1)[0]}…"


def documents(sought: Sought, field: Field) -> HitGroup:
    """Find regulations by title, short name or number."""
    del field
    held = load_library().documents.values()
    keyed = [
        (search_key(f"{d.title.vi} {d.title.en} {d.short.vi} {d.number or ''}"), d) for d in held
    ]
    found, is_cut = sought.best(keyed)
    hits = [Hit(d.title, d.short, document_target(d.id)) for d in found]
    return HitGroup("document", Text("Văn bản", "Documents"), hits, is_cut)


def cases(sought: Sought, field: Field) -> HitGroup:
    """Find cases of processes among the newest."""
    workflows = load_workflows()
    newest = cases_of(field.readable.values())[:CASES_MAX]
    titled = [
        (case, workflows[case.workflow].title) for case in newest if case.workflow in workflows
    ]
    found, is_cut = sought.best(
        (search_key(f"{c.title} {title.vi} {title.en}"), (c, title)) for c, title in titled
    )
    hits = [
        Hit(
            Text(f"{title.vi}: {case.title}", f"{title.en}: {case.title}"),
            field.name_of(case.unit_id),
            case_target(case.unit.code, case.number),
        )
        for case, title in found
    ]
    return HitGroup("case", Text("Hồ sơ quy trình", "Cases of processes"), hits, is_cut)


@cache
def _register_keys() -> tuple[tuple[str, tuple[str, Text]], ...]:
    registers = load_registers().values()
    return tuple((search_key(f"{r.title.vi} {r.title.en}"), (r.code, r.title)) for r in registers)


def registers(sought: Sought, field: Field) -> HitGroup:
    """Find registers by name; they are those of the unit in hand."""
    found, is_cut = sought.best(_register_keys() if field.home else ())
    unit = field.home.code if field.home else ""
    hits = [Hit(title, NOWHERE, register_target(unit, code)) for code, title in found]
    return HitGroup("register", Text("Sổ", "Registers"), hits, is_cut)
