"""What an author of an agent sees."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Mapping, Sequence
from types import TracebackType
from typing import Any, Self

from ._address import DEFAULT_WORLD, to_socket_url
from ._credentials import TokenSource
from ._errors import Closed
from ._handlers import H
from ._interest import Filter, to_filter
from ._life import Life
from ._read import AgentInfo, Message
from ._requests import DeliveryStatus, to_reply
from ._settings import Settings
from ._state import State


class MatrixClient:
    """A client of a Matrix gateway, which keeps connecting for as long as `async with` lasts.

        async with MatrixClient("ws://localhost:5173/ws/matrix", agent_id="ada") as matrix:
            await matrix.send({"type": "bark", "agentId": "ada", "text": "Hello, world"})
            async for message in matrix:
                print(message)

    With `agent_id` it registers as that agent; without it is a viewer, which sees and sends but
    cannot be addressed. Times are seconds.

    - `token`: the token, or a function that gets one, which may be a coroutine function. It is
      called for each connection, and shortly before a token ends. What it raises is tried again
      later; with None the client is `Refused`.
    - `world`: the world to enter, where the gateway has several; `url` is that of the gateway.
    - `resume`: whether the gateway keeps the agent's place while the connection is gone, so that
      neither side misses, repeats or reorders a message. What cannot be kept so is told: see
      `State.resumed` and `on_dropped`.
    - `subscribe`: what to be sent of what others say, `{"types": ["bark", "scene_*"], "from":
      ["timmy"]}`; each is optional, and None is everything. Presence and what is directed to this
      agent always come.
    - `max_queue`: how many messages wait to be sent; past it `send` raises `QueueFull`.
    - `max_inbox`: how many wait for `async for`, or for one coroutine function of `on`, 16 million
      characters at most; past it some are missing, and `InboxFull` is raised in their place.
    - `backoff`: the ceiling of the first wait before another try, and of the longest.
    - `connect_timeout`: how long a try may take, from asking for the token to the gateway's answer.
    - `ssl`: for `wss:`, where the system's own authorities are not the ones to trust.
    """

    def __init__(
        self,
        url: str,
        *,
        agent_id: str | None = None,
        role: str | None = None,
        token: TokenSource | None = None,
        world: str = DEFAULT_WORLD,
        resume: bool = True,
        subscribe: Filter | None = None,
        max_queue: int = 1_000,
        max_inbox: int = 100_000,
        backoff: tuple[float, float] = (0.5, 20.0),
        connect_timeout: float = 15.0,
        ssl: ssl.SSLContext | None = None,
    ) -> None:
        address = to_socket_url(url, world)
        settings = Settings(address, agent_id, role, token, ssl, backoff, connect_timeout)
        is_resuming = agent_id is not None and resume
        self._life = Life(settings, is_resuming, subscribe, max_queue, max_inbox)

    @property
    def state(self) -> State:
        """Where the client stands now."""
        return self._life.state

    @property
    def agents(self) -> Mapping[str, AgentInfo]:
        """Who is present now, by name, this agent too; while offline, who was there last."""
        return self._life.roster.agents

    @property
    def connection_id(self) -> str | None:
        """The gateway's name for the connection; None while there is none."""
        return self._life.connection_id

    async def __aenter__(self) -> Self:
        """Connects, for as long as that takes; raises `Refused`."""
        await self._life.begin()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Leaves the gateway for good, once it has got what was sent."""
        await self._life.leave()

    def __aiter__(self) -> Self:
        """All that comes, in order: what others say, and what the gateway says."""
        return self

    async def __anext__(self) -> Message:
        """Raises `Refused` where no more will come, and `InboxFull` where some is missing."""
        try:
            return await self._life.inbox.take()
        except Closed:
            raise StopAsyncIteration from None

    async def wait_closed(self) -> None:
        """Waits for the end, in place of `async for`: it raises `Refused`, if anything."""
        await self._life.wait_closed()

    def on(self, kind: str) -> Callable[[H], H]:
        """Calls a function with each message of a type, or with `"*"` with each one at all.

            @matrix.on("agent_message")
            async def answer(message):
                await matrix.reply(message, {"type": "agent_message", "text": "I hear you"})

        A coroutine function may take its time; it gets one message after the other. What it raises
        is logged.
        """
        return self._life.adder(f"type {kind}")

    def on_state(self, handler: H) -> H:
        """Calls a function with each `State` that follows."""
        return self._life.adder("state")(handler)

    def on_agents(self, handler: H) -> H:
        """Calls a function with `agents` whenever someone has come or gone."""
        return self._life.adder("agents")(handler)

    def on_dropped(self, handler: H) -> H:
        """Calls a function with each `(message, reason)` that was taken and then given up.

        - `unconfirmed`: it went out, the session was not resumed, and whether it came is unknown.
        - `too_large`: taken while offline, it has more bytes than the gateway reads.
        - `refused`, `closed`: there will be no connection to send it on.
        """
        return self._life.adder("dropped")(handler)

    def off(self, kind: str, handler: H) -> None:
        """Takes a function off again that `on` has added."""
        self._life.handlers.remove(f"type {kind}", handler)

    async def send(self, message: Mapping[str, Any]) -> None:
        """Sends a message as it is: to everyone, or with a `target_id` to that agent.

        It has its place at once, also where the wait is cancelled: while the gateway does not read,
        this waits; while there is no connection the message waits instead, and goes out with the
        next one. Raises `QueueFull`, `MessageTooLarge` or `Refused`, and TypeError or ValueError
        for what is no JSON.
        """
        await self._life.outbox.gone(self._life.put(message))

    def send_nowait(self, message: Mapping[str, Any]) -> None:
        """`send` for where nothing can be awaited; what waits is limited by `max_queue`."""
        self._life.put(message)

    async def send_to(self, target: str, message: Mapping[str, Any]) -> None:
        """`send` with a `target_id`."""
        await self.send({**message, "target_id": target})

    async def deliver(
        self, target: str, message: Mapping[str, Any], *, timeout: float | None = 10.0
    ) -> DeliveryStatus:
        """Sends a message to one agent and waits to hear what became of it.

        `delivered`: it was handed to the agent's connection, or to the one on which it came back.
        `offline`: the agent is not there. `dropped`: the gateway kept the message for the agent,
        which did not come back for it. Raises `RequestError`, and all that `send` does.
        """
        self._life.check()
        return await self._life.requests.deliver(target, message, timeout)

    async def request(
        self, target: str, message: Mapping[str, Any], *, timeout: float | None = 10.0
    ) -> Message:
        """Sends a message to one agent and returns the answer, which names it by `in_reply_to`.

        Raises `RequestError`, such as `RequestTimeout`, and all that `send` does.
        """
        self._life.check()
        return await self._life.requests.ask(target, message, timeout)

    async def reply(self, message: Mapping[str, Any], body: Mapping[str, Any]) -> bool:
        """Answers a message that came from `request`. False where there is nobody to answer: any
        message may be handed in, whatever its sender put into it."""
        answer = to_reply(message, body)
        if answer is not None:
            await self.send(answer)
        return answer is not None

    async def subscribe(
        self,
        types: Sequence[str] | None = None,
        from_: Sequence[str] | None = None,
        *,
        timeout: float | None = 10.0,
    ) -> None:
        """Has other messages sent from now on; without arguments, all.

        All that came before this returns is by the old filter. It holds for later connections too.
        Called again before the gateway was asked, the last call counts and all of them end with it.
        Where the gateway is asked too often the client waits as long as that says.
        """
        await self._life.subscribe(to_filter(types, from_), timeout)
