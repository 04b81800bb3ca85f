"""The messages that wait for who takes them."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import Generic, TypeVar

from ._errors import InboxFull, MatrixError

T = TypeVar("T")


# Characters of what waits; in Python's objects it takes several times as many bytes.
_MOST_CHARACTERS = 16 * 1024 * 1024


class Inbox(Generic[T]):
    """At most `limit` messages, in order. Where some did not fit, their place is told.

    Until somebody takes one, nobody may ever: where the room is full by then, all is let go, and
    so is what follows.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        # A number stands for so many messages that were dropped.
        self._items: deque[tuple[T, int] | int] = deque()
        self._characters = 0
        self._is_taken = False
        self._end: MatrixError | None = None
        self._waiter: asyncio.Future[None] | None = None

    def put(self, message: T, size: int) -> None:
        if self._has_room(size):
            self._items.append((message, size))
            self._characters += size
            self._wake()
        elif self._is_taken:
            self._drop(1)
        else:
            self.forget(1)

    async def take(self) -> T:
        """The next; one task at a time. Raises `InboxFull` where some are missing here."""
        self._is_taken = True
        if self._waiter:
            raise RuntimeError("another task is taking the messages already")
        while not self._items:
            if self._end:
                raise self._end.with_traceback(None)
            self._waiter = asyncio.get_running_loop().create_future()
            try:
                await self._waiter
            finally:
                self._waiter = None
        item = self._items.popleft()
        if isinstance(item, int):
            raise InboxFull(item)
        message, size = item
        self._characters -= size
        return message

    def end(self, error: MatrixError) -> None:
        """No more will come; what is there can still be taken."""
        self._end = error
        self._wake()

    def forget(self, more: int = 0) -> None:
        """Nobody takes them: lets go of all that waits, and of `more`."""
        dropped = more + sum(item if isinstance(item, int) else 1 for item in self._items)
        self._items.clear()
        self._characters = 0
        if dropped:
            self._drop(dropped)

    def _has_room(self, size: int) -> bool:
        is_given_up = bool(self._items) and isinstance(self._items[0], int) and not self._is_taken
        is_full = len(self._items) >= self._limit or self._characters + size > _MOST_CHARACTERS
        return not is_given_up and not is_full

    def _drop(self, count: int) -> None:
        last = self._items[-1] if self._items else None
        if isinstance(last, int):
            self._items[-1] = last + count
        else:
            self._items.append(count)
            self._wake()

    def _wake(self) -> None:
        if self._waiter and not self._waiter.done():
            self._waiter.set_result(None)
