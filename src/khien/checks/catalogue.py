"""The running part of controls: SQL, cases, and their validation against rulebook and fact tables."""

from __future__ import annotations

import logging
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from khien.facts.engine import FactEngine
from khien.facts.register_tables import REGISTER_PREFIX, register_table
from khien.facts.tables import FactTable, read_fact_tables
from khien.norms.field_reader import FieldReader
from khien.norms.library import LIBRARY, broken_library, load_library, per_library
from khien.norms.located_yaml import Located, Problem, read_located
from khien.norms.model import CheckSpec, Control, Library
from khien.norms.own_library import own_folder
from khien.norms.read_control import places_of
from khien.registers.declarations import read_registers

logger = logging.getLogger(__name__)

PARAMETER_SQL: Mapping[str, str] = {
    "integer": "BIGINT",
    "set": "VARCHAR[]",
    "choice": "VARCHAR",
    "date": "DATE",
}
SUBJECT_COLUMNS = (
    "host_id VARCHAR, unit_id BIGINT, host_name VARCHAR, kind VARCHAR, os_family VARCHAR, as_of TIMESTAMP, "
    "today DATE, partial_tables VARCHAR[], subject_id VARCHAR, complete_registers VARCHAR[]"
)
SQL_LINES_MAX = 40
BINDING_COLUMNS = (
    "unit_id BIGINT, document VARCHAR, clause VARCHAR, modality VARCHAR, frequency VARCHAR, "
    "in_force_since DATE, in_force_until DATE"
)
_SUBJECT_NAMES = frozenset(part.split()[0] for part in SUBJECT_COLUMNS.split(", "))
_KEYS = {"host_id", "row_id", "unit_id", "row_number", "changed_at"}
_SQL_LINE = re.compile(r"LINE (\d+):")
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Case:
    """One made-up machine and the reason that the check must give for it.

    bound: the documents that bind the made-up unit; None: all of the library that are in force.
    """

    control: str
    name: str
    subject: Mapping[str, Any]
    given: Mapping[str, list[dict[str, Any]]]
    expect: Mapping[str, Any]
    line: int
    bound: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class RunningCheck:
    """A control that can be decided by one SELECT."""

    control: Control
    spec: CheckSpec
    sql: str
    cases: tuple[Case, ...]


def tables_used(check: RunningCheck, tables: Iterable[str]) -> set[str]:
    """Return the fact tables that a check needs: its evidence, and those its statement names."""
    own = {f"{REGISTER_PREFIX}{check.spec.subject}"} & set(tables)
    return {*check.spec.evidence, *own, *(set(_WORD.findall(check.sql)) & set(tables))}


@per_library
def load_checks(folder: Path = LIBRARY, *, has_cases: bool = False) -> Mapping[str, RunningCheck]:
    """Return the running checks of a library, by control id; an assessment does without their cases.

    A broken check of a control of the installation's own is left out and told by `own_check_problems`.
    Raises: BrokenLibrary: anything in the product's own checks, or in its library, is wrong; it lists all of it
    """
    checks, _ = _sound_checks(folder, has_cases=has_cases)
    return checks


def own_check_problems() -> Sequence[Problem]:
    """Return what keeps controls of the installation's own from being decided; empty when all is well."""
    return _sound_checks(LIBRARY, has_cases=False)[1]


@per_library
def _sound_checks(
    folder: Path, *, has_cases: bool
) -> tuple[dict[str, RunningCheck], Sequence[Problem]]:
    library = load_library(folder)
    checks, problems = read_checks(library, folder, is_deep=False, has_cases=has_cases)
    own = own_folder() if folder == LIBRARY else None
    ours = [one for one in problems if own is None or not one.path.is_relative_to(own)]
    if ours:
        raise broken_library(ours)
    theirs = [one for one in problems if one not in ours]
    if own is not None:
        tables = {**read_fact_tables(folder)[0], **_register_tables(library, folder, [])}
        for check in checks.values():
            if check.control.folder.is_relative_to(own):
                # A statement of the product is proven by its tests; one that came from outside is not.
                _check_against_tables(check, tables, theirs)
    spoiled = {one.path.parent for one in theirs}
    for one in theirs:
        logger.warning("checks.own_left_out path=%s line=%d", one.path.name, one.line)
    sound = {code: one for code, one in checks.items() if one.control.folder not in spoiled}
    return sound, theirs


