"""Shows another token shortly before the one in use ends, on the connection that there is."""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import Callable

from ._credentials import Credentials
from ._tasks import Tasks

# Seconds. So long before its end a token is renewed at most, and so seldom.
_LONGEST_LEAD, _SHORTEST_WAIT = 60.0, 1.0
# Seconds; a timer need not wait longer.
_LONGEST_WAIT = 86_400.0 * 24


class Renewal:
    """Where the token is no function there is no other.

    One that cannot be had, or is not accepted, is no reason to give up the connection: the
    gateway closes it when it is time, and a new one is made [AUTH6].
    """

    def __init__(
        self, credentials: Credentials, tasks: Tasks, show: Callable[[str], None]
    ) -> None:
        self._credentials = credentials
        self._tasks = tasks
        self._show = show
        self._task: asyncio.Task[None] | None = None

    def plan(self, expires: float | None) -> None:
        """The grant of the connection ends in so many seconds, or never."""
        self.stop()
        if expires is not None and self._credentials.can_renew:
            self._task = self._tasks.spawn(self._renew(expires))

    def stop(self) -> None:
        """The connection is gone."""
        if self._task:
            self._task.cancel()
        self._task = None

    async def _renew(self, expires: float) -> None:
        # At a time of its own: many may have got their tokens at once.
        lead = min(_LONGEST_LEAD, expires / 2) * random.uniform(0.5, 1)
        await asyncio.sleep(min(max(_SHORTEST_WAIT, expires - lead), _LONGEST_WAIT))
        try:
            token = await self._credentials.get()
        except Exception:
            return
        if token:
            self._show(json.dumps({"type": "auth_refresh", "token": token}))
