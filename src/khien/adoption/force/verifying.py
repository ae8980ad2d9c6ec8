"""A text read back from its library form with all checks; every mistake names its clause."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from khien.adoption.force.errors import TextHasMistakes
from khien.duties.proofs import load_proofs, with_own_duties
from khien.duties.validation import schedule_problems
from khien.kernel.language import Text
from khien.norms.contradictions import contradictions
from khien.norms.library import with_own_texts
from khien.norms.located_yaml import Located, Problem, read_located
from khien.norms.model import Document, Library
from khien.norms.wording import clause_name
from khien.registers.declarations import load_registers

# What a stored occurrence of a duty can name (duties.models).
_CLAUSE_MAX = 60
_LONG = Text("đường dẫn dài quá {most} chữ", "the path is longer than {most} letters")
_UNFED = Text("không điều khoản nào dẫn tới biện pháp này", "no clause feeds it")


def read_back(code: str, files: Mapping[str, str], library: Library) -> tuple[Library, Document]:
    """Return the library as it would be with a text added, and the text as it reads.

    Args:   library: without an older form of the same text
    Raises: TextHasMistakes: anything is wrong, all of it told
    """
    with tempfile.TemporaryDirectory(prefix="khien-") as place:
        folder = Path(place)
        for name, content in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content, encoding="utf-8")
        read = with_own_texts(library, folder)
        problems = [_told(problem, folder) for problem in read.own_problems]
        document = read.documents.get(code)
        if document is not None:
            inside = contradictions({code: document}, read.controls)[0]
            problems += [_told(problem, folder) for problem in inside]
            rules = with_own_duties(load_proofs(), read)
            wrong = schedule_problems(read, rules, load_registers(), only=code)
            problems += [_told(problem, folder) for problem in wrong]
            problems += _more_problems(document, read, folder)
        if problems or document is None:
            raise TextHasMistakes(code, list(dict.fromkeys(problems)))
        return read, document


def _more_problems(document: Document, library: Library, folder: Path) -> Iterator[Text]:
    for path in document.clauses:
        if len(path) > _CLAUSE_MAX:
            name = clause_name(path)
            said = _LONG.fill({"most": _CLAUSE_MAX})
            yield Text(f"{name.vi}: {said.vi}", f"{name.en}: {said.en}")
    fed = {duty.control for _, duty in document.duties()}
    for code, control in library.controls.items():
        if control.folder.is_relative_to(folder) and code not in fed:
            yield Text(f"{code}: {_UNFED.vi}", f"{code}: {_UNFED.en}")


def _told(problem: Problem, folder: Path) -> Text:
    """Return a problem with the clause in which it stands instead of file and line."""
    name = _place(problem)
    if name is None:
        path = problem.path
        shown = path.relative_to(folder).as_posix() if path.is_relative_to(folder) else path.name
        return Text(f"{shown}: {problem.vi}", f"{shown}: {problem.en}")
    return Text(f"{name.vi}: {problem.vi}", f"{name.en}: {problem.en}")


def _place(problem: Problem) -> Text | None:
    if problem.path.name == "document.yaml":
        return Text("Phần đầu văn bản", "Head of the text")
    if problem.path.name != "clauses.yaml":
        return None
    source = read_located(problem.path)
    if not isinstance(source, Located):
        return None
    numbers = [
        (line, place[1])
        for place, line in source.lines.items()
        if len(place) == 2 and place[0] == "clauses" and line <= problem.line  # ("clauses", n)
    ]
    if not numbers:
        return None
    clause = source.data["clauses"][max(numbers)[1]]
    path = str(clause.get("path", "")) if isinstance(clause, Mapping) else ""
    return clause_name(path) if path else None
