"""Reading of one step of a declaration: what it asks, lists, requires, does and proves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from khien.kernel.canonical import Json
from khien.kernel.language import Text
from khien.norms.field_reader import FieldReader
from khien.org.roles import APPROVE, WRITE
from khien.registers.declarations import TYPES, Field
from khien.workflows.declarations import (
    CASE,
    PREVIOUS,
    Asked,
    Conditions,
    Decision,
    Due,
    Effect,
    ItemList,
    LineTable,
    Requirement,
    Source,
    Step,
)
from khien.workflows.words_reading import Known, check_clauses

_STEP_KEYS = (
    "vi", "en", "ask", "clauses", "who", "own", "other_than", "due", "after", "only_if", "fields",
    "items", "lines", "requires", "effects", "proof",
)  # fmt: skip
_FIELD_KEYS = (
    "like", "type", "vi", "en", "help", "required", "choices", "of", "clause", "default",
    "not_before", "not_after", "files_as",
)  # fmt: skip


class StepReader:
    """Reads a step; mistakes are noted at their lines."""

    def __init__(self, reader: FieldReader, code: str, known: Known) -> None:
        self.reader, self.code, self.known = reader, code, known

    def read(self) -> Step:
        """Return the step, as far as it can be read."""
        reader, known = self.reader, self.known
        reader.allow_only(_STEP_KEYS)
        clauses = reader.words("clauses")
        check_clauses(reader, "clauses", clauses, known)
        only_if = read_conditions(reader, "only_if", known)
        due = read_due(reader, known) if "due" in reader.data else None
        fields = self._fields()
        known.own = {code: asked.field for code, asked in fields.items()}
        items = self._items()
        lines = self._lines()
        requires = self._requirements("requires")
        effects = self.effects("effects")
        return Step(
            code=self.code,
            title=reader.bilingual(),
            ask=reader.bilingual("ask"),
            clauses=clauses,
            who=reader.choice("who", (WRITE, APPROVE), default=WRITE),
            is_own=reader.data.get("own") is True,
            other_than=self._other_than(),
            due=due,
            after=self._after(),
            only_if=only_if,
            fields=fields,
            items=items,
            lines=lines,
            requires=requires,
            effects=effects,
            proof=self._requirements("proof"),
        )

    def _other_than(self) -> str | None:
        step = self.reader.text("other_than", required=False) or None
        if step is not None and step not in self.known.steps:
            self.reader.note(
                f"không có bước «{step}» ở trên", f"no step «{step}» stands above", at="other_than"
            )
        return step

    def _after(self) -> tuple[str, ...]:
        steps = self.reader.words("after")
        for step in steps:
            if step not in self.known.steps:
                self.reader.note(
                    f"không có bước «{step}» ở trên", f"no step «{step}» stands above", at="after"
                )
        return steps

    def _fields(self) -> dict[str, Asked]:
        if "fields" not in self.reader.data:
            return {}
        inner = self.reader.child("fields")
        return {code: _read_asked(code, inner.child(code), self.known) for code in inner.data}

    def _items(self) -> ItemList | None:
        if "items" not in self.reader.data:
            return None
        inner = self.reader.child("items")
        inner.allow_only(("vi", "en", "columns", "from", "decisions", "own", "may_be_empty"))
        sources = tuple(_read_source(source, self.known) for source in inner.children("from"))
        if not sources:
            inner.note("cần ít nhất một nguồn", "needs at least one source", at="from")
        self.known.item = sources[0].register if sources else None
        columns = inner.words("columns")
        for column in columns:
            self.known.check_path(inner, f"item.{column}", at="columns")
        decisions: dict[str, Decision] = {}
        if "decisions" in inner.data:
            child = inner.child("decisions")
            decisions = {code: self._decision(child.child(code), code) for code in child.data}
        return ItemList(
            title=inner.bilingual(),
            columns=columns,
            sources=sources,
            decisions=decisions,
            is_own=inner.data.get("own") is True,
            may_be_empty=inner.data.get("may_be_empty") is True,
        )

    def _decision(self, reader: FieldReader, code: str) -> Decision:
        reader.allow_only(("vi", "en", "note", "note_required", "day", "effects"))
        return Decision(
            code=code,
            title=reader.bilingual(),
            note=reader.optional_bilingual("note"),
            is_note_required=reader.data.get("note_required") is True,
            asks_day=reader.data.get("day") is True,
            effects=StepReader(reader, self.code, self.known).effects("effects"),
        )

    def _lines(self) -> LineTable | None:
        if "lines" not in self.reader.data:
            return None
        inner = self.reader.child("lines")
        inner.allow_only(("vi", "en", "register", "fields", "values"))
        register = inner.text("register")
        self.known.check_register(inner, register, at="register")
        fields = inner.words("fields")
        found = self.known.registers.get(register)
        for code in fields:
            if found is not None and code not in found.fields:
                inner.note(f"không có trường «{code}»", f"there is no field «{code}»", at="fields")
        values = _read_values(inner, register, self.known)
        return LineTable(inner.bilingual(), register, fields, values)

    def _requirements(self, name: str) -> tuple[Requirement, ...]:
        if name not in self.reader.data:
            return ()
        inner = self.reader.child(name)
        return tuple(_read_requirement(inner.child(code), code, self.known) for code in inner.data)

    def effects(self, name: str) -> tuple[Effect, ...]:
        """Return the changes listed under a key; rows they add may be named from then on."""
        return tuple(_read_effect(child, self.known) for child in self.reader.children(name))


def read_due(reader: FieldReader, known: Known) -> Due:
    """Read by when: `{from: path, days: n}`, or `{from: path, control: ID, parameter: name}` (months)."""
    inner = reader.child("due")
    inner.allow_only(("from", "days", "control", "parameter"))
    start = inner.text("from")
    if start not in (CASE, PREVIOUS):
        known.check_path(inner, start, at="from")
    control = inner.text("control", required=False) or None
    parameter = inner.text("parameter", required=False) or None
    found = known.controls.get(control or "")
    if (control or parameter) and (found is None or parameter not in found.parameters):
        inner.note(
            f"{control} không có tham số «{parameter}»",
            f"{control} has no parameter «{parameter}»",
            at="parameter" if parameter else "control",
        )
    return Due(start, inner.integer("days") or 0, control, parameter)


def read_conditions(reader: FieldReader, name: str, known: Known) -> Conditions:
    """Read a mapping of paths to tests."""
    if name not in reader.data:
        return {}
    inner = reader.child(name)
    for path, test in inner.data.items():
        known.check_path(inner, path, at=path)
        known.check_value(inner, test, at=path)
    return dict(inner.data)


def read_where(
    reader: FieldReader, register: str | None, known: Known, name: str = "where"
) -> Mapping[str, Json]:
    """Read a mapping of a register's fields to tests."""
    if name not in reader.data:
        return {}
    inner = reader.child(name)
    found = known.registers.get(register or "")
    for code, test in inner.data.items():
        if found is not None and code not in found.fields:
            inner.note(f"không có trường «{code}»", f"there is no field «{code}»", at=code)
        known.check_value(inner, test, at=code)
    return dict(inner.data)


