/** One who goes on with its session on one connection after the other. */
import type { Message, TestClient } from "../support/client.ts";

export interface Follower {
	/**
	 * Registers, or goes on.
	 * @throws Error where its session is lost.
	 */
	join(client: TestClient): Promise<void>;
	/**
	 * It has got that.
	 * @throws Error where anything of what a ticker has broadcast was lost, doubled or out of order.
	 */
	got(message: Message): void;
}

export function createFollower(agentId: string): Follower {
	let session: string | undefined;
	let received = 0;
	let next: number | undefined;

	return {
		async join(client) {
			client.send({
				...{ type: "agent_register", agentId },
				resume: session === undefined ? true : { session, received },
			});
			// On a busy machine it may have become a viewer before [RES3].
			const answer = await client.skipTo("agent_registered");
			if (session !== undefined && answer.resumed !== true)
				throw new Error(
					`${agentId} was not resumed: ${JSON.stringify(answer)}`,
				);
			session = String(answer.session);
		},
		got({ type, n }) {
			if (UNCOUNTED.has(type)) return;
			received++;
			if (type !== "tick") return;
			if (next !== undefined && n !== next)
				throw new Error(`${agentId} got ${n} instead of ${next}`);
			next = Number(n) + 1;
		},
	};
}

/** What belongs to the connection alone [RES2]. */
const UNCOUNTED: ReadonlySet<string> = new Set(["pong", "gateway_auth"]);
