/** JSON Web Tokens, and what they allow [AUTH8]. */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import {
	exportJWK,
	exportSPKI,
	generateKeyPair,
	type JWTPayload,
	SignJWT,
	UnsecuredJWT,
} from "jose";
import { describe, expect, onTestFinished, test } from "vitest";
import type { Grant } from "../../../src/core/protocol/grant.ts";
import { attach } from "../../../src/node/attach.ts";
import { createGateway } from "../../../src/node/create-gateway.ts";
import { keysOf } from "../../../src/node/token.ts";
import { createJwtJudge } from "../../../src/node/tokens/jwt.ts";
import {
	checkJwt,
	type JwtOptions,
} from "../../../src/node/tokens/jwt-options.ts";
import type { RefusedUpgrade } from "../../../src/node/upgrade.ts";
import { connect, statusOf } from "../../support/client.ts";
import { useHttpServer } from "../../support/http-server.ts";
import { request as ask } from "../../support/request.ts";

const SECRET = "a s3cret of more than thirty-two bytes";
const KEY = new TextEncoder().encode(SECRET);
const NOW = Math.floor(Date.now() / 1_000);
const HOUR = 3_600;

const sign = (claims: object, key: Uint8Array = KEY, alg = "HS256") =>
	new SignJWT(claims as JWTPayload).setProtectedHeader({ alg }).sign(key);

/** What a token allows; the request plays no part. */
async function grantOf(
	options: JwtOptions,
	token: string,
): Promise<Grant | null> {
	const judge = createJwtJudge(options);
	const grant = await judge(token, { headers: {}, socket: {} });
	if (!grant) return null;
	const { key, ...rest } = grant;
	expect(keysOf(token)).toContain(key);
	return rest;
}

const RIGHTS = {
	agents: ["timmy", "scout-*"],
	roles: ["bridge"],
	worlds: ["garden"],
	publish: [],
	subscribe: ["scene_*"],
	retain: false,
	operate: true,
	metrics: true,
};

describe("claims", () => {
	test("AUTH8 are the fields of a grant, and others are none", async () => {
		const claims = {
			sub: "timmy",
			exp: NOW + HOUR,
			iat: NOW,
			jti: "1",
			key: "k",
			name: "Tim",
			...RIGHTS,
		};
		expect(
			await grantOf({ secret: SECRET, clockSkew: 1_000 }, await sign(claims)),
		).toEqual({
			name: "timmy",
			...RIGHTS,
			expires: (NOW + HOUR) * 1_000 + 1_000,
		});
		expect(await grantOf({ secret: SECRET }, await sign({}))).toEqual({});
	});

	test.each<[object]>([
		[{ agents: "timmy" }],
		[{ roles: [1] }],
		[{ worlds: null }],
		[{ publish: {} }],
		[{ subscribe: [""] }],
		[{ retain: "false" }],
		[{ operate: 1 }],
		[{ metrics: "yes" }],
		[{ sub: "" }],
		[{ sub: "a\u001b" }],
		[{ exp: "2030" }],
	])(
		"AUTH8 %j is of another type, and makes the token a wrong one",
		async (claims) => {
			const token = await sign({ sub: "timmy", ...claims });
			expect(await grantOf({ secret: SECRET }, token)).toBe(null);
		},
	);
});

