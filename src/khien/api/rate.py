"""How often one token may call: a bucket that fills evenly, kept in this process."""

from __future__ import annotations

import math
import threading
import time
from dataclasses import dataclass, field

CALLS_PER_MINUTE = 600
_BUCKETS_MAX = 10_000


@dataclass(slots=True)
class RateLimit:
    """Counts calls by token; each may save up one minute's worth."""

    per_minute: int = CALLS_PER_MINUTE
    _left: dict[int, tuple[float, float]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def wait_of(self, token: int, *, at: float | None = None) -> int:
        """Count one call and return 0, or return the seconds to wait where the token has none left."""
        moment = time.monotonic() if at is None else at
        with self._lock:
            if len(self._left) >= _BUCKETS_MAX:
                self._left.clear()
            left, since = self._left.get(token, (float(self.per_minute), moment))
            left = min(float(self.per_minute), left + (moment - since) * self.per_minute / 60)
            if left < 1:
                self._left[token] = (left, moment)
                return math.ceil((1 - left) * 60 / self.per_minute)
            self._left[token] = (left - 1, moment)
            return 0
