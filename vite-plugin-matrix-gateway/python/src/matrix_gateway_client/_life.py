"""A client from its beginning to its end: puts the parts together."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Literal

from ._connector import Connector
from ._errors import Closed, MatrixError, Refused
from ._handlers import EVERY_TYPE, H, Handlers
from ._inbox import Inbox
from ._interest import SUBSCRIBE, Filter, Interest
from ._outbox import DropReason, Outbox
from ._read import AgentInfo, Answer, Message, read_present, read_received
from ._requests import Requests, to_answered
from ._roster import Roster
from ._session import Session, is_counted
from ._settings import Settings
from ._state import Beginning, State
from ._tasks import Tasks
from ._unconfirmed import Entry

# Seconds that what was sent last may take to go out.
_FLUSHING = 2.0

_logger = logging.getLogger("matrix_gateway_client")


class Life:
    def __init__(
        self,
        settings: Settings,
        is_resuming: bool,
        subscribe: Filter | None,
        max_queue: int,
        max_inbox: int,
    ) -> None:
        self.state = State("connecting")
        self.connection_id: str | None = None
        self.roster = Roster()
        self.inbox: Inbox[Message] = Inbox(max_inbox)
        self._tasks = Tasks()
        self.handlers = Handlers(self._tasks, max_inbox)
        self.outbox = Outbox(max_queue, self._dropped, self._wake, self._ask)
        self.requests = Requests(self.outbox, settings.agent_id)
        self._session = Session(is_resuming, self.outbox.may_have)
        self._is_agent = settings.agent_id is not None
        self._interest = Interest(subscribe, self._is_agent, self.outbox)
        self._connector = Connector(
            settings, self._session, self.outbox, self._interest, self._tasks, self
        )
        self._started = asyncio.Event()
        self._handing_on = asyncio.Event()
        self._over = asyncio.Event()
        self._error: MatrixError | None = Closed("this client is not inside `async with`")
        self._run: asyncio.Task[None] | None = None

    async def begin(self) -> None:
        if self._run:
            raise RuntimeError("a client is entered once: make another one")
        self._error = None
        self._run = self._tasks.spawn(self._live())
        try:
            await self._started.wait()
            self.check()
        except BaseException:
            await self.leave()
            raise
        # What comes from here on finds the handlers of who has entered.
        self._handing_on.set()

    async def leave(self) -> None:
        """Whatever happens, no task of the client is left when this has ended."""
        closed = Closed("this client was closed")
        is_online = self.state.status == "online"
        try:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_FLUSHING):
                    await self.outbox.empty()
            # What was sent arrives before the close frame.
            self._end(closed, has_arrived=is_online)
            await self._connector.stop()
        finally:
            self._end(closed, has_arrived=False)
            await self._tasks.close()

    def check(self) -> None:
        """Raises what ended the client."""
        if isinstance(self._error, Refused):
            raise Refused(self._error.reason, self._error.code, self._error.needs_token)
        if self._error:
            raise type(self._error)(*self._error.args) from self._error.__cause__

    def put(self, message: Mapping[str, Any]) -> Entry:
        self.check()
        return self.outbox.put(message)

    async def wait_closed(self) -> None:
        self.inbox.forget()
        await self._over.wait()
        if not isinstance(self._error, Closed):
            self.check()

    def adder(self, name: str) -> Callable[[H], H]:
        def add(handler: H) -> H:
            self.handlers.add(name, handler)
            return handler

        return add

    async def subscribe(self, wanted: dict[str, list[str]] | None, timeout: float | None) -> None:
        self.check()
        await self._interest.subscribe(wanted, timeout)

    # What the connector reports.

    def enter(self, state: State) -> None:
        self.state = state
        is_bad = state.status in ("offline", "refused") or state.resumed is False
        level = logging.WARNING if is_bad else logging.INFO
        _logger.log(level, "%s", state)
        self.handlers.emit("state", state)

    def ready(self, answer: Answer, beginning: Beginning) -> None:
        is_resumed = beginning == "resumed"
        self.connection_id = answer.connection_id
        if not is_resumed:
            self._present(answer.present)
            self._interest.take_back()
        self.outbox.connected(answer, is_resumed, self._session.secret is not None)
        self._interest.ready(answer)
        self._started.set()

    async def entered(self) -> None:
        await self._handing_on.wait()

    def message(self, message: Message, size: int) -> None:
        kind = message["type"]
        if kind == "pong":
            self.outbox.confirm(read_received(message))
        elif kind == "gateway_hello" and self._is_agent:
            # A slow agent becomes a viewer first: presence continues from this roster [REG4].
            self._present(read_present(message))
        if self.roster.apply(message):
            self.handlers.emit("agents", self.roster.agents)
        self._interest.handle(message)
        if name := to_answered(message):
            self.outbox.answered(name)
            self.requests.handle(name, message)
        self._hand_on(kind, message, size)

    def lost(self) -> None:
        self.connection_id = None
        self._interest.lost()
        self.outbox.disconnected()

    def _hand_on(self, kind: str, message: Message, size: int) -> None:
        # The names are those of `on`, which has others of its own.
        self.handlers.emit(f"type {kind}", message, size=size)
        if kind != EVERY_TYPE:
            self.handlers.emit(f"type {EVERY_TYPE}", message, size=size)
        if is_counted(kind):
            self.inbox.put(message, size)

    def _present(self, agents: Iterable[AgentInfo]) -> None:
        self.roster.reset(agents)
        self.handlers.emit("agents", self.roster.agents)

    async def _live(self) -> None:
        try:
            await self._connector.run()
        except Refused as refusal:
            self._end(refusal, has_arrived=False)
        except Exception as error:
            failure = MatrixError(f"the client has failed: {error!r}")
            failure.__cause__ = error
            self._end(failure, has_arrived=False)

    def _end(self, error: MatrixError, has_arrived: bool) -> None:
        if self._over.is_set():
            return
        self._error = error
        refused = isinstance(error, Refused)
        if isinstance(error, Refused):
            self.enter(State("refused", None, error.reason, error.code, None, error.needs_token))
        else:
            self.enter(State("closed", reason=str(error)))
        code: Literal["refused", "closed"] = "refused" if refused else "closed"
        self._over.set()
        self._started.set()
        self.outbox.close(code, has_arrived)
        self.requests.close(code, str(error))
        self.inbox.end(error)
        self._interest.close(error)

    def _dropped(self, message: Mapping[str, Any], reason: DropReason) -> None:
        if message.get("type") == SUBSCRIBE:
            # The client's own: the next connection begins with what it asked for.
            return
        _logger.warning("gave up a message of the type %r: %s", message.get("type"), reason)
        self.handlers.emit("dropped", message, reason)

    def _wake(self) -> None:
        self._connector.wake()

    def _ask(self) -> None:
        self._connector.ping()
