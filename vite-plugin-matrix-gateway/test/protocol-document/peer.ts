/** One client of a conversation. What it gets is text, as the document writes it. */
import { WebSocket } from "ws";
import { createQueue } from "../support/queue.ts";

export interface Peer {
	readonly socket: WebSocket;
	/** Resolves when it is open, or refused. */
	readonly settled: Promise<void>;
	/** The next that it gets: a message, `close <code> <reason>`, or `HTTP <status>`. */
	next(): Promise<string>;
	/** What it was given and nobody has read. */
	unread(): readonly string[];
	/** Whether it has been told anything, and can still speak. */
	isInConversation(): boolean;
}

/** Connects with a query (`?…`), a header (`Name: value`), both or neither. */
export function createPeer(url: string, how = ""): Peer {
	const socket = open(url, how);
	const lines = createQueue<string>();
	let hasHeard = false;
	let refusal: string | undefined;

	function hear(line: string): void {
		hasHeard = true;
		lines.push(line);
	}

	socket.on("unexpected-response", (_request, { statusCode }) => {
		refusal = `HTTP ${statusCode}`;
		socket.terminate();
	});
	// How it ends is told by its close.
	socket.on("error", () => {});
	socket.on("message", (data) => hear(String(data)));
	socket.on("close", (code, reason) => {
		hear(refusal ?? `close ${code} ${reason}`.trim());
		lines.end("it has ended");
	});

	return {
		socket,
		settled: new Promise((resolve) => {
			socket.once("open", resolve);
			socket.once("error", () => resolve());
		}),
		next: () => lines.next("a line"),
		unread: lines.waiting,
		isInConversation: () => hasHeard && socket.readyState === WebSocket.OPEN,
	};
}

function open(url: string, how: string): WebSocket {
	const [, query = "", name = "", value = ""] = HOW.exec(how) ?? [];
	// ws takes subprotocols apart from the other headers, and checks the answer.
	return name === "Sec-WebSocket-Protocol"
		? new WebSocket(url + query, value.split(", "))
		: new WebSocket(url + query, { headers: name ? { [name]: value } : {} });
}

const HOW = /^(\?\S+)? ?(?:([\w-]+): (.+))?$/;
