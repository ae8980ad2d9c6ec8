"""Docs say what the program has and nothing that it has not: commands, codes, tables, variables, links, paths."""

from __future__ import annotations

import importlib
import os
import re
import shlex
import subprocess
import tomllib
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import docs_from_code as made
import pytest

from khien.cli.main import VERBS, main
from khien.kernel.language import use_language

ROOT = made.ROOT
DOCS = [
    ROOT / "README.md",
    *(p for p in [ROOT / "CHANGELOG.md"] if p.exists()),
    *sorted((ROOT / "docs").rglob("*.md")),
]
# Verbs of the start script, not of the command.
START_SCRIPT = {"test"}
FENCE = re.compile(r"^```(\w*)\n(.*?)^```", re.M | re.S)
INLINE = re.compile(r"`([^`\n]+)`")
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
PATH = re.compile(
    r"(?<![\w./-])(?:src|tests|docs|bench|library|norms|kernel|ledger|facts|checks|reports|web|cli|org|project)/[\w./-]+"
)
DOTTED = re.compile(r"\bkhien(?:\.[a-z_]+)+(?:\.[A-Z]\w+)?\b(?!\()")


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@cache
def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")


@cache
def all_docs() -> str:
    return "\n".join(text_of(path) for path in DOCS)


def is_spoken_of(word: str) -> bool:
    return re.search(rf"(?<![\w-]){re.escape(word)}(?![\w-])", all_docs()) is not None


@pytest.fixture(autouse=True)
def vietnamese() -> Iterator[None]:
    """Pages are made in both languages one after the other; nothing of that may stay."""
    yield
    use_language("vi")


# ---- what the code has is in the docs


@pytest.mark.parametrize("page", made.PAGES)
def test_a_page_written_from_the_code_is_up_to_date(page: str) -> None:
    path, wanted = ROOT / page, made.PAGES[page]()
    if os.environ.get("UPDATE_DOCS"):
        path.write_text(wanted, encoding="utf-8")
    assert path.read_text(encoding="utf-8") == wanted, (
        "run UPDATE_DOCS=1 ./khien test tests/architecture"
    )


def test_every_verb_and_sub_verb_is_described() -> None:
    page = text_of(ROOT / "docs" / "cli.md")
    assert [verb for verb, *_ in made.parsers() if f"\n## khien {verb}\n" not in page] == []
    assert {verb.split()[0] for verb, *_ in made.parsers()} == set(VERBS)


def test_every_argument_says_what_it_is_in_both_languages() -> None:
    silent = [
        f"khien {verb} {said.dest}"
        for verb, _, vi, en in made.parsers()
        for said, meant in zip(made.arguments(vi), made.arguments(en), strict=True)
        if not said.help or not meant.help or said.help == meant.help
    ]
    assert silent == []


def test_every_failure_event_and_fact_table_is_described() -> None:
    codes = [*made.failures(), *made.recorded_kinds(), *made.fact_tables()]
    assert len(codes) > 80
    assert [code for code in codes if not is_spoken_of(code)] == []


