/** A server whose tokens are in a file [AUTH7]. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import type { Grant } from "../../../src/core/protocol/grant.ts";
import { type AttachOptions, attach } from "../../../src/node/attach.ts";
import { createGateway } from "../../../src/node/create-gateway.ts";
import { createHttpHandler } from "../../../src/node/http.ts";
import { createHub, type Hub } from "../../../src/node/hub.ts";
import { digestOf } from "../../../src/node/token.ts";
import type { RefusedUpgrade } from "../../../src/node/upgrade.ts";
import { connect } from "../../support/client.ts";
import { useHttpServer } from "../../support/http-server.ts";
import { request } from "../../support/request.ts";
import { until } from "../../support/until.ts";
import { createFolder } from "../order/support/data-folder.ts";

const local = useHttpServer();
const { server } = local;

function writeTokens(entries: readonly object[], folder = createFolder()) {
	const tokens = join(folder, "tokens.json");
	writeFileSync(tokens, JSON.stringify(entries));
	return tokens;
}

/** A gateway that tells which grants its connections were opened with. */
function arrange(options: AttachOptions) {
	const real = createGateway();
	const opened: (Grant | undefined)[] = [];
	const regranted: [string, Grant | null][] = [];
	const gateway = {
		...real,
		get draining() {
			return real.draining;
		},
		open(socket: Parameters<typeof real.open>[0], grant?: Grant) {
			opened.push(grant);
			return real.open(socket, grant);
		},
		regrant: (key: string, grant: Grant | null) =>
			void regranted.push([key, grant]),
	};
	const told: RefusedUpgrade[] = [];
	const onRefused = (refused: RefusedUpgrade) => void told.push(refused);
	onTestFinished(attach(server, gateway, { ...options, onRefused }));
	server.on("request", createHttpHandler(gateway, options));
	onTestFinished(() => real.close({ timeout: 0 }));
	return { opened, regranted, told };
}

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

async function closeOf(token: string) {
	const client = await connect(local.url, { headers: bearer(token) });
	return client.expectClosed();
}

function statusFor(token: string) {
	const url = local.url.replace(
		/^ws(.*)\/ws\/matrix$/,
		"http$1/api/gateway/status",
	);
	return request(url, bearer(token));
}

const TIMMY = { name: "timmy", token: "timmys", agents: ["timmy"] };
const GRANT = { name: "timmy", key: digestOf("timmys"), agents: ["timmy"] };

