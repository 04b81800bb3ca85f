"""What was sent in a session and is not confirmed: it may have to be sent again."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

# The most that is unconfirmed at a time.
_MOST_ENTRIES, _MOST_BYTES = 10_000, 2 * 1024 * 1024
# Seconds after which the client asks whether a message has arrived.
_CONFIRM_AFTER = 5.0


@dataclass(slots=True, eq=False)
class Entry:
    """A message, its text as it goes out, and the bytes of that."""

    message: Mapping[str, Any]
    text: str
    size: int
    is_waiting: bool = True
    #: For who waits until it has gone out.
    out: asyncio.Future[None] | None = None

    def settle(self) -> None:
        if self.out and not self.out.done():
            self.out.set_result(None)


class Unconfirmed:
    """Calls `ask` for a confirmation some time after a message was sent.

    It asks at once where half of the room is taken: the other half lets messages go on until the
    answer is there. After an answer that confirms nothing it waits, since the next answer would
    come as quickly and say the same.
    """

    def __init__(self, ask: Callable[[], None]) -> None:
        #: How many messages of the session are confirmed.
        self.confirmed = 0
        self._ask = ask
        self._entries: deque[Entry] = deque()
        self._bytes = 0
        # How many of the entries are known to have arrived, by an answer or a receipt [CL3].
        self._known = 0
        self._timer: asyncio.TimerHandle | None = None
        self._is_asked = False

    @property
    def is_full(self) -> bool:
        """Whether something has to be confirmed before more may be sent."""
        return self._reaches(1)

    def add(self, entry: Entry) -> None:
        self._entries.append(entry)
        self._bytes += entry.size
        self._plan(may_be_now=True)

    def may_have(self, count: int | None) -> bool:
        """Whether the gateway can have received the first `count` messages of the session."""
        most = self.confirmed + len(self._entries)
        return count is not None and self.confirmed <= count <= most

    def confirm(self, count: int | None) -> None:
        """The gateway says that it has; an impossible count is ignored [RES5]."""
        gone = count - self.confirmed if count is not None and self.may_have(count) else 0
        for _ in range(gone):
            self._bytes -= self._entries.popleft().size
        self._known = max(0, self._known - gone)
        self.confirmed += gone
        self.rest()
        self._plan(may_be_now=gone > 0)

    def answered(self, name: str) -> None:
        """An answer or a receipt has come that names a message [CL3]."""
        for index, entry in enumerate(self._entries):
            if name in (entry.message.get("receipt"), entry.message.get("reply_to")):
                # The first of that name: those after it may not have arrived yet.
                self._known = max(self._known, index + 1)
                return

    def restart(self, count: int) -> list[Entry]:
        """Starts over at a count. Returns what was still unconfirmed."""
        old = list(self._entries)
        self._forget(count)
        return old

    def give_up(self) -> list[Entry]:
        """Starts over. Returns what may not have arrived."""
        lost = list(islice(self._entries, self._known, None))
        self._forget(0)
        return lost

    def rest(self) -> None:
        """Stops asking, until something is added or confirmed."""
        if self._timer:
            self._timer.cancel()
        self._timer = None
        self._is_asked = False

    def _forget(self, count: int) -> None:
        self._entries.clear()
        self._bytes = self._known = 0
        self.confirmed = count
        self.rest()

    def _reaches(self, share: float) -> bool:
        return len(self._entries) >= _MOST_ENTRIES * share or self._bytes >= _MOST_BYTES * share

    def _plan(self, may_be_now: bool) -> None:
        if not self._entries or self._is_asked:
            return
        if may_be_now and self._reaches(1 / 2):
            self._ask_now()
        elif not self._timer:
            self._timer = asyncio.get_running_loop().call_later(_CONFIRM_AFTER, self._ask_now)

    def _ask_now(self) -> None:
        self.rest()
        self._is_asked = True
        self._ask()
