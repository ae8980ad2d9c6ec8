"""Every expected failure of the program: one code each, two sentences, the same places, a way out."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections import Counter
from string import Formatter

import pytest

import khien
from khien.kernel.errors import KhienError
from khien.kernel.language import Text, current_language, use_language

CODE = re.compile(r"KHIEN-[A-Z]{2,4}-[0-9]{3}")
# Modules that are programs of their own and do something when loaded.
NOT_LOADED = {"khien.__main__", "khien.project.wsgi"}
# Sentences whose Vietnamese and English are alike, each with its reason.
ALIKE: dict[str, str] = {}


def everything() -> list[type[KhienError]]:
    for module in pkgutil.walk_packages(khien.__path__, "khien."):
        if module.name not in NOT_LOADED and ".migrations" not in module.name:
            importlib.import_module(module.name)
    found: list[type[KhienError]] = []
    waiting = [KhienError]
    while waiting:
        error = waiting.pop()
        found.append(error)
        waiting.extend(error.__subclasses__())
    return [error for error in found if error.__module__.startswith("khien.")]


@pytest.fixture(scope="module")
def failures() -> list[type[KhienError]]:
    return everything()


def places(template: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(template) if name is not None}


def test_every_code_is_well_formed_and_used_once(failures: list[type[KhienError]]) -> None:
    codes = [e.__dict__["code"] for e in failures if "code" in e.__dict__ and e is not KhienError]
    assert [code for code in codes if not CODE.fullmatch(code)] == []
    assert [code for code, count in Counter(codes).items() if count > 1] == []
    assert len(codes) > 30


def test_every_failure_has_its_own_code_and_says_more_than_the_base(
    failures: list[type[KhienError]],
) -> None:
    # A base class of failures may leave both to those that are raised.
    raised = [e for e in failures if not e.__subclasses__()]
    assert [e.__name__ for e in raised if "code" not in e.__dict__] == []
    assert [e.__name__ for e in raised if e.sentence is KhienError.sentence] == []


def test_both_languages_are_there_and_fill_the_same_places(
    failures: list[type[KhienError]],
) -> None:
    for error in failures:
        text = error.sentence
        assert text.vi.strip() and text.en.strip(), error  # noqa: PT018  # one thing
        assert text.vi != text.en or error.code in ALIKE, error
        # A place may exist once for each language: kind_vi in one, kind_en in the other.
        bare = [
            {n.removesuffix("_vi").removesuffix("_en") for n in places(t)}
            for t in (text.vi, text.en)
        ]
        assert bare[0] == bare[1], error
        assert "" not in bare[0], error


def test_statuses_are_ones_that_mean_failure(failures: list[type[KhienError]]) -> None:
    assert all(400 <= e.http_status < 600 for e in failures)
    assert 0 not in {e.exit_status for e in failures}


class Refused(KhienError):
    code = "TEST-001"
    sentence = Text(vi="Không nhận «{what}».", en="«{what}» was refused.")


def test_a_failure_speaks_the_chosen_language_and_always_both_when_asked() -> None:
    error = Refused(what="{x}")
    assert error.text() == Text(vi="Không nhận «{x}».", en="«{x}» was refused.")
    assert (error.in_language("vi"), error.in_language("en")) == (error.text().vi, error.text().en)
    before = current_language()
    use_language("en-GB")
    assert str(error) == "«{x}» was refused."
    use_language("fr")
    assert str(error) == "Không nhận «{x}»."
    use_language(before)


def test_a_place_without_a_value_is_a_mistake_of_ours() -> None:
    with pytest.raises(KeyError):
        Refused().text()
