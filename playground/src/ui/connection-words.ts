import type { ClientState } from "vite-plugin-matrix-gateway/client";
import { CLOSE } from "vite-plugin-matrix-gateway/protocol";

/** What the page says about its connection, in words for somebody who has never heard of gateways. */
export interface Wording {
	/** One or two words that always stand there. */
	readonly pill: string;
	/** Where there is more to say than that. */
	readonly notice?: Notice;
}

export interface Notice {
	readonly title: string;
	readonly text: string;
	/** What can be done about it; what that does follows from the state. */
	readonly button: string;
	/** Whether another token may help. */
	readonly asksForToken: boolean;
}

/** What the words depend on, besides the state. */
export interface Circumstances {
	/** Who the page is, where it is an agent. */
	readonly agentId: string | undefined;
	readonly hasToken: boolean;
	/** The close code of what led here, until there is a connection again; null where it is not known. */
	readonly cause: number | null | undefined;
	/** The time of day of which the picture is, once there was one. */
	readonly asOf: string | undefined;
}

type Refusal = ClientState & { status: "refused" };

export function describeConnection(
	state: ClientState,
	circumstances: Circumstances,
): Wording {
	const { cause } = circumstances;
	if (state.status === "online") return { pill: "Online" };
	if (state.status === "refused")
		return { pill: "Not connected", notice: ofRefusal(state, circumstances) };
	if (state.status === "offline")
		return { pill: "Offline", notice: ofTrouble(circumstances) };
	if (cause !== undefined)
		return { pill: "Reconnecting", notice: ofTrouble(circumstances) };
	const isBack = state.status === "resuming";
	return { pill: isBack ? "Reconnecting" : "Connecting" };
}

/**
 * What led to the state of today: a gateway that says why it goes is not heard of in the tries that
 * follow, which fail without a word.
 */
export function causeOf(
	{ code }: { readonly code?: number },
	before: Circumstances["cause"],
): Circumstances["cause"] {
	return TROUBLES.has(code) ? code : (before ?? null);
}

/** The titles of endings that have a cause which one can name; by close code. */
const TROUBLES: ReadonlyMap<number | null | undefined, string> = new Map([
	[CLOSE.shutdown.code, "The world is closed for now"],
	[CLOSE.internalError.code, "Something went wrong in the world"],
	[CLOSE.restart.code, "The world is restarting"],
	[CLOSE.tokenExpired.code, "Your token has expired"],
	[CLOSE.tooSlow.code, "This device could not keep up"],
	[CLOSE.rateLimit.code, "Too much was sent from here at once"],
	[CLOSE.heartbeatLost.code, "The connection went silent"],
	[CLOSE.busy.code, "The world is full just now"],
]);

function ofTrouble({ cause, asOf }: Circumstances): Notice {
	const unknown =
		asOf === undefined
			? "The world cannot be reached"
			: "The connection was lost";
	return {
		title: TROUBLES.get(cause) ?? unknown,
		text:
			asOf === undefined
				? "Nobody answers at its address. It may be starting, or your network may be down."
				: `You see it as it was at ${asOf}. What you say now is sent when you are back.`,
		button: "Try now",
		asksForToken: false,
	};
}

function ofRefusal(refusal: Refusal, circumstances: Circumstances): Notice {
	const { agentId = "This page" } = circumstances;
	const { code, needsToken } = refusal;
	if (code === CLOSE.replaced.code)
		return {
			title: `${agentId} is open in another tab. Take over?`,
			text: `Or on another device: ${agentId} can be in one place at a time.${asBefore(circumstances)}`,
			button: "Take over",
			asksForToken: false,
		};
	if (isLockedOut(code) || code === CLOSE.unauthorized.code || needsToken)
		return { ...ofLockedDoor(refusal, circumstances), asksForToken: true };
	return {
		title: "The world has ended the connection",
		text: `It did not understand this page. Load the page again if trying does not help.${asBefore(circumstances)}`,
		button: "Try again",
		asksForToken: false,
	};
}

function ofLockedDoor(
	{ code }: Refusal,
	circumstances: Circumstances,
): Omit<Notice, "asksForToken"> {
	const { agentId, hasToken } = circumstances;
	const who = agentId === undefined ? "You are" : `${agentId} is`;
	const [title, text] =
		code === CLOSE.tokenExpired.code
			? ["Your token has expired", "Whoever gave it to you has a new one."]
			: isLockedOut(code)
				? [`${who} not let in`, "With another token it may be different."]
				: hasToken
					? ["That token is not valid here", "Is all of it there?"]
					: [
							"This world asks for a token",
							"Whoever runs it can give you one.",
						];
	return {
		title,
		text: text + asBefore(circumstances),
		button: "Come in",
	};
}

/** Whether this one is not wanted; an answer to a registration has no close code. */
function isLockedOut(code: number | undefined): boolean {
	return code === CLOSE.forbidden.code || code === undefined;
}

function asBefore({ asOf }: Circumstances): string {
	return asOf === undefined ? "" : ` You see the world as it was at ${asOf}.`;
}
