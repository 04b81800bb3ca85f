/** A file of tokens that is edited all the time, half of the time wrongly, while clients come. */
import { renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import type { Grant } from "../../../src/core/protocol/grant.ts";
import { attach } from "../../../src/node/attach.ts";
import { createGateway } from "../../../src/node/create-gateway.ts";
import { digestOf } from "../../../src/node/token.ts";
import type { TokensEvent } from "../../../src/node/tokens/token-file.ts";
import { connect } from "../../support/client.ts";
import { useHttpServer } from "../../support/http-server.ts";
import { until } from "../../support/until.ts";
import { createFolder } from "../order/support/data-folder.ts";

const EDITS = Number(process.env.MATRIX_TOKENS_EDITS ?? 100);

/** Milliseconds from one edit to the next: several come between two looks, and others between them. */
const PAUSE = 20;

/** How often the file is left alone until it counts. */
const EVERY = 25;

/** How it is closed that is not known; and that whose entry may go as soon as it is let in. */
const WRONG = [4001];
const CLOSED: Readonly<Record<string, number[]>> = { even: [4001, 4003] };

/** Clients that come at once. */
const COMERS = 4;

const local = useHttpServer();

test("AUTH7 no decision is wrong, and nobody is dropped whose grant is as it was", async () => {
	const path = join(createFolder(), "tokens.json");
	const textOf = (version: number) =>
		JSON.stringify([
			{ name: "steady", token: "steady" },
			{ name: "versioned", token: "versioned", agents: [`v${version}`] },
			// Of each other version alone.
			...(version % 2 === 0 ? [{ name: "even", token: "even" }] : []),
		]);
	writeFileSync(path, textOf(0));

	const real = createGateway();
	let opened: Grant | undefined;
	const regranted = new Map<string, (Grant | null)[]>();
	const gateway = {
		...real,
		get draining() {
			return real.draining;
		},
		get regrants() {
			return real.regrants;
		},
		open(socket: Parameters<typeof real.open>[0], grant?: Grant) {
			if (grant?.name === "versioned") opened = grant;
			return real.open(socket, grant);
		},
		regrant(key: string, grant: Grant | null) {
			regranted.set(key, [...(regranted.get(key) ?? []), grant]);
			(real as { regrant?: typeof gateway.regrant }).regrant?.(key, grant);
		},
	};
	const told: TokensEvent[] = [];
	onTestFinished(
		attach(local.server, gateway, {
			tokens: path,
			onTokens: (event) => void told.push(event),
		}),
	);
	onTestFinished(() => real.close({ timeout: 0 }));

	const residents = await Promise.all(
		Array.from({ length: 10 }, () => connect(`${local.url}?token=steady`)),
	);
	let isOver = false;
	let seen = 0;
	let decisions = 0;

	/** Comes again and again, and is let in or not as it has to be. */
	async function come(): Promise<void> {
		while (!isOver) {
			for (const token of ["steady", "versioned", "even", "stranger"]) {
				const client = await connect(`${local.url}?token=${token}`);
				client.send({ type: "ping" });
				const first = await client.next().catch(() => undefined);
				const isIn = first !== undefined;
				if (token !== "even")
					expect(`${token} ${isIn}`).toBe(`${token} ${token !== "stranger"}`);
				if (isIn) client.terminate();
				else
					expect(CLOSED[token] ?? WRONG).toContain((await client.closed).code);
				decisions++;
			}
			const version = versionOf(opened);
			expect(version).toBeGreaterThanOrEqual(seen);
			seen = version;
		}
	}

	const comers = Array.from({ length: COMERS }, come);
	let last = 0;
	for (let edit = 1; edit <= EDITS; edit++) {
		const isBroken = edit % 2 === 1;
		if (!isBroken) last = edit / 2;
		write(
			path,
			isBroken ? textOf(edit + 1_000).slice(0, -edit - 1) : textOf(last),
			edit,
		);
		if (!isBroken && edit % EVERY === 0)
			await until(
				() => seen,
				(version) => version === last,
			);
		else await delay(PAUSE);
	}
	await until(
		() => seen,
		(version) => version === last,
	);
	isOver = true;
	await Promise.all(comers);

	expect(regranted.has(digestOf("steady"))).toBe(false);
	for (const resident of residents) {
		expect(resident.socket.readyState).toBe(resident.socket.OPEN);
		resident.terminate();
	}
	const versions = (regranted.get(digestOf("versioned")) ?? []).map((grant) =>
		versionOf(grant),
	);
	expect(versions).toEqual(versions.toSorted((a, b) => a - b));
	expect(versions.at(-1)).toBe(last);
	expect(decisions).toBeGreaterThan(EDITS);
	for (const { reason } of told)
		if (reason !== undefined) expect(reason).toMatch(/tokens\.json, line 1/);
}, 60_000);

function versionOf(grant: Grant | null | undefined): number {
	return Number(/^v(\d+)$/.exec(grant?.agents?.[0] ?? "v0")?.[1]);
}

/** In its place, or by another file. */
function write(path: string, text: string, edit: number): void {
	const written = edit % 4 < 2 ? path : `${path}.new`;
	writeFileSync(written, text);
	if (written !== path) renameSync(written, path);
}
