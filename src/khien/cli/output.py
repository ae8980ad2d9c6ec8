"""How the command line speaks: results to stdout, talk to stderr, colour only for a person."""

from __future__ import annotations

import json
import os
import shutil
import sys
import textwrap
from collections.abc import Mapping
from typing import Any

from khien.kernel.errors import KhienError
from khien.kernel.language import Text, current_language

_COLOURS = {
    "pass": "32",
    "fail": "31;1",
    "unknown": "33",
    "not_applicable": "2",
    "bold": "1",
    "dim": "2",
    "link": "36;4",
}
VERDICT_WORDS: Mapping[str, Text] = {
    "pass": Text("Đạt", "Pass"),
    "fail": Text("Không đạt", "Fail"),
    "unknown": Text("Chưa rõ", "Unknown"),
    "not_applicable": Text("Không áp dụng", "Not applicable"),
}


def say(vi: str, en: str) -> None:
    """Tell the person something on the way; never part of the result."""
    print(en if current_language() == "en" else vi, file=sys.stderr, flush=True)


def put(text: str = "") -> None:
    """Print a line of the result."""
    print(text)


def say_unfinished(text: str) -> None:
    """Tell the person what is being done, leaving the line open for how it went."""
    print(text, file=sys.stderr, end="", flush=True)


def put_wrapped(text: str, *, colour: str | None = None) -> None:
    """Print a sentence of the result indented, broken at words to the width of the terminal."""
    width = max(40, min(shutil.get_terminal_size((100, 24)).columns, 110))
    for line in textwrap.wrap(text, width - 4, break_long_words=False, break_on_hyphens=False):
        print("    " + (painted(line, colour) if colour else line))


def put_json(value: Any) -> None:
    """Print a result as JSON, indented, in UTF-8."""
    print(json.dumps(value, ensure_ascii=False, indent=2, default=str))


def complain(error: KhienError) -> None:
    """Print an expected failure in both languages, the chosen one first."""
    text = error.text()
    first, second = (text.en, text.vi) if current_language() == "en" else (text.vi, text.en)
    print(f"{error.code}: {first}\n{second}", file=sys.stderr)


def painted(text: str, colour: str) -> str:
    """Return text in a colour if stdout is a terminal that wants it."""
    if os.environ.get("NO_COLOR") or not (sys.stdout.isatty() or os.environ.get("FORCE_COLOR")):
        return text
    return f"\033[{_COLOURS[colour]}m{text}\033[0m"


def verdict_word(verdict: str) -> str:
    """Return a verdict in words and colour."""
    return painted(str(VERDICT_WORDS[verdict]), verdict)