describe("which are right", () => {
	const rules = {
		secret: SECRET,
		issuer: "id.example",
		audience: ["matrix", "other"],
	};
	const right = { iss: "id.example", aud: "matrix" };

	test.each<[object, boolean]>([
		[right, true],
		[{ ...right, aud: ["third", "other"] }, true],
		[{ ...right, exp: NOW - 2, nbf: NOW + 2 }, true],
		[{ ...right, nbf: NOW + HOUR }, false],
		[{ ...right, iss: "evil.example" }, false],
		[{ iss: "id.example" }, false],
		[{ ...right, aud: "third" }, false],
	])("AUTH8 %j: %s", async (claims, isRight) => {
		const grant = await grantOf(rules, await sign(claims));
		expect(grant !== null).toBe(isRight);
	});

	test("AUTH8 no other algorithm, signature or form is", async () => {
		const { publicKey, privateKey } = await generateKeyPair("RS256", {
			extractable: true,
		});
		const rsa = new SignJWT(right).setProtectedHeader({ alg: "RS256" });
		const token = await sign(right);
		for (const wrong of [
			await sign(right, KEY, "HS512"),
			await sign(right, new TextEncoder().encode(`${SECRET}!`)),
			await rsa.sign(privateKey),
			new UnsecuredJWT(right).encode(),
			await sign(right, new TextEncoder().encode(await exportSPKI(publicKey))),
			`${token}a`,
			token.slice(0, -4),
			token.replace(/\..*\./, ".."),
			"s3cret",
			"..",
		])
			expect(await grantOf(rules, wrong)).toBe(null);
	});

	test.each<[JwtOptions, RegExp]>([
		[{}, /needs a `secret` or a `jwks`/],
		[{ secret: "s3cret", jwks: "https://id.example" }, /and not both/],
		[{ secret: "" }, /is not empty/],
		[{ jwks: "file:///keys" }, /is a URL/],
		[
			{ secret: "s3cret", issuer: [] as string[], audience: "" },
			/`jwt.audience`/,
		],
		[{ secret: "s3cret", clockSkew: -1 }, /jwt.clockSkew/],
	])("AUTH8 %j cannot be", (options, text) => {
		expect(() => checkJwt(options)).toThrow(text);
	});
});

describe("keys that are fetched", () => {
	async function serveKeys(algs: readonly string[], kids = true) {
		const pairs = await Promise.all(
			algs.map((alg) => generateKeyPair(alg, { extractable: true })),
		);
		const keys = await Promise.all(
			pairs.map(async ({ publicKey }, index) => ({
				...(await exportJWK(publicKey)),
				...(kids && { kid: `${index}` }),
				alg: algs[index],
			})),
		);
		const state = { status: 200, asked: 0 };
		const server: Server = createServer((_request, response) => {
			state.asked++;
			response.writeHead(state.status).end(JSON.stringify({ keys }));
		});
		await new Promise<void>((resolve) =>
			server.listen(0, "127.0.0.1", resolve),
		);
		onTestFinished(() => {
			server.closeAllConnections();
			server.close();
		});
		const jwks = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
		const signWith = (
			index: number,
			header: object = kids ? { kid: `${index}` } : {},
		) => {
			const pair = pairs[index];
			if (!pair) throw new Error("no such key");
			return new SignJWT({ sub: "timmy" })
				.setProtectedHeader({ alg: `${algs[index]}`, ...header })
				.sign(pair.privateKey);
		};
		return { jwks, state, signWith, pairs };
	}

	test("AUTH8 check the signatures of each kind, and are fetched once", async () => {
		const algs = ["RS256", "PS256", "ES256", "EdDSA"];
		const { jwks, signWith, state } = await serveKeys(algs);
		const judge = createJwtJudge({ jwks });
		const request = { headers: {}, socket: {} };
		for (const index of algs.keys())
			expect(await judge(await signWith(index), request)).toMatchObject({
				name: "timmy",
			});
		expect(await judge("s3cret", request)).toBe(null);
		expect(await judge(undefined, request)).toBe(null);
		expect(await judge(await signWith(0, { kid: "other" }), request)).toBe(
			null,
		);
		expect(state.asked).toBe(1);
	});

	test("AUTH8 are tried one after the other for a token that names none", async () => {
		const { jwks, signWith } = await serveKeys(["ES256", "ES256"], false);
		for (const index of [0, 1])
			expect(await grantOf({ jwks }, await signWith(index))).toEqual({
				name: "timmy",
			});
		const others = await serveKeys(["ES256"], false);
		expect(await grantOf({ jwks }, await others.signWith(0))).toBe(null);
	});

	test("AUTH8 are no secret that signs by HS256", async () => {
		const { jwks, pairs } = await serveKeys(["RS256"]);
		const [pair] = pairs;
		const pem = new TextEncoder().encode(
			pair && (await exportSPKI(pair.publicKey)),
		);
		expect(await grantOf({ jwks }, await sign({}, pem))).toBe(null);
	});

	test("AUTH2 AUTH8 that cannot be had say nothing about a token", async () => {
		const { jwks, signWith, state } = await serveKeys(["ES256"]);
		state.status = 500;
		const judge = createJwtJudge({ jwks });
		const request = { headers: {}, socket: {} };
		const token = await signWith(0);
		await expect(judge(token, request)).rejects.toThrow(/200 OK/);
		state.status = 200;
		expect(await judge(token, request)).toMatchObject({ name: "timmy" });
	});
});

