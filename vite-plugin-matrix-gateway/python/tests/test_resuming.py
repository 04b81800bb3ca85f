"""Going on where the connection has ended: nothing lost, doubled or out of order, or it is told."""

import asyncio
import unittest
from typing import Any

from gateway import Visit, drop, meeting, numbered, take
from matrix_gateway_client import State
from matrix_gateway_client import _unconfirmed as unconfirmed


async def hear_numbers(visit: Visit, count: int) -> list[int]:
    return [(await visit.hear("n"))["n"] for _ in range(count)]


class Resuming(unittest.IsolatedAsyncioTestCase):
    async def test_RES3_claims_what_has_come_and_sends_again_what_has_not_arrived(self) -> None:
        async with meeting() as (client, visit, served):
            await visit.say(*numbered(0, 1), {"type": "pong"}, "no JSON", b"binary", '["list"]')
            self.assertEqual(await take(client, 2), [0, 1])
            for message in numbered(0, 1, 2):
                await client.send(message)
            self.assertEqual(await hear_numbers(visit, 3), [0, 1, 2])
            visit = await drop(client, visit, served)
            # While there is no answer nothing is sent.
            client.send_nowait({"type": "n", "n": 3})
            asked = await visit.register(resumed=True, received=1)
            self.assertEqual(asked["resume"], {"session": "s-1", "received": 5})
            self.assertEqual(await hear_numbers(visit, 3), [1, 2, 3])
            visit.cut()
            visit = await served.visit()
            await visit.register(resumed=True, received=4)
            await client.send({"type": "n", "n": 4})
            self.assertEqual(await hear_numbers(visit, 1), [4])
            self.assertTrue(client.state.resumed)

    async def test_RES4_tells_what_may_be_lost_and_sends_it_no_more(self) -> None:
        async with meeting() as (client, visit, served):
            dropped: list[Any] = []
            states: list[State] = []
            client.on_dropped(lambda message, reason: dropped.append((message["n"], reason)))
            client.on_state(states.append)
            for number in range(3):
                await client.send({"type": "n", "n": number, "target_id": "b", "receipt": f"r-{number}"})
            await hear_numbers(visit, 3)
            # The first has arrived: it got its receipt [CL3].
            await visit.say({"type": "gateway_receipt", "id": "r-0", "status": "delivered"}, *numbered(9))
            await take(client, 1)
            visit = await drop(client, visit, served)
            client.send_nowait({"type": "n", "n": 3})
            await visit.register(resumed=False, session="s-2")
            self.assertEqual(await hear_numbers(visit, 1), [3])
            self.assertEqual(dropped, [(1, "unconfirmed"), (2, "unconfirmed")])
            self.assertIs(states[-1].resumed, False)
            visit.cut()
            visit = await served.visit()
            asked = await visit.register(resumed=True, received=1)
            # Both counts have begun at 0.
            self.assertEqual(asked["resume"], {"session": "s-2", "received": 0})

    async def test_RES5_forgets_what_a_pong_confirms_and_ignores_what_cannot_be(self) -> None:
        async with meeting() as (client, visit, served):
            for message in numbered(0, 1, 2):
                await client.send(message)
            await hear_numbers(visit, 3)
            for count in (2, 1, 4, -1, "2", 2.5, True, None, 10**400):
                await visit.say({"type": "pong", "received": count})
            await visit.say(*numbered(0))
            await take(client, 1)
            visit.cut()
            visit = await served.visit()
            await visit.register(resumed=True, received=2)
            self.assertEqual(await hear_numbers(visit, 1), [2])

    async def test_CL4_gives_up_a_session_that_is_resumed_with_a_count_that_cannot_be(self) -> None:
        for received in (3, -1, None, "1", True):
            with self.subTest(received=received):
                async with meeting() as (client, visit, served):
                    dropped: list[Any] = []
                    client.on_dropped(lambda message, _reason: dropped.append(message["n"]))
                    await client.send({"type": "n", "n": 0})
                    await hear_numbers(visit, 1)
                    visit.cut()
                    await (await served.visit()).register(resumed=True, received=received)
                    visit = await served.visit()
                    asked = await visit.register(session="s-2")
                    self.assertIs(asked["resume"], True)
                    await client.send({"type": "n", "n": 1})
                    self.assertEqual(await hear_numbers(visit, 1), [1])
                    self.assertEqual(dropped, [0])

    async def test_RES3_drops_what_it_is_sent_as_a_viewer_before_the_answer(self) -> None:
        async with meeting() as (client, visit, served):
            visit.cut()
            visit = await served.visit()
            await visit.say({"type": "gateway_hello", "agents": []}, *numbered(7))
            await visit.register(resumed=True, received=0)
            await visit.say(*numbered(8))
            self.assertEqual(await take(client, 1), [8])

    async def test_a_resume_that_is_not_asked_for_is_none(self) -> None:
        async with meeting(resume=False) as (client, visit, served):
            await client.send({"type": "n", "n": 0})
            await hear_numbers(visit, 1)
            visit.cut()
            visit = await served.visit()
            asked = await visit.register(resumed=True, received=0)
            self.assertFalse(asked["resume"])
            await client.send({"type": "n", "n": 1})
            self.assertEqual(await hear_numbers(visit, 1), [1])

    async def test_it_asks_for_a_confirmation_and_waits_where_too_much_is_unconfirmed(self) -> None:
        limit, unconfirmed._MOST_ENTRIES = unconfirmed._MOST_ENTRIES, 8
        try:
            async with meeting(max_queue=4) as (client, visit, _served):
                sent: list[int] = []

                async def send_all() -> None:
                    for message in numbered(*range(12)):
                        await client.send(message)
                        sent.append(message["n"])

                sending = asyncio.ensure_future(send_all())
                kinds = [await visit.hear() for _ in range(9)]
                self.assertEqual([message["type"] for message in kinds].count("ping"), 1)
                self.assertLessEqual(len(sent), 8)
                await visit.say({"type": "pong", "received": 6})
                heard = [message["n"] for message in kinds if message["type"] == "n"]
                while len(heard) < 12:
                    message = await visit.hear()
                    heard += [message["n"]] if message["type"] == "n" else []
                self.assertEqual(heard, list(range(12)))
                await sending
        finally:
            unconfirmed._MOST_ENTRIES = limit

    async def test_CL2_spreads_its_return_as_a_gateway_that_shuts_down_wants_it(self) -> None:
        async with meeting(backoff=(3_600, 3_600)) as (client, visit, served):
            await visit.say({"type": "gateway_shutdown", "reason": "restart", "reconnectAfter": 0.01})
            await visit.close(1012)
            await (await served.visit()).register(resumed=True, received=0)


if __name__ == "__main__":
    unittest.main()
