"""What the client for Python promises, against a host with a token, a heartbeat of a second, and the world `garden`.

Usage: python-client.py URL TOKEN. A line is printed for each promise that holds, or that the gateway has not got.
"""

import asyncio
import sys

from matrix_gateway_client import MatrixClient, Refused, RequestError

URL, TOKEN = sys.argv[1:3]
PATIENCE = 20


def client(name=None, **options):
    return MatrixClient(URL, agent_id=name, **{"token": TOKEN, "backoff": (0.05, 0.2), **options})


async def until(matrix, kind):
    """All of a type up to the next of that type, and that one."""
    seen = []
    while not seen or seen[-1]["type"] != kind:
        seen.append(await anext(matrix))
    return seen


async def a_wrong_token_is_refused():
    for token in ("wrong", lambda: "wrong"):
        try:
            async with client("ada", token=token):
                raise AssertionError("let in")
        except Refused as refusal:
            assert refusal.code == 4001, refusal
    async def fetch():
        return TOKEN
    async with client("ada", token=fetch) as ada:
        assert list(ada.agents) == ["ada"], ada.agents


async def worlds_have_nothing_to_do_with_each_other():
    async with client("ada", world="garden", role="gardener") as ada, client("ada") as other, client("bob") as bob:
        assert ada.agents["ada"].role == "gardener"
        await bob.send({"type": "bark", "text": "at the path itself"})
        await ada.send_to("ada", {"type": "marker"})
        assert "bark" not in [message["type"] for message in await until(ada, "marker")]
        assert (await until(other, "bark"))[-1]["text"] == "at the path itself"


async def requests_and_receipts_have_answers():
    async with client("ada") as ada, client("bob") as bob, client() as viewer:
        @bob.on("question")
        async def answer(message):
            await bob.reply(message, {"type": "answer", "text": message["text"] * 2})

        assert (await ada.request("bob", {"type": "question", "text": "Zoë"}))["text"] == "ZoëZoë"
        assert await viewer.deliver("bob", {"type": "note"}) == "delivered"
        assert await viewer.deliver("eve", {"type": "note"}) == "offline"
        try:
            await ada.request("eve", {"type": "question"})
            raise AssertionError("answered")
        except RequestError as error:
            assert error.code == "target_offline", error


async def who_is_here_is_known():
    async with client("ada") as ada:
        async with client("bob", role="bridge"):
            await until(ada, "agent_joined")
            if "bob" not in ada.agents:
                await until(ada, "agent_joined")
            assert ada.agents["bob"].role == "bridge", ada.agents
        await until(ada, "agent_left")
        assert list(ada.agents) == ["ada"], ada.agents


async def the_newest_wins_and_the_other_stays_away():
    async with client("ada") as older, client("ada"):
        try:
            async for _message in older:
                pass
        except Refused as refusal:
            assert refusal.code == 4009, refusal


async def who_comes_late_sees_what_is_retained_in_order():
    async with client("ada") as ada:
        for n in range(50):
            await ada.send({"type": "scene_add", "id": f"t{n}", "retain": {"key": f"scene/{n}"}})
        # It has its place when this is answered.
        await ada.deliver("ada", {"type": "marker"})
        async with client("bob") as bob:
            seen = [message["id"] for message in await until(bob, "agent_joined") if message["type"] == "scene_add"]
            assert seen == [f"t{n}" for n in range(50)], seen
        await ada.send({"type": "scene_clear", "retain": {"clear": "scene/"}})


async def a_loop_that_takes_its_time_costs_no_connection():
    async with client("ada") as ada, client("bob") as bob:
        for n in range(400):
            await ada.send({"type": "n", "n": n})
        await until(bob, "n")
        # More than two heartbeats.
        await asyncio.sleep(2.5)
        for n in range(1, 400):
            message = await anext(bob)
            assert message.get("n") == n, message
        assert "bob" in ada.agents and bob.state.resumed is None, bob.state


async def a_filter_holds_from_its_answer_on():
    async with client("ada") as ada, client("bob", subscribe={"types": ["bark"]}) as bob:
        [greeting] = await until(bob, "agent_registered")
        if "subscribe" not in greeting:
            return "not there"
        for kind in ("move", "bark"):
            await ada.send({"type": kind})
        assert [message["type"] for message in await until(bob, "bark") if message["type"] == "move"] == []
        await bob.subscribe(["m*"], from_=["ada"])
        for kind in ("bark", "move"):
            await ada.send({"type": kind})
        after = [message["type"] for message in await until(bob, "move")]
        assert "bark" not in after[after.index("agent_subscribed"):], after
        await bob.subscribe()
        await ada.send({"type": "bark"})
        await until(bob, "bark")


PROMISES = [
    a_wrong_token_is_refused,
    worlds_have_nothing_to_do_with_each_other,
    requests_and_receipts_have_answers,
    who_is_here_is_known,
    the_newest_wins_and_the_other_stays_away,
    who_comes_late_sees_what_is_retained_in_order,
    a_loop_that_takes_its_time_costs_no_connection,
    a_filter_holds_from_its_answer_on,
]


async def main():
    for promise in PROMISES:
        async with asyncio.timeout(PATIENCE):
            skipped = await promise()
        print("skipped:" if skipped else "holds:", promise.__name__.replace("_", " "), skipped or "", flush=True)
        left = asyncio.all_tasks() - {asyncio.current_task()}
        assert not left, left


asyncio.run(main())
