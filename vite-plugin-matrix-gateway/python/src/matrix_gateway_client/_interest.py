"""What the client asks to be sent of what is routed [SUB1], over all of its connections."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

from ._errors import MatrixError, MessageTooLarge, QueueFull, RequestError, RequestTimeout
from ._outbox import Outbox
from ._read import Answer, Message, read_pause, read_text
from ._unconfirmed import Entry

#: `{"types": ["bark", "scene_*"], "from": ["timmy"]}`, each optional.
Filter = Mapping[str, Sequence[str]]

#: The type of what asks.
SUBSCRIBE = "agent_subscribe"

_Waiting = list["asyncio.Future[None]"]


class Interest:
    """One `agent_subscribe` is on its way at a time; the last wish of meanwhile follows [SUB2]."""

    def __init__(self, first: Filter | None, is_agent: bool, outbox: Outbox) -> None:
        self._wish = None if first is None else to_filter(**_by_name(first))
        # What the gateway has agreed to: a registration with what it refused would be refused too.
        self._agreed = self._wish
        self._was_asked = self._wish is not None
        self._is_agent = is_agent
        self._outbox = outbox
        self._is_online = False
        # Those who wait for the answer that is due, and for the next time that it is asked.
        self._due: tuple[Entry, _Waiting] | None = None
        self._unsent: _Waiting = []
        # Ends the time for which the gateway wants to be asked nothing.
        self._pause: asyncio.TimerHandle | None = None

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
        if self._due:
            self._outbox.withdraw(self._due[0])
        self._unsent = self._pop_due() + self._unsent
        self._end_pause()

    def ready(self, answer: Answer) -> None:
        """A connection has begun; a registration has carried the wish."""
        self._is_online = True
        if self._due:
            # What is sent again may be an older wish: the last one follows its answer.
            return
        asks = not self._is_agent and (self._wish is not None or bool(self._unsent))
        if asks:
            self._ask()
            return
        self._agreed = self._wish
        if self._wish is not None and not answer.tells_subscribe:
            _fail(self._pop_unsent(), "this gateway sends everything: it is an older one")
        else:
            _settle(self._pop_unsent())

    def lost(self) -> None:
        self._is_online = False
        self._end_pause()

    def handle(self, message: Message) -> None:
        """Handles an answer to what was asked for, if it is one."""
        if not self._due:
            return
        if message["type"] == "agent_subscribed":
            self._agreed = self._due[0].message["subscribe"]
            _settle(self._pop_due())
        elif message["type"] == "gateway_error" and message.get("of") == SUBSCRIBE:
            self._refused(message)
        if self._unsent:
            self._ask()

    def close(self, error: MatrixError) -> None:
        self.take_back()
        for future in self._pop_unsent():
            if not future.done():
                future.set_exception(error)

    def _ask(self) -> None:
        if self._due or self._pause:
            return
        waiting = self._pop_unsent()
        try:
            entry = self._outbox.put({"type": SUBSCRIBE, "subscribe": self._wish})
        except (QueueFull, MessageTooLarge) as error:
            _fail(waiting, str(error))
        else:
            self._due = entry, waiting

    def _refused(self, message: Message) -> None:
        code, pause = message.get("code"), read_pause(message)
        waiting = self._pop_due()
        if code == "rate_limited" and pause is not None:
            # Whoever waits goes on waiting until the gateway would do it.
            self._unsent = waiting + self._unsent
            self._pause = asyncio.get_running_loop().call_later(pause, self._go_on)
        else:
            if not self._unsent:
                self._wish = self._agreed
            _fail(waiting, f"{read_text(code)}: {read_text(message.get('message'))}")

    def _go_on(self) -> None:
        self._pause = None
        self._ask()

    def _end_pause(self) -> None:
        if self._pause:
            self._pause.cancel()
            self._pause = None

    def _pop_due(self) -> _Waiting:
        waiting = self._due[1] if self._due else []
        self._due = None
        return waiting

    def _pop_unsent(self) -> _Waiting:
        waiting, self._unsent = self._unsent, []
        return waiting


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


def _fail(waiting: _Waiting, reason: str) -> None:
    for future in waiting:
        if not future.done():
            future.set_exception(RequestError("refused", reason))
