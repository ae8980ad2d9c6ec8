"""Checking of a shared text as the library is checked: every mistake with its place, and nothing stored."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeAlias

from khien.adoption.sharing.contents import BODY, CONTROL, HEAD, OWN_THEME, TextFiles
from khien.adoption.sharing.depth import too_deep
from khien.adoption.sharing.errors import SharedBroken
from khien.norms.contradictions import contradictions, duty_line
from khien.norms.library import LIBRARY
from khien.norms.library_format import canonical_yaml
from khien.norms.located_yaml import Located, Place, Problem, read_located
from khien.norms.model import Control, Document, Library
from khien.norms.read_control import read_control
from khien.norms.read_document import LawText, read_document, read_law

# Says where a value came from (a cell of a workbook), given its file inside the library and its place there.
Origin: TypeAlias = Callable[[str, Place], str | None]

_ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,59}")
_TEXT_FILE = re.compile(rf"norms/({_ID.pattern})/(document|clauses)\.yaml")
_CONTROL_FILE = re.compile(rf"controls/{OWN_THEME}/([A-Z]{{3}}-\d{{2,3}})/control\.yaml")
PLACES = frozenset({"norms", "controls"})


@dataclass(frozen=True, slots=True)
class CheckedText:
    """A text of which everything was checked, in the one form of the library."""

    files: TextFiles
    document: Document
    own_controls: Mapping[str, Control] = field(default_factory=dict)


def is_document_id(text: str) -> bool:
    """Say whether a text has the form of a document's id, which is the name of its folder as well."""
    return bool(_ID.fullmatch(text))


def checked(
    files: Mapping[str, str],
    library: Library,
    origin: Origin | None = None,
    *,
    is_canonical: bool = False,
) -> CheckedText:
    """Return the one text that library files hold.

    Args:   files: contents by path inside a library; library: what its clauses may name
            origin: where values came from, if not from these files
            is_canonical: the files were written in the form of the library just now
    Raises: SharedBroken: all that is wrong, each with file and line or with its origin
    """
    document_id, strange = _sorted_out(files)
    deep = (too_deep(content, Path(name)) for name, content in files.items())
    strange.extend(problem for problem in deep if problem is not None)
    if strange:
        raise SharedBroken([str(problem) for problem in strange])
    with tempfile.TemporaryDirectory(prefix="khien-") as place:
        folder = Path(place)
        for name, content in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content, encoding="utf-8", newline="\n")
        document, controls, problems = _read(folder, document_id, library)
        if problems or document is None:
            said = _Places(folder, origin).all(problems)
            raise SharedBroken(list(dict.fromkeys(said)))
    own = {
        code: replace(c, folder=Path(f"controls/{OWN_THEME}/{code}"))
        for code, c in controls.items()
    }
    form = str if is_canonical else canonical_yaml
    texts = TextFiles(
        document_id,
        form(files[f"norms/{document_id}/{HEAD}"]),
        form(files[f"norms/{document_id}/{BODY}"]),
        {code: canonical_yaml(files[f"controls/{OWN_THEME}/{code}/{CONTROL}"]) for code in own},
    )
    return CheckedText(texts, replace(document, folder=Path(f"norms/{document_id}")), own)


def _sorted_out(files: Mapping[str, str]) -> tuple[str, list[Problem]]:
    """Return the id of the one text, and what does not belong there or is missing."""
    found = {name: _TEXT_FILE.fullmatch(name) for name in files}
    ids = sorted({match[1] for match in found.values() if match})
    problems = [
        Problem(Path(name), 1, "tệp này không có chỗ ở đây; bỏ ra", "this file has no place here; remove it")
        for name in sorted(files)
        if not found[name] and not _CONTROL_FILE.fullmatch(name)
    ]  # fmt: skip
    if len(ids) != 1:
        named = ", ".join(ids) or "–"
        vi = f"phải có đúng một văn bản trong norms/, đang có: {named}"
        problems.append(
            Problem(Path("norms"), 1, vi, f"norms/ must hold one text, it holds: {named}")
        )
    for document_id in ids:
        for name in (f"norms/{document_id}/{HEAD}", f"norms/{document_id}/{BODY}"):
            if name not in files:
                problems.append(Problem(Path(name), 1, "thiếu tệp này", "this file is missing"))
    return ids[0] if len(ids) == 1 else "", problems


