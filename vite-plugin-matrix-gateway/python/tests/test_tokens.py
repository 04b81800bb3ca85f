"""How a client shows its token, gets another one, and tells nobody else of it."""

import asyncio
import base64
import logging
import os
import unittest
from typing import Any
from unittest import mock

from gateway import FAST, Visit, gateway, meeting
from matrix_gateway_client import MatrixClient, Refused
from matrix_gateway_client import _renewal as renewal

TOKEN = "s3cret Zoë"


def shown(visit: Visit) -> str:
    """The token that a connection was opened with [CON2]."""
    headers = getattr(visit.socket, "request_headers", None) or visit.socket.request.headers
    [offered] = headers.get_all("Sec-WebSocket-Protocol")
    first, second = [one.strip() for one in offered.split(",")]
    assert first == "matrix.v1" and second.startswith("matrix.token.")
    encoded = second.removeprefix("matrix.token.")
    return base64.urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4)).decode()


class Tokens(unittest.IsolatedAsyncioTestCase):
    async def test_CON2_it_is_a_subprotocol_and_in_no_log(self) -> None:
        with self.assertLogs(level=logging.DEBUG) as logs:
            logging.getLogger("websockets.server").setLevel(logging.INFO)
            async with meeting(token=TOKEN) as (client, visit, _served):
                self.assertEqual(shown(visit), TOKEN)
                await client.send({"type": "n"})
                await visit.hear("n")
        everything = "\n".join(logs.output)
        for secret in (TOKEN, shown(visit), "matrix.token", "s-1"):
            self.assertNotIn(secret, everything)

    async def test_what_an_address_has_in_it_is_in_no_log(self) -> None:
        # A proxy that is none, in an address with a password.
        with mock.patch.dict(os.environ, {"http_proxy": "gopher://me:s3cret@x:1"}, clear=True):
            with self.assertLogs(level=logging.DEBUG) as logs, self.assertRaises(TimeoutError):
                async with asyncio.timeout(0.1):
                    async with MatrixClient("ws://gateway.invalid/ws/matrix?token=s3cret", **FAST):
                        self.fail("connected")
        self.assertNotIn("s3cret", "\n".join(logs.output))

    async def test_a_function_is_asked_for_each_connection(self) -> None:
        tokens = iter(["first", "second", "third"])

        async def get() -> str:
            return next(tokens)

        async with meeting(token=get) as (_client, visit, served):
            self.assertEqual(shown(visit), "first")
            # 41xx asks for another one.
            await visit.close(4101, "token expired")
            visit = await served.visit()
            self.assertEqual(shown(visit), "second")
            await visit.register(resumed=True, received=0)

    async def test_what_a_function_raises_is_tried_again(self) -> None:
        answers: list[Any] = [OSError("no way"), "token"]

        def get() -> str:
            answer = answers.pop(0)
            if isinstance(answer, Exception):
                raise answer
            return str(answer)

        async with meeting(token=get) as (_client, visit, _served):
            self.assertEqual(shown(visit), "token")

    async def test_without_another_token_it_is_refused_and_says_so(self) -> None:
        async with meeting(token=TOKEN) as (client, visit, _served):
            await visit.close(4101, "token expired")
            with self.assertRaises(Refused) as raised:
                await client.wait_closed()
            self.assertEqual((raised.exception.code, raised.exception.needs_token), (4101, True))
            self.assertTrue(client.state.needs_token)
        async with gateway() as served:
            with self.assertRaises(Refused) as raised:
                await MatrixClient(served.url, agent_id="ada", token=lambda: None).__aenter__()
            self.assertTrue(raised.exception.needs_token)

    async def test_AUTH6_it_is_renewed_before_it_ends(self) -> None:
        wait, renewal._SHORTEST_WAIT = renewal._SHORTEST_WAIT, 0.01
        tokens = iter("abcd")
        try:
            async with gateway() as served:
                client = MatrixClient(served.url, agent_id="ada", token=lambda: next(tokens), **FAST)
                entering = asyncio.ensure_future(client.__aenter__())
                visit = await served.visit()
                await visit.register(expires=0.05)
                await entering
                self.assertEqual(await visit.hear(), {"type": "auth_refresh", "token": "b"})
                await visit.say({"type": "gateway_auth", "expires": 0.05})
                self.assertEqual(await visit.hear(), {"type": "auth_refresh", "token": "c"})
                # Neither is counted [RES2].
                visit.cut()
                visit = await served.visit()
                asked = await visit.register(resumed=True, received=0)
                self.assertEqual(asked["resume"]["received"], 0)
                await client.__aexit__(None, None, None)
        finally:
            renewal._SHORTEST_WAIT = wait


if __name__ == "__main__":
    unittest.main()
