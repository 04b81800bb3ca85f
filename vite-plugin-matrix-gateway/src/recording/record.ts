/** Writes down what is heard in a world. */
import type { AgentInfo, MatrixClientOptions } from "../client/index.ts";
import {
	createMatrixClient,
	type WebSocketConstructor,
} from "../client/index.ts";
import { type MatrixMessage, parseMessage } from "../client/messages.ts";
import { isAgent, readPresent, readText } from "../client/read-message.ts";
import { isReserved } from "../core/protocol/protocol.ts";
import { type Happening, writeLine } from "./line.ts";
import { namedIn } from "./named.ts";

/** What `record` takes. */
export interface RecordOptions
	extends Pick<MatrixClientOptions, "url" | "world" | "token" | "clock"> {
	readonly WebSocket: WebSocketConstructor;
	/** Takes each line, without its end. */
	write(line: string): void;
	/**
	 * Milliseconds since 1970.
	 * @default what the clock on the wall says
	 */
	now?(): number;
	/** Told why the gateway does not let it in; nothing more is heard then. */
	refused?(reason: string): void;
	/** Told why there is no connection for now. */
	away?(reason: string): void;
}

/** A recording that goes on. */
export interface Recording {
	/** Ends it; nothing is written after that. */
	stop(): void;
}

/**
 * Records a world as a viewer hears it, whom nobody sees: what is said to all, and who comes and goes.
 * It comes back by itself; that it has missed something is a line of its own.
 */
export function record(options: RecordOptions): Recording {
	const { WebSocket, write, now = Date.now, refused, away, ...rest } = options;
	// What comes before the answer to the ping that asks for a greeting was retained [REG4].
	let isGreeted = false;

	function put(happening: Happening): void {
		write(writeLine({ at: new Date(now()).toISOString(), ...happening }));
	}

	function hear(text: string): void {
		const message = parseMessage(text);
		if (!message) return;
		if (isReserved(message.type)) hearGateway(message);
		else
			put({
				what: isGreeted ? "message" : "retained",
				...namedIn(message),
				text,
			});
	}

	function hearGateway(message: MatrixMessage): void {
		const { type } = message;
		if (type === "pong") isGreeted = true;
		if (type === "gateway_hello")
			put({ what: "here", agents: readPresent(message).map(toAgent) });
		if (!isAgent(message)) return;
		const agent = toAgent(message);
		if (type === "agent_joined") put({ what: "joined", ...agent });
		if (type === "agent_left")
			put({ what: "left", ...agent, reason: readText(message.reason) });
	}

	class HeardSocket extends WebSocket {
		constructor(url: string, protocols: string[]) {
			super(url, protocols);
			this.addEventListener("message", ({ data }) => {
				if (typeof data === "string") hear(data);
			});
		}
	}

	const client = createMatrixClient({ ...rest, WebSocket: HeardSocket });
	const stop = client.onState((state) => {
		if (state.status === "refused") refused?.(state.reason);
		if (state.status !== "offline") return;
		if (isGreeted) put({ what: "missed", reason: state.reason });
		isGreeted = false;
		away?.(state.reason);
	});
	return {
		stop() {
			stop();
			client.dispose();
		},
	};
}

function toAgent({ agentId, role }: AgentInfo): AgentInfo {
	return { agentId, role };
}