def _read(
    folder: Path, document_id: str, library: Library
) -> tuple[Document | None, dict[str, Control], list[Problem]]:
    problems: list[Problem] = []
    own = dict(_own_controls(folder, library, problems))
    known = {**library.controls, **own}
    place = folder / "norms" / document_id
    head, body = (_located(place / name, problems) for name in (HEAD, BODY))
    if head is None or body is None:
        return None, own, problems
    document = read_document(head, body, problems, controls=known, law=_law(problems))
    problems.extend(_wrong_days(document, head))
    problems.extend(_unknown_repeats(document))
    problems.extend(_unfed(document, own))
    if not problems:
        problems.extend(contradictions({document.id: document}, known)[0])
    return document, own, problems


def _located(path: Path, problems: list[Problem]) -> Located | None:
    found = read_located(path)
    if isinstance(found, Problem):
        problems.append(found)
        return None
    if not isinstance(found.data, Mapping):
        problems.append(Problem(path, 1, "phải là bảng khóa và giá trị", "must be a mapping"))
        return None
    return found


def _law(problems: list[Problem]) -> dict[str, LawText]:
    source = _located(LIBRARY / "norms" / "law.yaml", problems)
    return read_law(source, problems) if source else {}


def _own_controls(
    folder: Path, library: Library, problems: list[Problem]
) -> Iterator[tuple[str, Control]]:
    for path in sorted((folder / "controls").glob("*/*/" + CONTROL)):
        source = _located(path, problems)
        control = read_control(source, problems) if source else None
        if control is None:
            continue
        taken = library.controls.get(control.id)
        if taken is not None and taken.theme != OWN_THEME:
            vi = f"trùng mã với biện pháp của thư viện: {control.id}"
            problems.append(Problem(path, 1, vi, f"the library has a control {control.id} already"))
            continue
        if control.check is None and not control.waits_for:
            vi = "không có «check» thì phải nói đang chờ gì: «waits_for»"
            en = "without «check» it must say what it waits for: «waits_for»"
            problems.append(Problem(path, 1, vi, en))
        yield control.id, control


def _wrong_days(document: Document, head: Located) -> Iterator[Problem]:
    path, begin, end = head.path, document.in_force_from, document.in_force_to
    if end is not None and end <= begin:
        vi = "ngày hết hiệu lực phải sau ngày có hiệu lực"
        en = "the last day must come after the first day in force"
        yield Problem(path, head.line("in_force_to"), vi, en)
    if document.id in document.replaces:
        vi, en = "văn bản không thể thay thế chính mình", "a text cannot replace itself"
        yield Problem(path, head.line("replaces"), vi, en)


def _unknown_repeats(document: Document) -> Iterator[Problem]:
    for clause, duty in document.duties():
        if duty.repeat_of and duty.repeat_of not in document.clauses:
            yield Problem(
                document.folder / BODY,
                duty_line(document, duty.id, "repeat_of"),
                f"{duty.id} ({clause.path}) lặp lại {duty.repeat_of}, nhưng không có điều khoản đó",
                f"{duty.id} ({clause.path}) repeats {duty.repeat_of}, which does not exist",
            )


def _unfed(document: Document, own: Mapping[str, Control]) -> Iterator[Problem]:
    fed = {duty.control for _, duty in document.duties()}
    for code, control in own.items():
        if code not in fed:
            vi, en = "không điều khoản nào dẫn tới biện pháp này", "no clause feeds it"
            yield Problem(control.folder / CONTROL, 1, vi, en)


@dataclass(slots=True)
class _Places:
    """Says where each problem stands; each file is read once, whatever is wrong with it."""

    folder: Path
    origin: Origin | None
    lines: dict[Path, dict[int, list[Place]]] = field(default_factory=dict)

    def all(self, problems: Iterable[Problem]) -> list[str]:
        """Return all problems in the order of files and lines."""
        in_order = sorted(problems, key=lambda problem: (str(problem.path), problem.line))
        return [self._said(problem) for problem in in_order]

    def _said(self, problem: Problem) -> str:
        path = problem.path
        inside = path.is_relative_to(self.folder)
        name = path.relative_to(self.folder).as_posix() if inside else path.name
        if self.origin is not None:
            for place in [*self._here(path, problem.line), ()]:
                came_from = self.origin(name, place)
                if came_from is not None:
                    return f"{came_from}: {problem.vi} / {problem.en}"
        return str(replace(problem, path=Path(name)))

    def _here(self, path: Path, line: int) -> list[Place]:
        if path not in self.lines:
            located = read_located(path)
            by_line: dict[int, list[Place]] = {}
            for place, at in (located.lines if isinstance(located, Located) else {}).items():
                by_line.setdefault(at, []).append(place)
            self.lines[path] = by_line
        return sorted(self.lines[path].get(line, []), key=len, reverse=True)
