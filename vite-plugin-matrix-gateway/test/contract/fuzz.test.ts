/** Whatever strangers write on TCP connections: the host stays up, and a pair loses nothing. */
import { describe, expect, test } from "vitest";
import { createRandom } from "../chaos/random.ts";
import { RUNS, SEED } from "../fuzz/seed.ts";
import { anyFrames, anyRequest } from "../fuzz/wire.ts";
import type { TestClient } from "../support/client.ts";
import { useGateway } from "../support/gateway.ts";
import { HOSTS } from "../support/hosts.ts";
import { handshake, openSocket } from "../support/peer.ts";

/** Connections of strangers: a socket takes so much more than a call. */
const CONNECTIONS = Math.ceil(RUNS / 50);
const AT_ONCE = 20;
/** Milliseconds after which a stranger goes by itself. */
const PATIENCE = 25;

/** The others read in the same ways. */
const SOME = HOSTS.filter(({ name }) => ["vite dev", "sidecar"].includes(name));

describe.each(SOME)("whatever is written to $name", (host) => {
	const gateway = useGateway(host, { resumeWindow: 100 });

	test.each([
		["frames", anyFrames, true],
		["HTTP", anyRequest, false],
	] as const)(
		`CON9 HTTP4 any %s, seed ${SEED}`,
		async (_, make, isUpgraded) => {
			const random = createRandom(SEED);
			const pair = [
				await gateway.agent("well-a"),
				await gateway.agent("well-b"),
			] as const;
			let turns = 0;
			for (let done = 0; done < CONNECTIONS; done += AT_ONCE) {
				const strangers = Array.from({ length: AT_ONCE }, () =>
					visit(gateway.url, make(random, gateway.url), isUpgraded),
				);
				await talk(pair, turns++);
				await Promise.all(strangers);
			}
			await talk(pair, turns);
			for (const { socket } of pair)
				expect(socket.readyState).toBe(socket.OPEN);
			expect((await gateway.status()).totals.failed).toBe(0);
			expect(gateway.logs()).not.toMatch(
				/"level":"(error|fatal)"|UnhandledPromise/,
			);
		},
		30_000 + RUNS,
	);
});

/** Both say it to the other; what strangers have broadcast comes between. */
async function talk(
	[a, b]: readonly [TestClient, TestClient],
	n: number,
): Promise<void> {
	a.send({ type: "well", target_id: "well-b", n });
	b.send({ type: "well", target_id: "well-a", n });
	// A stranger may say so too, and nothing else may be missing or twice.
	for (const client of [a, b])
		expect(await client.skipTo("well")).toMatchObject({ n });
}

/** A connection that writes, and reads all that comes until one of both has enough. */
function visit(url: string, bytes: Buffer, isUpgraded: boolean): Promise<void> {
	return new Promise((resolve) => {
		const socket = openSocket(url);
		const timer = setTimeout(() => socket.destroy(), PATIENCE);
		socket.once("close", () => {
			clearTimeout(timer);
			resolve();
		});
		socket.resume().once("end", () => socket.end());
		const head = isUpgraded ? handshake(url) : "";
		socket.write(Buffer.concat([Buffer.from(head), bytes]));
	});
}