def read_checks(
    library: Library,
    folder: Path,
    *,
    is_deep: bool,
    has_cases: bool = True,
    known: Collection[Problem] = (),
) -> tuple[dict[str, RunningCheck], list[Problem]]:
    """Read every check.sql and cases.yaml, and list everything that is wrong with them.

    A deep reading also asks the database whether each statement and each sentence fits the tables.
    Args: known: problems found before; what they touch is not judged again by what follows from them
    """
    facts, problems = read_fact_tables(folder)
    # Clauses that could not be read are told already; registers that cite them are not to blame.
    follow = problems if not any("norms" in problem.path.parts for problem in known) else []
    tables = {**facts, **_register_tables(library, folder, follow)}
    unreadable = {problem.path.stem for problem in problems}
    checks: dict[str, RunningCheck] = {}
    demanded = _documents_by_control(library)
    for control in library.controls.values():
        if control.check is None:
            problems.extend(_orphans(control))
            continue
        check = _read_check(control, control.check, problems, has_cases=has_cases)
        if check is not None:
            checks[control.id] = check
            problems.extend(_strange_texts(check, demanded.get(control.id, set())))
    if is_deep:
        spoiled = {problem.path.parent for problem in (*known, *problems)}
        for check in checks.values():
            if check.control.folder not in spoiled and not unreadable & _words(check):
                _check_against_tables(check, tables, problems)
    return checks, problems


def _documents_by_control(library: Library) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for document in library.documents.values():
        for _, duty in document.duties():
            found.setdefault(duty.control, set()).add(document.id)
    return found


def _strange_texts(check: RunningCheck, known: set[str]) -> list[Problem]:
    """Return the cases bound by a text that does not speak of the control, or by none."""
    return [
        Problem(
            check.control.folder / "cases.yaml",
            case.line,
            f"bound: chỉ gồm văn bản nói về biện pháp này: {', '.join(sorted(known))}",
            f"bound: only texts that speak of this control: {', '.join(sorted(known))}",
        )
        for case in check.cases
        if case.bound is not None and (not case.bound or set(case.bound) - known)
    ]


def _register_tables(
    library: Library, folder: Path, problems: list[Problem]
) -> dict[str, FactTable]:
    anchors = {
        c.anchor for document in library.documents.values() for c in document.clauses.values()
    }
    registers, wrong = read_registers(folder, anchors=anchors)
    problems.extend(wrong)
    return {table.name: table for table in map(register_table, registers.values())}


def _words(check: RunningCheck) -> set[str]:
    given = {table for case in check.cases for table in case.given}
    return {*check.spec.evidence, *given, *_WORD.findall(check.sql)}


def _orphans(control: Control) -> list[Problem]:
    return [
        Problem(
            path, 1, "có tệp này mà control.yaml không có «check»", "control.yaml has no «check»"
        )
        for name in ("check.sql", "cases.yaml")
        if (path := control.folder / name).exists()
    ]


def _read_check(
    control: Control, spec: CheckSpec, problems: list[Problem], *, has_cases: bool
) -> RunningCheck | None:
    sql_path, cases_path = statement_path(control, spec), control.folder / "cases.yaml"
    if spec.statement is not None and not _is_shared(control, spec, problems):
        return None
    if not sql_path.exists():
        problems.append(Problem(sql_path, 1, "thiếu tệp này", "this file is missing"))
        return None
    try:
        sql = sql_path.read_text(encoding="utf-8").strip().rstrip(";")
    except UnicodeDecodeError as error:
        problems.append(Problem(sql_path, 1, "không phải UTF-8", f"not UTF-8: {error.reason}"))
        return None
    if sql.count("\n") >= SQL_LINES_MAX:
        problems.append(Problem(sql_path, 1, "dài quá 40 dòng", "longer than 40 lines"))
    if not _is_one_select(sql):
        vi, en = "phải là đúng một câu SELECT", "must be exactly one SELECT"
        problems.append(Problem(sql_path, 1, vi, en))
        return None
    if not has_cases:
        return RunningCheck(control, spec, sql, ())
    source = read_located(cases_path)
    if isinstance(source, Problem):
        problems.append(source)
        return None
    return RunningCheck(control, spec, sql, _read_cases(control, spec, source, problems))


