"""Pages of docs that are written from the code: docs/cli.md and docs/reference.md."""

from __future__ import annotations

import argparse
import importlib
import pkgutil
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import khien
from khien.checks.sentences import COMMON
from khien.cli.argument_words import Parser
from khien.cli.main import VERBS
from khien.facts.tables import FactTable, fact_tables
from khien.kernel.errors import KhienError
from khien.kernel.language import Text, use_language
from khien.ledger import events
from khien.ledger.findings import DATABASE_CATALOG
from khien.ledger.inspector import CATALOG
from khien.norms.text import anomalies, source

ROOT = Path(__file__).resolve().parents[2]
NOT_LOADED = {"khien.__main__", "khien.project.wsgi"}
MADE = (
    "<!-- Written from the code by tests/architecture/docs_from_code.py; do not edit. "
    "UPDATE_DOCS=1 ./khien test tests/architecture rewrites it. -->"
)

# Every variable of the environment that our own code asks for, and what it does.
VARIABLES: Mapping[str, str] = {
    "BENCH_DIR": "benches only: where the ledger bench makes its temporary folder",
    "FORCE_COLOR": "any value: colours even when stdout is no terminal",
    "KHIEN_DATA": "the data folder: database, facts, ledger, keys, log; default `var/data` of the repository "
    "(under `KHIEN_VAR` when started by `./khien`)",
    "KHIEN_DATABASE": "the address of a PostgreSQL database, `postgresql://user@/name?host=/run/postgresql`; unset: the "
    "embedded database in the data folder",
    "KHIEN_FACTS_KEEP_DAYS": "for how many days facts of machines are kept; default 730; never less than bound texts want",
    "KHIEN_LANG": "`vi` (default) or `en`: language of the command line; `--lang` goes before it",
    "KHIEN_MINUTES": "tests only: a folder where the minutes of all workflows are left to be looked at",
    "KHIEN_PAPERS": "tests only: a folder where every report of the library is left to be looked at",
    "KHIEN_PORT": "the port of the pages on 127.0.0.1, 1 to 65535; default 8765",
    "KHIEN_REGULATIONS": "tests only: folder of the five source texts, which are not part of the repository",
    "KHIEN_REQUIRE_ALL": "tests only, set by `.ci/run`: any value makes a test that lacks its tool fail instead of being skipped",
    "KHIEN_SPEC": "tests only: folder of the duty inventory, which is not part of the repository",
    "KHIEN_TEST_DATABASE": "tests only, set by `.ci/postgresql`: the server on which the tests make their database",
    "KHIEN_TOKEN_MODULE": "`khien sign`: the PKCS#11 library of the token; `--module` goes before it",
    "KHIEN_TSA": "`khien sign`: the address of a time stamping authority (RFC 3161); `--tsa` goes before it",
    "KHIEN_VAR": "start script only: where environment, caches and data go; default `var` of the repository",
    "NO_COLOR": "any value: no colours",
    "PARTS": "benches only: which parts of the register bench run",
    "UPDATE_DOCS": "tests only: rewrite docs/cli.md and docs/reference.md from the code",
    "UPDATE_GOLDEN": "tests only: rewrite the expected reports",
}


def load_everything() -> None:
    """Import every module, so that every failure and event is known."""
    for module in pkgutil.walk_packages(khien.__path__, "khien."):
        if module.name not in NOT_LOADED and ".migrations" not in module.name:
            importlib.import_module(module.name)


def failures() -> dict[str, type[KhienError]]:
    """Return every failure that has a code of its own, by code."""
    load_everything()
    waiting, found = [KhienError], {}
    while waiting:
        error = waiting.pop()
        waiting.extend(error.__subclasses__())
        if error.__module__.startswith("khien.") and "code" in error.__dict__:
            found[error.code] = error
    return dict(sorted(found.items()))


def recorded_kinds() -> dict[str, Text]:
    """Return every kind of ledger event that a room registers (tests register more), with its sentence."""
    load_everything()
    found = {}
    for room in sorted((ROOT / "src" / "khien").glob("*/events.py")):
        module = importlib.import_module(f"khien.{room.parent.name}.events")
        for name, kind in vars(module).items():
            if name.isupper() and isinstance(kind, str) and kind in events.kinds():
                found[kind] = events._registered[kind]  # its template, with the places open
    return dict(sorted(found.items()))


def anomaly_sentences() -> dict[str, Text]:
    """Return every code of an anomaly, of reading a file and of parsing its text."""
    tables = [
        value
        for module in (anomalies, source)
        for value in vars(module).values()
        if isinstance(value, Mapping) and value and all(isinstance(v, Text) for v in value.values())
    ]
    return dict(sorted((str(code), text) for table in tables for code, text in table.items()))


