"""Everything that the client's user sends goes through here, in order."""

from __future__ import annotations

import asyncio
import json
import math
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Literal

from ._errors import MessageTooLarge, QueueFull
from ._read import Answer
from ._session import is_counted
from ._unconfirmed import Entry, Unconfirmed

#: Why a message was given up that had been taken.
DropReason = Literal["too_large", "unconfirmed", "refused", "closed"]
OnDropped = Callable[[Mapping[str, Any], DropReason], None]


class Outbox:
    """A queue of at most `limit` messages in front of a connection that comes and goes.

    `wake` is called where there may be something to write, `ask` where the gateway should say what
    it has got.
    """

    def __init__(
        self,
        limit: int,
        on_dropped: OnDropped,
        wake: Callable[[], None],
        ask: Callable[[], None],
    ) -> None:
        self._limit = limit
        self._on_dropped = on_dropped
        self._wake = wake
        self._unconfirmed = Unconfirmed(ask)
        self._waiting: deque[Entry] = deque()
        self._is_connected = False
        self._is_counting = False
        self._max_payload = math.inf
        self.may_have = self._unconfirmed.may_have
        self.answered = self._unconfirmed.answered

    def put(self, message: Mapping[str, Any]) -> Entry:
        """Takes a message: from here on it has its place. Raises where it does not."""
        entry = _to_entry(message)
        if entry.size > self._max_payload:
            raise MessageTooLarge(f"{entry.size} bytes; the gateway reads {self._max_payload:.0f}")
        may_go = self._is_connected and not self._waiting and not self._unconfirmed.is_full
        if len(self._waiting) >= self._limit and not may_go:
            raise QueueFull(f"{len(self._waiting)} messages wait {self._what_for()}")
        self._waiting.append(entry)
        self._wake()
        return entry

    async def gone(self, entry: Entry) -> None:
        """Waits until it has gone out; where there is no connection, for nothing."""
        if self._is_connected and entry.is_waiting:
            entry.out = asyncio.get_running_loop().create_future()
            await entry.out

    async def empty(self) -> None:
        """Waits until all has gone out that can go out on this connection."""
        if self._waiting:
            await self.gone(self._waiting[-1])

    def take(self) -> Entry | None:
        """The next to be written; from here on it counts as sent."""
        if not self._waiting or not self._is_connected or self._unconfirmed.is_full:
            return None
        entry = self._waiting.popleft()
        entry.is_waiting = False
        if self._is_counting and is_counted(entry.message.get("type")):
            self._unconfirmed.add(entry)
        return entry

    def withdraw(self, entry: Entry) -> None:
        """Takes back a message that has not gone out yet."""
        if entry.is_waiting:
            self._waiting.remove(entry)
            entry.is_waiting = False

    def connected(self, answer: Answer, is_resumed: bool, is_counting: bool) -> None:
        """There is a connection: what the gateway has not received is sent first."""
        self._is_connected = True
        self._is_counting = is_counting
        self._max_payload = answer.max_payload
        received = answer.received if is_resumed else None
        if received is None:
            lost = self._unconfirmed.give_up()
        else:
            lost = []
            known = received - self._unconfirmed.confirmed
            self._waiting.extendleft(reversed(self._unconfirmed.restart(received)[known:]))
        large = [entry for entry in self._waiting if entry.size > self._max_payload]
        for entry in large:
            self._waiting.remove(entry)
        self._wake()
        self._drop(lost, "unconfirmed")
        self._drop(large, "too_large")

    def disconnected(self) -> None:
        self._is_connected = False
        self._unconfirmed.rest()
        for entry in self._waiting:
            entry.settle()

    def confirm(self, count: int | None) -> None:
        self._unconfirmed.confirm(count)
        self._wake()

    def close(self, why: Literal["refused", "closed"], has_arrived: bool) -> None:
        """There is no more to come: gives up what waits, and what may not have arrived."""
        self.disconnected()
        sent = self._unconfirmed.give_up()
        if not has_arrived:
            self._drop(sent, "unconfirmed")
        waiting = list(self._waiting)
        self._waiting.clear()
        self._drop(waiting, why)

    def _drop(self, entries: Iterable[Entry], reason: DropReason) -> None:
        for entry in entries:
            entry.is_waiting = False
            entry.settle()
            self._on_dropped(entry.message, reason)

    def _what_for(self) -> str:
        return "for the gateway to read" if self._is_connected else "for a connection"


def _to_entry(message: Mapping[str, Any]) -> Entry:
    if not isinstance(message, Mapping) or not isinstance(message.get("type"), str):
        raise TypeError('a message is a mapping with a text as its "type"')
    try:
        text = json.dumps(dict(message), ensure_ascii=False, allow_nan=False)
        size = len(text.encode())
    except UnicodeEncodeError:
        # Half a surrogate pair has no UTF-8, but an escape in JSON.
        text = json.dumps(dict(message), allow_nan=False)
        size = len(text)
    except RecursionError as error:
        raise ValueError("the message lies too deep in itself") from error
    return Entry(dict(message), text, size)