def _read_values(reader: FieldReader, register: str, known: Known) -> Mapping[str, Json]:
    return read_where(reader, register, known, "values")


def _read_source(reader: FieldReader, known: Known) -> Source:
    reader.allow_only(("register", "where", "step", "decided", "machines"))
    register = reader.text("register")
    known.check_register(reader, register, at="register")
    step = reader.text("step", required=False) or None
    decided = reader.words("decided")
    if step is not None and not set(decided) <= set(known.lists.get(step, ())):
        reader.note(
            f"bước «{step}» không có các quyết định này",
            f"step «{step}» has no such decisions",
            at="decided",
        )
    where = read_where(reader, register, known)
    return Source(register, where, step, decided, reader.data.get("machines") is True)


def _read_requirement(reader: FieldReader, code: str, known: Known) -> Requirement:
    reader.allow_only(("vi", "en", "clause", "only_if", "holds", "exists", "none", "where"))
    clause = reader.text("clause", required=False) or None
    check_clauses(reader, "clause", [clause] if clause else [], known)
    register = reader.text("exists", required=False) or reader.text("none", required=False) or None
    if (register is None) == ("holds" not in reader.data):
        reader.note("cần đúng một trong: holds, exists, none", "needs one of: holds, exists, none")
    if register is not None:
        known.check_register(reader, register, at="exists" if "exists" in reader.data else "none")
    return Requirement(
        code=code,
        title=reader.bilingual(),
        clause=clause,
        only_if=read_conditions(reader, "only_if", known),
        holds=read_conditions(reader, "holds", known),
        register=register,
        where=read_where(reader, register, known),
        is_absence="none" in reader.data,
    )


