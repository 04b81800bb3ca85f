/** How many may connect, and who counts as one [CON13]. */
import { describe, expect, onTestFinished, test } from "vitest";
import { type AttachOptions, attach } from "../../src/node/attach.ts";
import {
	type ConnectionCounts,
	countsOf,
} from "../../src/node/connection-limits.ts";
import { createGateway } from "../../src/node/create-gateway.ts";
import {
	clientNetwork,
	plainAddress,
	resolveProxies,
} from "../../src/node/proxies.ts";
import { addressOf, hostOf } from "../../src/node/request.ts";
import type { RefusedUpgrade } from "../../src/node/upgrade.ts";
import {
	type ConnectOptions,
	connect,
	statusOf,
	type TestClient,
} from "../support/client.ts";
import { useHttpServer } from "../support/http-server.ts";
import { handshake, openSocket } from "../support/peer.ts";
import { request } from "../support/request.ts";
import { until } from "../support/until.ts";

const local = useHttpServer();
const { server } = local;

function arrange(options: AttachOptions) {
	const gateway = createGateway();
	const told: RefusedUpgrade[] = [];
	const onRefused = (refused: RefusedUpgrade) => void told.push(refused);
	onTestFinished(attach(server, gateway, { ...options, onRefused }));
	onTestFinished(() => gateway.close({ timeout: 0 }));
	const counts = countsOf(gateway);
	const untilNobody = () =>
		until(
			() => counts,
			({ all, perClient, perToken }: ConnectionCounts) =>
				all + perClient.size + perToken.size === 0,
		);
	return { gateway, told, counts, untilNobody };
}

async function join(options?: ConnectOptions): Promise<TestClient> {
	const client = await connect(local.url, options);
	onTestFinished(() => client.terminate());
	return client;
}

const UPGRADE = {
	connection: "upgrade",
	upgrade: "websocket",
	"sec-websocket-version": "13",
	"sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
};

const from = (address: string) => ({ headers: { "x-forwarded-for": address } });
const bearer = (token: string) => ({
	headers: { authorization: `Bearer ${token}` },
});

describe("who comes when there is no room is refused, until somebody leaves", () => {
	test.each<[string, AttachOptions, number, ConnectOptions, ConnectOptions]>([
		["in all", { maxConnections: 1 }, 503, {}, {}],
		[
			"of an address",
			{ maxConnectionsPerIp: 1, trustProxy: true },
			429,
			from("2001:db8::1"),
			from("2001:db8::2"),
		],
		[
			"with a token",
			{
				maxConnectionsPerToken: 1,
				authenticate: (token) => ({ name: `${token}` }),
			},
			429,
			bearer("a"),
			bearer("a"),
		],
	])("CON13 CON7 %s", async (_what, options, status, one, another) => {
		const { told, counts, untilNobody } = arrange(options);
		const first = await join(one);
		const url = local.url.replace("ws:", "http:");
		const headers = { ...UPGRADE, ...(another.headers as object) };
		const refused = await request(url, headers);
		expect(refused.status).toBe(status);
		expect(Number(refused.headers["retry-after"])).toBeGreaterThan(0);
		expect(told).toMatchObject([{ status, reason: refused.body }]);
		expect([...counts.refused]).toEqual([[status, 1]]);
		first.close();
		await first.closed;
		await untilNobody();
		(await join(another)).terminate();
		await untilNobody();
	});

	test("CON13 others are let in meanwhile", async () => {
		arrange({ maxConnectionsPerIp: 1, trustProxy: true });
		await join(from("1.2.3.4"));
		await join(from("1.2.3.5"));
		expect(await statusOf(local.url, from("::ffff:1.2.3.4"))).toBe(429);
	});

	test("CON13 of two servers together", async () => {
		const { gateway } = arrange({ maxConnections: 1 });
		onTestFinished(
			attach(server, gateway, { paths: ["/other"], maxConnections: 1 }),
		);
		await join();
		expect(await statusOf(local.url.replace("/ws/matrix", "/other"))).toBe(503);
	});
});

describe("one counts until its socket is closed, once, however that comes about", () => {
	test.each<[string, AttachOptions, (count: () => number) => Promise<unknown>]>(
		[
			[
				"it is refused by its origin",
				{},
				() => statusOf(local.url, { origin: "http://page.test" }),
			],
			[
				"its token is wrong",
				{ token: "a" },
				async () => (await join()).expectClosed(),
			],
			[
				"it cannot be judged",
				{ authenticate: () => Promise.reject() },
				() => statusOf(local.url),
			],
			[
				"it breaks RFC 6455",
				{},
				() =>
					request(local.url.replace("ws:", "http:"), {
						...UPGRADE,
						"sec-websocket-version": "1",
					}),
			],
			["it is gone without a word", {}, async () => (await join()).terminate()],
			[
				"it sends too much",
				{},
				async () => {
					const client = await join();
					client.send("x".repeat(300_000));
					await client.closed;
				},
			],
			[
				"it is gone while it is judged",
				{ authenticate: () => new Promise(() => {}) },
				async (count) => {
					const socket = openSocket(local.url);
					socket.write(handshake(local.url));
					await until(count, (all) => all === 1);
					socket.resetAndDestroy();
				},
			],
		],
	)("CON13 %s", async (_what, options, come) => {
		const { counts, untilNobody } = arrange(options);
		await come(() => counts.all);
		await untilNobody();
		expect(counts.all).toBe(0);
	});

	test("CON13 a token that is judged after its socket was closed is counted for nobody", async () => {
		let decide: ((grant: object) => void) | undefined;
		const authenticate = () =>
			new Promise<object>((resolve) => {
				decide = resolve;
			});
		const { counts, untilNobody } = arrange({ authenticate });
		const url = `${local.url}?token=a`;
		const socket = openSocket(url);
		socket.write(handshake(url));
		await until(
			() => counts.all,
			(all) => all === 1,
		);
		socket.resetAndDestroy();
		await untilNobody();
		decide?.({});
		await new Promise((resolve) => setImmediate(resolve));
		await untilNobody();
	});
});

