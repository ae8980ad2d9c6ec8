"""Loading of all definitions of reports at once, with every mistake reported, each with file and line."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from datetime import date
from functools import cache
from pathlib import Path

from khien.kernel.canonical import Json
from khien.kernel.language import Text
from khien.norms.field_reader import FieldReader
from khien.norms.library import LIBRARY, broken_library, load_library
from khien.norms.located_yaml import Located, Problem, read_located
from khien.norms.model import Library
from khien.org.kinds import UNIT_KINDS
from khien.org.roles import CAPABILITIES, WRITE
from khien.registers.declarations import Register, load_registers
from khien.reports.definition_words import Known
from khien.reports.definitions import KINDS, Addressee, CitedLaw, Definition, Division, Figure
from khien.reports.errors import UnknownReport
from khien.reports.figure_reading import read_figure
from khien.reports.part_reading import read_section
from khien.reports.periods import EVERY, ROW, Rhythm
from khien.workflows.reading import load_workflows

_KEYS = (
    "report", "place", "title", "why", "kind", "subject", "clauses", "law", "duties", "unit_kinds",
    "maker", "period", "due", "about", "to", "files_as", "minutes_as", "signer",
    "signer_title", "division", "urgency", "parties", "guidance", "opening",
    "closing", "figures", "sections", "sets",
)  # fmt: skip
_ADDRESSEES = ("authority", "parent", "leader", "row", "words")
SIGNERS = ("head", "parties", "person")
MARKS = ("A", "B", "C")
URGENCIES = ("KHẨN", "THƯỢNG KHẨN", "HỎA TỐC")
SIGNED, SENT = "signed", "sent"
# Every month has this day.
_SURE_DAY = 28
_NO_DAY = date(1, 1, 1)


@cache
def load_definitions(folder: Path = LIBRARY) -> Mapping[str, Definition]:
    """Return the definitions of a library folder by code, in the order they are shown.

    Raises: BrokenLibrary: a definition is wrong; the error lists all that are, with their lines
    """
    workflows = load_workflows(folder)
    definitions, problems = read_definitions(
        folder / "reports", load_library(folder), load_registers(folder), workflows
    )
    if problems:
        raise broken_library(problems)
    return definitions


def definition_by_code(code: str) -> Definition:
    """Return a definition of the library.

    Raises: UnknownReport: the library has none of this code
    """
    found = load_definitions().get(code)
    if found is None:
        raise UnknownReport(report=code, known=", ".join(load_definitions()))
    return found


def read_definitions(
    folder: Path,
    library: Library,
    registers: Mapping[str, Register],
    workflows: Collection[str],
) -> tuple[dict[str, Definition], list[Problem]]:
    """Read all definitions in a folder and list everything wrong with them.

    Args: workflows: the codes of those that exist
    """
    problems: list[Problem] = []
    found: list[Definition] = []
    readers: list[FieldReader] = []
    for path in sorted(folder.glob("*.yaml")):
        source = read_located(path)
        if isinstance(source, Problem):
            problems.append(source)
            continue
        known = Known(library, registers, frozenset(workflows))
        found.append(_read_definition(source, problems, known))
        readers.append(FieldReader(source, (), problems))
    by_code = {definition.code: definition for definition in found}
    for definition, reader in zip(found, readers, strict=True):
        _check_reports_below(definition, reader, by_code)
    found.sort(key=lambda definition: (definition.place, definition.code))
    problems.sort(key=lambda problem: (str(problem.path), problem.line))
    return {definition.code: definition for definition in found}, problems


def _read_definition(source: Located, problems: list[Problem], known: Known) -> Definition:
    reader = FieldReader(source, (), problems)
    reader.allow_only(_KEYS)
    code = reader.text("report")
    if code != source.path.stem:
        reader.note("phải trùng tên tệp", "must equal the file's name", at="report")
    about, about_where = _read_about(reader, known)
    known.about = about
    known.figures = _read_figures(reader, known)
    files_as, minutes_as, parties = _read_filing(reader, known)
    return Definition(
        code=code,
        place=reader.integer("place") or 0,
        title=reader.bilingual("title"),
        why=reader.bilingual("why"),
        kind=reader.choice("kind", KINDS),
        subject=_read_subject(reader, known),
        clauses=_read_clauses(reader, known),
        law=tuple(_read_law(law) for law in reader.children("law")),
        duties=_read_duties(reader, known),
        unit_kinds=_read_words(reader, "unit_kinds", UNIT_KINDS),
        maker=reader.choice("maker", CAPABILITIES, default=WRITE),
        rhythm=_read_rhythm(reader, about),
        due=_read_due(reader),
        about=about,
        about_where=about_where,
        to=_read_addressees(reader, known),
        files_as=files_as,
        minutes_as=minutes_as,
        signer=reader.choice("signer", SIGNERS, default="parties" if parties else "head"),
        signer_title=reader.text("signer_title", required=False),
        division=_read_division(reader),
        urgency=reader.choice("urgency", URGENCIES, default=""),
        parties=parties,
        guidance=reader.optional_bilingual("guidance"),
        opening=known.sentence(reader, "opening"),
        closing=known.sentence(reader, "closing"),
        figures=known.figures,
        sections=tuple(read_section(child, known) for child in reader.children("sections")),
        sets=_read_sets(reader, known),
        digest=hashlib.sha256(source.path.read_bytes()).hexdigest(),
        path=source.path,
    )


def _read_subject(reader: FieldReader, known: Known) -> Text:
    subject = reader.bilingual("subject")
    if "subject" in reader.data:
        known.check_words(reader, subject.vi, at="subject")
    return subject


def _read_about(reader: FieldReader, known: Known) -> tuple[str | None, Mapping[str, Json]]:
    if "about" not in reader.data:
        return None, {}
    inner = reader.child("about")
    inner.allow_only(("register", "where"))
    register = inner.text("register")
    known.check_register(inner, register, at="register")
    return register, known.conditions(inner, register)


def _read_figures(reader: FieldReader, known: Known) -> dict[str, Figure]:
    if "figures" not in reader.data:
        return {}
    inner = reader.child("figures")
    known.figures = {}
    for code in inner.data:
        known.figures[code] = read_figure(code, inner.child(code), known)
    return dict(known.figures)


def _read_clauses(reader: FieldReader, known: Known) -> tuple[str, ...]:
    clauses = reader.words("clauses")
    for clause in clauses:
        known.check_clause(reader, clause, at="clauses")
    if not clauses and not reader.data.get("law"):
        reader.note("cần điều khoản, hoặc «law»", "needs clauses, or «law»", at="clauses")
    return clauses


def _read_duties(reader: FieldReader, known: Known) -> tuple[str, ...]:
    duties = reader.words("duties")
    for duty in duties:
        if duty not in known.duties:
            reader.note(f"không có nghĩa vụ «{duty}»", f"there is no duty «{duty}»", at="duties")
    return duties


def _read_words(reader: FieldReader, at: str, allowed: tuple[str, ...]) -> tuple[str, ...]:
    words = reader.words(at)
    for word in words:
        if word not in allowed:
            listed = ", ".join(allowed)
            reader.note(f"«{word}»: chỉ có {listed}", f"«{word}»: known are {listed}", at=at)
    return words


def _read_law(reader: FieldReader) -> CitedLaw:
    reader.allow_only(("vi", "en", "mark", "from", "until"))
    begins = reader.day("from", required=True)
    return CitedLaw(
        title=reader.bilingual(),
        mark=reader.choice("mark", MARKS),
        begins=begins or _NO_DAY,
        ends=reader.day("until"),
    )


def _read_rhythm(reader: FieldReader, about: str | None) -> Rhythm:
    value = reader.data.get("period")
    if isinstance(value, Mapping):
        inner = reader.child("period")
        inner.allow_only(("every", "day", "month"))
        every = inner.choice("every", EVERY)
        day, month = inner.integer("day") or 1, inner.integer("month") or 1
        if not (1 <= day <= _SURE_DAY and 1 <= month <= 12):
            inner.note("ngày 1-28, tháng 1-12", "day 1-28, month 1-12", at="day")
            day = month = 1
    else:
        every, day, month = reader.choice("period", EVERY), 1, 1
    if (every == ROW) != (about is not None):
        reader.note("«row» đi cùng «about»", "«row» and «about» go together", at="period")
    return Rhythm(every or EVERY[0], day, month)


def _read_division(reader: FieldReader) -> Division | None:
    if "division" not in reader.data:
        return None
    inner = reader.child("division")
    inner.allow_only(("vi", "en", "head", "of", "stands_alone"))
    return Division(
        name=inner.bilingual(),
        head=inner.text("head"),
        of=_read_words(inner, "of", UNIT_KINDS),
        stands_alone=inner.data.get("stands_alone") is True,
    )


def _read_due(reader: FieldReader) -> tuple[int, int] | None:
    """Return the last day allowed as (month, day), of the year in which the period ends."""
    if "due" not in reader.data:
        return None
    inner = reader.child("due")
    inner.allow_only(("month", "day"))
    month, day = inner.integer("month") or 0, inner.integer("day") or 0
    if not (1 <= day <= _SURE_DAY and 1 <= month <= 12):
        inner.note("ngày 1-28, tháng 1-12", "day 1-28, month 1-12", at="day")
        return None
    if reader.data.get("duties"):
        reader.note("hạn lấy từ «duties»", "its day is that of its «duties»", at="due")
    return month, day


def _read_addressees(reader: FieldReader, known: Known) -> tuple[Addressee, ...]:
    return tuple(_read_addressee(child, known) for child in reader.children("to"))


def _read_addressee(reader: FieldReader, known: Known) -> Addressee:
    reader.allow_only((*_ADDRESSEES, "clause", "via", "copy"))
    if sum(name in reader.data for name in _ADDRESSEES) != 1:
        words = ", ".join(_ADDRESSEES)
        reader.note(f"cần đúng một trong: {words}", f"needs exactly one of: {words}")
    value = reader.data.get("authority")
    names = reader.words("authority") if isinstance(value, list) else ()
    names = names or ((str(value),) if isinstance(value, str) else ())
    for name in names:
        if name not in known.authorities:
            reader.note(f"không có cơ quan «{name}»", f"no such body: «{name}»", at="authority")
    given = reader.data.get("row")
    rows = reader.words("row") if isinstance(given, list) else ()
    rows = rows or ((str(given),) if isinstance(given, str) else ())
    for row in rows:
        known.check_path(reader, row, at="row")
    clause = reader.text("clause", required=False) or None
    if clause is not None:
        known.check_clause(reader, clause, at="clause")
    return Addressee(
        authority=names,
        is_parent=reader.data.get("parent") is True,
        is_leader=reader.data.get("leader") is True,
        row=rows,
        words=reader.optional_bilingual("words"),
        clause=clause,
        via=reader.optional_bilingual("via"),
        is_copy=reader.data.get("copy") is True,
    )


def _read_filing(reader: FieldReader, known: Known) -> tuple[str, str, tuple[Text, ...]]:
    files_as = reader.choice("files_as", known.choices_of("document", "kind"))
    minutes_as = reader.choice("minutes_as", known.choices_of("minutes", "kind"), default="")
    parties = tuple(child.bilingual() for child in reader.children("parties"))
    if parties and len(parties) != 2:
        reader.note("cần đúng hai bên ký", "needs exactly two who sign", at="parties")
    if minutes_as and not parties:
        reader.note("biên bản cần «parties»", "minutes need «parties»", at="minutes_as")
    return files_as, minutes_as, parties


def _read_sets(reader: FieldReader, known: Known) -> dict[str, Mapping[str, Json]]:
    if "sets" not in reader.data:
        return {}
    inner = reader.child("sets")
    inner.allow_only((SIGNED, SENT))
    if known.about is None:
        inner.note("chỉ dùng với «about»", "is only for reports with «about»")
        return {}
    found: dict[str, Mapping[str, Json]] = {}
    for moment in inner.data:
        child = inner.child(moment)
        for field in child.data:
            known.check_field(child, known.about, field, at=field)
        found[moment] = dict(child.data)
    return found


def _check_reports_below(
    definition: Definition, reader: FieldReader, known: Mapping[str, Definition]
) -> None:
    """Note figures and tables over reports that nobody defines, or that have no such figure."""
    for code, figure in definition.figures.items():
        if figure.source != "reports":
            continue
        report, _, wanted = figure.of.partition(".")
        if report not in known or wanted not in known[report].figures:
            reader.child("figures").child(code).note(
                f"không có số liệu «{figure.of}»", f"there is no figure «{figure.of}»", at="reports"
            )
    for place, section in enumerate(reader.children("sections")):
        for child, part in zip(
            section.children("parts"), definition.sections[place].parts, strict=True
        ):
            if part.kind != "units":
                continue
            below = known.get(part.report)
            missing = [f for f in part.figures if below is None or f not in below.figures]
            if below is None or missing:
                words = ", ".join([part.report, *missing])
                child.note(f"không có: {words}", f"there is no: {words}", at="units")
