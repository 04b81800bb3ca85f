"""Agents that talk, through a network that fails, and look for what must not be.

Usage: python-agents.py URL SEED OWN_NAMES OTHER_NAMES, names with commas between. Reads lines: `quiet`,
after which nothing new is said; `report`, which is answered by a line of JSON; `end`.
"""

import asyncio
import json
import random
import sys
import time

from matrix_gateway_client import MatrixClient, MatrixError

PAUSE = 0.02


class Agent:
    def __init__(self, url, name, is_slow, names, chance):
        self.matrix = MatrixClient(url, agent_id=name, backoff=(0.02, 0.2), connect_timeout=2, max_queue=100_000)
        self.name, self.is_slow, self.chance = name, is_slow, chance
        self.others = [other for other in names if other != name]
        self.sent, self.got = {}, {}
        self.faults, self.beginnings, self.receipts = [], [], {}
        self.matrix.on_state(self.note)
        self.matrix.on("gateway_receipt")(self.note_receipt)
        self.matrix.on_dropped(lambda message, reason: self.faults.append(f"{name} dropped {message}: {reason}"))

    def note(self, state):
        if state.status == "online":
            self.beginnings.append({None: "new", True: "resumed", False: "lost"}[state.resumed])

    def note_receipt(self, message):
        self.receipts.setdefault(message["id"], []).append(message["status"])

    async def live(self, over):
        async with self.matrix as matrix:
            if self.is_slow:
                # In a loop that takes its time.
                reading = asyncio.ensure_future(self.read())
            else:
                matrix.on("numbered")(self.hear)
                reading = asyncio.ensure_future(matrix.wait_closed())
            await over.wait()
            reading.cancel()

    async def read(self):
        try:
            async for message in self.matrix:
                if message["type"] == "numbered":
                    await self.hear(message)
                    await asyncio.sleep(self.chance.random() * 0.015)
        except MatrixError as error:
            self.faults.append(f"{self.name}: {error!r}")

    async def hear(self, message):
        key = f"{message['agentId']} {'directed' if 'target_id' in message else 'broadcast'}"
        expected = self.got.get(key, 0)
        if message["n"] != expected:
            self.faults.append(f"{self.name} got {message['n']} of {key} in place of {expected}")
        self.got[key] = message["n"] + 1

    async def speak(self):
        target = self.chance.choice(["", *self.others])
        n = self.sent.get(target, 0)
        self.sent[target] = n + 1
        message = {"type": "numbered", "agentId": self.name, "n": n}
        if target:
            message |= {"target_id": target, "receipt": f"{target} {n}"}
        await self.matrix.send(message)

    def report(self):
        state = str(self.matrix.state)
        asked = sum(count for target, count in self.sent.items() if target)
        bad = [f"{name}: {told}" for name, told in self.receipts.items()
               if told not in (["delivered"], ["queued", "delivered"])]
        return {"agentId": self.name, "state": state, "sent": self.sent, "got": self.got, "faults": self.faults,
                "beginnings": self.beginnings, "receipts": len(self.receipts), "asked": asked, "bad": bad,
                "agents": sorted(self.matrix.agents)}


async def main(url, seed, own, others):
    chance = random.Random(int(seed))
    own, others = own.split(","), others.split(",")
    agents = [Agent(url, name, index % 2 == 0, own + others, random.Random(chance.random()))
              for index, name in enumerate(own)]
    over, is_quiet = asyncio.Event(), False
    lives = [asyncio.create_task(agent.live(over)) for agent in agents]
    lines = asyncio.Queue()
    loop = asyncio.get_running_loop()
    loop.add_reader(sys.stdin, lambda: lines.put_nowait(sys.stdin.readline().strip()))

    async def talk():
        while not is_quiet:
            await asyncio.gather(*(agent.speak() for agent in agents))
            if chance.random() < 0.01:
                # As code does that forgets to await.
                time.sleep(0.2)
            await asyncio.sleep(PAUSE)

    talking = None
    while (line := await lines.get()) not in ("end", ""):
        if line == "talk":
            talking = asyncio.create_task(talk())
        elif line == "quiet":
            is_quiet = True
            await talking
            print("quiet", flush=True)
        elif line == "report":
            print(json.dumps([agent.report() for agent in agents]), flush=True)
    over.set()
    await asyncio.gather(*lives)
    left = asyncio.all_tasks() - {asyncio.current_task()}
    print(f"left {len(left)}", flush=True)


asyncio.run(main(*sys.argv[1:]))
