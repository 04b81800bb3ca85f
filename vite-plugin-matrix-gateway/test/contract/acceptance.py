"""The acceptance criteria, by a client that knows PROTOCOL.md and nothing else.

Usage: acceptance.py WEBSOCKET_URL HTTP_URL EXTENSIONS < messages

EXTENSIONS are those that must be agreed on, separated by commas.

The gateway's heartbeat is one second, and it takes who is silent for three for a viewer: short,
but nothing that a busy machine needs to register. Each line of standard input is a JSON string: the text
of a message that must arrive byte for byte. A line is printed for each criterion that holds.
After "ready" the gateway is to be shut down from outside. Runs on `websockets` from 10.4 on.
"""

import asyncio
import base64
import json
import os
import sys
import urllib.parse
import urllib.request

import websockets

PATIENCE = 10


async def receive(client):
    """The next message as text."""
    return await asyncio.wait_for(client.recv(), PATIENCE)


async def expect(client, kind, **fields):
    """The next message, which must be of this type and have these fields."""
    message = json.loads(await receive(client))
    assert message["type"] == kind, message
    for name, value in fields.items():
        assert message.get(name) == value, message
    return message


async def send(client, **message):
    await client.send(json.dumps(message))


async def expect_nothing(client):
    """What is sent after all else is what comes back next."""
    await send(client, type="ping")
    await expect(client, "pong")


async def register(client, name, role="agent"):
    await send(client, type="agent_register", agentId=name, role=role)
    ack = await expect(client, "agent_registered", agentId=name, role=role)
    await expect(client, "agent_joined", agentId=name, role=role)
    return ack


def extensions(client):
    """What was agreed on; later versions of `websockets` keep it elsewhere."""
    agreed = getattr(client, "protocol", client).extensions
    return ",".join(extension.name for extension in agreed)


async def close_code(client):
    await asyncio.wait_for(client.wait_closed(), PATIENCE)
    return client.close_code


def get(url):
    with urllib.request.urlopen(url, timeout=PATIENCE) as answer:
        return json.load(answer)


async def agents_join_and_leave(connect, _gateway):
    async with connect() as browser:
        await register(browser, "page", "browser")
        async with connect() as timmy:
            ack = await register(timmy, "timmy", "bridge")
            assert ack["agents"] == [{"agentId": "page", "role": "browser"}], ack
            assert ack["heartbeat"] == 1 and ack["maxPayload"] == 262144, ack
            await expect(browser, "agent_joined", agentId="timmy", role="bridge")
        await expect(browser, "agent_left", agentId="timmy", reason="closed")


async def viewers_are_greeted(connect, _gateway):
    async with connect() as timmy:
        await register(timmy, "timmy")
        async with connect() as viewer:
            roster = [{"agentId": "timmy", "role": "agent"}]
            await expect(viewer, "gateway_hello", protocol=1, agents=roster)
            await expect_nothing(timmy)


async def extensions_are_the_hosts_choice(connect, gateway):
    async with connect() as client:
        assert extensions(client) == gateway["extensions"], extensions(client)


async def all_types_arrive_byte_for_byte(connect, gateway):
    async with connect() as timmy, connect() as browser:
        await register(timmy, "timmy")
        await register(browser, "page", "browser")
        await expect(timmy, "agent_joined", agentId="page")
        for text in gateway["messages"]:
            await timmy.send(text)
            assert await receive(browser) == text, text[:100]
        await expect_nothing(timmy)


async def directed_messages_reach_their_target_alone(connect, _gateway):
    async with connect() as timmy, connect() as perplexity, connect() as browser:
        await register(timmy, "timmy")
        await register(perplexity, "perplexity")
        await register(browser, "page", "browser")
        await expect(timmy, "agent_joined", agentId="perplexity")
        for client in (timmy, perplexity):
            await expect(client, "agent_joined", agentId="page")
        text = '{ "target_id":"perplexity", "type":"agent_message", "n":1.0 }'
        await timmy.send(text)
        assert await receive(perplexity) == text
        await expect_nothing(browser)
        await send(timmy, type="agent_message", target_id="nobody")
        await expect(
            timmy, "gateway_error", code="target_offline", target_id="nobody"
        )
        await send(timmy, type="marker")
        for client in (perplexity, browser):
            await expect(client, "marker")


