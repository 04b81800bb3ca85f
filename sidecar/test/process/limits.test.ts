/** Who comes in what time, how many, and whom a proxy may speak for. */
import { once } from "node:events";
import { connect as connectSocket } from "node:net";
import { expect, it } from "vitest";
import {
	connect,
	statusOf,
} from "../../../vite-plugin-matrix-gateway/test/support/client.ts";
import { startSidecar } from "../support/sidecar.ts";

it("CON13 a request that does not come to its end is answered with 408", async () => {
	const { wsUrl } = await startSidecar(["--upgrade-timeout=400"]);
	const socket = connectSocket(Number(new URL(wsUrl).port), "127.0.0.1");
	socket.write("GET /ws/matrix HTTP/1.1\r\nHost: localhost\r\n");
	const [answer] = await once(socket.setEncoding("utf8"), "data");
	expect(answer).toMatch(/^HTTP\/1\.1 408 /);
	await once(socket, "close");
});

it("CON13 one address has its share, told in log and status by the proxy that is trusted", async () => {
	const sidecar = await startSidecar([
		"--max-connections-per-ip=1",
		"--trust-proxy",
		"127.0.0.0/8,10.0.0.1",
	]);
	const url = `${sidecar.wsUrl}/ws/matrix`;
	const from = (address: string) => ({
		headers: { "x-forwarded-for": `6.6.6.6, ${address}, 10.0.0.1` },
	});
	const client = await connect(url, from("1.2.3.4"));
	expect(await statusOf(url, from("1.2.3.4"))).toBe(429);
	expect(await sidecar.logged("refused")).toMatchObject({
		status: 429,
		remoteAddress: "1.2.3.4",
	});
	(await connect(url, from("1.2.3.5"))).terminate();
	const answer = await fetch(`${sidecar.httpUrl}/api/gateway/status`);
	expect(await answer.json()).toMatchObject({ refused: { 429: 1 } });
	client.terminate();
});
