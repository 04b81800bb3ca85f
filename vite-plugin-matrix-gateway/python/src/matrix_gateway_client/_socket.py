"""One WebSocket of the library `websockets`, of its version 10.4 as of the newest.

The two have another implementation behind `connect`; what they have in common is used here.
"""

from __future__ import annotations

import asyncio
import contextlib
import inspect
import logging
import ssl
from typing import Any

import websockets
from websockets.exceptions import ConnectionClosed, WebSocketException

from ._address import is_this_machine, to_subprotocols

# Its types say where it is in one of the versions or in the other.
_connect: Any = getattr(websockets, "connect")  # noqa: B009

# Seconds that a closing handshake may take.
_CLOSING = 2.0

# The library logs at the level DEBUG all that crosses the wire, tokens too.
_logger = logging.getLogger("matrix_gateway_client.websockets")
_logger.setLevel(logging.INFO)


class NotOpened(Exception):
    """The handshake failed. `status` is that of the gateway's own answer, where there was one."""

    def __init__(self, reason: str, status: int | None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.status = status


class Ended(Exception):
    """The connection has ended; all that came before was received."""


class Socket:
    """An open WebSocket. One task may receive, and one send."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection

    @property
    def code(self) -> int:
        """The close code, once it has ended."""
        return int(self._connection.close_code or 1006)

    @property
    def reason(self) -> str:
        return self._connection.close_reason or "connection closed"

    async def receive(self) -> str | bytes:
        try:
            data: str | bytes = await self._connection.recv()
            return data
        except ConnectionClosed as error:
            raise Ended from error

    async def send(self, text: str) -> None:
        """Waits while the other end does not read."""
        try:
            await self._connection.send(text)
        except ConnectionClosed as error:
            raise Ended from error

    async def close(self) -> None:
        """Ends it with 1000, which ends the session too [RES6]; what was sent arrives before."""
        closing = asyncio.ensure_future(self._connection.close())
        try:
            await asyncio.wait({closing}, timeout=_CLOSING)
        finally:
            self.abort()
            await _ignoring_failure(closing)

    def abort(self) -> None:
        """Ends it at once, without a word. Harmless where it has ended."""
        self._connection.transport.abort()

    async def end(self) -> None:
        """Waits until it is gone with all of its tasks; comes after `abort`."""
        await self._connection.wait_closed()
        await _ignoring_failure(asyncio.ensure_future(self._connection.close()))


async def open_socket(url: str, token: str | None, tls: ssl.SSLContext | None) -> Socket:
    """Connects; raises `NotOpened`. The caller limits the time."""
    try:
        connecting: Any = _connect(url, **_options(url, token, tls))
        # A token is for the address that it was given for. The library follows where it is sent.
        vars(connecting).update(MAX_REDIRECTS_ALLOWED=1, process_redirect=lambda error: error)
        return Socket(await connecting)
    except (OSError, EOFError, WebSocketException) as error:
        raise NotOpened(_reason(error), _status(error)) from error


def _options(url: str, token: str | None, tls: ssl.SSLContext | None) -> dict[str, Any]:
    options: dict[str, Any] = {
        "subprotocols": to_subprotocols(token),
        "logger": _logger,
        # No limit of our own: a large roster is no error.
        "max_size": None,
        # Ours are others: see `Watchdog` and `connect_timeout`. That of 10.4 may also swallow a
        # cancellation, on Python before 3.12.
        "open_timeout": None,
        "ping_interval": None,
        "close_timeout": _CLOSING,
    }
    if tls:
        options["ssl"] = tls
    # From version 15 on it takes the way that `http_proxy` names, even to this machine.
    if is_this_machine(url) and "proxy" in inspect.signature(_connect).parameters:
        options["proxy"] = None
    return options


def _reason(error: Exception) -> str:
    """For people, and for a log: an address may have a token or a password in it."""
    name = type(error).__name__
    return name if name in ("InvalidURI", "InvalidProxy") else str(error) or name


def _status(error: Exception) -> int | None:
    """What a proxy on the way says is not the gateway's word: it may think better of it."""
    if type(error).__name__ not in ("InvalidStatus", "InvalidStatusCode"):
        return None
    answer: Any = getattr(error, "response", error)
    return int(answer.status_code)


async def _ignoring_failure(closing: asyncio.Future[Any]) -> None:
    with contextlib.suppress(OSError, WebSocketException):
        await closing
