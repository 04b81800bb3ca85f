#!/usr/bin/env python3
"""A small agent for the Matrix: it walks about, barks, and answers what it is asked.

    python3 timmy.py --url ws://localhost:5173/ws/matrix --agent-id timmy-py

All it needs is the package `websockets`, 10.4 or newer. The way of a connection:
connect, register, then send and receive JSON messages, each with a `type`.
"""

import argparse
import asyncio
import base64
import contextlib
import inspect
import json
import math
import random
import re
import signal
import sys
from urllib.parse import urlsplit

import websockets
from websockets.exceptions import ConnectionClosed, InvalidHandshake

# Seconds. Each wait is a random part of a ceiling that doubles up to the longest.
FIRST_WAIT, LONGEST_WAIT = 0.5, 20.0
# A connection that lasted this long was a good one: the waits begin anew.
GOOD_CONNECTION = 20.0
# A gateway may need ten seconds to judge a token.
OPENING = 15.0
# Questions that may wait for their answers. Past that we do not hear them.
MOST_QUESTIONS = 100

THOUGHTS = [
    "Hello from Python!",
    "I walk in circles, but on purpose.",
    "A few lines of asyncio, and a whole world around me.",
    "Has anyone seen the other Timmy?",
]
ANSWERS = [
    "I am a Python process with a view.",
    "Ask the gardener. I only walk here.",
    "Good question. Let me await that.",
]


class Refused(Exception):
    """The gateway said no, and would say it again."""


def may_return(code):
    """Whether a close code lets a client come back. 41xx asks for a new token, and we have none."""
    return not (4000 <= code < 4200 or code in (1002, 1003, 1007, 1009))


def subprotocols(token):
    """Where a token is offered: addresses end up in logs."""
    if not token:
        return None
    encoded = base64.urlsafe_b64encode(token.encode()).decode().rstrip("=")
    return ["matrix.v1", "matrix.token." + encoded]


def is_refusal(error):
    """Whether the gateway itself said no: a proxy on the way to it may think better of it. Nor is
    408 for good, which is about a request that was not read in time."""
    return re.match("server rejected WebSocket connection: HTTP 4(?!08)", str(error))


def way(url):
    """To a gateway on this machine we go ourselves. From version 15 on `websockets` takes the way
    that `http_proxy` names, even there; to other machines that is right."""
    is_here = urlsplit(url).hostname in ("localhost", "127.0.0.1", "::1")
    knows_proxies = "proxy" in inspect.signature(websockets.connect).parameters
    return {"proxy": None} if is_here and knows_proxies else {}


def read(text):
    """A message, or nothing where it is one that Python does not read: others may send numbers of
    5,000 digits, and half a surrogate pair."""
    try:
        message = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return message if isinstance(message, dict) else {}


def say(text):
    """Prints a line. That nobody reads it any more is no reason to leave."""
    try:
        print(text, flush=True)
    except OSError:
        sys.stdout = None


class Line:
    """What we say to a gateway over one connection."""

    def __init__(self, connection):
        self.connection = connection
        self.most_bytes = math.inf

    async def send(self, **message):
        text = json.dumps(message)
        # One that is too long would close the connection for good: an answer repeats what is asked.
        if len(text) > self.most_bytes:
            return
        # Who reads learns that the connection has ended, and first what was said before.
        with contextlib.suppress(ConnectionClosed):
            await self.connection.send(text)


