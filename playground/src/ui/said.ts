import type {
	ClientState,
	DropReason,
} from "vite-plugin-matrix-gateway/client";

/**
 * What became of something that the visitor said: it is with the gateway, it waits for the
 * connection, it went out as the connection broke, or it will never go out.
 */
export type Fate = "sent" | "waiting" | "unsure" | "lost";

/** Follows what the visitor has said until it is known to be with the gateway. */
export interface Said {
	/** @param line That of the activity. */
	add(message: object, line: number): void;
	/** Something came from the gateway, so the connection lived. */
	heard(): void;
	/** To be called with each state. */
	follow(state: Pick<ClientState, "status">): void;
	/** The gateway did not take what was said last. */
	refused(): void;
	/** The client has given it up. */
	dropped(message: object, reason: DropReason): void;
}

interface Line {
	readonly line: number;
	fate: Fate;
	/** Whether the connection lived on after it. */
	isPast: boolean;
}

/** Lines that are followed at a time. */
const MAX_LINES = 100;

/**
 * @param isKept Whether the client sends again what a broken connection may have lost, or says that
 *   it cannot: an agent's does. A viewer's cannot know; then what was said last is doubted.
 * @param onFate Called with a line, and what has become of it.
 */
export function createSaid(
	isKept: boolean,
	onFate: (line: number, fate: Fate) => void,
): Said {
	const lines = new Map<object, Line>();
	let isOnline = false;

	function turn(from: Fate, to: Fate) {
		for (const line of lines.values())
			if (line.fate === from && !line.isPast) {
				line.fate = to;
				onFate(line.line, to);
			}
	}

	function forgetOldest() {
		const [oldest] = lines.keys();
		if (lines.size > MAX_LINES && oldest) lines.delete(oldest);
	}

	return {
		add(message, line) {
			const fate = isOnline ? "sent" : "waiting";
			lines.set(message, { line, fate, isPast: false });
			forgetOldest();
			if (fate === "waiting") onFate(line, fate);
		},
		heard() {
			for (const line of lines.values())
				if (line.fate === "sent") line.isPast = true;
		},
		follow({ status }) {
			isOnline = status === "online";
			if (isOnline) turn("waiting", "sent");
			else turn("sent", isKept ? "waiting" : "unsure");
		},
		refused() {
			for (const [message, { line, fate }] of [...lines].slice(-1)) {
				if (fate === "sent") onFate(line, "lost");
				lines.delete(message);
			}
		},
		dropped(message, reason) {
			const said = lines.get(message);
			lines.delete(message);
			if (said) onFate(said.line, reason === "unconfirmed" ? "unsure" : "lost");
		},
	};
}
