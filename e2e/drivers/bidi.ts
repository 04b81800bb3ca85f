/** WebDriver BiDi on its WebSocket, as far as it is needed: https://w3c.github.io/webdriver-bidi */
import { once } from "node:events";
import { WebSocket } from "ws";

export interface Bidi {
	/** Rejects where the browser answers with an error, or ends. */
	call<R = unknown>(method: string, parameters?: object): Promise<R>;
	on(event: string, listener: (parameters: unknown) => void): void;
	close(): void;
}

interface Heard {
	readonly id?: number;
	readonly method?: string;
	readonly params?: unknown;
	readonly result?: unknown;
	readonly error?: string;
	readonly message?: string;
}

export async function connectBidi(url: string): Promise<Bidi> {
	const socket = new WebSocket(url);
	const asked = new Map<number, (heard: Heard) => void>();
	const listeners = new Map<string, (parameters: unknown) => void>();
	let last = 0;
	socket.on("message", (data) => {
		const heard = JSON.parse(String(data)) as Heard;
		if (heard.id === undefined)
			listeners.get(heard.method ?? "")?.(heard.params);
		else asked.get(heard.id)?.(heard);
	});
	socket.on("close", () => {
		for (const answer of asked.values()) answer({ error: "The browser ended" });
	});
	await once(socket, "open");
	return {
		async call<R>(method: string, params: object = {}) {
			const id = ++last;
			const answer = new Promise<Heard>((resolve) => asked.set(id, resolve));
			socket.send(JSON.stringify({ id, method, params }));
			const { error, message, result } = await answer;
			asked.delete(id);
			if (error) throw new Error(`${method}: ${error}. ${message ?? ""}`);
			return result as R;
		},
		on: (event, listener) => listeners.set(event, listener),
		close: () => socket.close(),
	};
}