describe("a server", () => {
	const local = useHttpServer();

	function arrange(jwt: JwtOptions) {
		const real = createGateway();
		const opened: (Grant | undefined)[] = [];
		const gateway = {
			...real,
			open(socket: Parameters<typeof real.open>[0], grant?: Grant) {
				opened.push(grant);
				return real.open(socket, grant);
			},
		};
		const told: RefusedUpgrade[] = [];
		const onRefused = (refused: RefusedUpgrade) => void told.push(refused);
		onTestFinished(attach(local.server, gateway, { jwt, onRefused }));
		onTestFinished(() => real.close({ timeout: 0 }));
		return { opened, told };
	}

	test("AUTH8 lets in by its grant, with its key, and closes with 4101 what has ended", async () => {
		const { opened } = arrange({ secret: SECRET });
		const token = await sign({ sub: "timmy", agents: ["timmy"] });
		const client = await connect(`${local.url}?token=${token}`);
		await client.register("timmy");
		client.terminate();
		expect(opened).toEqual([
			{ name: "timmy", agents: ["timmy"], key: keysOf(token)[1] },
		]);
		const ended = await sign({ exp: NOW - HOUR });
		const late = await connect(`${local.url}?token=${ended}`);
		expect(await late.expectClosed()).toMatchObject({ code: 4101 });
		const wrong = await connect(`${local.url}?token=s3cret`);
		expect(await wrong.expectClosed()).toMatchObject({ code: 4001 });
	});

	test("AUTH2 AUTH8 answers with 503 where keys cannot be fetched, and tells why without the token", async () => {
		const { told } = arrange({ jwks: "http://127.0.0.1:1/" });
		const { privateKey } = await generateKeyPair("ES256");
		const token = await new SignJWT({})
			.setProtectedHeader({ alg: "ES256" })
			.sign(privateKey);
		expect(await statusOf(`${local.url}?token=${token}`)).toBe(503);
		const refused = await ask(local.url.replace("ws", "http"), {
			...{ connection: "upgrade", upgrade: "websocket" },
			...{ "sec-websocket-version": "13", authorization: `Bearer ${token}` },
			"sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
		});
		expect(Number(refused.headers["retry-after"])).toBeGreaterThan(0);
		expect(told[0]?.error).toBeInstanceOf(Error);
		expect(`${(told[0]?.error as Error | undefined)?.stack}`).not.toContain(
			token,
		);
	});
});

test("AUTH5 AUTH8 a token that is revoked is so however its signature is written", async () => {
	const gateway = createGateway();
	onTestFinished(() => gateway.close());
	const judge = createJwtJudge({ secret: SECRET });
	const request = { headers: {}, socket: {} };
	const token = await sign({ sub: "timmy" });
	const [last = ""] = token.slice(-1);
	const alphabet =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
	// The last two of its bits mean nothing.
	const other = token.slice(0, -1) + alphabet[alphabet.indexOf(last) ^ 1];
	gateway.revoke(token);
	for (const spelling of [token, other, `${token}=`]) {
		const grant = await judge(spelling, request);
		if (grant) expect(gateway.isRevoked(grant), spelling).toBe(true);
	}
	const [right, foreign] = [await judge(token, request), await sign({})];
	expect(gateway.isRevoked(right ?? {})).toBe(true);
	expect(gateway.isRevoked((await judge(foreign, request)) ?? {})).toBe(false);
});