def statement_path(control: Control, spec: CheckSpec) -> Path:
    """Return the file whose statement decides a control: its own, or that of its neighbour which it names."""
    folder = control.folder
    return (folder.with_name(spec.statement) if spec.statement else folder) / "check.sql"


def _is_shared(control: Control, spec: CheckSpec, problems: list[Problem]) -> bool:
    """Say whether the statement a control names is another one's, and that it has none of its own beside it."""
    path = control.folder / "control.yaml"
    line = _line(path, "check", "statement")
    if not (control.folder.with_name(str(spec.statement)) / "check.sql").exists():
        vi = f"«{spec.statement}» của cùng chủ đề không có check.sql"
        problems.append(
            Problem(path, line, vi, f"«{spec.statement}» of this theme has no check.sql")
        )
        return False
    if (control.folder / "check.sql").exists():
        vi, en = "đã có check.sql riêng", "it has a check.sql of its own"
        problems.append(Problem(path, line, vi, en))
        return False
    return True


def _is_one_select(sql: str) -> bool:
    """Say whether a text is one reading statement; broken SQL is left to the deep check, which has its line."""
    try:
        statements = duckdb.extract_statements(sql)
    except duckdb.Error:
        return True
    return len(statements) == 1 and statements[0].type == duckdb.StatementType.SELECT


def _read_cases(
    control: Control, spec: CheckSpec, source: Located, problems: list[Problem]
) -> tuple[Case, ...]:
    if not isinstance(source.data, list):
        problems.append(Problem(source.path, 1, "phải là một danh sách", "must be a list"))
        return ()
    cases = [
        _read_case(control, spec, FieldReader(source, (index,), problems))
        for index in range(len(source.data))
    ]
    unreached = set(spec.reasons) - {str(case.expect.get("reason")) for case in cases}
    for code in sorted(unreached):
        problems.append(
            Problem(
                source.path, 1, f"chưa có ca nào tới lý do «{code}»", f"no case reaches «{code}»"
            )
        )
    return tuple(cases)


def _read_case(control: Control, spec: CheckSpec, reader: FieldReader) -> Case:
    reader.allow_only(("name", "bound", "subject", "given", "expect"))
    expect = reader.data.get("expect")
    expected = {"reason": expect} if isinstance(expect, str) else _group(reader, "expect")
    if str(expected.get("reason")) not in spec.reasons:
        vi, en = "lý do không có trong control.yaml", "reason not in control.yaml"
        if "reason" in expected and not isinstance(expect, str):
            reader.child("expect").note(vi, en, at="reason")
        else:
            reader.note(vi, en, at="expect")
    subject = _group(reader, "subject")
    for name in subject:
        if name not in control.parameters and name not in _SUBJECT_NAMES:
            reader.child("subject").note("không có giá trị này", "no such value", at=name)
    line = reader.source.line(*reader.place)
    bound = reader.words("bound") if "bound" in reader.data else None
    return Case(control.id, reader.text("name"), subject, _given(reader), expected, line, bound)


def _group(reader: FieldReader, name: str) -> dict[str, Any]:
    return dict(reader.child(name).data) if reader.data.get(name) is not None else {}


def _given(reader: FieldReader) -> dict[str, list[dict[str, Any]]]:
    if reader.data.get("given") is None:
        return {}
    group = reader.child("given")
    return {table: [dict(row.data) for row in group.children(table)] for table in group.data}


