import asyncio, json, os, unittest
from matrix_gateway_client import MatrixClient

GATEWAY = os.environ.get("MATRIX_GATEWAY", "matrix-gateway").split()  # or "node sidecar/dist/server.js"


class TestAgent(unittest.IsolatedAsyncioTestCase):
    async def asyncSetUp(self) -> None:
        command = [*GATEWAY, "--port", "0", "--log-format", "json"]
        process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
        self.addAsyncCleanup(process.wait)
        self.addCleanup(process.terminate)
        assert process.stdout
        async for line in process.stdout:
            event = json.loads(line)
            if event["event"] == "listening":
                self.url = event["urls"][0]
                break

    async def test_a_bark_is_heard(self) -> None:
        async with MatrixClient(self.url, agent_id="ada") as ada, MatrixClient(self.url, agent_id="timmy") as timmy:
            await timmy.send({"type": "bark", "agentId": "timmy", "text": "Hello"})
            async for message in ada:
                if message["type"] == "bark":
                    break
            self.assertEqual(message["text"], "Hello")