describe("upgradeTimeout", () => {
	test("CON13 bounds whatever takes its time, and answers once", async () => {
		let decide: ((allowed: boolean) => void) | undefined;
		const rule = () =>
			new Promise<boolean>((resolve) => {
				decide = resolve;
			});
		const { told, untilNobody } = arrange({
			allowedOrigins: [rule],
			upgradeTimeout: 20,
		});
		expect(await statusOf(local.url, { origin: "http://page.test" })).toBe(503);
		await untilNobody();
		decide?.(true);
		await new Promise((resolve) => setImmediate(resolve));
		expect(told).toMatchObject([
			{ status: 503, reason: "it took too long, try again" },
		]);
	});

	test.each<[AttachOptions]>([
		[{ maxConnections: 0 }],
		[{ maxConnectionsPerIp: -1 }],
		[{ maxConnectionsPerToken: Number.NaN }],
		[{ upgradeTimeout: -1 }],
	])("CON13 %j is refused", (options) => {
		expect(() => arrange(options)).toThrow(RangeError);
		arrange({});
	});
});

describe("who asks", () => {
	const ask = (peer: string | undefined, forwarded?: string) => ({
		headers: {
			host: "own",
			"x-forwarded-host": "other",
			...(forwarded !== undefined && { "x-forwarded-for": forwarded }),
		},
		socket: { remoteAddress: peer },
	});
	const LIST = ["10.0.0.0/8", "192.168.1.1", "fd00::/8"];

	test.each<
		[
			boolean | readonly string[],
			string | undefined,
			string | undefined,
			string | undefined,
			string,
		]
	>([
		[false, "1.2.3.4", "6.6.6.6", "1.2.3.4", "own"],
		[false, "::ffff:1.2.3.4", undefined, "1.2.3.4", "own"],
		[true, "1.2.3.4", "6.6.6.6, 5.5.5.5", "5.5.5.5", "other"],
		[true, "1.2.3.4", undefined, "1.2.3.4", "other"],
		[LIST, "1.2.3.4", "6.6.6.6", "1.2.3.4", "own"],
		[LIST, "10.1.2.3", "6.6.6.6, 5.5.5.5", "5.5.5.5", "other"],
		[
			LIST,
			"::ffff:10.1.2.3",
			"6.6.6.6, 5.5.5.5 ,192.168.1.1",
			"5.5.5.5",
			"other",
		],
		[LIST, "fd00::1", "6.6.6.6, ::ffff:5.5.5.5, 10.9.9.9", "5.5.5.5", "other"],
		[LIST, "fe80::1%eth0", "6.6.6.6", "fe80::1", "own"],
		[LIST, "10.1.2.3", "5.5.5.5:4711, 10.0.0.1:80", "5.5.5.5", "other"],
		[LIST, "10.1.2.3", "[2001:DB8::1]:443", "2001:db8::1", "other"],
		[LIST, "10.1.2.3", "2001:0db8:0:0::1", "2001:db8::1", "other"],
		[LIST, "10.1.2.3", "10.0.0.2, 10.0.0.1", "10.0.0.2", "other"],
		[LIST, "10.1.2.3", "", "10.1.2.3", "other"],
		[LIST, "10.1.2.3", "6.6.6.6, unknown", "unknown", "other"],
		[["::ffff:10.0.0.0/104"], "10.1.2.3", "5.5.5.5", "5.5.5.5", "other"],
		[[], "10.1.2.3", "5.5.5.5", "10.1.2.3", "own"],
		[LIST, undefined, "5.5.5.5", undefined, "own"],
	])(
		"CON13 with %j, %s names %j: it is %s, for %s",
		(trust, peer, forwarded, address, host) => {
			const proxies = resolveProxies(trust);
			expect(addressOf(ask(peer, forwarded), proxies)).toBe(address);
			expect(hostOf(ask(peer, forwarded), proxies)).toBe(host);
		},
	);

	test.each([
		"10.0.0.0/33",
		"10.0.0",
		"proxy.example",
		"fd00::/129",
		"10.0.0.0/8/8",
		"",
		"10.0.0.0/",
		"fe80::1%eth0",
		" 10.0.0.1",
	])("CON13 %j is no address of a proxy", (text) => {
		expect(() => resolveProxies([text])).toThrow(TypeError);
	});

	test.each([
		["1.2.3.4", "1.2.3.4"],
		["2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"],
		["2001:db8::6", "2001:db8:0:0::/64"],
		["::1", "0:0:0:0::/64"],
		["1:2:3::", "1:2:3:0::/64"],
		["64:ff9b::1.2.3.4", "64:ff9b:0:0::/64"],
		["unknown", "unknown"],
	])("CON13 of %s all of %s count as one", (address, network) => {
		expect(clientNetwork(plainAddress(address))).toBe(network);
	});
});
