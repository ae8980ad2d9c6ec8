"""khien up: from nothing to a first report about this machine, then the pages."""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from khien.checks.selectors import ControlState, control_states, totals, worst_first
from khien.checks.services import assess
from khien.cli.link_command import sign_in_address
from khien.cli.local_collection import collect_here
from khien.cli.output import painted, put, put_wrapped, say, say_unfinished, verdict_word
from khien.cli.serve_command import require_free_port, serve
from khien.duties.refreshing import refresh
from khien.facts.services import take_in
from khien.kernel.clock import now_utc, vietnam_date
from khien.kernel.language import Text
from khien.ledger.services import publish
from khien.norms.library import load_library
from khien.norms.model import Library
from khien.norms.selectors import rulebook_of
from khien.norms.services import bind_document, record_library
from khien.norms.wording import cited_by_anchor
from khien.org.models import Unit
from khien.org.selectors import all_units
from khien.org.services import register_unit

DEMONSTRATION = "don-vi-mau"
_SHOWN_MAX = 8
_Result = TypeVar("_Result")


def configure(parser: argparse.ArgumentParser) -> None:
    """Add: [--no-serve]."""
    parser.add_argument(
        "--no-serve",
        action="store_true",
        help=str(Text("không mở trang", "do not serve the pages")),
    )


def run(args: argparse.Namespace) -> int:
    """Prepare, collect, assess, summarise, serve."""
    if not args.no_serve:
        require_free_port()
    progress = Progress(5)
    library = progress.step(
        Text("Nạp thư viện văn bản và biện pháp", "Loading the library"), load_library
    )
    unit = progress.step(
        Text("Chuẩn bị đơn vị mẫu", "Preparing the demonstration unit"), lambda: _prepared(library)
    )
    bundle, _ = progress.step(
        Text("Thu thập máy này (chỉ đọc)", "Reading this machine"), collect_here
    )
    progress.step(
        Text("Ghi số liệu", "Storing the facts"),
        lambda: take_in(bundle, unit=unit, now=now_utc(), actor="khien up", channel="local"),
    )
    progress.step(
        Text("Đánh giá theo từng điều khoản", "Assessing clause by clause"),
        lambda: _assessed(library),
    )
    on = vietnam_date(now_utc())
    rulebook = rulebook_of(unit, library=library, on=on)
    states = control_states(unit, rulebook, library=library)
    print_summary(unit, states, library=library, on=on)
    put(f"\n{Text('Mở trang', 'Open the pages')}: {painted(sign_in_address(unit), 'link')}")
    put(
        str(
            Text(
                "(liên kết dùng một lần; lấy lại bằng: khien link)",
                "(one-time link; a new one: khien link)",
            )
        )
    )
    if not args.no_serve:
        serve()
    return 0


def _assessed(library: Library) -> None:
    assess(list(all_units()), library=library, now=now_utc())
    refresh(list(all_units()), now=now_utc())
    publish(now_utc())


@dataclass(slots=True)
class Progress:
    """Shows each step while it runs and how long it took."""

    total: int
    done: int = 0

    def step(self, what: Text, work: Callable[[], _Result]) -> _Result:
        """Do one step and return its result."""
        self.done += 1
        started = time.monotonic()
        say_unfinished(f"[{self.done}/{self.total}] {what} … ")
        result = work()
        seconds = time.monotonic() - started
        say(f"{seconds:.1f} giây", f"{seconds:.1f} s")
        return result


def _prepared(library: Library) -> Unit:
    now = now_utc()
    unit = register_unit(
        DEMONSTRATION,
        name_vi="Trung tâm Y tế phường Sơn Mẫu",
        name_en="Son Mau ward health centre",
        kind="hospital",
        place="Sơn Mẫu",
        parent_name_vi="Sở Y tế tỉnh Mẫu",
        now=now,
        is_demonstration=True,
    )
    for document in library.regulations:
        bind_document(unit, document, library=library, bound_from=date(2020, 1, 1), now=now)
    record_library(library, now=now)
    return unit


def print_summary(
    unit: Unit, states: Mapping[str, ControlState], *, library: Library, on: date
) -> None:
    """Print what fails, by which clause, what to do; then what is unknown and how to supply it."""
    sums = totals(states)
    put(f"\n{painted(unit.name_vi, 'bold')} · {on:%d/%m/%Y}")
    put("  ".join(f"{verdict_word(verdict)} {count}" for verdict, count in sums.items()))
    failing = worst_first(state for state in states.values() if state.verdict == "fail")
    if failing:
        put(f"\n{painted(str(Text('Không đạt – làm trước', 'Failing – do these first')), 'fail')}")
    for state in failing[:_SHOWN_MAX]:
        _print_failing(state, library)
    if len(failing) > _SHOWN_MAX:
        rest = len(failing) - _SHOWN_MAX
        put(
            str(
                Text(
                    f"… và {rest} biện pháp nữa (xem trên trang).",
                    f"… and {rest} more (see the pages).",
                )
            )
        )
    _print_unknown([state for state in states.values() if state.verdict == "unknown"])


def _print_failing(state: ControlState, library: Library) -> None:
    clauses = [str(cited_by_anchor(library, anchor)) for anchor in state.anchors]
    put(f"{painted('✗', 'fail')} {painted(str(state.control.title), 'bold')} ({state.control.id})")
    for shown in state.shown[:2]:
        if shown.finding.verdict == "fail":
            put_wrapped(str(shown.sentence))
    put_wrapped(f"{Text('Điều khoản', 'Clauses')}: {'; '.join(clauses[:4])}", colour="dim")
    put_wrapped(f"{Text('Cách làm', 'Do')}: {state.control.fix}")


def _print_unknown(states: list[ControlState]) -> None:
    if not states:
        return
    put(
        f"\n{painted(str(Text('Chưa rõ – cần bổ sung', 'Unknown – supply what is missing')), 'unknown')}"
    )
    measured = sorted(worst_first(states), key=lambda state: state.known == "not_yet")
    for state in measured[:_SHOWN_MAX]:
        put(
            f"{painted('?', 'unknown')} {painted(str(state.control.title), 'bold')} ({state.control.id})"
        )
        put_wrapped(str(state.control.supply))
    if len(states) > _SHOWN_MAX:
        rest = len(states) - _SHOWN_MAX
        put(
            str(
                Text(
                    f"… và {rest} biện pháp nữa (xem trên trang).",
                    f"… and {rest} more (see the pages).",
                )
            )
        )