async def the_newest_connection_wins(connect, _gateway):
    async with connect() as viewer, connect() as older, connect() as newer:
        await register(older, "timmy")
        await send(newer, type="agent_register", agentId="timmy")
        await expect(newer, "agent_registered")
        await expect(older, "gateway_replaced", agentId="timmy")
        assert await close_code(older) == 4009
        await send(viewer, type="agent_message", target_id="timmy")
        await expect(newer, "agent_message")


async def the_silent_are_pruned(connect, gateway):
    async with connect() as viewer:
        await send(viewer, type="ping")
        await expect(viewer, "gateway_hello")
        await expect(viewer, "pong")
        writer = await register_and_fall_silent(gateway["url"])
        await expect(viewer, "agent_joined", agentId="silent")
        await expect(viewer, "agent_left", agentId="silent", reason="heartbeat")
        writer.close()
        await expect_nothing(viewer)


async def register_and_fall_silent(url):
    """A WebSocket by hand, which answers no ping."""
    address = urllib.parse.urlsplit(url)
    _reader, writer = await asyncio.open_connection(address.hostname, address.port)
    key = base64.b64encode(os.urandom(16)).decode()
    lines = [
        f"GET {address.path} HTTP/1.1",
        f"Host: {address.netloc}",
        "Upgrade: websocket",
        "Connection: Upgrade",
        f"Sec-WebSocket-Key: {key}",
        "Sec-WebSocket-Version: 13",
    ]
    writer.write("\r\n".join([*lines, "", ""]).encode())
    text = b'{"type":"agent_register","agentId":"silent"}'
    # One final text frame whose mask is zero.
    writer.write(bytes([0x81, 0x80 | len(text), 0, 0, 0, 0]) + text)
    await writer.drain()
    return writer


async def mistakes_are_told(connect, _gateway):
    async with connect() as timmy:
        await register(timmy, "timmy")
        mistakes = {
            "not json": "bad_message",
            '{"text":"no type"}': "bad_message",
            '{"type":"agent_register","agentId":""}': "bad_message",
            '{"type":"agent_joined","agentId":"x"}': "reserved_type",
            b"\x00\x01": "not_text",
        }
        for text, code in mistakes.items():
            await timmy.send(text)
            await expect(timmy, "gateway_error", code=code)
        await timmy.send("x" * 262145)
        assert await close_code(timmy) == 1009


async def the_status_tells_all(connect, gateway):
    async with connect() as timmy, connect() as viewer:
        await register(timmy, "timmy", "bridge")
        await send(viewer, type="ping")
        await expect(viewer, "gateway_hello")
        loop = asyncio.get_running_loop()
        url = gateway["http"] + "/api/gateway/status"
        status = await loop.run_in_executor(None, get, url)
        assert status["status"] == "ok", status
        [agent] = status["agents"]
        assert agent["agentId"] == "timmy" and agent["role"] == "bridge", agent
        assert agent["received"] == 1 and agent["state"] == "online", agent
        assert status["viewers"] == 1 and status["connections"] == 2, status
        health = await loop.run_in_executor(None, get, gateway["http"] + "/healthz")
        assert health == {"status": "ok"}, health


async def a_shutdown_is_announced(connect, _gateway):
    async with connect() as timmy:
        await register(timmy, "timmy")
        print("ready", flush=True)
        await expect(
            timmy, "gateway_shutdown", reason="shutdown", reconnectAfter=1
        )
        assert await close_code(timmy) == 1001


CRITERIA = [
    agents_join_and_leave,
    viewers_are_greeted,
    extensions_are_the_hosts_choice,
    all_types_arrive_byte_for_byte,
    directed_messages_reach_their_target_alone,
    the_newest_connection_wins,
    the_silent_are_pruned,
    mistakes_are_told,
    the_status_tells_all,
    a_shutdown_is_announced,
]


async def all_gone(gateway):
    """Waits until the gateway is empty, so that no criterion sees the one before it."""
    loop = asyncio.get_running_loop()
    url = gateway["http"] + "/api/gateway/status"
    while (await loop.run_in_executor(None, get, url))["connections"] > 0:
        pass


async def main(url, http, agreed):
    messages = [json.loads(line) for line in sys.stdin]
    gateway = {"url": url, "http": http, "messages": messages, "extensions": agreed}
    for criterion in CRITERIA:
        await asyncio.wait_for(all_gone(gateway), PATIENCE)
        await criterion(lambda: websockets.connect(url), gateway)
        print("holds:", criterion.__name__.replace("_", " "), flush=True)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
