"""What is sent, what is taken, what is answered."""

import asyncio
import json
import unittest
from typing import Any

from gateway import drop, gateway, meeting, numbered, offline, take
from matrix_gateway_client import (
    InboxFull,
    MatrixClient,
    MessageTooLarge,
    QueueFull,
    RequestError,
    RequestTimeout,
)

NOTE = {"type": "note"}


class Sending(unittest.IsolatedAsyncioTestCase):
    async def test_a_message_goes_as_it_is(self) -> None:
        async with meeting() as (client, visit, _served):
            for text in ("Zoë 🐕", "\ud800", 'a"\n'):
                await client.send({"type": "bark", "text": text})
                self.assertEqual((await visit.hear("bark"))["text"], text)
            await client.send_to("bob", NOTE)
            self.assertEqual(await visit.hear(), {"type": "note", "target_id": "bob"})

    async def test_what_is_no_message_is_refused_at_once_and_disturbs_nothing(self) -> None:
        circle: dict[str, Any] = {"type": "x"}
        circle["circle"] = circle
        wrong: list[Any] = [None, [], {}, {"type": 7}, {"type": "x", "y": object()}, circle]
        wrong += [{"type": "x", "y": float("inf")}, {"type": "x", "y": float("nan")}]
        async with meeting() as (client, visit, _served):
            for message in wrong:
                with self.assertRaises((TypeError, ValueError)):
                    await client.send(message)
            await client.send(NOTE)
            self.assertEqual(await visit.hear(), NOTE)

    async def test_CON5_what_is_too_large_is_refused_by_its_bytes(self) -> None:
        async with gateway() as served:
            client = MatrixClient(served.url, agent_id="ada", backoff=(0.01, 0.01))
            entering = asyncio.ensure_future(client.__aenter__())
            visit = await served.visit()
            await visit.register(maxPayload=60)
            await entering
            await client.send({"type": "x", "y": "ä" * 15})
            await visit.hear("x")
            with self.assertRaises(MessageTooLarge):
                await client.send({"type": "x", "y": "ä" * 30})
            dropped: list[str] = []
            client.on_dropped(lambda _message, reason: dropped.append(reason))
            visit.cut()
            visit = await served.visit()
            # It has learnt that the gateway reads less than before.
            client.send_nowait({"type": "x", "y": "b" * 20})
            await visit.register(maxPayload=30, resumed=True, received=1)
            await client.send(NOTE)
            self.assertEqual((await visit.hear(), dropped), (NOTE, ["too_large"]))
            await client.__aexit__(None, None, None)

    async def test_what_waits_is_bounded_with_a_clear_error_and_kept(self) -> None:
        async with meeting(max_queue=3) as (client, visit, served):
            visit = await drop(client, visit, served)
            for message in numbered(0, 1, 2):
                await client.send(message)
            with self.assertRaisesRegex(QueueFull, "3 messages wait for a connection"):
                await client.send({"type": "n", "n": 3})
            await visit.register(resumed=True, received=0)
            self.assertEqual([(await visit.hear("n"))["n"] for _ in range(3)], [0, 1, 2])

    async def test_whoever_is_cancelled_has_sent_it_all_the_same(self) -> None:
        async with meeting() as (client, visit, _served):
            sending = asyncio.ensure_future(client.send({"type": "n", "n": 0}))
            await asyncio.sleep(0)
            sending.cancel()
            await client.send({"type": "n", "n": 1})
            self.assertEqual([(await visit.hear("n"))["n"] for _ in range(2)], [0, 1])

    async def test_who_sends_much_waits_for_the_gateway_to_read(self) -> None:
        async with meeting() as (client, visit, _served):
            large = {"type": "x", "y": "z" * 200_000}
            sending = [asyncio.ensure_future(client.send(large)) for _ in range(40)]
            await visit.hear("x")
            self.assertFalse(sending[-1].done())
            heard = 1
            while heard < 40:
                heard += (await visit.hear())["type"] == "x"
                await visit.say({"type": "pong", "received": heard})
            await asyncio.gather(*sending)


