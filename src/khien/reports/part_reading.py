"""Reading of the sections of a definition and their parts."""

from __future__ import annotations

import re
from collections.abc import Mapping

from khien.kernel.language import Text
from khien.norms.field_reader import FieldReader
from khien.reports.definition_words import Known
from khien.reports.definitions import NONE, PARTS, SOME, UNKNOWN, Part, Section, TableColumn

_PART_KEYS: Mapping[str, tuple[str, ...]] = {
    "heading": ("vi", "en"),
    "text": ("vi", "en", "label", "required", "initial"),
    "sentence": (),
    "figure": (),
    "table": ("vi", "en", "columns", "where", "within", "order", "empty"),
    "fields": (),
    "units": ("vi", "en", "figures"),
}
_CODE = re.compile(r"[a-z][a-z0-9_]{0,59}")
NOTHING = Text("", "")


def read_section(reader: FieldReader, known: Known) -> Section:
    """Return a section, as far as it can be read."""
    reader.allow_only(("vi", "en", "parts", "annex"))
    has_title = "vi" in reader.data or "en" in reader.data
    if not reader.data.get("parts"):
        reader.note("cần ít nhất một phần", "needs at least one part", at="parts")
    return Section(
        title=reader.bilingual() if has_title else None,
        parts=tuple(_read_part(child, known) for child in reader.children("parts")),
        is_annex=reader.data.get("annex") is True,
    )


def _read_part(reader: FieldReader, known: Known) -> Part:
    given = [kind for kind in PARTS if kind in reader.data]
    if len(given) != 1:
        words = ", ".join(PARTS)
        reader.note(f"cần đúng một trong: {words}", f"needs exactly one of: {words}")
    kind = given[0] if given else "sentence"
    reader.allow_only((kind, "only_if", *_PART_KEYS[kind]))
    only_if = _read_only_if(reader, known)
    if kind == "text":
        return _read_text(reader, only_if, known)
    if kind == "table":
        return _read_table(reader, only_if, known)
    if kind == "fields":
        return _read_fields(reader, only_if, known)
    if kind == "units":
        return Part(
            kind,
            reader.bilingual(),
            figures=reader.words("figures"),
            report=reader.text("units"),
            only_if=only_if,
        )
    if kind == "figure":
        figures = _word_or_words(reader, "figure")
        for code in figures:
            known.check_figure(reader, code, at="figure")
        return Part(kind, NOTHING, figures=figures, only_if=only_if)
    if kind == "heading":
        return Part(kind, reader.bilingual("heading"), only_if=only_if)
    words = known.sentence(reader, "sentence", required=True)
    return Part(kind, NOTHING, words=words, only_if=only_if)


def _read_text(reader: FieldReader, only_if: Mapping[str, str], known: Known) -> Part:
    code = reader.text("text")
    if not _CODE.fullmatch(code):
        reader.note("mã gồm a-z, 0-9, _", "a code has a-z, 0-9, _", at="text")
    if code in known.texts:
        reader.note(f"«{code}» đã có", f"«{code}» stands twice", at="text")
    known.texts.append(code)
    return Part(
        "text",
        reader.bilingual(),
        code=code,
        words=known.sentence(reader, "initial"),
        label=reader.text("label", required=False),
        is_required=reader.data.get("required") is True,
        only_if=only_if,
    )


def _read_table(reader: FieldReader, only_if: Mapping[str, str], known: Known) -> Part:
    register = reader.text("table")
    known.check_register(reader, register, at="table")
    order = reader.text("order", required=False) or None
    if order is not None:
        known.check_field(reader, register, order.removeprefix("-"), at="order")
    columns = _read_columns(reader, register, known)
    if not columns:
        reader.note("cần ít nhất một cột", "needs at least one column", at="columns")
    return Part(
        "table",
        reader.bilingual(),
        words=known.sentence(reader, "empty"),
        register=register,
        columns=columns,
        where=known.conditions(reader, register),
        within=known.within(reader, register),
        order=order,
        only_if=only_if,
    )


def _read_fields(reader: FieldReader, only_if: Mapping[str, str], known: Known) -> Part:
    if known.about is None:
        reader.note("chỉ dùng với «about»", "is only for reports with «about»", at="fields")
        return Part("fields", NOTHING, only_if=only_if)
    columns = _read_columns(reader, known.about, known, at="fields")
    return Part("fields", NOTHING, register=known.about, columns=columns, only_if=only_if)


def _read_columns(
    reader: FieldReader, register: str, known: Known, *, at: str = "columns"
) -> tuple[TableColumn, ...]:
    """Return columns: field codes, or mappings {field or fields, vi, en} where the title is another one."""
    value = reader.data.get(at)
    if not isinstance(value, list):
        reader.note("phải là một danh sách", "must be a list", at=at)
        return ()
    found = known.registers.get(register)
    columns: list[TableColumn] = []
    for place, given in enumerate(value):
        is_titled = isinstance(given, Mapping)
        child = (
            FieldReader(reader.source, (*reader.place, at, place), reader.problems)
            if is_titled
            else reader
        )
        codes = _column_fields(child) if is_titled else (str(given),)
        for code in codes:
            known.check_field(reader, register, code, at=at)
        if is_titled:
            title = child.bilingual()
        else:
            field = found.fields.get(codes[0]) if found is not None else None
            title = field.title if field is not None else NOTHING
            if field is None and "." in codes[0]:
                reader.note("cột này cần vi, en", "this column needs vi and en", at=at)
        is_left_out = is_titled and child.data.get("if_known") is True
        columns.append(TableColumn(codes[0], title, codes[1:], is_left_out))
    return tuple(columns)


def _column_fields(child: FieldReader) -> tuple[str, ...]:
    child.allow_only(("field", "fields", "vi", "en", "if_known"))
    if "fields" in child.data:
        return child.words("fields") or ("",)
    return (child.text("field"),)


def _read_only_if(reader: FieldReader, known: Known) -> Mapping[str, str]:
    if "only_if" not in reader.data:
        return {}
    inner = reader.child("only_if")
    found: dict[str, str] = {}
    for code in inner.data:
        if code.startswith("row."):
            known.check_path(inner, code, at=code)
            found[code] = inner.choice(code, (SOME, NONE))
            continue
        known.check_figure(inner, code, at=code)
        found[code] = inner.choice(code, (SOME, NONE, UNKNOWN))
    return found


def _word_or_words(reader: FieldReader, name: str) -> tuple[str, ...]:
    if isinstance(reader.data.get(name), list):
        return reader.words(name)
    word = reader.text(name)
    return (word,) if word else ()
