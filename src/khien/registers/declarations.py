"""The declarations of registers: one YAML file each, read at once with every mistake reported."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from functools import cache
from pathlib import Path

from khien.kernel.language import Text
from khien.kernel.vietnamese import search_key
from khien.norms.field_reader import FieldReader
from khien.norms.library import LIBRARY, broken_library, load_library
from khien.norms.located_yaml import Located, Problem, read_located
from khien.registers.errors import UnknownRegister

TYPES = (
    "text", "long_text", "integer", "money", "percent", "date", "moment", "boolean", "choice",
    "choices", "mac", "ip", "email", "phone", "url", "person", "unit", "host", "document", "row",
)  # fmt: skip
REFERENCES = ("person", "unit", "host", "document", "row")
NUMBERS = ("integer", "money", "percent")
# Types of which two rows may be asked not to have the same value.
ALONE = ("text", "mac", "ip", "email", "phone", "url", "host")
KINDS = ("list", "event")
ALWAYS = "always"
DEMANDS = ("explicit", "implied")
# Columns that every table of rows has in the facts.
RESERVED = ("row_id", "unit_id", "row_number", "changed_at")
# Registers of papers: a row counts as filed once it has a file, whose SHA-256 stands beside it.
FILED = frozenset({"document", "minutes"})
# How a register stands in the columnar engine, for whoever makes its tables: keys of a row, and its state.
KEY_COLUMNS = "row_id VARCHAR, unit_id BIGINT, row_number BIGINT, changed_at TIMESTAMP"
STATE_COLUMNS = "unit_id BIGINT, register VARCHAR, row_count BIGINT, confirmed_on DATE"
_CODE = re.compile(r"[a-z][a-z0-9_]{0,59}")
_REGISTER_KEYS = (
    "register", "title", "row", "why", "demand", "clauses", "kind", "personal_data", "group",
    "name", "key", "dates", "fields",
)  # fmt: skip
_FIELD_KEYS = (
    "type", "required", "wanted", "vi", "en", "help", "clause", "choices", "of", "min", "max",
    "unit", "filter", "unique", "host_fact", "due",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Field:
    """One column of a register (cột): its type, its words, and the clause that asks for it."""

    code: str
    type: str
    title: Text
    help: Text | None
    clause: str | None
    is_required: bool
    is_wanted: bool
    choices: Mapping[str, Text]
    of: str | None
    min: int | None
    max: int | None
    unit: str | None
    is_filter: bool
    is_unique: bool
    host_fact: tuple[str, str] | None
    choice_words: Mapping[str, str] = dataclass_field(default_factory=dict)
    due: str | None = (
        None  # the field that, once filled, ends what is due on this day; ALWAYS: none does
    )

    @property
    def is_reference(self) -> bool:
        """Say whether a value names a thing that stands elsewhere."""
        return self.type in REFERENCES


@dataclass(frozen=True, slots=True)
class Register:
    """A register that texts ask for (sổ): what a row is, which fields it has, what makes it itself."""

    code: str
    title: Text
    row: Text
    why: Text
    demand: str
    clauses: tuple[str, ...]
    kind: str
    has_personal_data: bool
    group: str
    name: tuple[str, ...]
    key: tuple[str, ...]
    dates: tuple[tuple[str, ...], ...]
    fields: Mapping[str, Field]
    path: Path


@cache
def load_registers(folder: Path = LIBRARY) -> Mapping[str, Register]:
    """Return the registers of a library folder by code, loaded once per process.

    Raises: BrokenLibrary: a declaration is wrong; the error lists all that are, with their lines
    """
    documents = load_library(folder).documents.values()
    anchors = {clause.anchor for document in documents for clause in document.clauses.values()}
    registers, problems = read_registers(folder, anchors=anchors)
    if problems:
        raise broken_library(problems)
    return registers


def register_by_code(code: str) -> Register:
    """Return a register of the library.

    Raises: UnknownRegister: the library has none of this code
    """
    found = load_registers().get(code)
    if found is None:
        raise UnknownRegister(register=code)
    return found


def read_registers(
    folder: Path, *, anchors: Collection[str]
) -> tuple[dict[str, Register], list[Problem]]:
    """Read all declarations of a library folder and list everything wrong with them.

    Args: anchors: the clauses that exist, as document/path
    """
    registers: dict[str, Register] = {}
    problems: list[Problem] = []
    readers: list[tuple[Register, FieldReader]] = []
    for path in sorted((folder / "registers").glob("*.yaml")):
        source = read_located(path)
        if isinstance(source, Problem):
            problems.append(source)
            continue
        register, reader = _read_register(source, problems, anchors)
        registers[register.code] = register
        readers.append((register, reader))
    for register, reader in readers:
        _check_references(register, reader, registers)
    problems.sort(key=lambda problem: (str(problem.path), problem.line))
    return registers, problems


def _read_register(
    source: Located, problems: list[Problem], anchors: Collection[str]
) -> tuple[Register, FieldReader]:
    reader = FieldReader(source, (), problems)
    reader.allow_only(_REGISTER_KEYS)
    code = reader.text("register")
    if code != source.path.stem or not _CODE.fullmatch(code):
        reader.note("phải trùng tên tệp", "must equal the file's name", at="register")
    fields = reader.child("fields") if "fields" in reader.data else None
    if fields is None or not fields.data:
        reader.note("cần ít nhất một trường", "needs at least one field", at="fields")
    register = Register(
        code=code,
        title=reader.bilingual("title"),
        row=reader.bilingual("row"),
        why=reader.bilingual("why"),
        demand=reader.choice("demand", DEMANDS),
        clauses=reader.words("clauses"),
        kind=reader.choice("kind", KINDS, default="list"),
        has_personal_data=_flag(reader, "personal_data"),
        group=reader.text("group"),
        name=_word_or_words(reader, "name"),
        key=reader.words("key"),
        dates=_date_orders(reader),
        fields={c: _read_field(c, fields.child(c), anchors) for c in fields.data} if fields else {},
        path=source.path,
    )
    _check_names(register, reader)
    _check_clauses(register, reader, anchors)
    return register, reader


def _read_field(code: str, reader: FieldReader, anchors: Collection[str]) -> Field:
    reader.allow_only(_FIELD_KEYS)
    if not _CODE.fullmatch(code) or code in RESERVED:
        reader.note(
            f"«{code}»: mã trường gồm a-z, 0-9, _ và không trùng cột có sẵn ({', '.join(RESERVED)})",
            f"«{code}»: a field code has a-z, 0-9, _ and is no column that exists already ({', '.join(RESERVED)})",
        )
    kind = reader.choice("type", TYPES)
    low, high = reader.integer("min"), reader.integer("max")
    if low is not None and high is not None and low > high:
        reader.note("lớn hơn max", "is greater than max", at="min")
    clause = reader.text("clause", required=False) or None
    if clause is not None and clause not in anchors:
        _note_clause(reader, clause, "clause")
    of = reader.text("of", required=False) or None
    if (of is None) == (kind == "row"):
        reader.note(
            "chỉ trường kiểu row có và phải có «of»",
            "needed for row fields, and only for them",
            at="of",
        )
    choices = _read_choices(reader, kind)
    return Field(
        code=code,
        type=kind,
        title=reader.bilingual(),
        help=reader.optional_bilingual("help"),
        clause=clause,
        is_required=_flag(reader, "required"),
        is_wanted=_flag(reader, "wanted"),
        choices=choices,
        of=of,
        min=low,
        max=high,
        unit=reader.text("unit", required=False) or None,
        is_filter=_flag(reader, "filter"),
        is_unique=_unique(reader, kind),
        host_fact=_host_fact(reader),
        choice_words={word: code for code in choices for word in _words_of(code, choices[code])},
        due=_due(reader, kind),
    )


def _due(reader: FieldReader, kind: str) -> str | None:
    due = reader.text("due", required=False) or None
    if due is not None and kind != "date":
        reader.note("chỉ dùng cho kiểu date", "is only for type date", at="due")
    return due


def _words_of(code: str, label: Text) -> set[str]:
    """Return the ways a choice may be written: its code and its labels, without tone marks."""
    return {search_key(code), search_key(label.vi), search_key(label.en)}


def _flag(reader: FieldReader, name: str) -> bool:
    value = reader.data.get(name, False)
    if not isinstance(value, bool):
        reader.note("phải là true hoặc false", "must be true or false", at=name)
    return value is True


def _unique(reader: FieldReader, kind: str) -> bool:
    is_unique = _flag(reader, "unique")
    if is_unique and kind not in ALONE:
        reader.note(f"không dùng cho kiểu {kind}", f"is not for type {kind}", at="unique")
    return is_unique


def _word_or_words(reader: FieldReader, name: str) -> tuple[str, ...]:
    if isinstance(reader.data.get(name), list):
        return reader.words(name)
    word = reader.text(name)
    return (word,) if word else ()


def _date_orders(reader: FieldReader) -> tuple[tuple[str, ...], ...]:
    value = reader.data.get("dates")
    if value is None:
        return ()
    is_lists = isinstance(value, list) and all(
        isinstance(item, list) and all(isinstance(code, str) for code in item) for item in value
    )
    if not is_lists:
        reader.note(
            "phải là danh sách các dãy ngày, ví dụ [[cap_on, thu_hoi_on]]",
            "must be a list of sequences of dates, for example [[issued_on, revoked_on]]",
            at="dates",
        )
        return ()
    return tuple(tuple(item) for item in value)


def _read_choices(reader: FieldReader, kind: str) -> dict[str, Text]:
    has_choices = "choices" in reader.data
    if has_choices != (kind in ("choice", "choices")):
        reader.note(
            "chỉ trường kiểu choice, choices có và phải có «choices»",
            "needed for choice and choices fields, and only for them",
            at="choices",
        )
    if not has_choices:
        return {}
    inner = reader.child("choices")
    choices = {code: inner.child(code).bilingual() for code in inner.data}
    _check_labels(inner, choices)
    return choices


def _check_labels(reader: FieldReader, choices: Mapping[str, Text]) -> None:
    """Note two choices that could be meant by one word."""
    seen: dict[str, str] = {}
    for code, label in choices.items():
        for word in _words_of(code, label):
            other = seen.setdefault(word, code)
            if other != code:
                reader.note(
                    f"trùng chữ với lựa chọn «{other}» khi bỏ dấu",
                    f"reads the same as choice «{other}» without tone marks",
                    at=code,
                )


def _host_fact(reader: FieldReader) -> tuple[str, str] | None:
    """Return table and column; whether they exist is checked by the room that knows the tables."""
    text = reader.text("host_fact", required=False)
    if not text:
        return None
    table, _, column = text.partition(".")
    if not table or not column:
        reader.note("phải là bảng.cột", "must be table.column", at="host_fact")
        return None
    return table, column


def _check_names(register: Register, reader: FieldReader) -> None:
    for key, codes in (("name", register.name), ("key", register.key)):
        for code in codes:
            if code not in register.fields:
                _note_field(reader, code, key)
    for order in register.dates:
        for code in order:
            field = register.fields.get(code)
            if field is None:
                _note_field(reader, code, "dates")
            elif field.type not in ("date", "moment"):
                reader.note(f"{code} không phải là ngày", f"{code} is not a date", at="dates")
        if len(set(order)) != len(order) or len(order) < 2:  # an order needs two
            reader.note(
                "mỗi dãy cần hai ngày khác nhau trở lên", "needs two different dates", at="dates"
            )
    _check_titles(register, reader)
    _check_dues(register, reader)


def _check_dues(register: Register, reader: FieldReader) -> None:
    for code, field in register.fields.items():
        if field.due not in (None, ALWAYS, *register.fields):
            _note_field(reader.child("fields").child(code), str(field.due), "due")


def _check_titles(register: Register, reader: FieldReader) -> None:
    """Note two columns a header of a file could mean."""
    seen: dict[str, str] = {}
    for code, field in register.fields.items():
        for word in {search_key(field.title.vi), search_key(field.title.en)} - {""}:
            other = seen.setdefault(word, code)
            if other != code:
                reader.child("fields").note(
                    f"trùng tên với trường «{other}» khi bỏ dấu",
                    f"has the name of field «{other}» without tone marks",
                    at=code,
                )


def _check_clauses(register: Register, reader: FieldReader, anchors: Collection[str]) -> None:
    if not register.clauses:
        reader.note("cần ít nhất một điều khoản", "needs at least one clause", at="clauses")
    for clause in register.clauses:
        if clause not in anchors:
            _note_clause(reader, clause, "clauses")


def _check_references(
    register: Register, reader: FieldReader, registers: Mapping[str, Register]
) -> None:
    for code, field in register.fields.items():
        if field.of is not None and field.of not in registers:
            reader.child("fields").child(code).note(
                f"không có sổ «{field.of}»", f"there is no register «{field.of}»", at="of"
            )


def _note_field(reader: FieldReader, code: str, at: str) -> None:
    reader.note(f"không có trường «{code}»", f"there is no field «{code}»", at=at)


def _note_clause(reader: FieldReader, clause: str, at: str) -> None:
    reader.note(f"không có điều khoản «{clause}»", f"there is no clause «{clause}»", at=at)
