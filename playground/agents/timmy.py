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
import json
import math
import random
import signal
import sys

import websockets
from websockets.exceptions import ConnectionClosed, InvalidHandshake

# Seconds. Each wait is a random part of a ceiling that doubles up to the longest.
FIRST_WAIT, LONGEST_WAIT = 0.5, 20.0
# A connection that lasted this long was a good one: the waits begin anew.
GOOD_CONNECTION = 20.0
# A gateway may need ten seconds to judge a token.
OPENING = 15.0

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


async def send(connection, **message):
    # Who reads learns that the connection has ended, and first what was said before.
    with contextlib.suppress(ConnectionClosed):
        await connection.send(json.dumps(message))


async def walk(connection, agent_id):
    """Walks from one point of a circle to the next and says something on the way."""
    await send(connection, type="agent_state", agentId=agent_id, state="active",
               current_task="going for a walk", glow_intensity=0.7)
    for step in range(sys.maxsize):
        angle = step * 0.8
        position = {"x": 4.5 * math.sin(angle), "y": 0, "z": 4.5 * math.cos(angle)}
        await send(connection, type="agent_move", agentId=agent_id, position=position, speed=1.3)
        if step % 2 == 0:
            await send(connection, type="bark", agentId=agent_id, emotion="calm",
                       text=THOUGHTS[step // 2 % len(THOUGHTS)])
        await asyncio.sleep(4)


async def live(connection, agent_id):
    """Registers, then walks about and answers until the connection ends.

    Returns the seconds over which a gateway that shuts down wants us to spread our return.
    """
    walking = spread = None
    try:
        await send(connection, type="agent_register", agentId=agent_id, role="agent")
        async for text in connection:
            message = json.loads(text)
            kind = message["type"]
            if kind == "agent_registered":
                others = [agent["agentId"] for agent in message["agents"]]
                print(f"registered as {message['agentId']}, with {', '.join(others) or 'nobody'}")
                walking = asyncio.ensure_future(walk(connection, agent_id))
            elif kind == "gateway_error" and not walking:
                raise Refused(message["message"])
            elif kind == "gateway_error":
                print(f"error: {message['code']}: {message['message']}")
            elif kind == "gateway_shutdown":
                spread = message["reconnectAfter"]
            elif kind == "agent_message" and message.get("target_id") == agent_id:
                await answer(connection, agent_id, message)
    except ConnectionClosed:
        pass
    finally:
        if walking:
            walking.cancel()
    return spread


async def answer(connection, agent_id, message):
    """Says the answer for all to see, and sends it to the one who asked."""
    text = random.choice(ANSWERS)
    await send(connection, type="bark", agentId=agent_id, text=text, emotion="excited",
               animation="wave")
    asker = message.get("agentId")
    # An answer to an answer would never end.
    if isinstance(asker, str) and "in_reply_to" not in message:
        await send(connection, type="agent_message", agentId=agent_id, target_id=asker, text=text,
                   in_reply_to=message.get("reply_to"))


async def converse(url, token, agent_id):
    """One connection, from its opening to its end."""
    # No limit of our own: a large roster is no error.
    options = {"subprotocols": subprotocols(token), "max_size": None, "open_timeout": OPENING}
    async with websockets.connect(url, **options) as connection:
        spread = await live(connection, agent_id)
    closing = f"{connection.close_code} {connection.close_reason}"
    if not may_return(connection.close_code):
        raise Refused(closing)
    print(f"closed: {closing}")
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
            if "HTTP 4" in str(error) and "HTTP 408" not in str(error):
                raise Refused(error) from error
            print(f"no connection: {error}")
        if clock() - began > GOOD_CONNECTION:
            ceiling = FIRST_WAIT
        # A random wait, or all clients of a restarted gateway would return in one moment.
        await asyncio.sleep(random.uniform(0, ceiling if spread is None else spread))
        ceiling = min(LONGEST_WAIT, ceiling * 2)


async def main(arguments):
    life = asyncio.ensure_future(stay(arguments.url, arguments.token, arguments.agent_id))
    for number in (signal.SIGINT, signal.SIGTERM):
        try:
            asyncio.get_running_loop().add_signal_handler(number, life.cancel)
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
    # Lines are read while the agent lives, also where the output is a pipe.
    sys.stdout.reconfigure(line_buffering=True)
    try:
        sys.exit(asyncio.run(main(parse_arguments())))
    except KeyboardInterrupt:
        sys.exit(0)