class Taking(unittest.IsolatedAsyncioTestCase):
    async def test_a_loop_that_is_cancelled_loses_nothing(self) -> None:
        async with meeting() as (client, visit, _served):
            found: list[int] = []
            for number in range(20):
                await visit.say(*numbered(number))
                waiting = asyncio.ensure_future(take(client, 1))
                for _ in range(number):
                    await asyncio.sleep(0)
                waiting.cancel()
                await asyncio.wait({waiting})
                found += [] if waiting.cancelled() else waiting.result()
            self.assertEqual(found + await take(client, 20 - len(found)), list(range(20)))

    async def test_what_does_not_fit_is_told_in_its_place(self) -> None:
        async with meeting(max_inbox=3) as (client, visit, _served):
            await take(client, 0)
            self.assertEqual((await anext(client))["type"], "agent_registered")
            heard = asyncio.Event()
            client.on("last")(lambda _message: heard.set())
            await visit.say(*numbered(0, 1, 2, 3, 4), {"type": "last"})
            await heard.wait()
            self.assertEqual(await take(client, 3), [0, 1, 2])
            with self.assertRaises(InboxFull) as raised:
                await anext(client)
            self.assertEqual(raised.exception.dropped, 3)
            await visit.say(*numbered(5))
            self.assertEqual(await take(client, 1), [5])

    async def test_what_nobody_takes_is_not_kept_for_ever(self) -> None:
        async with meeting(max_inbox=3) as (client, visit, _served):
            heard = asyncio.Event()
            client.on("last")(lambda _message: heard.set())
            await visit.say(*numbered(*range(10)), {"type": "last"})
            await heard.wait()
            with self.assertRaises(InboxFull) as raised:
                await anext(client)
            self.assertEqual(raised.exception.dropped, 12)

    async def test_handlers_are_called_in_order_and_harm_nobody(self) -> None:
        failures: list[str] = []
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(lambda _loop, context: failures.append(str(context["exception"])))
        async with meeting(max_inbox=4) as (client, visit, _served):
            slow: list[int] = []
            every: list[str] = []
            gate = asyncio.Event()

            @client.on("n")
            def fail(_message: object) -> None:
                raise ValueError("by hand")

            @client.on("n")
            async def hear(message: dict[str, Any]) -> None:
                await gate.wait()
                slow.append(message["n"])

            client.on("*")(lambda message: every.append(message["type"]))
            while (await anext(client))["type"] != "agent_registered":
                pass
            every.clear()
            await visit.say(*numbered(0, 1), {"type": "*"})
            while (await anext(client))["type"] != "*":
                pass
            client.off("n", fail)
            await visit.say(*numbered(2))
            await take(client, 1)
            gate.set()
            while len(slow) < 3:
                await asyncio.sleep(0)
            self.assertEqual(slow, [0, 1, 2])
            self.assertEqual(every, ["n", "n", "*", "n"])
            self.assertEqual(failures, ["by hand"] * 2)
        loop.set_exception_handler(None)

    async def test_the_roster_follows_presence_and_new_starts(self) -> None:
        async with meeting() as (client, visit, served):
            changes: list[list[str]] = []
            client.on_agents(lambda agents: changes.append(sorted(agents)))
            await visit.say(
                {"type": "agent_joined", "agentId": "bob", "role": "bridge"},
                {"type": "agent_joined", "agentId": 7, "role": "bridge"},
                {"type": "agent_left", "agentId": {}},
                {"type": "agent_left", "agentId": "nobody"},
                *numbered(0),
            )
            await take(client, 1)
            self.assertEqual(changes[0], ["ada", "bob"])
            visit.cut()
            await (await served.visit()).register(resumed=True, received=0)
            while client.state.status != "online" or not client.state.resumed:
                await asyncio.sleep(0)
            self.assertEqual(sorted(client.agents), ["ada", "bob"])


