"""The board of received reports in numbers: how many sent, how many are late, who is missing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from khien.reports.models import Report
from khien.reports.written_selectors import BoardLine

State = Report.State
_HERE = (State.SENT, State.RECEIVED)


@dataclass(frozen=True, slots=True)
class Board:
    """The units below in three groups, those that want something first."""

    missing: Sequence[BoardLine]
    waiting: Sequence[BoardLine]
    accepted: Sequence[BoardLine]

    @property
    def count(self) -> int:
        """Return how many units there are."""
        return len(self.missing) + len(self.waiting) + len(self.accepted)

    @property
    def late_count(self) -> int:
        """Return how many units are late and have not sent."""
        return sum(line.is_late for line in self.missing)


def board_of(lines: Sequence[BoardLine]) -> Board:
    """Return lines in groups: not sent (the late first), waiting for an answer, accepted."""
    missing = [line for line in lines if line.below.state not in _HERE]
    return Board(
        sorted(missing, key=lambda line: not line.is_late),
        [line for line in lines if line.below.state == State.SENT],
        [line for line in lines if line.below.state == State.RECEIVED],
    )
