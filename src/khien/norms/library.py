"""Loading of the whole library at once, with every mistake reported, each with file and line."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache, wraps
from pathlib import Path
from typing import ParamSpec, TypeVar

from khien.kernel.language import Text
from khien.norms.contradictions import contradictions, duty_line
from khien.norms.coverage import never_binds
from khien.norms.errors import BrokenLibrary
from khien.norms.field_reader import FieldReader
from khien.norms.located_yaml import Located, Problem, read_located
from khien.norms.model import Control, Document, Library
from khien.norms.own_library import own_folder
from khien.norms.read_control import read_control
from khien.norms.read_document import LawText, read_document, read_law

LIBRARY = Path(__file__).resolve().parent.parent / "library"

_P = ParamSpec("_P")
_R = TypeVar("_R")


def load_library(folder: Path = LIBRARY) -> Library:
    """Return the library in use, loaded once: the product's, with the texts this installation put into force.

    Args:   folder: another library, taken alone
    Raises: BrokenLibrary: anything in the product's own part is wrong; the error lists all of it
    """
    return _loaded(folder, own_folder() if folder == LIBRARY else None)


@lru_cache(maxsize=8)
def _loaded(folder: Path, own: Path | None) -> Library:
    if own is not None:
        return with_own_texts(_loaded(folder, None), own)
    library, problems = read_library(folder)
    if problems:
        raise broken_library(problems)
    return library


def per_library(make: Callable[_P, _R]) -> Callable[_P, _R]:
    """Keep what a function makes of the library in use, until own texts change it."""
    kept: dict[object, _R] = {}

    @wraps(make)
    def current(*args: _P.args, **kwargs: _P.kwargs) -> _R:
        key = (own_folder(), args, tuple(sorted(kwargs.items())))
        if key not in kept:
            made = make(*args, **kwargs)
            while len(kept) >= _MADE_MAX:
                kept.pop(next(iter(kept)), None)
            kept[key] = made
        return kept[key]

    return current


_MADE_MAX = 16


def with_own_texts(library: Library, own: Path) -> Library:
    """Return a library with the texts and controls of another folder added to it.

    A text that no longer reads (a newer product dropped what it names) is left out and told in `own_problems`:
    the rest stays in force.
    """
    problems: list[Problem] = []
    controls = dict(library.controls)
    for code, control in _read_controls(own / "controls", problems).items():
        if code in library.controls:
            path = control.folder / "control.yaml"
            problems.append(
                Problem(
                    path,
                    1,
                    f"trùng mã với biện pháp của thư viện: {code}",
                    f"the library has a control {code} already",
                )
            )
            continue
        controls[code] = control
    law = _read_law(LIBRARY / "norms" / "law.yaml", problems)
    found = _read_documents(own / "norms", controls, law, problems)
    spoiled = {problem.path.parent for problem in problems}
    own_texts = {
        code: replace(document, is_own=True)
        for code, document in found.items()
        if code not in library.documents and document.folder not in spoiled
    }
    documents = {**library.documents, **own_texts}
    between = contradictions(documents, controls)[1]
    digest = hashlib.sha256(f"{library.digest} {own.name}".encode()).hexdigest()
    return replace(
        library,
        documents=documents,
        controls=controls,
        digest=digest,
        disputes=tuple(between),
        own_problems=tuple(problems),
    )


def broken_library(problems: Sequence[Problem]) -> BrokenLibrary:
    """Return the failure that lists all problems of a library."""
    shown = "\n".join(str(problem) for problem in problems)
    return BrokenLibrary(count=len(problems), problems=shown)


def read_library(folder: Path) -> tuple[Library, list[Problem]]:
    """Read everything that can be read, and list everything that is wrong, in file order."""
    problems: list[Problem] = []
    controls = _read_controls(folder / "controls", problems)
    law = _read_law(folder / "norms" / "law.yaml", problems)
    documents = _read_documents(folder / "norms", controls, law, problems)
    labels = _read_labels(folder / "labels.yaml", problems)
    _check_references(documents, controls, problems, is_whole=_is_whole(folder, documents))
    problems.extend(_silent(documents, controls))
    inside, between = contradictions(documents, controls)
    problems.extend(inside)
    digest = library_digest(folder)
    problems.sort(key=lambda problem: (str(problem.path), problem.line))
    return Library(documents, controls, labels, digest, tuple(between)), problems


def _silent(documents: Mapping[str, Document], controls: Mapping[str, Control]) -> list[Problem]:
    """Return the controls that bind a unit, that nothing decides, and that do not say what they wait for."""
    vi = "không có «check» thì phải nói đang chờ gì: «waits_for»"
    en = "without «check» it must say what it waits for: «waits_for»"
    return [
        Problem(control.folder / "control.yaml", 1, vi, en)
        for control in controls.values()
        if control.check is None
        and not control.waits_for
        and never_binds(control.id, documents.values()) is None
    ]


def library_digest(folder: Path) -> str:
    """Return the SHA-256 over names and contents of all library files, in the order of names."""
    total = hashlib.sha256()
    for path in sorted(p for p in folder.rglob("*") if p.suffix in (".yaml", ".sql")):
        name = path.relative_to(folder).as_posix().encode()
        total.update(hashlib.sha256(name).digest() + hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


def _located(path: Path, problems: list[Problem]) -> Located | None:
    result = read_located(path)
    if isinstance(result, Problem):
        problems.append(result)
        return None
    return result


def _read_controls(folder: Path, problems: list[Problem]) -> dict[str, Control]:
    controls: dict[str, Control] = {}
    for path in sorted(place / "control.yaml" for place in folder.glob("*/*/")):
        source = _located(path, problems)
        control = read_control(source, problems) if source else None
        if control is None:
            continue
        if control.id in controls:
            problems.append(
                Problem(path, 1, f"{control.id} có hai lần", f"{control.id} stands twice")
            )
        controls[control.id] = control
    return controls


def _read_law(path: Path, problems: list[Problem]) -> dict[str, LawText]:
    source = _located(path, problems)
    return read_law(source, problems) if source else {}


def _read_documents(
    folder: Path,
    controls: Mapping[str, Control],
    law: Mapping[str, LawText],
    problems: list[Problem],
) -> dict[str, Document]:
    documents: dict[str, Document] = {}
    for path in _heads(folder):
        head = _located(path, problems)
        body = _located(path.with_name("clauses.yaml"), problems)
        if head and body:
            document = read_document(head, body, problems, controls=controls, law=law)
            documents[document.id] = document
    return documents


def _heads(folder: Path) -> list[Path]:
    # The folder, not the file, makes a document: one without its file must not vanish in silence.
    return sorted(place / "document.yaml" for place in folder.glob("*/"))


def _is_whole(folder: Path, documents: Mapping[str, Document]) -> bool:
    return len(documents) == len(_heads(folder / "norms"))


def _read_labels(path: Path, problems: list[Problem]) -> dict[str, Text]:
    source = _located(path, problems)
    if source is None:
        return {}
    top = FieldReader(source, (), problems)
    return {code: top.child(code).bilingual() for code in top.data}


def _check_references(
    documents: Mapping[str, Document],
    controls: Mapping[str, Control],
    problems: list[Problem],
    *,
    is_whole: bool,
) -> None:
    fed = {duty.control for document in documents.values() for _, duty in document.duties()}
    for control in controls.values():
        # An unreadable document already is a problem; the controls it alone feeds are not to blame.
        if is_whole and control.id not in fed:
            place = control.folder / "control.yaml"
            problems.append(
                Problem(
                    place, 1, "không điều khoản nào dẫn tới biện pháp này", "no clause feeds it"
                )
            )
    for document in documents.values():
        problems.extend(_unknown_repeats(document))


def _unknown_repeats(document: Document) -> Iterable[Problem]:
    for clause, duty in document.duties():
        if duty.repeat_of and duty.repeat_of not in document.clauses:
            yield Problem(
                document.folder / "clauses.yaml",
                duty_line(document, duty.id, "repeat_of"),
                f"{duty.id} ({clause.path}) lặp lại {duty.repeat_of}, nhưng không có điều khoản đó",
                f"{duty.id} ({clause.path}) repeats {duty.repeat_of}, which does not exist",
            )
