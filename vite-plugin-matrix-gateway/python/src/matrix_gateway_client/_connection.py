"""One conversation with the gateway, from the open to the end of one socket."""

from __future__ import annotations

import asyncio
import json
from collections import deque
from dataclasses import dataclass
from typing import Any, Protocol

from ._close_codes import HEARTBEAT_LOST
from ._errors import Refused
from ._outbox import Outbox
from ._read import Answer, Message, parse_message, read_answer, read_spread, read_text
from ._session import Session
from ._socket import Ended, Socket
from ._state import Beginning
from ._watchdog import Watchdog

# What a client that waits for its session heeds. A slow one has become a viewer by then; what it
# is sent as a viewer comes again after the answer [RES3].
_WHILE_WAITING = frozenset(
    {"agent_registered", "gateway_error", "gateway_shutdown", "gateway_replaced"}
)


@dataclass(frozen=True, slots=True)
class Ending:
    """How a connection ended, or why there was none. `return_within` is what a gateway that shuts
    down asks for."""

    reason: str
    code: int | None = None
    return_within: float | None = None


class ConnectionEvents(Protocol):
    async def ready(self, answer: Answer, beginning: Beginning) -> None:
        """The gateway has answered: messages flow. `message` is called with the answer next."""

    def message(self, message: Message, size: int) -> None: ...


class Connection:
    def __init__(
        self,
        socket: Socket,
        agent: dict[str, Any] | None,
        session: Session,
        outbox: Outbox,
        events: ConnectionEvents,
    ) -> None:
        self._socket = socket
        self._agent = agent
        self._session = session
        self._outbox = outbox
        self._events = events
        self._watchdog: Watchdog | None = None
        self._controls: deque[str] = deque()
        self._work = asyncio.Event()
        self._spread: float | None = None
        self._is_ready = False
        self._is_dead = False

    def control(self, text: str) -> None:
        """Sends what no session counts, before all that waits."""
        self._controls.append(text)
        self._work.set()

    def wake(self) -> None:
        """There may be something in the outbox."""
        self._work.set()

    def ping(self) -> None:
        self.control(self._session.to_ping())

    async def close(self) -> None:
        """Ends it for good, and the session with it; `converse` then returns."""
        await self._socket.close()

    async def converse(self) -> Ending:
        """Registers, or asks for a viewer's greeting, and goes on until the connection ends.

        Raises `Refused` where the gateway does not register the agent.
        """
        writing: asyncio.Task[None] | None = None
        try:
            await self._socket.send(self._first_message())
            writing = asyncio.create_task(self._write())
            return await self._read()
        except Ended:
            return self._ending()
        finally:
            if self._watchdog:
                self._watchdog.stop()
            self._socket.abort()
            if writing:
                writing.cancel()
                await asyncio.wait({writing})
            await self._socket.end()

    async def _read(self) -> Ending:
        """Nothing in here takes its time: who does not read is let go [HB2]."""
        while True:
            data = await self._socket.receive()
            if self._watchdog:
                self._watchdog.heard()
            message = parse_message(data)
            if self._is_ready:
                # Also what Python cannot read [RT11].
                self._session.count(message and message["type"])
                if message:
                    self._hear(message, len(data))
            elif message and not await self._greet(message, len(data)):
                return Ending("the gateway resumes what was never said")

    def _hear(self, message: Message, size: int) -> None:
        if message["type"] == "gateway_shutdown":
            self._spread = read_spread(message)
        self._events.message(message, size)

    async def _greet(self, message: Message, size: int) -> bool:
        """What comes until the gateway has answered. False where its answer cannot be."""
        kind = message["type"]
        if self._session.secret is not None and kind not in _WHILE_WAITING:
            return True
        if kind == ("agent_registered" if self._agent else "gateway_hello"):
            answer = read_answer(message)
            beginning = self._session.begin(answer)
            if not beginning:
                return False
            self._is_ready = True
            if answer.heartbeat:
                self._watchdog = Watchdog(answer.heartbeat, self.ping, self._die)
            await self._events.ready(answer, beginning)
        self._hear(message, size)
        if kind == "gateway_error" and self._agent:
            # The registration is the only message so far, so the error is about it.
            await self._socket.close()
            raise Refused(read_text(message.get("message")))
        return True

    def _first_message(self) -> str:
        """A viewer's may be any but a registration; silence would take until a deadline [REG4]."""
        if not self._agent:
            return self._session.to_ping()
        resume = self._session.to_request()
        return json.dumps({"type": "agent_register", **self._agent, "resume": resume})

    def _die(self) -> None:
        self._is_dead = True
        self._socket.abort()

    async def _write(self) -> None:
        try:
            while True:
                await self._work.wait()
                self._work.clear()
                while self._controls:
                    await self._socket.send(self._controls.popleft())
                while entry := self._outbox.take():
                    await self._socket.send(entry.text)
                    entry.settle()
                    while self._controls:
                        await self._socket.send(self._controls.popleft())
        except Ended:
            # Who reads hears of it, and first what was said before.
            pass

    def _ending(self) -> Ending:
        if self._is_dead:
            return Ending("heartbeat lost", HEARTBEAT_LOST, self._spread)
        return Ending(self._socket.reason, self._socket.code, self._spread)
