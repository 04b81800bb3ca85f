"""An agent by AGENTS-GUIDE.md alone: it answers each question once, whatever becomes of its connection."""

import asyncio, json, os, random, sys, time
from collections import deque

import websockets

NAME = "echo"


def stop(why):
    sys.exit(str(why))


class Agent:
    def __init__(self, url):
        self.url = url
        self.socket = None
        self.session = None
        self.got = self.confirmed = 0
        self.waiting = deque(maxlen=10_000)
        self.unconfirmed = deque()
        self.work = asyncio.Queue()
        self.spread = None

    async def run(self):
        thinking = asyncio.create_task(self.think())
        failures = 0
        while True:
            began, self.spread, code = time.monotonic(), None, 1006
            try:
                socket = await websockets.connect(self.url, max_size=None, open_timeout=15)
                try:
                    await self.live(socket)
                except websockets.ConnectionClosed:
                    pass
                await socket.wait_closed()
                code = socket.close_code
                if 4000 <= code < 4200 or code in (1002, 1003, 1007, 1009):
                    stop(f"{code} {socket.close_reason}")
            except (OSError, asyncio.TimeoutError, websockets.InvalidHandshake) as error:
                response = getattr(error, "response", error)
                status = getattr(response, "status_code", 500)
                if 400 <= status < 500 and status not in (408, 429):
                    stop(error)
            failures = 0 if time.monotonic() - began >= 20 else min(failures + 1, 7)
            ceiling = min(20, 0.5 * 2 ** max(failures - 1, 0)) if self.spread is None else self.spread
            await asyncio.sleep(random.uniform(0, ceiling))

    async def live(self, socket):
        heartbeat = await self.register(socket)
        self.socket = socket
        self.heard = time.monotonic()
        pings = asyncio.create_task(self.ping(socket, heartbeat))
        try:
            await self.flush()
            async for text in socket:
                self.take(text)
        finally:
            self.socket = None
            pings.cancel()

    async def register(self, socket):
        resume = {"session": self.session, "received": self.got} if self.session else True
        await socket.send(json.dumps({"type": "agent_register", "agentId": NAME, "resume": resume}))
        while True:
            answer = self.read(await socket.recv())
            if answer.get("type") == "gateway_error":
                stop(answer["message"])
            if answer.get("type") == "gateway_shutdown":
                self.spread = answer["reconnectAfter"]
            if answer.get("type") == "agent_registered":
                break
        if answer.get("resumed"):
            self.confirm(answer["received"])
            for text in list(self.unconfirmed):
                await socket.send(text)
        else:
            for text in self.unconfirmed:
                print("perhaps lost:", text, file=sys.stderr)
            self.unconfirmed.clear()
            self.session, self.got, self.confirmed = answer["session"], 0, 0
        return answer["heartbeat"] or 30

    async def ping(self, socket, heartbeat):
        while True:
            await asyncio.sleep(heartbeat)
            if time.monotonic() - self.heard > 2 * heartbeat:
                socket.transport.abort()
            await socket.send(json.dumps({"type": "ping", "received": self.got}))

    def read(self, text):
        try:
            message = json.loads(text)
        except (ValueError, RecursionError):
            return {}
        return message if isinstance(message, dict) else {}

    def take(self, text):
        self.heard = time.monotonic()
        message = self.read(text)
        if message.get("type") == "pong":
            self.confirm(message.get("received", 0))
        if message.get("type") in ("pong", "gateway_auth"):
            return
        self.got += 1
        if message.get("type") == "gateway_shutdown":
            self.spread = message.get("reconnectAfter")
        if message.get("target_id") == NAME and "reply_to" in message and "in_reply_to" not in message:
            self.work.put_nowait(message)

    def confirm(self, count):
        while self.unconfirmed and self.confirmed < count:
            self.unconfirmed.popleft()
            self.confirmed += 1

    async def think(self):
        while True:
            question = await self.work.get()
            answer = {
                "type": "agent_message",
                "agentId": NAME,
                "target_id": question.get("agentId"),
                "in_reply_to": question["reply_to"],
                "text": f"You said: {question.get('text')}",
            }
            self.waiting.append(json.dumps(answer))
            await self.flush()

    async def flush(self):
        while self.socket and self.waiting:
            text = self.waiting.popleft()
            self.unconfirmed.append(text)
            try:
                await self.socket.send(text)
            except websockets.ConnectionClosed:
                return


async def main():
    await Agent(os.environ["MATRIX_URL"]).run()


os.environ["no_proxy"] = "*"
asyncio.run(main())
