"""A gateway of which each word is written by the test."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "src"))

import websockets.version  # noqa: E402
from matrix_gateway_client import MatrixClient  # noqa: E402

PATIENCE = 10

#: Waits that a test can wait for.
FAST = {"backoff": (0.01, 0.05)}


class Visit:
    """One connection of a client, from the gateway's side."""

    def __init__(self, socket: Any) -> None:
        self.socket = socket

    async def hear(self, kind: str | None = None) -> dict[str, Any]:
        """The next message, which has to be of that type."""
        message: dict[str, Any] = json.loads(await self.socket.recv())
        assert kind in (None, message["type"]), message
        return message

    async def hear_text(self) -> str:
        text: str = await self.socket.recv()
        return text

    async def say(self, *messages: dict[str, Any] | str | bytes) -> None:
        for message in messages:
            text = message if isinstance(message, (str, bytes)) else json.dumps(message)
            await self.socket.send(text)

    async def register(self, **more: Any) -> dict[str, Any]:
        """Answers a registration; returns it."""
        asked = await self.hear("agent_register")
        agent = {"agentId": asked["agentId"], "role": asked.get("role", "agent")}
        known = {"heartbeat": 30, "maxPayload": 262_144, "agents": [], "connectionId": "c"}
        session = {"session": "s-1", "resumeWindow": 60} if asked.get("resume") else {}
        await self.say({"type": "agent_registered", **agent, **known, **session, **more})
        return asked

    async def close(self, code: int = 1000, reason: str = "") -> None:
        await self.socket.close(code, reason)

    def cut(self) -> None:
        self.socket.transport.abort()


class Gateway:
    def __init__(self) -> None:
        self.visits: asyncio.Queue[Visit] = asyncio.Queue()
        self.url = ""

    async def visit(self) -> Visit:
        """The next connection."""
        return await self.visits.get()


@contextlib.asynccontextmanager
async def gateway() -> AsyncIterator[Gateway]:
    served = Gateway()
    over = asyncio.Event()

    async def serve(socket: Any, _path: str = "") -> None:
        served.visits.put_nowait(Visit(socket))
        closed = asyncio.ensure_future(socket.wait_closed())
        await asyncio.wait({closed, asyncio.ensure_future(over.wait())}, return_when="FIRST_COMPLETED")

    options: Any = {**_speaking(), "max_size": None, "close_timeout": 0.2}
    async with websockets.serve(serve, "127.0.0.1", 0, **options) as server:
        [address] = [socket.getsockname() for socket in server.sockets]
        served.url = f"ws://127.0.0.1:{address[1]}/ws/matrix"
        try:
            async with asyncio.timeout(PATIENCE):
                yield served
        finally:
            over.set()


@contextlib.asynccontextmanager
async def meeting(**options: Any) -> AsyncIterator[tuple[MatrixClient, Visit, Gateway]]:
    """A client that is registered as `ada`, its connection, and the gateway."""
    async with gateway() as served:
        client = MatrixClient(served.url, **{"agent_id": "ada", **FAST, **options})
        entering = asyncio.ensure_future(client.__aenter__())
        visit = await served.visit()
        await visit.register()
        await entering
        try:
            yield client, visit, served
        finally:
            await client.__aexit__(None, None, None)


async def drop(client: MatrixClient, visit: Visit, served: Gateway) -> Visit:
    """Cuts its connection; returns the next one, of which it has had no answer yet."""
    visit.cut()
    next_one = await served.visit()
    await offline(client)
    return next_one


async def offline(client: MatrixClient) -> None:
    while client.state.status == "online":
        await asyncio.sleep(0)


def numbered(*numbers: int) -> list[dict[str, Any]]:
    return [{"type": "n", "n": number} for number in numbers]


async def take(client: MatrixClient, count: int, kind: str = "n") -> list[Any]:
    """What comes next of that type: their numbers."""
    found = []
    while len(found) < count:
        message = await anext(client)
        if message["type"] == kind:
            found.append(message.get("n"))
    return found


def _speaking() -> dict[str, Any]:
    """Takes `matrix.v1` where it is offered; from version 14 on a server may not insist on it."""
    if int(websockets.version.version.split(".")[0]) < 14:
        return {"subprotocols": ["matrix.v1"]}
    return {"select_subprotocol": lambda _, offered: "matrix.v1" if "matrix.v1" in offered else None}


def unreachable_url() -> str:
    return "ws://127.0.0.1:1/ws/matrix"


os.environ.setdefault("PYTHONASYNCIODEBUG", "1")