def _read_effect(reader: FieldReader, known: Known) -> Effect:
    reader.allow_only(("add", "change", "change_rows", "where", "as", "values", "only_if"))
    only_if = read_conditions(reader, "only_if", known)
    add = reader.text("add", required=False) or None
    change = reader.text("change", required=False) or None
    many = reader.text("change_rows", required=False) or None
    if [add, change, many].count(None) != 2:
        reader.note(
            "cần đúng một trong: add, change, change_rows", "needs one of: add, change, change_rows"
        )
    named = known.item if change == "item" else known.rows.get(change or "")
    register = add or many or named or ""
    if many is not None:
        known.check_register(reader, many, at="change_rows")
    if change is not None and change != "item" and change not in known.rows:
        reader.note(
            f"chưa có dòng nào tên «{change}»", f"no row is called «{change}» yet", at="change"
        )
    if add is not None:
        known.check_register(reader, add, at="add")
    values = _read_values(reader, register, known)
    if add is not None and add in known.registers:
        for code, field in known.registers[add].fields.items():
            if field.is_required and code not in values:
                reader.note(
                    f"thiếu trường bắt buộc «{code}»",
                    f"lacks the required field «{code}»",
                    at="add",
                )
    alias = reader.text("as", required=False) or None
    if alias is not None and add is not None:
        known.rows[alias] = add
    where = read_where(reader, many, known)
    return Effect(add, change, many, where, alias, values, only_if)


def _read_asked(code: str, reader: FieldReader, known: Known) -> Asked:
    reader.allow_only(_FIELD_KEYS)
    like = reader.text("like", required=False)
    field = _borrowed(code, like, reader, known) if like else _own_field(code, reader)
    for name in ("default", "not_before", "not_after"):
        value = reader.data.get(name)
        known.check_value(reader, value, at=name)
    clause = reader.text("clause", required=False)
    check_clauses(reader, "clause", [clause] if clause else [], known)
    kind = reader.text("files_as", required=False) or None
    if kind is not None and kind not in known.choices_of("document", "kind"):
        reader.note(
            f"sổ văn bản không có loại «{kind}»",
            f"the documents register has no kind «{kind}»",
            at="files_as",
        )
    before, after = (reader.text(name, required=False) for name in ("not_before", "not_after"))
    return Asked(field, reader.data.get("default"), before or None, after or None, kind)


def _borrowed(code: str, like: str, reader: FieldReader, known: Known) -> Field:
    """Return a register's field under another name, with its words, choices and clause."""
    register, _, name = like.partition(".")
    found = known.registers.get(register)
    if found is None or name not in found.fields:
        reader.note(f"không có trường «{like}»", f"there is no field «{like}»", at="like")
        return _field(code, "text", Text("", ""))
    lent = found.fields[name]
    title = reader.bilingual() if "vi" in reader.data else lent.title
    return replace(
        lent,
        code=code,
        title=title,
        help=reader.optional_bilingual("help") or lent.help,
        clause=reader.text("clause", required=False) or lent.clause,
        is_required=reader.data.get("required") is True,
        is_filter=False,
        is_unique=False,
        host_fact=None,
    )


def _own_field(code: str, reader: FieldReader) -> Field:
    kind = reader.choice("type", TYPES, default="text")
    choices: dict[str, Text] = {}
    if "choices" in reader.data:
        inner = reader.child("choices")
        choices = {name: inner.child(name).bilingual() for name in inner.data}
    return replace(
        _field(code, kind, reader.bilingual()),
        help=reader.optional_bilingual("help"),
        clause=reader.text("clause", required=False) or None,
        is_required=reader.data.get("required") is True,
        choices=choices,
        of=reader.text("of", required=False) or None,
        choice_words={name: name for name in choices},
    )


def _field(code: str, kind: str, title: Text) -> Field:
    return Field(
        code=code, type=kind, title=title, help=None, clause=None, is_required=False,
        is_wanted=False, choices={}, of=None, min=None, max=None, unit=None, is_filter=False,
        is_unique=False, host_fact=None,
    )  # fmt: skip
