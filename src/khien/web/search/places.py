"""Where the search box looks: each function finds one kind of thing among what a person may see."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

from django.urls import reverse
from django.utils.translation import gettext_lazy

from khien.checks.machines import MachineQuery, machines_found
from khien.kernel.clock import now_utc
from khien.kernel.language import Text
from khien.kernel.vietnamese import search_key
from khien.norms.library import load_library
from khien.norms.model import Clause, Control, Document
from khien.norms.wording import clause_name
from khien.org.models import Unit, User
from khien.registers.declarations import Register, load_registers
from khien.registers.finding import rows_found
from khien.web.navigation import address_of, menu
from khien.web.search.hits import HitGroup, Sought
from khien.web.tasks.from_findings import register_address
from khien.web.tasks.task import first_address
from khien.workflows.reading import load_workflows
from khien.workflows.selectors import cases_of

CASES_MAX = 500
PERSONS = "person"


@dataclass(frozen=True, slots=True)
class Field:
    """What a person may see: units by name, units to read, and the unit in hand."""

    user: User
    known: Mapping[int, Unit]
    readable: Mapping[int, Unit]
    home: Unit | None

    def name_of(self, unit_id: int) -> str:
        """Return a unit's name where several are seen; nothing where there is but one."""
        unit = self.readable[unit_id]
        return str(Text(unit.name_vi, unit.name_en)) if len(self.readable) > 1 else ""


def units(sought: Sought, field: Field) -> HitGroup:
    """Find units by name, place or code."""
    keyed = ((_unit_key(unit), unit) for unit in field.known.values())
    found, is_cut = sought.best(keyed)
    hits = [
        sought.hit(
            str(Text(unit.name_vi, unit.name_en)),
            unit.place,
            address_of("unit" if unit.pk in field.readable else "tree", unit) or reverse("units"),
        )
        for unit in found
    ]
    return HitGroup(gettext_lazy("Units"), "tree", hits, is_cut)


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
        sought.hit(
            host.name,
            field.name_of(host.unit_id),
            reverse("machine", args=[host.unit.code, host.host_uid]),
        )
        for host in hosts[: sought.limit]
    ]
    return HitGroup(gettext_lazy("Machines"), "machine", hits, len(hosts) > sought.limit)


def persons_and_rows(sought: Sought, field: Field, *, is_deep: bool) -> tuple[HitGroup, HitGroup]:
    """Find rows of registers; persons stand in a group of their own."""
    registers = load_registers()
    found = rows_found(
        field.readable.values(), sought.text, limit=3 * sought.limit, is_deep=is_deep
    )
    groups: dict[bool, list[tuple[str, str, str]]] = {True: [], False: []}
    for row in found:
        register = registers.get(row.register)
        if register is None:
            continue
        unit = field.readable[row.unit_id]
        is_person = row.register == PERSONS
        said = (field.name_of(unit.pk), "" if is_person else str(register.title))
        where = " · ".join(part for part in said if part)
        groups[is_person].append(
            (row.name, where, register_address(unit, row.register, row.number))
        )
    made = {key: [sought.hit(*hit) for hit in hits[: sought.limit]] for key, hits in groups.items()}
    return (
        HitGroup(gettext_lazy("Persons"), "person", made[True], len(groups[True]) > sought.limit),
        HitGroup(
            gettext_lazy("Rows of registers"),
            "register",
            made[False],
            len(groups[False]) > sought.limit,
        ),
    )


@cache
def _control_keys() -> tuple[tuple[str, Control], ...]:
    controls = load_library().controls.values()
    return tuple((search_key(f"{c.title.vi} {c.title.en} {c.id}"), c) for c in controls)


def controls(sought: Sought, field: Field) -> HitGroup:
    """Find controls by title; they lead to the unit in hand."""
    found, is_cut = sought.best(_control_keys() if field.home else ())
    code = field.home.code if field.home else ""
    hits = [
        sought.hit(str(control.title), control.id, reverse("control", args=[code, control.id]))
        for control in found
    ]
    return HitGroup(gettext_lazy("Controls"), "rules", hits, is_cut)


@cache
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
        sought.hit(
            _short(str(clause.text)),
            f"{clause_name(clause.path)} · {document.short}",
            f"{reverse('library-document', args=[document.id])}#{clause.path}",
        )
        for document, clause in found
    ]
    return HitGroup(gettext_lazy("Clauses"), "document", hits, is_cut)


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
    hits = [
        sought.hit(str(d.title), str(d.short), reverse("library-document", args=[d.id]))
        for d in found
    ]
    return HitGroup(gettext_lazy("Documents"), "library", hits, is_cut)


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
        sought.hit(
            f"{title}: {case.title}",
            field.name_of(case.unit_id),
            first_address(("workflow-case",), case.unit.code, case.number),
        )
        for case, title in found
    ]
    return HitGroup(gettext_lazy("Cases of processes"), "workflow", hits, is_cut)


def pages(sought: Sought, field: Field) -> HitGroup:
    """Find pages and registers by name."""
    keyed: list[tuple[str, tuple[str, str]]] = [
        (search_key(place.word), (place.word, place.address))
        for place in menu(field.user, field.home, here="")
    ]
    if field.home is not None and field.home.pk in field.readable:
        keyed += list(_register_pages(load_registers().values(), field.home))
    found, is_cut = sought.best(keyed)
    hits = [sought.hit(word, "", address) for word, address in found if address]
    return HitGroup(gettext_lazy("Pages"), "next", hits, is_cut)


def _register_pages(
    registers: Iterable[Register], unit: Unit
) -> Iterable[tuple[str, tuple[str, str]]]:
    for register in registers:
        key = search_key(f"{register.title.vi} {register.title.en}")
        yield key, (str(register.title), register_address(unit, register.code))
