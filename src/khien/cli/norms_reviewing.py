"""Of `khien norms`: how far the review of a text has come, and its sure suggestions confirmed in one go."""

from __future__ import annotations

import argparse
from typing import Any

from khien.adoption.importing.selectors import imported_text
from khien.adoption.models import ImportedText
from khien.adoption.review.selectors import chapter_at, progress_of, sweep_of
from khien.adoption.review.services import sweep
from khien.cli.output import painted, put, put_json, say
from khien.cli.workflow_command import UnknownDoer
from khien.kernel.clock import now_utc
from khien.ledger.services import publish
from khien.org.rights import able_to
from khien.org.roles import WRITE
from khien.org.selectors import all_units
from khien.registers.services import Act

_ACTOR = "khien norms"


def run_review(args: argparse.Namespace) -> int:
    """Show the progress of a text's review; first confirm its sure suggestions, if asked to."""
    text = imported_text(args.code, all_units())
    if args.sweep:
        _sweep(text, args.chapter or "", _doer(text, args.user))
    progress = progress_of(text)
    if args.json:
        put_json(
            {
                "text": text.code,
                "total": progress.total,
                "decided": progress.decided,
                "sure": progress.sure,
                "doubtful": progress.doubtful,
                "stale": progress.stale,
                "duties": progress.duties,
                "chapters": [_row(one) for one in progress.chapters],
            }
        )
        return 0
    for one in progress.chapters:
        who = f"  ({one.claimed_by})" if one.claimed_by else ""
        put(f"{one.decided:>4}/{one.total:<4} {painted(str(one.chapter.name), 'bold')}{who}")
    say(
        f"{text.code}: đã quyết định {progress.decided}/{progress.total} mục ({progress.percent}%); "
        f"{progress.sure} gợi ý chắc chắn đang chờ, {progress.doubtful} mục cần xem kỹ.",
        f"{text.code}: {progress.decided}/{progress.total} clauses decided ({progress.percent}%); "
        f"{progress.sure} sure suggestions wait, {progress.doubtful} clauses want a look.",
    )
    return 0


def _sweep(text: ImportedText, asked: str, by: str) -> None:
    chapters = (
        [chapter_at(text, asked)] if asked else [one.chapter for one in progress_of(text).chapters]
    )
    count = 0
    for chapter in chapters:
        # A sweep holds so many clauses at most; a long chapter takes several.
        while (planned := sweep_of(text, chapter)).clauses:
            written = sweep(text, chapter, seen=planned.seen, act=Act(by, now_utc()))
            count += len(written)
            for one in written:
                fed = ", ".join(str(duty["control"]) for duty in one.duties) or one.none
                say(f"  {one.path}: {fed}", f"  {one.path}: {fed}")
    publish(now_utc())
    say(f"Đã xác nhận {count} gợi ý chắc chắn.", f"{count} sure suggestions are confirmed.")


def _doer(text: ImportedText, asked: str | None) -> str:
    """Return who confirms: a user who may write at the text's unit, or the command line itself."""
    if not asked:
        return _ACTOR
    names = [user.username for user in able_to(WRITE, text.unit)]
    if asked not in names:
        raise UnknownDoer(user=asked)
    return asked


def _row(one: Any) -> dict[str, Any]:
    return {
        "path": one.chapter.path,
        "name": str(one.chapter.name),
        "total": one.total,
        "decided": one.decided,
        "sure": one.sure,
        "stale": one.stale,
        "claimed_by": one.claimed_by or None,
    }
