/** Which tokens a request offers, and which of them let it in [CON2, AUTH]. */
import { describe, expect, onTestFinished, test } from "vitest";
import type { Grant } from "../../src/core/protocol/grant.ts";
import type { AccessOptions } from "../../src/node/access.ts";
import { attach } from "../../src/node/attach.ts";
import { createGateway } from "../../src/node/create-gateway.ts";
import { createHttpHandler } from "../../src/node/http.ts";
import { type ConnectOptions, connect } from "../support/client.ts";
import { useHttpServer } from "../support/http-server.ts";
import { request } from "../support/request.ts";

const local = useHttpServer();
const { server } = local;

interface Asked extends ConnectOptions {
	readonly query?: string;
}

/** Of a WebSocket `in`, or the code that it was closed with. */
type Fate = "in" | number;

function arrange(options: AccessOptions) {
	const gateway = createGateway();
	onTestFinished(attach(server, gateway, options));
	onTestFinished(() => gateway.close({ timeout: 0 }));
	server.on("request", createHttpHandler(gateway, options));
	return {
		async ask({ query = "", ...asked }: Asked): Promise<Fate> {
			const client = await connect(local.url + query, asked);
			client.send({ type: "ping" });
			const came = client.next().then(() => "in" as const);
			const fate = await Promise.race([
				came.catch(() => client.closed.then(({ code }) => code)),
				client.closed.then(({ code }) => code),
			]);
			client.socket.terminate();
			return fate;
		},
		async status({ query = "", headers = {} }: Asked): Promise<number> {
			const path = `/api/gateway/status${query}`;
			const url = new URL(path, local.url.replace("ws:", "http:"));
			const answer = await request(url.href, headers as Record<string, string>);
			return answer.status;
		},
	};
}

describe("a token in the query", () => {
	test.each([
		["q+8/Zk+3xw==", "q+8/Zk+3xw=="],
		["q+8/Zk+3xw==", "q%2B8%2FZk%2B3xw%3D%3D"],
		["q+8/Zk+3xw==", "q%2b8/Zk+3xw%3d="],
		["two words", "two%20words"],
		["two words", "two+words"],
		["two words+", "two+words%2B"],
		["100%", "100%"],
		["100%zz%4", "100%zz%4"],
		["100%41", "100%2541"],
		["münze", "m%C3%BCnze"],
		["a=b=", "a=b="],
		["?#", "?%23"],
		["\ufeffa", "%EF%BB%BFa"],
	])("CON2 %j is in ?token=%s", async (token, text) => {
		const { ask, status } = arrange({ token });
		expect(await ask({ query: `?token=${text}` })).toBe("in");
		expect(await status({ query: `?a=1&token=${text}&b` })).toBe(200);
	});

	test.each([
		["q 8/Zk 3xw==", "q%2B8%2FZk%2B3xw%3D%3D"],
		["q+8/Zk+3xw==", "q%208/Zk%203xw=="],
		["q+8/Zk+3xw==", "q 8/Zk 3xw==".replaceAll(" ", "%20")],
		["q+8/Zk 3xw==", "q+8/Zk+3xw=="],
		["two words", "two%2Bwords"],
		["a", "%EF%BB%BFa"],
		["%41", "%41"],
		["münze", "mu%CC%88nze"],
		["a", ""],
	])("CON2 %j is not in ?token=%s", async (token, text) => {
		const { ask, status } = arrange({ token });
		expect(await ask({ query: `?token=${text}` })).toBe(4001);
		expect(await status({ query: `?token=${text}` })).toBe(401);
	});
});

test.each(["", "\ud800", "a\udfff", "\ufffd", 5 as never])(
	"CON2 %j is no token: nobody could offer it, or many could",
	(token) => {
		expect(() => arrange({ token })).toThrow(TypeError);
	},
);

test("CON2 bytes that are not UTF-8 are no token, and so none that is", async () => {
	const asked: (string | undefined)[] = [];
	const { ask } = arrange({
		authenticate(token) {
			asked.push(token);
			return null;
		},
	});
	await ask({ query: "?token=%ff" });
	await ask({ protocols: ["matrix.v1", "matrix.token._w"] });
	expect(asked).toEqual([undefined, undefined]);
});