def verify_sentences() -> dict[str, tuple[bool, Text]]:
    """Return every code `khien verify` can answer with: whether it is a failure, and its sentence."""
    found = {code: (failure, Text(vi, en)) for code, (failure, vi, en) in CATALOG.items()}
    found |= {code: (code != "row.waiting", text) for code, text in DATABASE_CATALOG.items()}
    return dict(sorted(found.items()))


# ---- docs/cli.md


def parser_of(verb: str) -> argparse.ArgumentParser:
    """Return the parser of a verb in the language in use."""
    parser = Parser(prog=f"khien {verb}", description=str(VERBS[verb]), add_help=False)
    importlib.import_module(f"khien.cli.{verb.replace('-', '_')}_command").configure(parser)
    return parser


def parsers() -> Iterator[tuple[str, Text, argparse.ArgumentParser, argparse.ArgumentParser]]:
    """Return each verb and sub-verb that does something: name, summary, its parser in vi and in en."""
    for verb, summary in VERBS.items():
        pair = []
        for language in ("vi", "en"):
            use_language(language)
            pair.append(parser_of(verb))
        use_language("vi")
        subs = [sub_actions(parser) for parser in pair]
        if not subs[0]:
            yield verb, summary, pair[0], pair[1]
        for (name, (help_vi, vi)), (_, (help_en, en)) in zip(
            subs[0].items(), subs[1].items(), strict=True
        ):
            yield f"{verb} {name}", Text(help_vi, help_en), vi, en


def sub_actions(
    parser: argparse.ArgumentParser,
) -> dict[str, tuple[str, argparse.ArgumentParser]]:
    """Return the sub-verbs of a parser, with their help."""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            said = {choice.dest: choice.help or "" for choice in action._choices_actions}
            return {name: (said[name], sub) for name, sub in action.choices.items()}
    return {}


def arguments(parser: argparse.ArgumentParser) -> list[argparse.Action]:
    """Return the arguments of a parser that a person may give."""
    return [a for a in parser._actions if a.help != argparse.SUPPRESS and a.dest != "help"]


def value_name(parser: argparse.ArgumentParser, action: argparse.Action) -> str:
    """Return what stands for the value of an argument, empty for a switch."""
    if action.nargs == 0:
        return ""
    if action.choices:
        return "{" + ",".join(str(choice) for choice in action.choices) + "}"
    if action.metavar:
        return str(action.metavar)
    formatter = parser._get_formatter()
    if action.option_strings:
        return formatter._get_default_metavar_for_optional(action)
    name = formatter._get_default_metavar_for_positional(action)
    return name if name != action.dest else name.upper()


def written(parser: argparse.ArgumentParser, action: argparse.Action) -> str:
    """Return an argument as one types it."""
    value = value_name(parser, action)
    if not action.option_strings:
        return f"[{value} …]" if action.nargs == "*" else value
    return f"{action.option_strings[-1]} {value}".rstrip()


def usage(name: str, parser: argparse.ArgumentParser) -> str:
    """Return the line that shows how a verb is called."""
    words, done = [f"khien {name}"], set()
    groups = {
        id(a): group for group in parser._mutually_exclusive_groups for a in group._group_actions
    }
    for action in arguments(parser):
        group = groups.get(id(action))
        if id(action) in done:
            continue
        if group is not None:
            done |= {id(a) for a in group._group_actions}
            either = " | ".join(written(parser, a) for a in group._group_actions)
            words.append(f"({either})" if group.required else f"[{either}]")
        elif action.option_strings and not action.required:
            words.append(f"[{written(parser, action)}]")
        else:
            words.append(written(parser, action))
    return " ".join(words)


def cli_page() -> str:
    """Return docs/cli.md."""
    lines = [
        "# The command line",
        "",
        MADE,
        "",
        "`./khien` (`khien.cmd` on Windows) prepares its environment, then runs the command `khien`; `./khien test [PATH …]` runs the tests instead.",
        "Every command takes `--help`; `khien --lang en …` speaks English (Vietnamese unless `KHIEN_LANG` says otherwise). Results go to stdout, talk to stderr.",
        "Days are written 30/06/2026 or 2026-06-30.",
        "",
        "| exit | nghĩa | meaning |",
        "|---|---|---|",
        "| 0 | xong | done |",
        "| 1 | điều được kiểm tra không đúng (ca sai, sổ cái hỏng) | something checked is not in order (a broken case, a damaged ledger) |",
        "| 2 | dữ liệu vào sai; thông báo có mã KHIEN-… | wrong input; the message has a code, KHIEN-… |",
        "| 3 | thư viện có chỗ sai | the library is broken |",
        "| 4 | không dựng được môi trường | the environment could not be made |",
        "| 130 | người dùng dừng | interrupted |",
    ]
    for name, summary, vi, en in parsers():
        lines += [
            "",
            f"## khien {name}",
            "",
            f"{sentence(summary.vi)} / {sentence(summary.en)}",
            "",
        ]
        both = dict.fromkeys((usage(name, vi), usage(name, en)))
        lines += ["```", *both, "```"]
        rows = list(zip(arguments(vi), arguments(en), strict=True))
        if rows:
            lines += ["", "| | nghĩa | meaning |", "|---|---|---|"]
        for said, meant in rows:
            word = said.option_strings[-1] if said.option_strings else value_name(en, meant)
            lines.append(f"| `{word}` | {cell(said.help)} | {cell(meant.help)} |")
    return "\n".join(lines) + "\n"


