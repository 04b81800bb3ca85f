"""What the client asks to be sent of what is routed [SUB1], over all of its connections."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Mapping, Sequence
from typing import Any

from ._errors import MatrixError, QueueFull, RequestError, RequestTimeout
from ._outbox import Outbox
from ._read import Answer, Message, read_text
from ._state import Beginning
from ._unconfirmed import Entry

#: `{"types": ["bark", "scene_*"], "from": ["timmy"]}`, each optional.
Filter = Mapping[str, Sequence[str]]

#: The type of what asks.
SUBSCRIBE = "agent_subscribe"

_Waiting = list["asyncio.Future[None]"]


class Interest:
    """Each `agent_subscribe` has one answer, and answers come in the order of what they answer."""

    def __init__(self, first: Filter | None, is_agent: bool, outbox: Outbox) -> None:
        self._wish = None if first is None else to_filter(**_by_name(first))
        self._was_asked = self._wish is not None
        self._is_agent = is_agent
        self._outbox = outbox
        self._is_online = False
        # Those who wait for the answers that are due, and for the next connection.
        self._due: deque[tuple[Entry, _Waiting]] = deque()
        self._unsent: _Waiting = []

    @property
    def to_register(self) -> dict[str, Any]:
        """What a registration carries; nothing where nobody ever asked."""
        return {"subscribe": self._wish} if self._was_asked else {}

    async def subscribe(self, wanted: dict[str, list[str]] | None, timeout: float | None) -> None:
        """Asks for something else; returns when that holds. Cancelled, it is asked all the same."""
        self._wish, self._was_asked = wanted, True
        holds: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._unsent.append(holds)
        if self._is_online:
            self._ask()
        try:
            async with asyncio.timeout(timeout):
                await holds
        except TimeoutError as error:
            raise RequestTimeout(timeout) from error

    def take_back(self) -> None:
        """What was asked for on earlier connections is answered no more."""
        earlier: _Waiting = []
        for entry, waiting in self._due:
            self._outbox.withdraw(entry)
            earlier += waiting
        self._unsent = earlier + self._unsent
        self._due.clear()

    def ready(self, beginning: Beginning, answer: Answer) -> None:
        """A connection has begun; a registration has carried the wish."""
        self._is_online = True
        # What is sent again may be an older wish.
        is_overtaken = beginning == "resumed" and bool(self._due)
        asks = is_overtaken if self._is_agent else self._wish is not None or bool(self._unsent)
        if asks:
            self._ask()
        elif self._wish is not None and not answer.tells_subscribe:
            self._fail(self._pop_unsent(), "this gateway sends everything: it is an older one")
        else:
            _settle(self._pop_unsent())

    def lost(self) -> None:
        self._is_online = False

    def handle(self, message: Message) -> None:
        """Handles an answer to what was asked for, if it is one."""
        if message["type"] == "agent_subscribed" and self._due:
            _settle(self._due.popleft()[1])
        elif message["type"] == "gateway_error" and message.get("of") == SUBSCRIBE and self._due:
            reason = f"{read_text(message.get('code'))}: {read_text(message.get('message'))}"
            self._fail(self._due.popleft()[1], reason)

    def close(self, error: MatrixError) -> None:
        self.take_back()
        for future in self._pop_unsent():
            if not future.done():
                future.set_exception(error)

    def _ask(self) -> None:
        waiting = self._pop_unsent()
        try:
            entry = self._outbox.put({"type": SUBSCRIBE, "subscribe": self._wish})
        except QueueFull as error:
            self._fail(waiting, str(error))
        else:
            self._due.append((entry, waiting))

    def _pop_unsent(self) -> _Waiting:
        waiting, self._unsent = self._unsent, []
        return waiting

    def _fail(self, waiting: _Waiting, reason: str) -> None:
        for future in waiting:
            if not future.done():
                future.set_exception(RequestError("refused", reason))


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


def _settle(waiting: _Waiting) -> None:
    for future in waiting:
        if not future.done():
            future.set_result(None)
