/** Commands of a small life, in which each changes the world. */
import type { Command } from "../../../../src/core/world/command.ts";
import { encodeTextFrame } from "../../../../src/node/frame.ts";

export const frameOf = (message: object): Uint8Array =>
	encodeTextFrame(JSON.stringify(message));

export function join(agentId: string, conn = agentId): Command {
	return {
		...{ type: "join", conn, agentId, role: "agent", grant: {}, at: 1 },
		...{ isNewcomer: false, resume: undefined, answer: true },
		session: { id: `session of ${conn}`, digest: `digest of ${conn}` },
	};
}

/** A broadcast that is retained under a key. */
export function retain(conn: string, key: string, message: object): Command {
	const named = undefined;
	return {
		...{ type: "publish", conn, echo: false, answer: true },
		frame: frameOf(message),
		retain: { action: "set", key, scope: "world", named, isExplicit: true },
	};
}

/** Someone who is here, and so many messages of theirs. */
export function life(agentId: string, messages: number): Command[] {
	const all = Array.from({ length: messages }, (_, n) =>
		retain(agentId, `${agentId}/${n % 5}`, { type: "note", n }),
	);
	return [join(agentId), ...all];
}
