/** The ids of requests, in their answers and in the log. */
import { once } from "node:events";
import { get, type IncomingMessage } from "node:http";
import { describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { startSidecar } from "../support/sidecar.ts";

const GIVEN = "7f3a:proxy/1";
const OWN = /^[\w-]{8}-[0-9a-z]+$/;

describe.each([
	["--trust-proxy", GIVEN, GIVEN],
	["--trust-proxy", "x".repeat(129), OWN],
	["--trust-proxy", "two words", OWN],
	["--no-trust-proxy", GIVEN, OWN],
])("with %s, of a request that has %j", (flag, given, expected) => {
	const args = [flag, "--token=s3cret", "--log-level=debug"];

	it("is in the answer to a plain request, and in the log", async () => {
		const { httpUrl, logged } = await startSidecar(args);
		const headers = { "x-request-id": given };
		const answer = await fetch(`${httpUrl}/healthz?token=none`, { headers });
		const requestId = answer.headers.get("x-request-id");
		expect(requestId).toMatch(expected);
		expect(await logged("request")).toMatchObject({
			...{ requestId, method: "GET", path: "/healthz", status: 200 },
			level: "debug",
		});
	});

	it.each([
		["a status", { origin: "http://other.example" }, 403],
		["a close code", {}, 4001],
	])(
		"is in the answer to an upgrade that is refused with %s, and in the log",
		async (_how, more, status) => {
			const { wsUrl, logged } = await startSidecar(args);
			const headers = { "x-request-id": given, ...more };
			const socket = new WebSocket(`${wsUrl}/ws/matrix`, { headers });
			socket.on("error", () => {});
			const [response] = (await Promise.race([
				once(socket, "upgrade"),
				once(socket, "unexpected-response").then(([, response]) => [response]),
			])) as [IncomingMessage];
			socket.terminate();
			const requestId = response.headers["x-request-id"];
			expect(requestId).toMatch(expected);
			expect(await logged("refused")).toMatchObject({ requestId, status });
		},
	);
});

it("is another one for each request on a connection", async () => {
	const { httpUrl } = await startSidecar();
	const ids = new Set<unknown>();
	for (let n = 0; n < 3; n++) {
		const [response] = (await once(get(`${httpUrl}/healthz`), "response")) as [
			IncomingMessage,
		];
		response.resume();
		await once(response, "end");
		ids.add(response.headers["x-request-id"]);
	}
	expect(ids.size).toBe(3);
});