async def walk(line, agent_id):
    """Walks from one point of a circle to the next and says something on the way."""
    await line.send(type="agent_state", agentId=agent_id, state="active",
                    current_task="going for a walk", glow_intensity=0.7)
    for step in range(sys.maxsize):
        angle = step * 0.8
        position = {"x": 4.5 * math.sin(angle), "y": 0, "z": 4.5 * math.cos(angle)}
        await line.send(type="agent_move", agentId=agent_id, position=position, speed=1.3)
        if step % 2 == 0:
            await line.send(type="bark", agentId=agent_id, emotion="calm",
                            text=THOUGHTS[step // 2 % len(THOUGHTS)])
        await asyncio.sleep(4)


async def live(connection, agent_id):
    """Registers, then walks about and answers until the connection ends.

    Returns the seconds over which a gateway that shuts down wants us to spread our return.
    """
    line, questions = Line(connection), asyncio.Queue(MOST_QUESTIONS)
    tasks, spread = [], None
    try:
        await line.send(type="agent_register", agentId=agent_id, role="agent")
        # Nothing in this loop takes its time. While nobody takes its messages, `websockets` soon
        # stops reading and answers no pings, and two heartbeats later the gateway lets us go.
        async for text in connection:
            message = read(text)
            kind = message.get("type")
            if kind == "agent_registered" and not tasks:
                line.most_bytes = message["maxPayload"]
                tasks = [asyncio.ensure_future(walk(line, agent_id)),
                         asyncio.ensure_future(answer_all(line, agent_id, questions))]
                others = [agent["agentId"] for agent in message["agents"]]
                say(f"registered as {message['agentId']}, with {', '.join(others) or 'nobody'}")
            elif kind == "gateway_error" and not tasks:
                raise Refused(message["message"])
            elif kind == "gateway_error":
                say(f"error: {message['code']}: {message['message']}")
            elif kind == "gateway_shutdown":
                spread = message.get("reconnectAfter")
            elif kind == "agent_message" and message.get("target_id") == agent_id:
                if not questions.full():
                    questions.put_nowait(message)
    except ConnectionClosed:
        pass
    finally:
        for task in tasks:
            task.cancel()
    return spread


async def answer_all(line, agent_id, questions):
    """Answers one after the other. An agent that has to think would do that here."""
    while True:
        await answer(line, agent_id, await questions.get())


async def answer(line, agent_id, message):
    """Says the answer for all to see, and sends it to the one who asked."""
    text = random.choice(ANSWERS)
    await line.send(type="bark", agentId=agent_id, text=text, emotion="excited", animation="wave")
    asker = message.get("agentId")
    # An answer to an answer would never end.
    if isinstance(asker, str) and "in_reply_to" not in message:
        asked = message.get("reply_to")
        # Nothing else: Python reads 1e999 and writes Infinity, which is no JSON.
        in_reply_to = asked if isinstance(asked, (str, int)) else None
        await line.send(type="agent_message", agentId=agent_id, target_id=asker, text=text,
                        in_reply_to=in_reply_to)


async def converse(url, token, agent_id):
    """One connection, from its opening to its end."""
    # No limit of our own: a large roster is no error.
    options = {"subprotocols": subprotocols(token), "max_size": None, "open_timeout": OPENING}
    async with websockets.connect(url, **options, **way(url)) as connection:
        spread = await live(connection, agent_id)
    closing = f"{connection.close_code} {connection.close_reason}"
    if not may_return(connection.close_code):
        raise Refused(closing)
    say(f"closed: {closing}")
    return spread


async def stay(url, token, agent_id):
    """Comes back whenever the connection is lost, until the gateway refuses."""
    clock = asyncio.get_running_loop().time
    ceiling = FIRST_WAIT
    while True:
        began, spread = clock(), None
        try:
            spread = await converse(url, token, agent_id)
        except (OSError, InvalidHandshake, asyncio.TimeoutError) as error:
            if is_refusal(error):
                raise Refused(error) from error
            say(f"no connection: {error}")
        if clock() - began > GOOD_CONNECTION:
            ceiling = FIRST_WAIT
        # A random wait, or all clients of a restarted gateway would return in one moment.
        is_told = isinstance(spread, (int, float)) and 0 <= spread <= 3600
        await asyncio.sleep(random.uniform(0, spread if is_told else ceiling))
        ceiling = min(LONGEST_WAIT, ceiling * 2)


async def main(arguments):
    loop = asyncio.get_running_loop()
    life = asyncio.ensure_future(stay(arguments.url, arguments.token, arguments.agent_id))

    def end():
        # Again until it has ended: before Python 3.12 `wait_for`, which `websockets` uses, may
        # swallow what cancels it.
        if life.cancel():
            loop.call_later(0.5, end)

    for number in (signal.SIGINT, signal.SIGTERM):
        try:
            loop.add_signal_handler(number, end)
        except NotImplementedError:  # Windows: Ctrl-C ends the program by an exception instead.
            pass
    try:
        await life
    except asyncio.CancelledError:
        return 0
    except Refused as refusal:
        print(f"refused: {refusal}", file=sys.stderr)
        return 1


def parse_arguments():
    parser = argparse.ArgumentParser(description="A small agent for the Matrix.")
    parser.add_argument("--url", default="ws://localhost:5173/ws/matrix")
    parser.add_argument("--token", help="the gateway's token, where it asks for one")
    parser.add_argument("--agent-id", default="timmy-py")
    return parser.parse_args()


if __name__ == "__main__":
    # Names are in all scripts, and an output may be in one: what it does not have is escaped.
    if sys.stdout:
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        sys.exit(asyncio.run(main(parse_arguments())))
    except KeyboardInterrupt:
        sys.exit(0)