def _check_against_tables(
    check: RunningCheck, tables: Mapping[str, FactTable], problems: list[Problem]
) -> None:
    path = check.control.folder / "control.yaml"
    for table in check.spec.evidence:
        if table not in tables:
            line = _line(path, "check", "evidence", table)
            vi, en = f"không có bảng số liệu «{table}»", f"no fact table «{table}»"
            problems.append(Problem(path, line, vi, en))
    subject = check.spec.subject
    if subject not in ("host", "unit") and f"{REGISTER_PREFIX}{subject}" not in tables:
        line = _line(path, "check", "subject")
        vi, en = f"không có sổ «{subject}»", f"no register «{subject}»"
        problems.append(Problem(path, line, vi, en))
    for case in check.cases:
        problems.extend(_case_problems(check, case, tables))
    columns = _output_columns(check, tables)
    if isinstance(columns, Problem):
        problems.append(columns)
        return
    key = check.spec.key
    if not {key, "reason"} <= columns:
        vi, en = f"phải trả về {key} và reason", f"must return {key} and reason"
        problems.append(Problem(statement_path(check.control, check.spec), 1, vi, en))
    known = columns | set(check.control.parameters) | {"host_name"}
    for reason in check.spec.reasons.values():
        for place in sorted(places_of(reason.text) - known):
            line = _line(path, "check", "reasons", reason.code)
            vi, en = f"{reason.code}: không có {{{place}}}", f"{reason.code}: no {{{place}}}"
            problems.append(Problem(path, line, vi, en))


def _line(path: Path, *place: str | int) -> int:
    source = read_located(path)
    return 1 if isinstance(source, Problem) else source.line(*place)


def _case_problems(
    check: RunningCheck, case: Case, tables: Mapping[str, FactTable]
) -> list[Problem]:
    path = check.control.folder / "cases.yaml"
    found = []
    for table, rows in case.given.items():
        known = tables[table].columns if table in tables else {}
        names = {name for row in rows for name in row} - set(known) - _KEYS
        if table not in tables or names:
            bad = ", ".join(sorted(names)) or table
            found.append(
                Problem(
                    path,
                    case.line,
                    f"không có bảng hoặc cột: {bad}",
                    f"no such table or column: {bad}",
                )
            )
    return found


def _output_columns(check: RunningCheck, tables: Mapping[str, FactTable]) -> set[str] | Problem:
    """Return the columns a check answers with; a problem if the database refuses it."""
    path = statement_path(check.control, check.spec)
    engine = FactEngine(tables)
    try:
        for table in tables.values():
            if table.is_register:
                continue
            engine.sql.execute(
                f'CREATE VIEW "{table.name}" AS SELECT * EXCLUDE (intake_id) FROM "{table.name}__rows"'  # noqa: S608  # registry names
            )
        engine.sql.execute(
            f"CREATE TABLE subject ({SUBJECT_COLUMNS}{parameter_columns(check.control)}"
            f"{''.join(f', {name} DATE' for name in since_columns(check.control))})"
        )
        engine.sql.execute(f"CREATE TABLE binding ({binding_columns(check.control)})")
        rows = engine.sql.execute(f"DESCRIBE {check.sql}").fetchall()
        path = check.control.folder / "control.yaml"
        applies = check.spec.applies or "true"
        engine.sql.execute(f"DESCRIBE SELECT {applies} FROM subject AS s")  # noqa: S608  # the library's own
    except duckdb.Error as error:
        what = str(error).splitlines()[0]
        if path.suffix == ".yaml":
            line = _line(path, "check", "applies")
        else:
            found = _SQL_LINE.search(str(error))
            line = int(found.group(1)) if found else 1
        return Problem(path, line, f"SQL sai: {what}", f"bad SQL: {what}")
    finally:
        engine.close()
    return {row[0] for row in rows}


def since_columns(control: Control) -> dict[str, str | None]:
    """Return the columns that say since when: the control (None), and each of its parameters."""
    named: dict[str, str | None] = {f"{name}_since": name for name in control.parameters}
    return {"in_force_since": None, **named}


def binding_columns(control: Control) -> str:
    """Return the SQL columns of table `binding`: a duty of a text, and the values that it gives itself."""
    return BINDING_COLUMNS + parameter_columns(control)


def parameter_columns(control: Control) -> str:
    """Return the SQL columns of a control's parameters, each led by a comma."""
    return "".join(
        f', "{name}" {PARAMETER_SQL[parameter.type]}'
        for name, parameter in control.parameters.items()
    )
