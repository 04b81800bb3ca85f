/** `--tokens`, and the subcommands that make what stands in its file. */
import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { SignJWT } from "jose";
import { expect, it } from "vitest";
import { connect } from "../../../vite-plugin-matrix-gateway/test/support/client.ts";
import { makeFolder } from "../support/folder.ts";
import { run, startSidecar } from "../support/sidecar.ts";

it("AUTH7 new-token makes a token with an entry that lets it in, and hash-token its SHA-256", async () => {
	const make = run(
		[
			"new-token",
			"--name=timmy",
			"--agents",
			"timmy,scout-*",
			"--no-retain",
			"--expires=2100-01-01",
		],
		{
			// What serves has it, and this does not read it.
			env: { MATRIX_GATEWAY_RETAIN: "matrix", MATRIX_GATEWAY_WORLDS: "*" },
		},
	);
	expect(await make.exit()).toBe(0);
	const [token = "", entry = ""] = make.logs().split("\n");
	expect(Buffer.from(token, "base64url")).toHaveLength(32);
	const sha256 = createHash("sha256").update(token).digest("hex");
	expect(JSON.parse(entry)).toEqual({
		...{ name: "timmy", sha256, agents: ["timmy", "scout-*"] },
		...{ retain: false, expires: "2100-01-01" },
	});
	const hash = run(["hash-token"], { input: `${token}\n` });
	expect(await hash.exit()).toBe(0);
	expect(hash.logs()).toBe(`${sha256}\n`);

	const folder = makeFolder({ "tokens.json": `[${entry}]` });
	const tokens = join(folder, "tokens.json");
	const sidecar = await startSidecar([`--tokens=${tokens}`]);
	const url = `${sidecar.wsUrl}/ws/matrix?token=${token}`;
	const client = await connect(url);
	await client.register("scout-1");
	const stranger = await connect(`${sidecar.wsUrl}/ws/matrix?token=other`);
	expect(await stranger.expectClosed()).toMatchObject({ code: 4001 });

	writeFileSync(tokens, `[\n${entry},\n{"name": "kate", "token": 1}]`);
	expect(await sidecar.logged("tokens")).toMatchObject({
		level: "error",
		file: tokens,
		entries: 1,
		reason: `${tokens}, line 3, entry 2 ("kate"): \`token\` has to be a text that is not empty, and that UTF-8 can carry`,
	});
	const again = await connect(url);
	await again.register("timmy");
	expect(await sidecar.child.exit("SIGTERM")).toBe(0);
	expect(sidecar.child.logs()).not.toContain(token);
});

it("AUTH8 --jwt-secret takes JSON Web Tokens, beside --tokens, and shows neither", async () => {
	const secret = "a s3cret that has thirty-two bytes";
	const jwt = await new SignJWT({ sub: "kate", agents: ["kate"] })
		.setProtectedHeader({ alg: "HS256" })
		.sign(new TextEncoder().encode(secret));
	const folder = makeFolder({
		"tokens.json": '[{"name": "timmy", "token": "in-clear"}]',
	});
	const sidecar = await startSidecar(
		[`--tokens=${join(folder, "tokens.json")}`],
		{ env: { MATRIX_GATEWAY_JWT_SECRET: secret } },
	);
	const url = `${sidecar.wsUrl}/ws/matrix?token=`;
	await (await connect(url + jwt)).register("kate");
	await (await connect(`${url}in-clear`)).register("timmy");
	const wrong = await connect(`${url}${jwt}a`);
	expect(await wrong.expectClosed()).toMatchObject({ code: 4001 });
	expect(await sidecar.child.exit("SIGTERM")).toBe(0);
	expect(sidecar.child.logs()).not.toMatch(/s3cret|in-clear|eyJ/);
});

it.each([
	[
		'[{"name": "timmy"}]',
		/^matrix-gateway: --tokens: .*tokens\.json, line 1, entry 1 \("timmy"\): `token` or `sha256` is missing\n$/,
	],
	[
		undefined,
		/^matrix-gateway: --tokens: .*tokens\.json cannot be read \(ENOENT\)\n$/,
	],
])(
	"AUTH7 a wrong file ends it at the start, with one line that names the flag: %j",
	async (text, line) => {
		const folder = makeFolder(
			text === undefined ? {} : { "tokens.json": text },
		);
		const child = run(["--port=0", `--tokens=${join(folder, "tokens.json")}`]);
		expect(await child.exit()).toBe(1);
		expect(child.logs()).toMatch(line);
	},
);

it.each([
	[["--token=a", "--tokens=b"], "--token and --tokens exclude each other"],
	[["--jwt-secret=s3cret", "--token=a"], "--token excludes --jwt-secret"],
	[["--jwt-issuer=a"], "need --jwt-secret or --jwt-jwks"],
	[["new-token", "--expires=tomorrow"], "--expires has to be a time"],
	[["new-token", "--name="], "--name has to be"],
	[["new-token", "--agents=a,,b"], "--agents has to be"],
	[["hash-token", "two words"], "the token is not one or more printable"],
])("%j is a mistake", async (args, text) => {
	const child = run(args);
	expect(await child.exit()).toBe(2);
	expect(child.logs()).toContain(text);
});
