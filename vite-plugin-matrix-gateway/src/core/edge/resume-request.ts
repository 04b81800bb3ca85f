/** What `resume` of an `agent_register` asks for: a session of one's own, or to go on with one [RES]. */
export type ResumeRequest =
	| "none"
	| "start"
	| {
			readonly session: string;
			/** Messages that the client has got of it. */
			readonly received: number;
			/** Whether it wants the retained messages too, as a reloaded page does. */
			readonly retained: boolean;
	  };

/** Reads `resume`; undefined for what it cannot be. */
export function readResume(value: unknown): ResumeRequest | undefined {
	if (value === undefined || value === null || value === false) return "none";
	if (value === true) return "start";
	if (typeof value !== "object") return undefined;
	const { session, received, retained = false } = value as ResumeFields;
	if (typeof session !== "string" || session.length > MAX_SESSION_LENGTH)
		return undefined;
	if (typeof retained !== "boolean") return undefined;
	if (!Number.isSafeInteger(received) || (received as number) < 0)
		return undefined;
	return { session, received: received as number, retained };
}

/** What a client shows to resume, `id.secret`. */
export function toToken(id: string, secret: string): string {
	return `${id}.${secret}`;
}

/** The public part of a token. */
export function idOf(token: string): string {
	return token.slice(0, Math.max(0, token.indexOf(".")));
}

/** Characters of the longest `session`: no client is given a longer one. */
const MAX_SESSION_LENGTH = 256;

type ResumeFields = Readonly<
	Record<"session" | "received" | "retained", unknown>
>;
