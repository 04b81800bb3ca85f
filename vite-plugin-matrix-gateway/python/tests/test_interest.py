"""Asking for less than everything, over drops and new starts."""

import asyncio
import unittest
from typing import Any

from gateway import FAST, drop, gateway, meeting, unreachable_url
from matrix_gateway_client import MatrixClient, QueueFull, RequestError, RequestTimeout

BARKS = {"types": ["bark"]}

TOO_OFTEN = {"type": "gateway_error", "code": "rate_limited", "message": "!", "of": "agent_subscribe"}


class Interest(unittest.IsolatedAsyncioTestCase):
    async def test_SUB2_a_registration_carries_it_and_an_answer_says_from_where_on_it_holds(self) -> None:
        async with meeting(subscribe={"types": ["bark"], "from": ["bob"]}) as (client, visit, served):
            changing = asyncio.ensure_future(client.subscribe(types=("a_*",)))
            self.assertEqual(await visit.hear(), {"type": "agent_subscribe", "subscribe": {"types": ["a_*"]}})
            await visit.say({"type": "bark"})
            while (await anext(client))["type"] != "bark":
                self.assertFalse(changing.done())
            await visit.say({"type": "agent_subscribed", "subscribe": {"types": ["a_*"]}})
            await changing
            everything = asyncio.ensure_future(client.subscribe())
            self.assertIsNone((await visit.hear("agent_subscribe"))["subscribe"])
            await visit.say({"type": "agent_subscribed", "subscribe": None})
            await everything
            visit.cut()
            visit = await served.visit()
            # Null, since without it what held before would hold on.
            asked = await visit.register(resumed=True, received=2)
            self.assertIn("subscribe", asked)
            self.assertIsNone(asked["subscribe"])

    async def test_SUB3_after_a_drop_the_last_wish_holds_once(self) -> None:
        async with meeting() as (client, visit, served):
            first = asyncio.ensure_future(client.subscribe(["a"]))
            await visit.hear("agent_subscribe")
            visit = await drop(client, visit, served)
            second = asyncio.ensure_future(client.subscribe(["b"]))
            await asyncio.sleep(0)
            asked = await visit.register(resumed=True, received=0, subscribe={"types": ["b"]})
            self.assertEqual(asked["subscribe"], {"types": ["b"]})
            # The older one is sent again, since it may not have come; so the newer one follows its answer.
            for wish in ("a", "b"):
                told = await visit.hear("agent_subscribe")
                self.assertEqual(told["subscribe"], {"types": [wish]})
                await visit.say({**told, "type": "agent_subscribed"})
            await asyncio.gather(first, second)

    async def test_SUB2_one_is_on_its_way_at_a_time_and_the_last_follows(self) -> None:
        async with meeting() as (client, visit, _served):
            changing = [asyncio.ensure_future(client.subscribe([f"t{n}"])) for n in range(200)]
            for wish in ("t0", "t199"):
                told = await visit.hear("agent_subscribe")
                self.assertEqual(told["subscribe"], {"types": [wish]})
                await visit.say({**told, "type": "agent_subscribed"})
            await asyncio.gather(*changing)

    async def test_SUB4_asked_too_often_it_waits_and_asks_for_the_last(self) -> None:
        async with meeting() as (client, visit, _served):
            first = asyncio.ensure_future(client.subscribe(["a"]))
            await visit.hear("agent_subscribe")
            await visit.say({**TOO_OFTEN, "retryAfter": 0.15}, {"type": "n"})
            began = asyncio.get_running_loop().time()
            while (await anext(client))["type"] != "n":
                pass
            second = asyncio.ensure_future(client.subscribe(["b"]))
            told = await visit.hear("agent_subscribe")
            self.assertGreater(asyncio.get_running_loop().time() - began, 0.1)
            self.assertEqual(told["subscribe"], {"types": ["b"]})
            await visit.say({**told, "type": "agent_subscribed"})
            await asyncio.gather(first, second)

    async def test_SUB4_a_time_that_is_none_is_not_waited_for(self) -> None:
        async with meeting() as (client, visit, _served):
            for nonsense in (True, "1", None):
                changing = asyncio.ensure_future(client.subscribe(["a"], timeout=0.5))
                await visit.hear("agent_subscribe")
                await visit.say({**TOO_OFTEN, "retryAfter": nonsense})
                with self.assertRaisesRegex(RequestError, "rate_limited"):
                    await changing

    async def test_SUB4_the_next_connection_begins_with_it(self) -> None:
        async with meeting() as (client, visit, served):
            changing = asyncio.ensure_future(client.subscribe(["a"]))
            await visit.hear("agent_subscribe")
            await visit.say({**TOO_OFTEN, "retryAfter": 1e12}, {"type": "n"})
            while (await anext(client))["type"] != "n":
                pass
            visit.cut()
            visit = await served.visit()
            await visit.register(resumed=True, received=1, subscribe={"types": ["a"]})
            await changing

    async def test_RES4_a_new_start_has_told_it_already(self) -> None:
        async with meeting() as (client, visit, served):
            dropped: list[Any] = []
            client.on_dropped(lambda message, _reason: dropped.append(message))
            changing = asyncio.ensure_future(client.subscribe(["a"]))
            await visit.hear("agent_subscribe")
            visit.cut()
            await (await served.visit()).register(session="s-2", subscribe={"types": ["a"]})
            await changing
            self.assertEqual(dropped, [])

    async def test_an_older_gateway_is_told_of(self) -> None:
        async with meeting() as (client, visit, served):
            visit = await drop(client, visit, served)
            changing = asyncio.ensure_future(client.subscribe(["a"]))
            await asyncio.sleep(0)
            await visit.register(session="s-2")
            with self.assertRaisesRegex(RequestError, "older"):
                await changing

    async def test_what_is_refused_is_told(self) -> None:
        async with meeting() as (client, visit, _served):
            changing = asyncio.ensure_future(client.subscribe([""]))
            await visit.hear("agent_subscribe")
            await visit.say({"type": "gateway_error", "code": "bad_message", "message": "so it is", "of": "agent_subscribe"})
            with self.assertRaisesRegex(RequestError, "so it is"):
                await changing
            with self.assertRaises(RequestTimeout):
                await client.subscribe(["a"], timeout=0.01)

    async def test_SUB2_what_was_refused_is_not_registered_with(self) -> None:
        async with meeting(subscribe=BARKS) as (client, visit, served):
            changing = asyncio.ensure_future(client.subscribe([""]))
            await visit.hear("agent_subscribe")
            await visit.say({"type": "gateway_error", "code": "bad_message", "message": "!", "of": "agent_subscribe"})
            with self.assertRaises(RequestError):
                await changing
            visit.cut()
            asked = await (await served.visit()).register(resumed=True, received=1)
            self.assertEqual(asked["subscribe"], BARKS)

    async def test_a_viewer_asks_on_each_connection(self) -> None:
        async with gateway() as served:
            client = MatrixClient(served.url, subscribe=BARKS, **FAST)
            entering = asyncio.ensure_future(client.__aenter__())
            for _ in range(2):
                visit = await served.visit()
                await visit.hear("ping")
                await visit.say({"type": "gateway_hello", "agents": []})
                self.assertEqual((await visit.hear("agent_subscribe"))["subscribe"], BARKS)
                visit.cut()
            await entering
            await client.__aexit__(None, None, None)

    async def test_the_end_is_told(self) -> None:
        async with meeting() as (client, visit, _served):
            changing = asyncio.ensure_future(client.subscribe(["a"]))
            await visit.hear("agent_subscribe")
            await visit.close(4009, "replaced")
            with self.assertRaisesRegex(Exception, "replaced"):
                await changing

    async def test_a_malformed_one_is_refused_at_once(self) -> None:
        for wrong in ({"type": ["bark"]}, {"types": "bark"}, {"from": [7]}):
            with self.assertRaises((TypeError, ValueError)):
                MatrixClient(unreachable_url(), subscribe=wrong)  # type: ignore[arg-type]

    async def test_where_too_much_waits_it_says_so(self) -> None:
        async with meeting(max_queue=0) as (client, visit, _served):
            await client.send({"type": "n"})
            await visit.hear("n")
            client.send_nowait({"type": "n"})
            with self.assertRaises((RequestError, QueueFull)):
                await client.subscribe(["a"])


if __name__ == "__main__":
    unittest.main()