class Asking(unittest.IsolatedAsyncioTestCase):
    async def test_the_answer_to_a_request_names_it(self) -> None:
        async with meeting() as (client, visit, _served):
            asking = asyncio.ensure_future(client.request("bob", NOTE))
            asked = await visit.hear("note")
            self.assertEqual((asked["target_id"], asked["agentId"]), ("bob", "ada"))
            await visit.say({"type": "gateway_receipt", "id": asked["receipt"], "status": "delivered"})
            await visit.say({"type": "answer", "in_reply_to": "another"})
            await visit.say({"type": "answer", "in_reply_to": asked["reply_to"], "text": "yes"})
            self.assertEqual((await asking)["text"], "yes")

    async def test_the_other_side_replies(self) -> None:
        async with meeting() as (client, visit, _served):
            question = {"type": "note", "agentId": "bob", "reply_to": "q"}
            self.assertTrue(await client.reply(question, {"type": "answer"}))
            self.assertEqual(await visit.hear(), {"type": "answer", "target_id": "bob", "in_reply_to": "q"})
            for odd in ({}, {"agentId": "bob"}, {"agentId": 7, "reply_to": "q"}, {"agentId": "bob", "reply_to": {}}):
                self.assertFalse(await client.reply(odd, NOTE))

    async def test_it_says_why_there_is_none(self) -> None:
        cases: list[tuple[dict[str, Any], str, str]] = [
            ({"type": "gateway_receipt", "status": "offline"}, "id", "target_offline"),
            ({"type": "gateway_receipt", "status": "dropped"}, "id", "dropped"),
            ({"type": "gateway_error", "code": "forbidden"}, "receipt", "refused"),
        ]
        async with meeting() as (client, visit, _served):
            for told, field, code in cases:
                asking = asyncio.ensure_future(client.request("bob", NOTE))
                asked = await visit.hear("note")
                await visit.say({**told, field: asked["receipt"]})
                with self.assertRaises(RequestError) as raised:
                    await asking
                self.assertEqual(raised.exception.code, code)

    async def test_RCPT2_a_delivery_waits_for_the_last_receipt(self) -> None:
        async with meeting() as (client, visit, _served):
            asking = asyncio.ensure_future(client.deliver("bob", NOTE))
            asked = await visit.hear("note")
            for status in ("queued", "unheard of", None, "delivered"):
                await visit.say({"type": "gateway_receipt", "id": asked["receipt"], "status": status})
            self.assertEqual(await asking, "delivered")

    async def test_who_gives_up_before_it_went_out_has_not_sent_it(self) -> None:
        async with meeting() as (client, visit, served):
            visit = await drop(client, visit, served)
            with self.assertRaises(TimeoutError):
                await client.deliver("bob", NOTE, timeout=0.01)
            with self.assertRaises(RequestTimeout):
                await client.request("bob", NOTE, timeout=0.01)
            await visit.register(resumed=True, received=0)
            await client.send({"type": "marker"})
            await visit.hear("marker")


    async def test_who_waits_hears_of_the_end_whatever_became_of_the_message(self) -> None:
        async with meeting() as (client, visit, served):
            visit = await drop(client, visit, served)
            small = asyncio.ensure_future(client.deliver("bob", NOTE, timeout=None))
            large = asyncio.ensure_future(client.deliver("bob", {**NOTE, "y": "z" * 300}, timeout=0.1))
            await asyncio.sleep(0)
            await visit.register(maxPayload=200, resumed=True, received=0)
            await visit.hear("note")
            with self.assertRaises(RequestTimeout):
                await large
            visit.cut()
            visit = await served.visit()
            waiting = asyncio.ensure_future(client.deliver("bob", NOTE, timeout=None))
            await offline(client)
            await visit.close(4009, "so it is")
            for asking in (small, waiting):
                with self.assertRaisesRegex(RequestError, "so it is"):
                    await asking


class Distrusting(unittest.IsolatedAsyncioTestCase):
    async def test_RT11_whatever_comes_counts_and_harms_nobody(self) -> None:
        odd = ["", "null", "7", "[]", '{"type":7}', "{", "[" * 100_000, '{"type":"x","n":NaN}', b"\xff"]
        long = '{"type":"long","n":' + "9" * 5_000 + "}"
        async with meeting() as (client, visit, served):
            await visit.say(*odd, long, '{"type":"x","n":-1e999}', *numbered(1))
            found = []
            while not found or found[-1] != "n":
                found.append((await anext(client))["type"])
            self.assertEqual(found, ["agent_registered", "long", "x", "n"])
            visit.cut()
            visit = await served.visit()
            asked = await visit.hear("agent_register")
            self.assertEqual(asked["resume"]["received"], len(odd) + 3)

    async def test_CL4_an_answer_may_be_anything(self) -> None:
        odd: list[dict[str, Any]] = [
            {"heartbeat": "soon", "maxPayload": "much", "agents": 7, "connectionId": [], "expires": "never"},
            {"heartbeat": -1, "maxPayload": -1, "agents": [7, {}, {"agentId": 1}], "session": 7},
            {"heartbeat": 10**400, "maxPayload": 0, "session": "x" * 257, "expires": 10**400},
            {"heartbeat": True, "maxPayload": None, "agents": None, "session": "", "resumed": "yes"},
        ]
        for more in odd:
            async with gateway() as served:
                client = MatrixClient(served.url, agent_id="ada", token=lambda: "t", backoff=(0.01, 0.01))
                entering = asyncio.ensure_future(client.__aenter__())
                visit = await served.visit()
                await visit.hear("agent_register")
                answer = {"type": "agent_registered", "agentId": "ada", "role": "agent", **more}
                await visit.say(json.dumps(answer), *numbered(1))
                await entering
                self.assertEqual(await take(client, 1), [1])
                self.assertEqual(list(client.agents), ["ada"])
                await client.send(NOTE)
                self.assertEqual(await visit.hear(), NOTE)
                await client.__aexit__(None, None, None)


if __name__ == "__main__":
    unittest.main()
