"""Coming, staying away, coming back, leaving."""

import asyncio
import unittest

from gateway import FAST, gateway, meeting, numbered, take, unreachable_url
from matrix_gateway_client import Closed, MatrixClient, Refused


class Connecting(unittest.IsolatedAsyncioTestCase):
    async def test_registers_and_is_among_the_agents(self) -> None:
        async with gateway() as served:
            client = MatrixClient(served.url, agent_id="ada", role="mind", **FAST)
            entering = asyncio.ensure_future(client.__aenter__())
            visit = await served.visit()
            bob = {"agentId": "bob", "role": "agent"}
            asked = await visit.register(agents=[bob])
            self.assertEqual(asked, {"type": "agent_register", "agentId": "ada", "role": "mind", "resume": True})
            async with asyncio.timeout(5):
                await entering
            self.assertEqual({name: agent.role for name, agent in client.agents.items()}, {"bob": "agent", "ada": "mind"})
            self.assertEqual((client.state.status, client.connection_id), ("online", "c"))
            await client.__aexit__(None, None, None)
            self.assertEqual((client.state.status, visit.socket.close_code), ("closed", 1000))

    async def test_a_viewer_asks_for_its_greeting(self) -> None:
        async with gateway() as served:
            entering = asyncio.ensure_future(MatrixClient(served.url).__aenter__())
            visit = await served.visit()
            self.assertEqual(await visit.hear(), {"type": "ping"})
            await visit.say({"type": "gateway_hello", "agents": [], "maxPayload": 100})
            client = await entering
            with self.assertRaises(TypeError):
                await client.request("timmy", {"type": "agent_message"})
            await client.__aexit__(None, None, None)

    async def test_what_comes_with_the_greeting_finds_the_handlers_of_the_body(self) -> None:
        async def greet() -> None:
            visit = await served.visit()
            await visit.register()
            await visit.say(*numbered(*range(50)))

        async with gateway() as served:
            greeting = asyncio.ensure_future(greet())
            async with MatrixClient(served.url, agent_id="ada") as client:
                heard: list[object] = []
                client.on("n")(lambda message: heard.append(message["n"]))
                client.on("agent_registered")(lambda _message: heard.append("here"))
                self.assertEqual(await take(client, 50), list(range(50)))
                self.assertEqual(heard, ["here", *range(50)])
            await greeting

    async def test_CL2_stays_away_after_40xx_and_tells_all_who_wait(self) -> None:
        for code in (4001, 4009, 1002, 1009):
            with self.subTest(code=code):
                async with meeting() as (client, visit, _served):
                    asking = asyncio.ensure_future(client.deliver("bob", {"type": "note"}, timeout=None))
                    await visit.hear("note")
                    await visit.say(*numbered(1))
                    await visit.close(code, "so it is")
                    self.assertEqual(await take(client, 1), [1])
                    with self.assertRaisesRegex(Refused, "so it is") as raised:
                        await anext(client)
                    self.assertEqual(raised.exception.code, code)
                    with self.assertRaises(Refused):
                        await client.send({"type": "n"})
                    with self.assertRaises(Refused):
                        await client.wait_closed()
                    with self.assertRaisesRegex(Exception, "so it is"):
                        await asking
                    self.assertEqual(client.state.status, "refused")

    async def test_CL2_comes_back_after_all_others(self) -> None:
        async with meeting() as (_client, visit, served):
            for code in (1001, 1011, 1012, 4201, 4204, 4999):
                await visit.close(code)
                visit = await served.visit()
                await visit.register(resumed=True, received=0)

    async def test_a_registration_that_is_refused_ends_it(self) -> None:
        async with gateway() as served:
            entering = asyncio.ensure_future(MatrixClient(served.url, agent_id="ada").__aenter__())
            visit = await served.visit()
            await visit.hear("agent_register")
            await visit.say({"type": "gateway_error", "code": "forbidden", "message": "not yours"})
            with self.assertRaisesRegex(Refused, "not yours"):
                await entering
            self.assertEqual(visit.socket.close_code, 1000)

    async def test_CON7_an_http_status_says_whether_to_try_again(self) -> None:
        for status, is_final in ((404, True), (403, True), (301, False), (408, False), (429, False), (503, False)):
            with self.subTest(status=status):
                await self.judge_status(status, is_final)

    async def judge_status(self, status: int, is_final: bool) -> None:
        visits = 0
        again = asyncio.Event()

        async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            nonlocal visits
            visits += 1
            await reader.readuntil(b"\r\n\r\n")
            there = "Location: ws://127.0.0.1:1/\r\n"
            writer.write(f"HTTP/1.1 {status} No\r\n{there}Content-Length: 0\r\n\r\n".encode())
            writer.close()
            if visits == 2:
                again.set()

        server = await asyncio.start_server(answer, "127.0.0.1", 0)
        url = f"ws://127.0.0.1:{server.sockets[0].getsockname()[1]}/ws/matrix"
        client = MatrixClient(url, agent_id="ada", **FAST)
        entering = asyncio.ensure_future(client.__aenter__())
        waiting = asyncio.ensure_future(again.wait())
        await asyncio.wait({entering, waiting}, timeout=5, return_when="FIRST_COMPLETED")
        if is_final:
            with self.assertRaises(Refused) as raised:
                await entering
            self.assertEqual((raised.exception.code, visits), (status, 1))
        else:
            self.assertTrue(again.is_set())
            entering.cancel()
            await asyncio.wait({entering})
        waiting.cancel()
        server.close()

    async def test_a_try_that_takes_too_long_is_given_up(self) -> None:
        async with gateway() as served:
            client = MatrixClient(served.url, agent_id="ada", connect_timeout=0.05, **FAST)
            entering = asyncio.ensure_future(client.__aenter__())
            first = await served.visit()
            second = await served.visit()
            self.assertEqual(await first.hear(), await second.hear())
            await (await served.visit()).register()
            await entering
            await client.__aexit__(None, None, None)

    async def test_nothing_is_left_where_the_entering_is_cancelled(self) -> None:
        with self.assertRaises(TimeoutError):
            async with asyncio.timeout(0.1):
                async with MatrixClient(unreachable_url(), agent_id="ada", **FAST):
                    self.fail("connected")
        self.assertEqual(asyncio.all_tasks(), {asyncio.current_task()})

    async def test_nothing_is_left_after_any_end(self) -> None:
        async def never(_message: object) -> None:
            await asyncio.Event().wait()

        before = asyncio.all_tasks()
        async with meeting() as (client, visit, _served):
            client.on("n")(never)
            await visit.say(*numbered(1, 2))
            self.assertEqual(await take(client, 2), [1, 2])
            visit.cut()
        async with meeting(token=lambda: "t"):
            pass
        left = asyncio.all_tasks() - before
        # The server's own tasks may take a turn more.
        while left := {task for task in left if not task.done()}:
            await asyncio.wait(left, timeout=1)
        self.assertEqual(left, set())

    async def test_a_client_is_entered_once(self) -> None:
        async with meeting() as (client, _visit, _served):
            with self.assertRaises(RuntimeError):
                await client.__aenter__()
        with self.assertRaises(Closed):
            await client.send({"type": "n"})
        with self.assertRaises(StopAsyncIteration):
            while True:
                await anext(client)

    async def test_before_it_is_entered_it_says_so(self) -> None:
        client = MatrixClient(unreachable_url(), agent_id="ada")
        with self.assertRaisesRegex(Closed, "async with"):
            await client.send({"type": "n"})

    async def test_what_was_sent_arrives_before_the_end(self) -> None:
        async with gateway() as served:
            client = MatrixClient(served.url, agent_id="ada")
            entering = asyncio.ensure_future(client.__aenter__())
            visit = await served.visit()
            await visit.register()
            await entering
            for message in numbered(*range(500)):
                client.send_nowait(message)
            leaving = asyncio.ensure_future(client.__aexit__(None, None, None))
            self.assertEqual([(await visit.hear("n"))["n"] for _ in range(500)], list(range(500)))
            await leaving


if __name__ == "__main__":
    unittest.main()