def code_files() -> Iterator[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "src", "tests", "bench", ".ci", "khien", "manage.py"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    for file in listed.stdout.splitlines():
        path = ROOT / file
        if path.is_file() and (path.suffix == ".py" or file in (".ci/run", "khien")):
            yield path


def test_every_variable_of_the_environment_is_described_and_used() -> None:
    asked = re.compile(r"\b(KHIEN_[A-Z_]+)\b|environ(?:\.get\(|\[)\s*\"([A-Z_]+)\"")
    used = set()
    for path in code_files():
        if path.name not in ("docs_from_code.py", "test_docs_are_complete.py"):
            used |= {a or b for a, b in asked.findall(path.read_text(encoding="utf-8"))}
    systems_own, ours = (
        {"PATH", "DJANGO_SETTINGS_MODULE"},
        {"UPDATE_DOCS"},
    )  # ours is asked for in this file only
    assert (used | ours) - systems_own == set(made.VARIABLES)


def test_every_dependency_says_why() -> None:
    project = tomllib.loads(text_of(ROOT / "pyproject.toml"))
    groups = [
        project["project"]["dependencies"],
        *project["project"]["optional-dependencies"].values(),
    ]
    groups += project["dependency-groups"].values()
    names = {re.split(r"[^\w-]", line)[0].lower() for group in groups for line in group}
    page = text_of(ROOT / "docs" / "dependencies.md").lower()
    assert sorted(n for n in names if not re.search(rf"(?<![\w-]){n}(?![\w-])", page)) == []


EXAMPLE = re.compile(r"(\[`[\w/.-]+`\]\(([^)]+)\)([^\n]*)\n\n```\w+\n)(.*?)(```)", re.S)
CASES_SHOWN = 2


def test_the_example_of_the_control_format_is_the_control_itself() -> None:
    page = ROOT / "docs" / "formats" / "control.md"
    wanted = EXAMPLE.sub(
        lambda m: m[1] + shown(page.parent / m[2], whole=not m[3]) + m[5], text_of(page)
    )
    assert len(EXAMPLE.findall(wanted)) == 3
    if os.environ.get("UPDATE_DOCS"):
        page.write_text(wanted, encoding="utf-8")
    assert page.read_text(encoding="utf-8") == wanted


def shown(path: Path, *, whole: bool) -> str:
    """Return what a page shows of a file: all, or its first cases."""
    text = path.read_text(encoding="utf-8")
    return text if whole else "".join(re.split(r"(?m)^(?=- name:)", text)[: CASES_SHOWN + 1])


# ---- what the docs name is in the code


@pytest.mark.parametrize("path", DOCS, ids=name)
def test_every_link_inside_leads_somewhere(path: Path) -> None:
    broken = []
    for target in LINK.findall(text_of(path)):
        file, _, part = target.partition("#")
        place = (path.parent / file).resolve() if file else path
        if "://" in target:
            continue
        if not place.exists() or (part and part not in headings(place)):
            broken.append(target)
    assert broken == []


def headings(path: Path) -> set[str]:
    """Return the anchors of a page, as forges make them from headings."""
    bare = FENCE.sub("", text_of(path))
    titles = re.findall(r"^#+ (.+)$", bare, re.M)
    return {re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles}


@pytest.mark.parametrize("path", DOCS, ids=name)
def test_every_file_that_is_named_exists(path: Path) -> None:
    """In `…`: src/…, tests/…, docs/…, bench/…, or the same below src/khien; <names> and stars stand for any."""
    missing = []
    for word in INLINE.findall(text_of(path)):
        for found in PATH.finditer(re.sub(r"<[^>]+>", "*", word.partition("::")[0])):
            if found.group() != word.partition("::")[0].rstrip(",;") and " " not in word:
                continue  # a placeholder, a brace, an address
            bare = found.group().rstrip("./")
            places = [
                base / bare
                for base in (ROOT, ROOT / "src/khien", ROOT / "src/khien/library", path.parent)
            ]
            if not any(
                place.exists() or place.with_name(place.name + ".py").exists() for place in places
            ):
                missing.append(bare)
    assert missing == []


@pytest.mark.parametrize("path", DOCS, ids=name)
def test_every_module_and_function_that_is_named_exists(path: Path) -> None:
    words = {w for code in INLINE.findall(text_of(path)) for w in DOTTED.findall(code)}
    assert [
        word
        for word in sorted(words)
        if word not in ("khien.cmd", "khien.stamp") and not exists(word)
    ] == []


def exists(dotted: str) -> bool:
    parts = dotted.split(".")
    for length in range(len(parts), 0, -1):
        try:
            found: object = importlib.import_module(".".join(parts[:length]))
        except ModuleNotFoundError:
            continue
        for part in parts[length:]:
            if not hasattr(found, part):
                return False
            found = getattr(found, part)
        return True
    return False


# ---- commands


def shell_commands(text: str) -> Iterator[str]:
    """Yield each command line of the shell blocks that calls khien, alternatives apart."""
    blocks = [body for kind, body in FENCE.findall(text) if kind == "sh"]
    return calls_of_khien(line for body in blocks for line in body.splitlines())


def inline_commands(text: str) -> Iterator[str]:
    """Yield each `khien …` of the running text."""
    return calls_of_khien(INLINE.findall(FENCE.sub("", text)))


def calls_of_khien(lines: Iterable[str]) -> Iterator[str]:
    for line in lines:
        found = re.match(r"(?:[A-Z_]+=\S+ )*(?:\./|python -m )?khien(?:\.cmd)? ([^#]+)", line)
        if found:
            yield from alternatives(found.group(1).strip())


def alternatives(line: str) -> Iterator[str]:
    """`library check | coverage` is two commands."""
    first, *others = [part.strip() for part in line.split(" | ")]
    yield first
    for other in others:
        yield f"{first.split()[0]} {other}"


def said_wrongly(line: str) -> str | None:
    """Say what is wrong with a command line of the docs: unknown verb, sub-verb or option."""
    words = shlex.split(line.replace("…", "").replace("[", "").replace("]", ""))
    if not words or words[0] in START_SCRIPT or words[0].startswith("-"):
        return None
    known = {verb: en for verb, _, _, en in made.parsers()}
    if words[0] not in VERBS:
        return f"no verb: {line}"
    subs = [verb.split()[1] for verb in known if verb.startswith(f"{words[0]} ")]
    if subs and len(words) == 1:
        return None
    if subs and words[1] not in subs:
        return f"no sub-verb: {line}"
    verb = f"{words[0]} {words[1]}" if subs else words[0]
    options = {option for a in made.arguments(known[verb]) for option in a.option_strings}
    asked = {word.partition("=")[0] for word in words if word.startswith("--")}
    unknown = asked - options - {"--lang", "--help"}
    return f"no option {sorted(unknown)}: {line}" if unknown else None


@pytest.mark.parametrize("path", DOCS, ids=name)
def test_every_command_that_is_shown_is_real(path: Path) -> None:
    text = text_of(path)
    wrong = [said_wrongly(line) for line in [*shell_commands(text), *inline_commands(text)]]
    assert [w for w in wrong if w] == []


def test_every_command_that_a_failure_advises_is_real() -> None:
    advice = re.compile(r"(?:\./)?khien ([a-z]+(?: (?:--?)?[a-z][a-z-]*)*)")
    wrong = []
    for code, error in made.failures().items():
        for said in (error.sentence.vi, error.sentence.en):
            for line in advice.findall(said):
                words = line.split()
                if words[0] not in VERBS:
                    wrong.append(f"{code}: khien {line}")
    assert wrong == []


def test_the_readme_is_one_screen_and_its_commands_are_understood() -> None:
    readme = text_of(ROOT / "README.md")
    assert readme.count("\n") <= 50
    lines = list(shell_commands(readme))
    assert {"up", "test"} <= {line.split()[0] for line in lines}
    for line in lines:
        words = shlex.split(line)
        if words[0] in START_SCRIPT:
            continue
        subs = made.sub_actions(made.parser_of(words[0]))
        if not subs:
            made.parser_of(words[0]).parse_args(words[1:])
        elif len(words) > 1:
            subs[words[1]][1].parse_args(words[2:])


@pytest.mark.parametrize(
    "line", [line for line in shell_commands(text_of(ROOT / "README.md")) if re.match("norms diff|rulebook --doc|library cov", line)]
)  # fmt: skip
def test_the_readmes_commands_that_need_no_data_run(
    line: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(shlex.split(line)) == 0
    assert capsys.readouterr().out.count("\n") > 5
