"""How long to wait before the next try."""

from __future__ import annotations

import random


class Backoff:
    """Exponential backoff with full jitter: anything from 0 to a ceiling that doubles [CL2]."""

    def __init__(self, least: float, most: float) -> None:
        self.most = most
        self._least = least
        self._failures = 0
        self._has_spread = False

    def next(self, spread: float | None = None) -> float:
        """Seconds to wait; each call counts as one more failure.

        Where the gateway asked its clients to spread their return over `spread`, that is the
        ceiling and no failure. If it asks again before a `reset`, it can only raise the ceiling.
        """
        return random.uniform(0, self._ceiling(spread))

    def reset(self) -> None:
        """A connection has lasted: the next failure counts as the first."""
        self._failures = 0
        self._has_spread = False

    def _ceiling(self, spread: float | None) -> float:
        is_first = self._failures == 0 and not self._has_spread
        self._has_spread = self._has_spread or spread is not None
        if is_first and spread is not None:
            return spread
        # Bounded, or the power would grow past what a float holds.
        doubled = self._least * 2.0 ** min(self._failures, 64)
        self._failures += 1
        return max(spread or 0, min(self.most, doubled))
