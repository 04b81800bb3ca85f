"""The functions that are called with what comes."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from ._errors import InboxFull
from ._inbox import Inbox
from ._tasks import Tasks

#: A function, or a coroutine function.
Handler = Callable[..., "Awaitable[None] | None"]
H = TypeVar("H", bound=Handler)

EVERY_TYPE = "*"


class Handlers:
    """By name, in the order in which they were added.

    A function is called at once. A coroutine function takes its time, in a task of its own: it
    gets one thing after the other, with an inbox in front of it. What they raise is reported to
    the event loop's exception handler, which logs it, and keeps nothing from the others.
    """

    def __init__(self, tasks: Tasks, limit: int) -> None:
        self._tasks = tasks
        self._limit = limit
        self._by_name: dict[str, list[_Entry]] = {}

    def add(self, name: str, handler: Handler) -> None:
        entry = _Entry(handler)
        if inspect.iscoroutinefunction(handler):
            entry.inbox = Inbox(self._limit)
        self._by_name.setdefault(name, []).append(entry)

    def remove(self, name: str, handler: Handler) -> None:
        entries = self._by_name.get(name, [])
        for entry in [entry for entry in entries if entry.handler == handler]:
            entries.remove(entry)
            if entry.task:
                entry.task.cancel()

    def emit(self, name: str, *values: Any, size: int = 0) -> None:
        for entry in list(self._by_name.get(name, ())):
            if entry.inbox:
                entry.inbox.put(values, size)
                entry.task = entry.task or self._tasks.spawn(_work(entry))
            else:
                _attempt(entry.handler, values)


class _Entry:
    def __init__(self, handler: Handler) -> None:
        self.handler = handler
        self.inbox: Inbox[tuple[Any, ...]] | None = None
        self.task: asyncio.Task[None] | None = None


async def _work(entry: _Entry) -> None:
    assert entry.inbox
    while True:
        try:
            result = entry.handler(*await entry.inbox.take())
            if result:
                await result
        except Exception as error:
            _report(entry.handler, error)


def _attempt(handler: Handler, values: tuple[Any, ...]) -> None:
    try:
        handler(*values)
    except Exception as error:
        _report(handler, error)


def _report(handler: Handler, error: Exception) -> None:
    name = getattr(handler, "__qualname__", repr(handler))
    what = "was given too much" if isinstance(error, InboxFull) else "has failed"
    asyncio.get_running_loop().call_exception_handler(
        {"message": f"the handler {name} {what}: {error}", "exception": error}
    )
