"""khien norms suggest: what each clause of a text asks, of whom, by when, and which controls it feeds."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

from khien.cli.output import painted, put, put_json, say
from khien.norms.library import load_library
from khien.norms.model import Library
from khien.norms.suggest.parameters import Given
from khien.norms.suggest.suggesting import Suggestion, as_json, suggestions_for
from khien.norms.text.parser import parse_text
from khien.norms.text.reading import read_file

_WORDS_SHOWN, _CONTROLS_SHOWN = 14, 3


def suggest(args: argparse.Namespace) -> int:
    """Print the suggestions for the clauses of a file, or their JSON."""
    found = suggestions_for(parse_text(read_file(args.file).text))
    if args.json:
        put_json([as_json(one) for one in found])
        return 0
    library = load_library()
    for one in found:
        for line in _lines(one, library):
            put(line)
    none = sum(not one.controls for one in found)
    sure = sum(one.sure for one in found)
    say(
        f"{len(found)} quy định: {sure} gợi ý chắc, {none} chưa có biện pháp phù hợp. "
        "Đây là gợi ý: người có thẩm quyền phải xem lại.",
        f"{len(found)} clauses: {sure} sure, no control fits {none}. "
        "These are suggestions: a person has to confirm them.",
    )
    return 0


def _lines(one: Suggestion, library: Library) -> Iterator[str]:
    words = one.node.text.split()
    short = " ".join(words[:_WORDS_SHOWN]) + (" …" if len(words) > _WORDS_SHOWN else "")
    mark = "  ✓" if one.sure else ""
    yield f"{painted(one.node.path, 'bold')}  {short}  [{one.modality.code}]{mark}"
    for proposed in one.controls[:_CONTROLS_SHOWN]:
        said = f" ({', '.join(proposed.words)})" if proposed.words else ""
        title = library.controls[proposed.control].title
        yield f"    {proposed.control} {proposed.score:.2f}  {title}{said}"
    for given in one.parameters:
        yield f"    {given.control or '–'} {given.name} = {_value(given, library)}  «{given.words}»"
    about = [one.actor, one.frequency, *(deadline.words for deadline in one.deadlines[:1])]
    about += [f"→ {name}" for name in one.recipients] + [one.form]
    if any(about):
        yield f"    {'; '.join(part for part in about if part)}"
    for cited in one.citations:
        if cited.ended_on or cited.successor:
            day = f" {cited.ended_on:%d/%m/%Y}" if cited.ended_on else ""
            yield f"    ! {cited.text}:{day} → {cited.successor or '–'} ({cited.mark})"


def _value(given: Given, library: Library) -> str:
    if isinstance(given.value, tuple):
        return ", ".join(str(library.label(code)) for code in given.value)
    if isinstance(given.value, str):
        return str(library.label(given.value))
    unit = str(library.label(given.unit)) if given.unit else ""
    return f"{given.value} {unit}".strip()
