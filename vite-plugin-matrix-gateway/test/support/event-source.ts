/** Reads a stream of events as the HTML standard has it ("Interpreting an event stream"). */
import { createQueue } from "./queue.ts";

export interface StreamEvent {
	/** `message` where the stream gives it no other name. */
	readonly name: string;
	readonly data: string;
	/** The last id that there was, up to this event. */
	readonly lastId: string;
}

export interface EventReader {
	readonly status: number;
	readonly headers: Headers;
	/** The next event, whatever it is. */
	next(): Promise<StreamEvent>;
	/** The next event as a message, which must be of the type named. */
	message(type: string): Promise<Record<string, unknown>>;
	/** The next event, which must have the name; its data. */
	named(name: string): Promise<Record<string, unknown>>;
	/** The last id, also of what was no event. */
	readonly lastId: string;
	/** Comments that came. */
	readonly comments: number;
	readonly retry: number | undefined;
	/** Resolves when the server has ended it. */
	readonly ended: Promise<void>;
	close(): void;
}

export async function readEvents(
	url: string,
	headers: Readonly<Record<string, string>> = {},
): Promise<EventReader> {
	const abort = new AbortController();
	const response = await fetch(url, { headers, signal: abort.signal });
	const events = createQueue<StreamEvent>();
	const state = {
		lastId: "",
		comments: 0,
		retry: undefined as number | undefined,
	};
	let name = "";
	let data: string[] = [];

	function dispatch(): void {
		if (data.length > 0)
			events.push({
				name: name || "message",
				data: data.join("\n"),
				lastId: state.lastId,
			});
		name = "";
		data = [];
	}

	function read(line: string): void {
		if (line === "") {
			dispatch();
			return;
		}
		const colon = line.indexOf(":");
		const field = colon === -1 ? line : line.slice(0, colon);
		const value = colon === -1 ? "" : line.slice(colon + 1).replace(/^ /, "");
		if (field === "") state.comments++;
		else if (field === "event") name = value;
		else if (field === "data") data.push(value);
		else if (field === "id" && !value.includes("\0")) state.lastId = value;
		else if (field === "retry" && /^\d+$/.test(value))
			state.retry = Number(value);
	}

	async function readAll(): Promise<void> {
		const decoder = new TextDecoder();
		let text = "";
		for await (const chunk of response.body ?? []) {
			text += decoder.decode(chunk, { stream: true });
			const lines = text.split(/\r\n|\n|\r/);
			text = lines.pop() ?? "";
			for (const line of lines) read(line);
		}
	}

	const ended = readAll()
		.catch(() => {})
		.then(() => events.end("the stream has ended"));

	async function named(wanted: string): Promise<Record<string, unknown>> {
		const event = await events.next(wanted);
		if (event.name !== wanted)
			throw new Error(`not ${wanted}, but ${JSON.stringify(event)}`);
		return JSON.parse(event.data);
	}

	return {
		status: response.status,
		headers: response.headers,
		next: () => events.next("an event"),
		named,
		async message(type) {
			const message = await named("message");
			if (message.type !== type)
				throw new Error(`not ${type}, but ${JSON.stringify(message)}`);
			return message;
		},
		get lastId() {
			return state.lastId;
		},
		get comments() {
			return state.comments;
		},
		get retry() {
			return state.retry;
		},
		ended,
		close: () => abort.abort(),
	};
}
