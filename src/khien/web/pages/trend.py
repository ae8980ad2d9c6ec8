"""How controls stood over time, as columns of a drawing and as a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from khien.checks.standing import TrendPoint, trend
from khien.org.models import Unit

# In the order of the drawing, from below: what is good stands on the ground.
STACK = ("pass", "not_applicable", "unknown", "fail")
SPANS: Mapping[str, int] = {"90-ngay": 90, "12-thang": 365, "5-nam": 5 * 365}
_TICKS = 4


@dataclass(frozen=True, slots=True)
class Piece:
    """One rectangle, in percent of the drawing."""

    verdict: str
    x: str
    y: str
    width: str
    height: str


@dataclass(frozen=True, slots=True)
class Trend:
    """Points, oldest first, with their drawing: pieces of columns, ticks upwards, days along."""

    points: Sequence[TrendPoint]
    pieces: Sequence[Piece]
    ticks: Sequence[tuple[int, str]]
    days: Sequence[date]

    @property
    def newest_first(self) -> list[TrendPoint]:
        """Return the points for the table: those where something changed, newest first, and both ends."""
        kept = [
            point
            for i, point in enumerate(self.points)
            if i in (0, len(self.points) - 1) or point.counts != self.points[i - 1].counts
        ]
        return kept[::-1]


def trend_of(units: Sequence[Unit], *, days: int, today: date) -> Trend:
    """Return how the controls of units stood over the last days."""
    points = trend(units, days=days, today=today)
    top = _rounded_up(max((sum(point.counts.values()) for point in points), default=0))
    width = 100 / max(1, len(points))
    pieces = [
        piece for i, point in enumerate(points) for piece in _column(point, i * width, width, top)
    ]
    ticks = [(top * i // _TICKS, f"{100 - 100 * i / _TICKS:.2f}%") for i in range(_TICKS + 1)]
    along = [points[i].on for i in sorted({0, len(points) // 2, len(points) - 1})] if points else []
    return Trend(points, pieces, ticks, along)


def _column(point: TrendPoint, x: float, width: float, top: int) -> list[Piece]:
    pieces, ground = [], 100.0
    for verdict in STACK:
        height = 100 * point.counts[verdict] / top
        if height:
            ground -= height
            pieces.append(
                Piece(
                    verdict,
                    f"{x + width * 0.08:.3f}%",
                    f"{ground:.3f}%",
                    f"{width * 0.84:.3f}%",
                    f"{height:.3f}%",
                )
            )
    return pieces


def _rounded_up(number: int) -> int:
    """Return the next number that four ticks divide well."""
    step = 4
    while step * 10 < number:
        step *= 5 if str(step)[0] == "4" else 2
    return max(step, -(-number // step) * step)
