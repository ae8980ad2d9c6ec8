"""khien norms compare, strictest, ended-law: texts side by side, each value with its clause and how sure it is."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable
from typing import Any, Final

from khien.checks.sentences import said_value
from khien.cli.output import painted, put, put_json, put_wrapped
from khien.cli.words import day_argument
from khien.kernel.clock import now_utc, said_day, vietnam_date
from khien.kernel.language import Text, current_language
from khien.norms.comparison import (
    ControlBeside,
    Ended,
    Given,
    Place,
    Strictest,
    as_json,
    ended_law,
    side_by_side,
    strictest_of_all,
)
from khien.norms.library import load_library
from khien.norms.model import MARKS, TIERS, UNSURE, Parameter

_ASKED_BY: Final[dict[str, Text]] = {
    "both": Text("cả hai", "both"),
    "first": Text("chỉ A", "only A"),
    "second": Text("chỉ B", "only B"),
}
_STRICTER: Final[dict[str, Text]] = {
    "first": Text("A chặt hơn", "A is stricter"),
    "second": Text("B chặt hơn", "B is stricter"),
    "same": Text("như nhau", "the same"),
    "differs": Text("không xếp hơn kém được", "cannot be ranked"),
    "": Text("chỉ một văn bản nêu", "only one says it"),
}


def configure_comparison(actions: Any) -> None:
    """Add: compare A B [--json]; strictest [--on DATE] [--tier T] [--json]; ended-law [DOC] [--json]."""
    compare = actions.add_parser(
        "compare", help=str(Text("so sánh hai văn bản", "two texts side by side"))
    )
    compare.add_argument("first", metavar="A", help=str(Text("văn bản thứ nhất", "one text")))
    compare.add_argument("second", metavar="B", help=str(Text("văn bản thứ hai", "another")))
    strictest = actions.add_parser(
        "strictest",
        help=str(
            Text("giá trị nghiêm nhất của từng tham số", "the strictest value of each parameter")
        ),
    )
    strictest.add_argument("--on", type=day_argument, help=str(Text("xét ngày", "as on the day")))
    strictest.add_argument(
        "--tier", choices=TIERS, help=str(Text("chỉ loại văn bản này", "only texts of this tier"))
    )
    ended = actions.add_parser(
        "ended-law",
        help=str(Text("viện dẫn văn bản hết hiệu lực", "clauses that cite law that ended")),
    )
    ended.add_argument(
        "document", metavar="DOC", nargs="?", default="", help=str(Text("văn bản", "the text"))
    )
    for parser in (compare, strictest, ended):
        parser.add_argument("--json", action="store_true", help=str(Text("in JSON", "print JSON")))


def _compare(args: argparse.Namespace) -> int:
    found = side_by_side(load_library(), args.first, args.second)
    if args.json:
        put_json(as_json(found))
        return 0
    put(
        f"A = {painted(str(found.first.short), 'bold')}, B = {painted(str(found.second.short), 'bold')}"
    )
    for who, words in _ASKED_BY.items():
        controls = found.asked_by(who)
        put(painted(f"\n{words}: {len(controls)}", "bold"))
        for one in controls:
            _put_control(one)
    return 0


def _put_control(one: ControlBeside) -> None:
    put(f"{painted(one.control.id, 'bold')} {one.control.title}")
    for name, places in (("A", one.first), ("B", one.second)):
        if places:
            put_wrapped(f"{name}: {_clauses(places)}")
    for beside in one.parameters:
        values = ", ".join(
            f"{name} = {_said(beside.parameter, given)}"
            for name, given in (("A", beside.first), ("B", beside.second))
            if given is not None
        )
        put_wrapped(f"· {beside.parameter.title}: {values} ({_STRICTER[beside.stricter]})")


def _strictest(args: argparse.Namespace) -> int:
    day = args.on or vietnam_date(now_utc())
    rows = strictest_of_all(load_library(), on=day, tiers=(args.tier,) if args.tier else ())
    if args.json:
        put_json([as_json(one) for one in rows])
        return 0
    for one in rows:
        _put_strictest(one)
    return 0


def _put_strictest(one: Strictest) -> None:
    put(f"{painted(one.control.id, 'bold')} {one.parameter.title}")
    if one.strictest is not None:
        put_wrapped(f"{_said(one.parameter, one.strictest)} ← {_clauses(one.strictest.places)}")
    for given in (*one.others, *one.unsure):
        said = f"    {_said(one.parameter, given)} ← {_clauses(given.places)}"
        put(painted(said, "dim"))


def _ended(args: argparse.Namespace) -> int:
    rows = ended_law(load_library(), args.document)
    if args.json:
        put_json([as_json(one) for one in rows])
        return 0
    for one in rows:
        _put_ended(one)
    return 0


def _put_ended(one: Ended) -> None:
    cited = one.citation
    put(f"{painted(str(one.document.short), 'bold')}: {cited.title}")
    ended = str(Text("hết hiệu lực", "ended"))
    day = f"{ended} {said_day(cited.ended_on)}; " if cited.ended_on else ""
    put_wrapped(f"{day}→ {cited.successor or '–'} ({cited.mark}: {MARKS[cited.mark]})")
    put_wrapped(", ".join(f"{one.document.id}/{path}" for path in cited.clauses))


def _clauses(places: Iterable[Place]) -> str:
    return ", ".join(
        f"{place.anchor} ({MARKS[UNSURE]})" if place.mark == UNSURE else place.anchor
        for place in places
    )


def _said(parameter: Parameter, given: Given) -> str:
    if not given.agrees:
        return str(Text("nêu hai giá trị khác nhau", "says two things"))
    library = load_library()
    value = said_value(given.value, library, current_language())
    has_unit = parameter.unit is not None and given.value is not None
    return f"{value} {library.label(str(parameter.unit))}" if has_unit else value


COMPARISON_ACTS: Final[dict[str, Callable[[argparse.Namespace], int]]] = {
    "compare": _compare,
    "strictest": _strictest,
    "ended-law": _ended,
}
