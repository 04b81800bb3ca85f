"""Watches one connection for silence."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

# Seconds. A timer that fires this much too late was held up, as by code that did not await.
_LATE = 1.0


class Watchdog:
    """Calls `ping` after `interval` seconds of silence, and `dead` after as many more [HB3].

    Where the program itself was held up, what came meanwhile is handled only after the timer. So
    where the timer fires late it pings once more before it calls `dead`. Only once: where every
    timer is late a dead connection has to be found too.
    """

    def __init__(
        self, interval: float, ping: Callable[[], None], dead: Callable[[], None]
    ) -> None:
        self._interval = interval
        self._ping = ping
        self._dead = dead
        self._loop = asyncio.get_running_loop()
        self._last_heard = self._loop.time()
        self._is_asked = False
        self._is_pardoned = False
        self._arm(interval)

    def heard(self) -> None:
        """Something was received."""
        self._last_heard = self._loop.time()
        self._is_asked = False
        self._is_pardoned = False

    def stop(self) -> None:
        self._timer.cancel()

    def _arm(self, wait: float) -> None:
        self._timer = self._loop.call_later(wait, self._check)

    def _ask(self) -> None:
        self._is_asked = True
        self._arm(self._interval)
        self._ping()

    def _check(self) -> None:
        now = self._loop.time()
        remaining = self._last_heard + self._interval - now
        if self._is_asked:
            late = now - self._timer.when() > min(_LATE, self._interval / 2)
            self._judge(late)
        elif remaining > 0:
            self._arm(remaining)
        else:
            self._ask()

    def _judge(self, late: bool) -> None:
        is_pardon = late and not self._is_pardoned
        self._is_pardoned = True
        if is_pardon:
            self._ask()
        else:
            self._dead()
