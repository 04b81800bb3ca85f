/** Tokens while somebody is on the way in, and those that are shown on a connection. */
import { describe, expect, onTestFinished, test } from "vitest";
import type { Grant } from "../../src/core/protocol/grant.ts";
import { type AttachOptions, attach } from "../../src/node/attach.ts";
import { createGateway } from "../../src/node/create-gateway.ts";
import { createHub } from "../../src/node/hub.ts";
import { readTokens } from "../../src/node/token.ts";
import type { RefusedUpgrade } from "../../src/node/upgrade.ts";
import { type ConnectOptions, connect } from "../support/client.ts";
import { useHttpServer } from "../support/http-server.ts";

const local = useHttpServer();

function start(options: AttachOptions) {
	const gateway = createGateway();
	onTestFinished(() => gateway.close({ timeout: 0 }));
	onTestFinished(attach(local.server, gateway, options));
	return gateway;
}

async function open(path = "", options?: ConnectOptions) {
	const client = await connect(local.url + path, options);
	onTestFinished(() => client.socket.terminate());
	return client;
}

/** A function of a host's that answers when it is told to. */
function createGate() {
	const waiting: ((grant: Grant | null) => void)[] = [];
	let asked = () => {};
	return {
		authenticate: () =>
			new Promise<Grant | null>((resolve) => {
				waiting.push(resolve);
				asked();
			}),
		/** Answers the next question, once it is asked, and `meanwhile` is done. */
		async answer(grant: Grant | null, meanwhile = () => {}) {
			if (waiting.length === 0)
				await new Promise<void>((resolve) => {
					asked = resolve;
				});
			meanwhile();
			waiting.shift()?.(grant);
		},
	};
}

describe("grants that change while somebody is judged", () => {
	test("AUTH5 who was judged before is judged again", async () => {
		const { authenticate, answer } = createGate();
		const gateway = start({ authenticate });
		const client = open("?token=t");
		await answer({ key: "k" }, () => gateway.regrant("k", null));
		await answer(null);
		expect((await (await client).expectClosed()).code).toBe(4001);
	});

	test("AUTH6 so is a token that is shown", async () => {
		const { authenticate, answer } = createGate();
		const gateway = start({ authenticate });
		const [client] = await Promise.all([open("?token=t"), answer({})]);
		await client.register("timmy");
		client.send({ type: "auth_refresh", token: "other" });
		await answer({ key: "k" }, () => gateway.regrant("k", null));
		await answer(null);
		expect(await client.next()).toMatchObject({ code: "unauthorized" });
	});
});

describe("a token that is shown on a connection", () => {
	test("AUTH6 the host's function is given it, with the request of the upgrade", async () => {
		const seen: unknown[] = [];
		start({
			authenticate(token, request) {
				const { url, headers } = request;
				const { own, header } = readTokens(request);
				seen.push([token, url, headers["x-door"], own, header]);
				return {};
			},
		});
		const headers = { "x-door": "back", authorization: "Bearer old" };
		const client = await open("?a=1&token=older&b=%20", { headers });
		client.send({ type: "auth_refresh", token: "new ü" });
		await client.skipTo("gateway_auth");
		client.send({ type: "auth_refresh", token: "\ud800" });
		expect(await client.next()).toMatchObject({ code: "unauthorized" });
		expect(seen).toEqual([
			...[
				[
					"older",
					"/ws/matrix?a=1&token=older&b=%20",
					"back",
					["older"],
					["old"],
				],
			],
			...[["new ü", "/ws/matrix?a=1&b=%20", "back", ["new ü"], []]],
		]);
	});

	test.each<[string, AttachOptions, Record<string, string>]>([
		[
			"the one that all share",
			{ token: "s3cret" },
			{ s3cret: "gateway_auth", other: "unauthorized" },
		],
		["none that is asked for", {}, { any: "gateway_auth" }],
		[
			"a function that fails",
			{
				authenticate: (token) =>
					token === "first" ? {} : Promise.reject(new Error("no database")),
			},
			{ other: "try_again" },
		],
	])(
		"AUTH6 it is judged as that of an upgrade: %s",
		async (_, options, cases) => {
			const refused: RefusedUpgrade[] = [];
			start({ ...options, onRefused: (one) => void refused.push(one) });
			const client = await open(`?token=${options.token ?? "first"}`);
			await client.register("timmy");
			for (const [token, answer] of Object.entries(cases)) {
				client.send({ type: "auth_refresh", token });
				const { type, code } = await client.next();
				expect(code ?? type).toBe(answer);
			}
			// The host is told why it could not be judged, and not of a token.
			const told = refused.map(({ status, error }) => [status, `${error}`]);
			const isBroken = options.authenticate !== undefined;
			expect(told).toEqual(isBroken ? [[503, "Error: no database"]] : []);
		},
	);

	test("AUTH6 WLD4 one that is not for the world is not accepted in it", async () => {
		const hub = createHub({ worlds: ["garden"] });
		onTestFinished(() => hub.close({ timeout: 0 }));
		const authenticate = (token = "") => ({ worlds: token.split("+") });
		onTestFinished(attach(local.server, hub, { authenticate }));
		const client = await open("/garden?token=garden");
		await client.register("timmy");
		client.send({ type: "auth_refresh", token: "default" });
		expect(await client.next()).toMatchObject({ code: "unauthorized" });
		client.send({ type: "auth_refresh", token: "default+garden" });
		await client.next("gateway_auth");
	});
});
