/** Those whose tokens end after seconds: they show others in time, or come back with one. */
import { SignJWT } from "jose";
import { connect, type TestClient } from "../support/client.ts";
import { createFollower } from "./follower.ts";
import type { Counted, Soak } from "./people.ts";

export const SECRET = "a secret of the soak, which nobody has to guess";

/** Seconds for which a token is good: more than a busy machine takes to show the next one. */
const GOOD_FOR = 4;

/** Refreshes of one connection: the gateway takes five at once [AUTH6]. */
const MOST_REFRESHES = 3;

/** How often what happened. */
export interface Refreshed extends Counted {
	expired: number;
}

/**
 * Lives by one token after the other, and goes on with its session.
 * @throws Error where it is closed for another reason than that its token ended, or lost anything.
 */
export async function refresh(
	{ url, random, isOver }: Soak,
	agentId: string,
): Promise<Refreshed> {
	const done = { count: 0, expired: 0 };
	const follower = createFollower(agentId);
	const mint = () =>
		new SignJWT({ agents: [agentId] })
			.setProtectedHeader({ alg: "HS256" })
			.setExpirationTime(Math.floor(Date.now() / 1_000) + GOOD_FOR)
			.sign(new TextEncoder().encode(SECRET));

	async function arrive(): Promise<TestClient> {
		const headers = { authorization: `Bearer ${await mint()}` };
		const client = await connect(url, { headers });
		await follower.join(client);
		return client;
	}

	/** Reads until it is answered, which it is to be. */
	async function renew(client: TestClient): Promise<void> {
		const [token, answer] = random.pick([
			[await mint(), "gateway_auth"],
			[await mint(), "gateway_auth"],
			["wrong", "gateway_error"],
		] as const);
		client.send({ type: "auth_refresh", token });
		for (;;) {
			const message = await client.next();
			follower.got(message);
			if (message.type === answer) return;
			if (message.type === "gateway_error" || message.type === "gateway_auth")
				throw new Error(`${agentId} got ${JSON.stringify(message)}`);
		}
	}

	async function read(client: TestClient, milliseconds: number): Promise<void> {
		const until = performance.now() + milliseconds;
		while (performance.now() < until) follower.got(await client.next());
	}

	/** Until its token has ended. */
	async function expire(client: TestClient): Promise<void> {
		let isClosed = false;
		void client.closed.then(() => {
			isClosed = true;
		});
		try {
			for (;;) follower.got(await client.next());
		} catch (error) {
			if (!isClosed) throw error;
		}
		const { code } = await client.closed;
		if (code !== 4101) throw new Error(`${agentId} was closed with ${code}`);
	}

	while (!isOver()) {
		const client = await arrive();
		const refreshes = random.between(0, MOST_REFRESHES + 1);
		for (let n = 0; n < refreshes; n++) {
			await read(client, random.between(100, 1_000));
			await renew(client);
			done.count++;
		}
		if (random.between(0, 2) === 0) client.terminate();
		else {
			await expire(client);
			done.expired++;
		}
	}
	const client = await arrive();
	client.close(1000);
	await client.closed;
	return done;
}