def sentence(words: str) -> str:
    """Return words as a sentence."""
    return f"{words[:1].upper()}{words[1:].rstrip('.')}."


# ---- docs/reference.md


def cell(text: object) -> str:
    """Return text fit for a cell of a table."""
    return " ".join(str(text or "").replace("|", "\\|").replace("<", "&lt;").split())


def reference_page() -> str:
    """Return docs/reference.md."""
    parts: list[Callable[[], list[str]]] = [
        _variables_part, _failures_part, _events_part, _tables_part, _reasons_part, _verify_part, _anomalies_part,
    ]  # fmt: skip
    lines = ["# Reference", "", MADE]
    for part in parts:
        lines += ["", *part()]
    return "\n".join(lines) + "\n"


def _variables_part() -> list[str]:
    rows = [f"| `{name}` | {cell(text)} |" for name, text in VARIABLES.items()]
    return ["## Variables of the environment", "", "| variable | meaning |", "|---|---|", *rows]


def _failures_part() -> list[str]:
    head = [
        "## Failures",
        "",
        "Everything that is expected to go wrong, by its stable code; anything else is a bug. The exit status is that of the command",
        "line, HTTP that of the pages; words in braces are filled in.",
        "",
        "| code | exit | HTTP | tiếng Việt | English |",
        "|---|---|---|---|---|",
    ]
    return head + [
        f"| {code} | {e.exit_status} | {e.http_status} | {cell(e.sentence.vi)} | {cell(e.sentence.en)} |"
        for code, e in failures().items()
    ]


def _events_part() -> list[str]:
    rows = [f"| `{k}` | {cell(t.vi)} | {cell(t.en)} |" for k, t in recorded_kinds().items()]
    about = "What is put on record in the ledger (format: [ledger](formats/ledger.md))."
    return [
        "## Ledger events",
        "",
        about,
        "",
        "| kind | tiếng Việt | English |",
        "|---|---|---|",
        *rows,
    ]


def _tables_part() -> list[str]:
    head = [
        "## Fact tables",
        "",
        "Declared in `src/khien/library/facts`, one file each with every column in both languages. A reading older than the greatest",
        "age is stale: what hangs on it is unknown. Where a table may not be empty, an empty reading counts as a reading error.",
        "",
        "| table | tiếng Việt | English | columns | greatest age | may be empty | personal data | systems |",
        "|---|---|---|---|---|---|---|---|",
    ]
    return head + [_table_row(table) for table in fact_tables().values()]


def _table_row(table: FactTable) -> str:
    flags = ["yes" if flag else "no" for flag in (table.may_be_empty, table.personal_data)]
    return (
        f"| [`{table.name}`](../src/khien/library/facts/{table.name}.yaml) | {cell(table.title.vi)} | "
        f"{cell(table.title.en)} | {len(table.columns)} | {table.age_max_hours} h | {' | '.join(flags)} | "
        f"{', '.join(table.os_families) or 'all'} |"
    )


def _reasons_part() -> list[str]:
    rows = [f"| `{code}` | {cell(t.vi)} | {cell(t.en)} |" for code, t in COMMON.items()]
    about = (
        "Given before, or instead of, a control's own reasons; all but `out_of_scope` are unknown."
    )
    return [
        "## Reasons of any control",
        "",
        about,
        "",
        "| reason | tiếng Việt | English |",
        "|---|---|---|",
        *rows,
    ]


def _verify_part() -> list[str]:
    rows = [
        f"| `{code}` | {'failure' if failure else 'stated'} | {cell(text.vi)} | {cell(text.en)} |"
        for code, (failure, text) in verify_sentences().items()
    ]
    return [
        "## Answers of `khien verify`",
        "",
        "| code | weight | tiếng Việt | English |",
        "|---|---|---|---|",
        *rows,
    ]


def _anomalies_part() -> list[str]:
    rows = [
        f"| `{code}` | {cell(t.vi)} | {cell(t.en)} |" for code, t in anomaly_sentences().items()
    ]
    about = "What `khien norms parse` repairs or finds odd in a text, always with its line."
    return [
        "## Anomalies of a text",
        "",
        about,
        "",
        "| code | tiếng Việt | English |",
        "|---|---|---|",
        *rows,
    ]


PAGES: Mapping[str, Callable[[], str]] = {
    "docs/cli.md": cli_page,
    "docs/reference.md": reference_page,
}
