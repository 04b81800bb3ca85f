"""What the client wants to be sent of what others say."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

#: `{"types": ["bark", "scene_*"], "from": ["timmy"]}`, each optional.
Filter = Mapping[str, Sequence[str]]


class Interest:
    """The filter that is asked for with each connection, and who waits for a change of it."""

    def __init__(self, subscribe: Filter | None) -> None:
        self.current = None if subscribe is None else to_filter(**_by_name(subscribe))
        self._waiting: list[asyncio.Future[None]] = []

    def change(self, wanted: dict[str, list[str]] | None) -> asyncio.Future[None]:
        """The filter is this one from the answer on, for which the future waits."""
        self.current = wanted
        future = asyncio.get_running_loop().create_future()
        self._waiting.append(future)
        return future

    def forget(self, future: asyncio.Future[None]) -> None:
        if future in self._waiting:
            self._waiting.remove(future)

    def answered(self) -> None:
        """The gateway has answered the first of those that wait: it does so in order."""
        if self._waiting:
            _settle(self._waiting.pop(0))

    def began(self) -> None:
        """A new start, for which the gateway was told the filter that is current."""
        while self._waiting:
            _settle(self._waiting.pop())


def to_filter(
    types: Sequence[str] | None, from_: Sequence[str] | None
) -> dict[str, list[str]] | None:
    """As it goes out; None is everything."""
    wanted = {"types": _texts("types", types), "from": _texts("from", from_)}
    return {name: texts for name, texts in wanted.items() if texts is not None} or None


def _by_name(subscribe: Filter) -> dict[str, Any]:
    if unknown := set(subscribe) - {"types", "from"}:
        raise ValueError(f"`subscribe` has `types` and `from`, and nothing else: {sorted(unknown)}")
    return {"types": subscribe.get("types"), "from_": subscribe.get("from")}


def _texts(name: str, value: Sequence[str] | None) -> list[str] | None:
    if value is None:
        return None
    if isinstance(value, str) or not all(isinstance(text, str) for text in value):
        raise TypeError(f"`{name}` is a list of texts")
    return list(value)


def _settle(future: asyncio.Future[None]) -> None:
    if not future.done():
        future.set_result(None)
