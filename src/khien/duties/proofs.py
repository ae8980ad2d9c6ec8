"""What closes a duty, as data: library/duties/proofs.yaml, by control or, where it differs, by duty."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from khien.norms.field_reader import FieldReader
from khien.norms.library import LIBRARY, broken_library, load_library, per_library
from khien.norms.located_yaml import Problem, read_located
from khien.norms.model import Duty, Library
from khien.org.roles import ROLES
from khien.registers.declarations import Field, Register, load_registers

SAME, ANSWER = "same", "answer"
DISPATCH, DOCUMENT, STATEMENT = "dispatch", "document", "statement"
_KEYS = (
    "register", "date", "kinds", "to", "where", "filled", "covers", "every", "standing",
    "lead_days", "row", "finding",
)  # fmt: skip
_COVER_KEYS = ("field", "values", "register", "where")

Where = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Cover:
    """What a proof must reach in whole: every value, or every row of a register (such as each running system).

    A proof row that leaves the field empty speaks of the whole.
    """

    field: str
    values: tuple[str, ...] = ()
    register: str = ""
    where: Where = ()  # type: ignore[assignment]  # read as a mapping; empty here


@dataclass(frozen=True, slots=True)
class ProofRule:
    """One way to close a duty: a row of a register with a date, a paper, a report sent, or a finding.

    dates: the fields that may hold the day, the first filled one counts; row: the row that started the clock
    itself (same), or the answer to it (answer); every: all rows that match must have the day; standing: a day
    before the window counts too; lead_days: how long before the day the text names a report may be sent.
    """

    register: str = ""
    dates: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    to: tuple[str, ...] = ()
    where: Where | None = None
    filled: tuple[str, ...] = ()
    covers: Cover | None = None
    is_every: bool = False
    is_standing: bool = False
    lead_days: int | None = None
    row: str = ""
    finding: str = ""


@dataclass(frozen=True, slots=True)
class ProofRules:
    """All of proofs.yaml: what closes what, and whose work it is."""

    rules: Mapping[str, tuple[ProofRule, ...]]
    roles: Mapping[str, str]

    def of(self, duty: Duty) -> tuple[ProofRule, ...]:
        """Return the ways to close a duty; none where nothing is declared."""
        return self.rules.get(duty.id) or self.rules.get(duty.control) or ()

    def role_of(self, duty: Duty) -> str:
        """Return the role whose work a duty is."""
        return self.roles.get(duty.id) or self.roles.get(duty.control) or self.roles["default"]


@per_library
def load_proofs(folder: Path = LIBRARY) -> ProofRules:
    """Return what closes duties in the library of a folder, kept as long as the library is.

    Raises: BrokenLibrary: the file is wrong; the error lists all mistakes with their lines
    """
    problems: list[Problem] = []
    library = load_library(folder)
    found = read_proofs(folder, library, load_registers(folder), problems)
    if problems or found is None:
        raise broken_library(problems)
    return with_own_duties(found, library)


def with_own_duties(rules: ProofRules, library: Library) -> ProofRules:
    """Return rules that also close the duties of the installation's own texts, for which nothing is declared.

    A statement about the control closes such a duty, or the control passing within its time; a clock that a
    register row starts is closed as that register closes clocks elsewhere.
    """
    own = {
        duty.id: _own_rules(duty, library, rules)
        for document in library.documents.values()
        if document.is_own
        for _, duty in document.duties()
        if duty.schedule is not None and duty.control and not rules.of(duty)
    }
    return replace(rules, rules={**rules.rules, **own}) if own else rules


def _own_rules(duty: Duty, library: Library, rules: ProofRules) -> tuple[ProofRule, ...]:
    schedule = duty.schedule
    if schedule is not None and schedule.kind == "event":
        for document in library.documents.values():
            for _, other in document.duties():
                is_like = (
                    other.schedule is not None and other.schedule.register == schedule.register
                )
                found = tuple(rule for rule in rules.of(other) if rule.row) if is_like else ()
                if found:
                    return found
    said = {"control": (duty.control,), "said": ("met",)}
    stated = ProofRule(register=STATEMENT, dates=_own_dates(STATEMENT), where=said)
    return (stated, ProofRule(finding=duty.control))


def read_proofs(
    folder: Path, library: Library, registers: Mapping[str, Register], problems: list[Problem]
) -> ProofRules | None:
    """Read proofs.yaml and note everything wrong with it."""
    source = read_located(folder / "duties" / "proofs.yaml")
    if isinstance(source, Problem):
        problems.append(source)
        return None
    reader = FieldReader(source, (), problems)
    reader.allow_only(("roles", "proofs"))
    duties = {duty.id for document in library.documents.values() for _, duty in document.duties()}
    known = duties | set(library.controls)
    roles = reader.child("roles") if "roles" in reader.data else None
    chosen = {key: roles.choice(key, tuple(ROLES)) for key in roles.data} if roles else {}
    chosen.setdefault("default", "officer")
    if roles is not None:
        _must_be_known(roles, known | {"default"})
    table = reader.child("proofs")
    _must_be_known(table, known)
    rules = {
        key: tuple(read_rule(one, registers, known) for one in table.children(key))
        for key in table.data
    }
    return ProofRules(rules, chosen)


def _must_be_known(reader: FieldReader, known: Iterable[str]) -> None:
    names = set(known)
    for key in reader.data:
        if key not in names:
            reader.note(
                "không có nghĩa vụ hay biện pháp này", "there is no such duty or control", at=key
            )


def read_rule(
    reader: FieldReader, registers: Mapping[str, Register], known: Iterable[str]
) -> ProofRule:
    """Read one way to close a duty; every mistake is noted with its line."""
    reader.allow_only(_KEYS)
    register = reader.text("register", required=False)
    row = reader.choice("row", (SAME, ANSWER)) if "row" in reader.data else ""
    finding = reader.text("finding", required=False)
    if sum(map(bool, (register, row, finding))) != 1:
        reader.note(
            "cần đúng một trong: register, row, finding",
            "needs exactly one of: register, row, finding",
        )
    if finding and finding not in set(known):
        reader.note("không có biện pháp này", "there is no such control", at="finding")
    rule = ProofRule(
        register=register,
        dates=reader.words("date") or _own_dates(register),
        kinds=reader.words("kinds"),
        to=reader.words("to"),
        where=_where(reader),
        filled=reader.words("filled"),
        covers=_read_cover(reader.child("covers")) if "covers" in reader.data else None,
        is_every=reader.data.get("every") is True,
        is_standing=reader.data.get("standing") is True,
        lead_days=reader.integer("lead_days"),
        row=row,
        finding=finding,
    )
    if register:
        _check_fields(reader, rule, registers)
    return rule


def _own_dates(register: str) -> tuple[str, ...]:
    return {DISPATCH: ("sent_on",), DOCUMENT: ("issued_on",), STATEMENT: ("stated_on",)}.get(
        register, ()
    )


def _where(reader: FieldReader) -> Where | None:
    if "where" not in reader.data:
        return None
    group = reader.child("where")
    return {name: group.words(name) for name in group.data}


def _read_cover(reader: FieldReader) -> Cover:
    reader.allow_only(_COVER_KEYS)
    return Cover(
        field=reader.text("field"),
        values=reader.words("values"),
        register=reader.text("register", required=False),
        where=_where(reader) or {},
    )


def _check_fields(reader: FieldReader, rule: ProofRule, registers: Mapping[str, Register]) -> None:
    register = registers.get(rule.register)
    if register is None:
        reader.note("không có sổ này", "there is no such register", at="register")
        return
    papers = register if rule.register == DOCUMENT else registers[DOCUMENT]
    for place, names in _fields_named(rule):
        for name in names:
            if name not in register.fields:
                reader.note(f"sổ không có trường {name}", f"has no field {name}", at=place)
    _check_codes(reader, "kinds", rule.kinds, papers.fields["kind"])
    _check_codes(reader, "to", rule.to, registers["authority"].fields["stands_for"])
    for name, values in (rule.where or {}).items():
        if name in register.fields:
            _check_values(reader, register.fields[name], values)


def _check_codes(reader: FieldReader, at: str, codes: Iterable[str], field: Field) -> None:
    for code in codes:
        if code not in field.choices:
            reader.note(f"không có giá trị {code}", f"there is no {code}", at=at)


def _check_values(reader: FieldReader, field: Field, values: Iterable[str]) -> None:
    allowed = {"true", "false"} if field.type == "boolean" else set(field.choices)
    for value in values:
        if value not in allowed:
            reader.note(
                f"trường {field.code} không có giá trị {value}",
                f"field {field.code} has no value {value}",
                at="where",
            )


def _fields_named(rule: ProofRule) -> Iterator[tuple[str, tuple[str, ...]]]:
    yield "date", rule.dates
    yield "filled", rule.filled
    yield "where", tuple(rule.where or {})
    if rule.covers is not None:
        yield "covers", (rule.covers.field,)


def matches(values: Mapping[str, object], where: Where | None) -> bool:
    """Say whether a row has, in every field named, one of the values wanted; of many values one is enough."""
    for name, wanted in (where or {}).items():
        value = values.get(name)
        given = value if isinstance(value, list) else [value]
        if not any(_said(one) in wanted for one in given):
            return False
    return True


def _said(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