describe("several tokens", () => {
	const right = offer("right");
	const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

	test.each<[string, Asked]>([
		["a proxy's header", { headers: bearer("sso"), protocols: right }],
		[
			"a header of another scheme",
			{ headers: { authorization: "Basic dTpw" }, protocols: right },
		],
		["a wrong query", { query: "?token=wrong", protocols: right }],
		[
			"a wrong subprotocol",
			{ headers: bearer("right"), protocols: offer("x") },
		],
		[
			"another subprotocol",
			{ protocols: [...offer("wrong"), ...right.slice(1)] },
		],
		["a subprotocol of others", { protocols: ["chat", ...right] }],
		["a cookie", { headers: { cookie: "token=wrong" }, protocols: right }],
		["the same query again", { query: "?token=wrong&token=right" }],
		["an empty one", { query: "?token=&token=right" }],
	])("CON2 beside %s the right one lets in", async (_what, asked) => {
		const { ask } = arrange({ token: "right" });
		expect(await ask(asked)).toBe("in");
	});

	test("CON2 of the subprotocols matrix.v1 is selected, and no other", async () => {
		arrange({ token: "right" });
		for (const protocols of [right, ["chat", ...right], [...right].reverse()]) {
			const headers = bearer("sso");
			const { socket } = await connect(local.url, { protocols, headers });
			expect(socket.protocol).toBe("matrix.v1");
			socket.terminate();
		}
	});

	test("CON2 where none is asked for, none is wrong", async () => {
		const { ask, status } = arrange({});
		const asked = {
			query: "?token=a&token=b",
			headers: bearer("c"),
			protocols: offer("d"),
		};
		expect(await ask(asked)).toBe("in");
		expect(await status(asked)).toBe(200);
	});

	test("HTTP3 any right one reads the status", async () => {
		const { status } = arrange({ token: "right" });
		const query = "?token=right";
		expect(await status({ query, headers: bearer("sso") })).toBe(200);
		expect(
			await status({ query: "?token=wrong", headers: bearer("right") }),
		).toBe(200);
		expect(await status({ query: "?token=a", headers: bearer("b") })).toBe(401);
	});

	test("CON4 where all are wrong, it is told so", async () => {
		const { ask } = arrange({ token: "right" });
		const asked = { query: "?token=a&token=b", headers: bearer("c") };
		expect(await ask(asked)).toBe(4001);
	});
});

describe("the host's function", () => {
	const everywhere: Asked = {
		query: "?token=b+c&token=d",
		headers: { authorization: "Bearer e" },
		protocols: [...offer("a"), ...offer("a2").slice(1)],
	};

	function record(judge: (token: string | undefined) => Grant | null) {
		const asked: (string | undefined)[] = [];
		const { ask, status } = arrange({
			authenticate(token) {
				asked.push(token);
				return judge(token);
			},
			authenticateTimeout: 10_000,
		});
		return { asked, ask, status };
	}

	test("AUTH3 is asked for each, in a fixed order, until it grants one", async () => {
		const { asked, ask } = record(() => null);
		expect(await ask(everywhere)).toBe(4001);
		expect(asked).toEqual(["a", "a2", "b+c", "b c", "d", "e"]);
	});

	test.each(["a", "b c", "e"])(
		"AUTH3 is asked no more after %j",
		async (good) => {
			const { asked, ask } = record((token) => (token === good ? {} : null));
			expect(await ask(everywhere)).toBe("in");
			expect(asked.at(-1)).toBe(good);
		},
	);

	test("AUTH3 is asked for so many tokens and no more", async () => {
		const { asked, ask } = record(() => null);
		const many = Array.from({ length: 100 }, (_, index) => `token=${index}`);
		const headers = { authorization: "Bearer last" };
		await ask({ query: `?${many.join("&")}`, headers });
		expect(asked).toEqual(["0", "1", "2", "3", "4", "5", "last"]);
	});

	test("AUTH3 a token that it fails for does not stand before a right one", async () => {
		const { ask, status } = record((token) => {
			if (token === "right") return {};
			throw new Error("not one of mine");
		});
		const headers = { authorization: "Bearer right" };
		expect(await ask({ query: "?token=sso", headers })).toBe("in");
		expect(await status({ query: "?token=sso", headers })).toBe(200);
		expect(await status({ query: "?token=sso" })).toBe(503);
	});

	test("AUTH2 has its time for all of them together", async () => {
		let asked = 0;
		const { status } = arrange({
			authenticate: () =>
				new Promise((resolve) => {
					asked++;
					setTimeout(resolve, 40, null);
				}),
			authenticateTimeout: 30,
		});
		expect(await status({ query: "?token=a&token=b" })).toBe(503);
		expect(asked).toBe(1);
	});

	test.each<[string, Asked, Fate]>([
		["a client without a token", {}, "in"],
		["a client with an empty one", { query: "?token=" }, "in"],
		[
			"a page behind a proxy that has one of its own",
			{ headers: { authorization: "Bearer sso", origin: "SAME" } },
			"in",
		],
		[
			"an agent with a wrong one",
			{ headers: { authorization: "Bearer wrong" } },
			4001,
		],
		[
			"a page with a wrong one",
			{ headers: { origin: "SAME" }, protocols: offer("wrong") },
			4001,
		],
	])(
		"AUTH3 that lets in guests is asked for none by %s",
		async (_who, asked, fate) => {
			const { ask } = record((token) => (token === undefined ? {} : null));
			const headers = { ...asked.headers } as Record<string, string>;
			if (headers.origin)
				headers.origin = local.url
					.slice(0, -"/ws/matrix".length)
					.replace("ws:", "http:");
			expect(await ask({ ...asked, headers })).toBe(fate);
		},
	);
});

test("CON2 a header that is not ASCII is read as Node writes it, and as curl", async () => {
	const { ask } = arrange({ token: "münze" });
	const utf8 = Buffer.from("münze").toString("latin1");
	for (const text of ["münze", utf8]) {
		const headers = { authorization: `Bearer ${text}` };
		expect(await ask({ headers })).toBe("in");
	}
});

/** A token as a subprotocol, beside the one that may be selected. */
function offer(token: string): string[] {
	const encoded = Buffer.from(token).toString("base64url");
	return ["matrix.v1", `matrix.token.${encoded}`];
}
