"""Parts that need no connection."""

import asyncio
import unittest
from unittest import mock

import gateway  # noqa: F401
from matrix_gateway_client import MatrixClient
from matrix_gateway_client._address import to_socket_url
from matrix_gateway_client._backoff import Backoff
from matrix_gateway_client._close_codes import retry_class
from matrix_gateway_client._watchdog import Watchdog


class Addresses(unittest.TestCase):
    def test_WLD1_a_world_is_below_the_gateway(self) -> None:
        for url, world, address in (
            ("ws://a/ws/matrix", "default", "ws://a/ws/matrix"),
            ("https://a:8/ws/matrix/", "garden", "wss://a:8/ws/matrix/garden"),
            ("http://a", "x.y-z_0", "ws://a/x.y-z_0"),
            ("ws://[::1]:8/ws?a=b#c", "garden", "ws://[::1]:8/ws/garden?a=b"),
        ):
            self.assertEqual(to_socket_url(url, world), address)

    def test_what_is_no_address_or_no_world_is_refused_at_once(self) -> None:
        for url in ("", "/ws/matrix", "localhost:5173", "ftp://a", "ws://", "ws://a:port", "ws://a:99999"):
            with self.assertRaises(ValueError):
                MatrixClient(url)
        for world in ("", "Garden", "-a", "a-", "a/b", "a" * 65, "a\n"):
            with self.assertRaises(ValueError):
                MatrixClient("ws://a", world=world)

    def test_an_address_is_in_no_error(self) -> None:
        with self.assertRaises(ValueError) as raised:
            MatrixClient("ftp://a/?token=s3cret")
        self.assertNotIn("s3cret", str(raised.exception))


class Waits(unittest.TestCase):
    def setUp(self) -> None:
        # The most that chance gives.
        patch = mock.patch("random.uniform", lambda _least, most: most)
        patch.start()
        self.addCleanup(patch.stop)

    def test_CL2_the_ceiling_doubles_until_a_connection_has_lasted(self) -> None:
        backoff = Backoff(0.5, 20)
        self.assertEqual([backoff.next() for _ in range(7)], [0.5, 1, 2, 4, 8, 16, 20])
        for _ in range(2_000):
            self.assertEqual(backoff.next(), 20)
        backoff.reset()
        self.assertEqual(backoff.next(), 0.5)

    def test_CL2_what_the_gateway_asks_for_comes_first_and_then_only_raises_it(self) -> None:
        backoff = Backoff(0.5, 20)
        self.assertEqual([backoff.next(1), backoff.next(1), backoff.next(), backoff.next(9)], [1, 1, 1, 9])

    def test_CL2_codes_have_classes(self) -> None:
        for code, expected in {
            4000: "stop", 4099: "stop", 4100: "refresh", 4199: "refresh", 4200: "reconnect", 1002: "stop",
            1003: "stop", 1007: "stop", 1009: "stop", 1000: "reconnect", 1006: "reconnect", 1012: "reconnect",
        }.items():
            self.assertEqual(retry_class(code), expected)


class Silence(unittest.IsolatedAsyncioTestCase):
    async def test_HB3_it_asks_and_then_gives_up(self) -> None:
        dead = asyncio.Event()
        told: list[str] = []
        dog = Watchdog(0.02, lambda: told.append("ping"), dead.set)
        await dead.wait()
        dog.stop()
        self.assertEqual(told[0], "ping")
        # One more where this machine was late.
        self.assertLessEqual(len(told), 2)

    async def test_HB3_whoever_answers_lives(self) -> None:
        dead = asyncio.Event()
        asked = asyncio.Event()
        dog = Watchdog(0.02, lambda: (dog.heard(), asked.set()) and None, dead.set)
        for _ in range(3):
            asked.clear()
            await asked.wait()
        dog.stop()
        self.assertFalse(dead.is_set())

    async def test_a_program_that_was_held_up_asks_once_more(self) -> None:
        told: list[str] = []
        dead = asyncio.Event()
        dog = Watchdog(0.1, lambda: told.append("ping"), dead.set)
        dog._is_asked = True
        with mock.patch.object(dog._loop, "time", lambda: dog._timer.when() + 0.06):
            dog._check()
        self.assertEqual((told, dead.is_set()), (["ping"], False))
        with mock.patch.object(dog._loop, "time", lambda: dog._timer.when() + 0.06):
            dog._check()
        self.assertEqual((told, dead.is_set()), (["ping"], True))
        dog.stop()


if __name__ == "__main__":
    unittest.main()
