"""Reading of one figure of a definition."""

from __future__ import annotations

from khien.norms.field_reader import FieldReader
from khien.norms.model import VERDICTS
from khien.registers.declarations import NUMBERS
from khien.reports.definition_words import Known
from khien.reports.definitions import SOURCES, Figure

# States of duties and of workflow cases that may be counted.
DUTY_STATES = ("closed", "late", "open", "all")
CASE_STATES = ("open", "finished", "cancelled", "started")
COUNTED = ("controls", "subjects")
_KEYS = (
    "vi", "en", "unit", "within", "where", "controls", "themes", "state", "counts", *SOURCES,
)  # fmt: skip


def read_figure(code: str, reader: FieldReader, known: Known) -> Figure:
    """Return a figure, as far as it can be read."""
    reader.allow_only(_KEYS)
    given = [source for source in SOURCES if source in reader.data]
    if len(given) != 1:
        words = ", ".join(SOURCES)
        reader.note(f"cần đúng một trong: {words}", f"needs exactly one of: {words}")
    source = given[0] if given else "count"
    register, field, parts = _read_of(reader, source, known)
    is_rows = source in ("count", "sum", "list")
    return Figure(
        code=code,
        title=reader.bilingual(),
        source=source,
        of=register,
        field=field,
        where=known.conditions(reader, register) if is_rows else {},
        within=known.within(reader, register) if is_rows else None,
        unit=reader.optional_bilingual("unit"),
        parts=parts,
        controls=_known_words(reader, "controls", frozenset(known.library.controls)),
        themes=_known_words(reader, "themes", _themes(known)),
        state=_read_state(reader, source),
        counts=reader.choice("counts", COUNTED, default="controls"),
    )


def _read_of(
    reader: FieldReader, source: str, known: Known
) -> tuple[str, str | None, tuple[str, ...]]:
    """Return what a figure is of, the field it reads, and the figures a share is made of."""
    if source == "share":
        parts = reader.words("share")
        for part in parts:
            known.check_figure(reader, part, at="share")
        if len(parts) != 2:
            reader.note("cần hai số liệu: phần, tổng", "needs two figures: part, whole", at="share")
        return "", None, parts
    of = reader.text(source)
    if source == "count":
        known.check_register(reader, of, at=source)
        return of, None, ()
    if source in ("sum", "list"):
        register, _, field = of.partition(".")
        known.check_register(reader, register, at=source)
        known.check_field(reader, register, field, at=source)
        _check_number(reader, source, register, field, known)
        return register, field, ()
    _check_word(reader, source, of, known)
    return of, None, ()


def _check_number(
    reader: FieldReader, source: str, register: str, field: str, known: Known
) -> None:
    found = known.registers.get(register)
    declared = found.fields.get(field) if found is not None else None
    if source == "sum" and declared is not None and declared.type not in NUMBERS:
        reader.note(f"«{field}» không phải là số", f"«{field}» is not a number", at=source)


def _check_word(reader: FieldReader, source: str, word: str, known: Known) -> None:
    allowed = {"findings": VERDICTS, "duties": DUTY_STATES, "cases": tuple(known.workflows)}
    words = allowed.get(source, ())
    if words and word not in words:
        listed = ", ".join(words)
        reader.note(f"phải là một trong: {listed}", f"must be one of: {listed}", at=source)


def _read_state(reader: FieldReader, source: str) -> str:
    if source != "cases":
        return ""
    return reader.choice("state", CASE_STATES, default="finished")


def _themes(known: Known) -> frozenset[str]:
    return frozenset(control.theme for control in known.library.controls.values())


def _known_words(reader: FieldReader, at: str, allowed: frozenset[str]) -> frozenset[str]:
    words = reader.words(at)
    for word in words:
        if word not in allowed:
            reader.note(f"không có «{word}»", f"there is no «{word}»", at=at)
    return frozenset(words)
