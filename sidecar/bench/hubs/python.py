"""Runs on the `websockets` package, from 10 on."""

import asyncio
import json
import sys

try:
    from websockets.asyncio.server import broadcast, serve
except ImportError:
    from websockets import broadcast, serve

members = set()
agents = {}


async def hub(connection, _path=None):
    try:
        async for text in connection:
            message = json.loads(text)
            kind = message["type"]
            if kind == "ping":
                members.add(connection)
                await connection.send('{"type":"gateway_hello"}')
            elif kind == "agent_register":
                agent_id = message["agentId"]
                members.add(connection)
                agents[agent_id] = connection
                await connection.send(f'{{"type":"agent_registered","agentId":"{agent_id}"}}')
                broadcast(members, f'{{"type":"agent_joined","agentId":"{agent_id}"}}')
            elif "target_id" in message:
                await agents[message["target_id"]].send(text)
            else:
                broadcast(members - {connection}, text)
    finally:
        members.discard(connection)


async def main():
    async with serve(hub, "127.0.0.1", int(sys.argv[1]), compression=None, max_queue=1024, ping_interval=None):
        await asyncio.Future()


asyncio.run(main())
