/** Quiet clients behind proxies that cut quiet lines [HB1]. The sockets are real, the time is short. */
import { once } from "node:events";
import { type AddressInfo, createServer, connect as dial } from "node:net";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { WebSocket } from "ws";
import { attach } from "../../src/node/attach.ts";
import { createGateway } from "../../src/node/create-gateway.ts";
import { connect, listen, reach } from "./real.ts";

/** Whether a line is quiet when nothing comes either way, or when nothing comes one way. */
type Kind = "any bytes" | "bytes each way";

interface Proxy {
	readonly server: Awaited<ReturnType<typeof listen>>;
	/** Lines that were cut since they were quiet. */
	readonly cuts: number;
	close(): void;
}

/** Forwards bytes, and cuts the lines that are quiet for so long. */
async function createProxy(
	target: { address(): unknown },
	kind: Kind,
	limit: number,
): Promise<Proxy> {
	const ends = new Set<() => void>();
	let cuts = 0;
	const server = createServer((client) => {
		const { port } = target.address() as AddressInfo;
		const upstream = dial(port, "127.0.0.1");
		const timers = new Map<unknown, NodeJS.Timeout>();
		const end = () => {
			for (const timer of timers.values()) clearTimeout(timer);
			for (const socket of [client, upstream]) socket.destroy();
		};
		const heard = (direction: unknown) => {
			const watch = kind === "any bytes" ? "either" : direction;
			clearTimeout(timers.get(watch));
			const cut = () => {
				cuts++;
				end();
			};
			timers.set(watch, setTimeout(cut, limit));
		};
		ends.add(end);
		for (const [from, to] of [
			[client, upstream],
			[upstream, client],
		] as const) {
			heard(from);
			from.on("error", end);
			from.on("close", end);
			from.on("data", (bytes) => {
				heard(from);
				to.write(bytes);
			});
		}
	});
	server.listen(0, "127.0.0.1");
	await once(server, "listening");
	return {
		server: server as never,
		get cuts() {
			return cuts;
		},
		close() {
			server.close();
			for (const end of ends) end();
		},
	};
}

/** How much faster timers are than they say. Much more, and a busy machine's delays would count. */
const FASTER = 6;

/** Several rounds of pings. */
const LIFE = 60_000;

beforeEach(() => {
	const { setTimeout } = globalThis;
	vi.stubGlobal("setTimeout", (callback: () => void, milliseconds = 0) =>
		setTimeout(callback, milliseconds / FASTER),
	);
});
afterEach(() => void vi.unstubAllGlobals());

/** What becomes of a page's client, a quiet agent and a WebSocket with nothing around it. */
async function endure(kind: Kind, limit: number, heartbeatInterval?: number) {
	const server = await listen();
	const gateway = createGateway(
		heartbeatInterval === undefined ? {} : { heartbeatInterval },
	);
	attach(server, gateway);
	const proxy = await createProxy(server, kind, limit);
	const viewer = connect(proxy.server);
	const agent = connect(proxy.server, { agentId: "timmy" });
	await Promise.all([reach(viewer, "online"), reach(agent, "online")]);
	const { port } = proxy.server.address() as AddressInfo;
	const bare = new WebSocket(`ws://127.0.0.1:${port}/ws/matrix`);
	await once(bare, "open");
	await new Promise((resolve) => setTimeout(resolve, LIFE));
	const { cuts } = proxy;
	for (const client of [viewer, agent]) client.dispose();
	bare.terminate();
	proxy.close();
	await gateway.close({ timeout: 0 });
	return cuts;
}

it("HB1 none is cut where each line has to have something within 25 s", async () => {
	// At once: it takes a while, in which little happens.
	const [withinTwelve, ...others] = await Promise.all([
		endure("bytes each way", 12_000),
		endure("any bytes", 25_000),
		endure("bytes each way", 25_000),
		endure("bytes each way", 25_000, 60_000),
	]);
	expect(others).toEqual([0, 0, 0]);
	expect(withinTwelve, "with less patience they are").toBeGreaterThanOrEqual(3);
});
