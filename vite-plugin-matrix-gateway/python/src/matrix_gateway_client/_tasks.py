"""The tasks of a client, none of which outlives it."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine


class Tasks:
    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[None]] = set()

    def spawn(self, work: Coroutine[object, object, None]) -> asyncio.Task[None]:
        """Starts a task, which may end by itself or be cancelled."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def close(self) -> None:
        """Cancels them all, and waits until they have ended."""
        own = asyncio.current_task()
        while left := {task for task in self._tasks if task is not own}:
            # Again and again: libraries have swallowed a cancellation before.
            for task in left:
                task.cancel()
            await asyncio.wait(left, timeout=0.5)