describe("tokens", () => {
	test("AUTH7 each lets in with its own grant, over WebSocket and HTTP, and no other one does", async () => {
		const tokens = writeTokens([TIMMY, { name: "a", token: "a" }]);
		const { opened } = arrange({ tokens });
		const client = await connect(local.url, { headers: bearer("timmys") });
		await client.register("timmy");
		client.send({ type: "agent_register", agentId: "kate" });
		expect(await client.next("gateway_error")).toMatchObject({
			code: "forbidden",
		});
		expect(opened).toEqual([GRANT]);
		client.terminate();
		for (const wrong of ["wrong", GRANT.key, "Timmys"]) {
			expect(await closeOf(wrong)).toMatchObject({ code: 4001 });
			expect((await statusFor(wrong)).status).toBe(401);
		}
		expect((await statusFor("a")).status).toBe(200);
	});

	test("AUTH7 a page that shows one is let in where a proxy drops the port of its Host [CON3]", async () => {
		arrange({ tokens: writeTokens([TIMMY]) });
		const token = Buffer.from("timmys").toString("base64url");
		const client = await connect(local.url, {
			protocols: ["matrix.v1", `matrix.token.${token}`],
			headers: { host: "page.test", origin: "http://page.test:8080" },
		});
		await client.register("timmy");
		client.terminate();
	});

	test("AUTH7 CON4 one that has ended is closed with 4101, and 401 over HTTP, unless there is another", async () => {
		const ended = { name: "old", token: "old", expires: "2020-01-01" };
		const { told } = arrange({ tokens: writeTokens([TIMMY, ended]) });
		expect(await closeOf("old")).toEqual({
			code: 4101,
			reason: "token expired",
		});
		expect(told).toMatchObject([{ status: 4101, reason: "token expired" }]);
		expect(await statusFor("old")).toMatchObject({
			status: 401,
			body: JSON.stringify({ error: "token expired" }),
		});
		const both = await connect(`${local.url}?token=old`, {
			headers: bearer("timmys"),
		});
		await both.register("timmy");
		both.terminate();
	});

	test("AUTH7 a change counts for who comes, and the gateway is told for who is there", async () => {
		const folder = createFolder();
		const tokens = writeTokens([TIMMY, { name: "a", token: "a" }], folder);
		const { regranted } = arrange({ tokens });
		writeTokens([{ name: "a", token: "a" }], folder);
		await until(
			() => regranted,
			({ length }) => length > 0,
		);
		expect(regranted).toEqual([[GRANT.key, null]]);
		expect(await closeOf("timmys")).toMatchObject({ code: 4001 });
		expect((await statusFor("timmys")).status).toBe(401);
	});

	test.each<[what: string, after: object[], code: number]>([
		["has gone", [], 4001],
		["is for another world", [{ ...TIMMY, worlds: ["garden"] }], 4003],
	])(
		"AUTH7 one whose entry %s while its world is made is not let in",
		async (_, after, code) => {
			const folder = createFolder();
			const tokens = writeTokens([TIMMY], folder);
			const hub = createHub();
			onTestFinished(() => hub.close({ timeout: 0 }));
			let entered = 0;
			const slow: Hub = Object.create(hub, {
				enter: {
					async value(name: string) {
						if (entered++ === 0) {
							writeTokens(after, folder);
							await until(() => hub.regrants, Boolean);
						}
						return hub.enter(name);
					},
				},
			});
			onTestFinished(attach(server, slow, { tokens }));
			expect(await closeOf("timmys")).toMatchObject({ code });
			expect(entered).toBe(1);
		},
	);

	test("AUTH7 a wrong file is an error at the start, and nothing is taken", () => {
		const tokens = writeTokens([{ name: "timmy" }]);
		expect(() => arrange({ tokens })).toThrow(
			`${tokens}, line 1, entry 1 ("timmy"): \`token\` or \`sha256\` is missing`,
		);
		arrange({ paths: ["/ws/matrix"] });
	});

	test.each<[AttachOptions, string]>([
		[
			{ token: "a", tokens: "b" },
			"`token` and `tokens` exclude each other: give one of them; a token that everybody uses can be an entry of the file.",
		],
		[
			{ tokens: "b", authenticate: () => null },
			"`tokens` and `authenticate` exclude each other: give one of them.",
		],
		[
			{ token: "a", authenticate: () => null },
			"`token` and `authenticate` exclude each other: give one of them.",
		],
		[{ tokens: "" }, "`tokens` is the path of a file."],
	])("AUTH7 %j is refused in a sentence", (options, text) => {
		expect(() => arrange(options)).toThrow(new TypeError(text));
	});
});

describe("the key of a grant", () => {
	test.each<[string, AttachOptions, object]>([
		["the shared token", { token: "s" }, { metrics: true }],
		[
			"a host's own function",
			{ authenticate: () => ({ roles: ["a"] }) },
			{ roles: ["a"] },
		],
	])(
		"AUTH1 that of %s is the digest of its token",
		async (_what, options, grant) => {
			const { opened } = arrange(options);
			const client = await connect(local.url, { headers: bearer("s") });
			expect(opened).toEqual([{ ...grant, key: digestOf("s") }]);
			client.terminate();
		},
	);

	test("AUTH1 a host's own stays, and without a token there is none", async () => {
		const { opened } = arrange({
			authenticate: (token) => (token ? { key: "own" } : {}),
		});
		for (const headers of [bearer("s"), {}])
			(await connect(local.url, { headers })).terminate();
		expect(opened).toEqual([{ key: "own" }, {}]);
	});

	test.each<[object]>([
		[{ publish: "a" }],
		[{ retain: 0 }],
		[{ expires: "2030" }],
		[{ expires: Number.NaN }],
		[{ name: 1 }],
	])(
		"AUTH2 a grant of a host's own function with %j is none that can be judged",
		async (grant) => {
			const { told } = arrange({ authenticate: () => grant });
			await expect(connect(local.url)).rejects.toThrow("HTTP 503");
			expect(String(told[0]?.error)).toContain(`\`${Object.keys(grant)[0]}\``);
		},
	);
});
