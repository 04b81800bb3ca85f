"""Makes one connection after another, until it is stopped or the gateway refuses it."""

from __future__ import annotations

import asyncio
from typing import Protocol

from ._backoff import Backoff
from ._close_codes import is_final_status, retry_class
from ._connection import Connection, Ending
from ._credentials import Credentials, NoToken
from ._errors import Refused
from ._interest import Interest
from ._outbox import Outbox
from ._read import Answer, Message, read_expires
from ._renewal import Renewal
from ._session import Session
from ._settings import Settings
from ._socket import NotOpened, open_socket
from ._state import Beginning, State, online
from ._tasks import Tasks


class ConnectorEvents(Protocol):
    def enter(self, state: State) -> None: ...
    def ready(self, answer: Answer, beginning: Beginning) -> None:
        """Messages may be sent on this connection; comes before the state says so."""

    async def entered(self) -> None:
        """Until here nothing of what comes is handed on."""

    def message(self, message: Message, size: int) -> None: ...
    def lost(self) -> None:
        """The last connection, if there was one, takes nothing more."""


class Connector:
    """
    connecting, resuming ──answer──▶ online
      ▲   │                            │
      │   └─────────── end ────────────┤
     wait                              ├── class "stop" [CL2] ──▶ refused
      │                                │
      └─────────── offline ◀───────────┘
    """

    def __init__(
        self,
        settings: Settings,
        session: Session,
        outbox: Outbox,
        interest: Interest,
        tasks: Tasks,
        events: ConnectorEvents,
    ) -> None:
        self._settings = settings
        self._session = session
        self._outbox = outbox
        self._interest = interest
        self._events = events
        self._credentials = Credentials(settings.token)
        self._renewal = Renewal(self._credentials, tasks, self._control)
        self._backoff = Backoff(*settings.backoff)
        self._connection: Connection | None = None
        self._deadline: asyncio.Timeout | None = None
        self._online_since: float | None = None
        self._is_over = False

    async def run(self) -> None:
        """Until it is stopped. Raises `Refused`."""
        while not self._is_over:
            is_first = self._session.secret is None
            self._events.enter(State("connecting" if is_first else "resuming"))
            try:
                ending = await self._try_once()
                self._judge(ending)
            finally:
                self._leave()
            if self._is_over:
                return
            wait = self._backoff.next(ending.return_within)
            self._events.enter(State("offline", None, ending.reason, ending.code, wait))
            await asyncio.sleep(wait)

    async def stop(self) -> None:
        """Ends the session too: the gateway sees a close with 1000."""
        self._is_over = True
        if self._connection:
            await self._connection.close()

    def wake(self) -> None:
        if self._connection:
            self._connection.wake()

    def ping(self) -> None:
        if self._connection:
            self._connection.ping()

    async def ready(self, answer: Answer, beginning: Beginning) -> None:
        if self._deadline:
            self._deadline.reschedule(None)
        self._online_since = asyncio.get_running_loop().time()
        self._renewal.plan(answer.expires)
        self._events.ready(answer, beginning)
        self._events.enter(online(beginning))
        await self._events.entered()

    def message(self, message: Message, size: int) -> None:
        if message["type"] == "gateway_auth":
            self._renewal.plan(read_expires(message))
        self._events.message(message, size)

    async def _try_once(self) -> Ending:
        try:
            async with asyncio.timeout(self._settings.connect_timeout) as self._deadline:
                return await self._converse()
        except TimeoutError:
            return Ending(f"no answer within {self._settings.connect_timeout} s")
        except NotOpened as error:
            if error.status is not None and is_final_status(error.status):
                raise Refused(error.reason, error.status) from error
            return Ending(error.reason, error.status)

    async def _converse(self) -> Ending:
        try:
            token = await self._credentials.get()
        except NoToken as error:
            raise Refused(str(error), needs_token=True) from error
        except Exception as error:
            return Ending(f"no token: {error}")
        socket = await open_socket(self._settings.url, token, self._settings.tls)
        self._connection = Connection(socket, self._to_agent(), self._session, self._outbox, self)
        return await self._connection.converse()

    def _judge(self, ending: Ending) -> None:
        """Raises `Refused` where the same would happen again [CL2]."""
        answer = "reconnect" if ending.code is None else retry_class(ending.code)
        if self._is_over or answer == "reconnect":
            return
        if answer == "stop":
            raise Refused(ending.reason, ending.code)
        if not self._credentials.can_renew:
            raise Refused(ending.reason, ending.code, needs_token=True)

    def _leave(self) -> None:
        self._renewal.stop()
        self._connection = None
        # Only a connection that has lasted proves that the trouble is over.
        now = asyncio.get_running_loop().time()
        if self._online_since is not None and now - self._online_since >= self._backoff.most:
            self._backoff.reset()
        self._online_since = None
        self._events.lost()

    def _to_agent(self) -> dict[str, object] | None:
        if self._settings.agent_id is None:
            return None
        role = {} if self._settings.role is None else {"role": self._settings.role}
        return {"agentId": self._settings.agent_id, **role, **self._interest.to_register}

    def _control(self, text: str) -> None:
        if self._connection:
            self._connection.control(text)
