"""Help and refusals speak Vietnamese or English, whole; refusals go to stderr with status 2."""

from __future__ import annotations

import argparse
import ast
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from khien.cli.argument_words import VIETNAMESE
from khien.cli.main import VERBS

pytestmark = pytest.mark.django_db

# Words of argparse that only a mistake in our own code can bring up.
OURS_ONLY = (
    "conflicting", "cannot merge", "cannot have", "must be", "dest=", "invalid option string",
    "invalid conflict", "%r is not callable", ".__call__", "'required'", "mutually exclusive", "can't open",
    'argument "-"', "deprecated",
)  # fmt: skip
ENGLISH = re.compile(
    r"\b(usage|options|arguments?|show|help|exit|error|required|choose|the|and|invalid|expected|one of)\b"
)
SUBCOMMANDS = [
    ("norms", "parse"), ("norms", "diff"), ("library", "check"), ("library", "coverage"), ("library", "fmt"),
    ("control", "test"), ("unit", "list"), ("unit", "add"), ("unit", "bind"), ("report", "compliance"),
]  # fmt: skip
COMMANDS = [(), *((verb,) for verb in VERBS), *SUBCOMMANDS]


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_help_is_vietnamese_or_english_as_asked(words: tuple[str, ...], khien: Callable) -> None:
    vi, en = khien(*words, "--help"), khien("--lang", "en", *words, "--help")
    assert (vi.status, en.status, vi.err, en.err) == (0, 0, "", "")
    assert vi.out.startswith("cách dùng: khien")
    assert en.out.startswith("usage: khien")
    # Names of options stay as they are typed.
    prose = re.sub(r"(?m)^    [a-z]+ |--?[a-z-]+|\{[a-z_,]+\}|language", "", vi.out)
    assert ENGLISH.findall(prose) == []
    assert re.search(r"[ăâđêôơưạảấầậắằ]", re.sub("Khiên|ngôn ngữ", "", en.out)) is None


def messages_of_argparse() -> set[str]:
    tree = ast.parse(Path(argparse.__file__).read_text(encoding="utf-8"))
    calls = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in ("_", "ngettext")
    ]
    found = {a.value for call in calls for a in call.args if isinstance(a, ast.Constant)}
    return {text for text in found if isinstance(text, str) and not text.startswith(OURS_ONLY)}


def test_every_word_of_argparse_that_a_person_can_meet_is_translated() -> None:
    assert messages_of_argparse() - set(VIETNAMESE) == set()


@pytest.mark.parametrize("text", VIETNAMESE)
def test_a_translation_fills_the_same_places(text: str) -> None:
    places = re.compile(r"%\(\w+\)[sr]|%[sr]")
    assert sorted(places.findall(VIETNAMESE[text])) == sorted(places.findall(text))


@pytest.mark.parametrize(
    ("words", "vi", "en"),
    [
        (("nonsense",), "không có lựa chọn 'nonsense'", "invalid choice: 'nonsense'"),
        (("rulebook",), "cần một trong các tham số", "one of the arguments"),
        (
            ("rulebook", "--unit", "a", "--documents", "b"),
            "không dùng cùng với",
            "not allowed with",
        ),
        (("rulebook", "--unit"), "cần một giá trị", "expected one argument"),
        (
            ("rulebook", "--documents", "hue", "--on", "31/02/2026"),
            "không phải ngày",
            "is not a day",
        ),
        (
            ("rulebook", "--documents", "hue", "--on", "mai"),
            "«mai» không phải ngày",
            "«mai» is not a day",
        ),
        (("norms", "parse"), "thiếu tham số: TỆP", "required: file"),
        (("norms", "parse", "a", "b"), "không có tham số này: b", "unrecognized arguments: b"),
        (("state", "--verdict", "maybe"), "không có lựa chọn 'maybe'", "invalid choice: 'maybe'"),
        (("control", "test", "XYZ-99"), "Không có biện pháp «XYZ-99»", "no control «XYZ-99»"),
        (("rulebook", "--documents", "a,hue"), "Không có văn bản «a»", "no document «a»"),
        (("norms", "diff", "hue", "b"), "Không có văn bản «b»", "no document «b»"),
        (("rulebook", "--unit", "x"), "Không có đơn vị «x»", "no unit «x»"),
        (("state", "--unit", "x"), "Không có đơn vị «x»", "no unit «x»"),
        (("assess", "--unit", "x"), "Không có đơn vị «x»", "no unit «x»"),
        (("link",), "Không có đơn vị", "no unit"),
        (("unit", "bind", "x", "hue"), "Không có đơn vị «x»", "no unit «x»"),
        (("unit", "add", "có dấu", "X", "--place", "X"), "Không thêm được đơn vị", "was not added"),
        (("collect", "--unit", "x"), "Không có đơn vị «x»", "no unit «x»"),
        (
            ("verify", "--ledger", ".", "--checkpoint", "none"),
            "Không đọc được mốc",
            "cannot be read",
        ),
        (("norms", "parse", "none.txt"), "none.txt", "none.txt"),
    ],
)
def test_a_refusal_is_one_sentence_on_stderr(
    words: tuple[str, ...],
    vi: str,
    en: str,
    khien: Callable,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    said = khien(*words)
    assert (said.status, said.out) == (2, "")
    assert vi in said.err
    assert "Traceback" not in said.err
    in_english = khien("--lang=en", *words)
    assert (in_english.status, in_english.out) == (2, "")
    assert en in in_english.err


def test_without_a_verb_the_help_is_shown_and_nothing_was_done(khien: Callable) -> None:
    said = khien()
    assert (said.status, said.out) == (2, "")
    assert all(verb in said.err for verb in VERBS)


def test_the_language_of_the_environment_is_taken_unless_another_is_asked(
    khien: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KHIEN_LANG", "en")
    assert khien("--help").out.startswith("usage")
    assert khien("--lang", "vi", "--help").out.startswith("cách dùng")
