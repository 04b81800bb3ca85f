#!/usr/bin/env python3
"""A small agent for the Matrix: it walks about, barks, and answers what it is asked.

    python3 timmy.py --url ws://localhost:5173/ws/matrix --agent-id timmy-py

All it needs is the package `websockets`, 10.4 or newer.
"""

import argparse, asyncio, logging, math, random, signal, sys
from pathlib import Path

# The client of this clone. An agent of your own has it from `pip install matrix-gateway-client`.
CLONE = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(CLONE / "vite-plugin-matrix-gateway/python/src"))
from matrix_gateway_client import MatrixClient, Refused

THOUGHTS = ["Hello from Python!", "I walk in circles, but on purpose.", "Where is the other Timmy?"]
ANSWERS = ["I am a Python process with a view.", "Ask the gardener. I only walk here."]


async def walk(matrix, name):
    """Walks from one point of a circle to the next and says something on the way."""
    for step in range(sys.maxsize):
        if matrix.state.status == "online":
            x, z = 4.5 * math.sin(step * 0.8), 4.5 * math.cos(step * 0.8)
            await matrix.send({"type": "agent_state", "agentId": name, "state": "active"})
            await matrix.send({"type": "agent_move", "agentId": name, "position": {"x": x, "z": z}})
            if step % 2 == 0:
                await matrix.send({"type": "bark", "agentId": name, "text": random.choice(THOUGHTS)})
        await asyncio.sleep(4)


async def live(url, token, name):
    async with MatrixClient(url, token=token, agent_id=name) as matrix:
        logging.info("registered as %s; here are %s", name, ", ".join(matrix.agents))

        @matrix.on("agent_message")
        async def answer(message):  # may take its time: the client reads on meanwhile
            asker = message.get("agentId")
            # An answer to an answer would never end.
            if message.get("target_id") == name and isinstance(asker, str) and "in_reply_to" not in message:
                text = random.choice(ANSWERS)
                await matrix.send({"type": "bark", "agentId": name, "text": text, "emotion": "excited"})
                reply = {"type": "agent_message", "agentId": name, "text": text}
                await matrix.send_to(asker, {**reply, "in_reply_to": message.get("reply_to")})

        walking = asyncio.create_task(walk(matrix, name))
        await matrix.wait_closed()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="A small agent for the Matrix.")
    parser.add_argument("--url", default="ws://localhost:5173/ws/matrix")
    parser.add_argument("--token", help="the gateway's token, where it asks for one")
    parser.add_argument("--agent-id", default="timmy-py")
    arguments = parser.parse_args()
    logging.basicConfig(format="%(message)s", level=logging.INFO)
    signal.signal(signal.SIGTERM, lambda *_: signal.raise_signal(signal.SIGINT))
    try:
        asyncio.run(live(arguments.url, arguments.token, arguments.agent_id))
    except Refused as refusal:
        sys.exit(f"refused: {refusal}")
    except KeyboardInterrupt:
        pass
