import { afterEach, beforeEach, expect, vi } from "vitest";
import {
	createMatrixClient,
	type MatrixClient,
	type MatrixClientOptions,
	type WebSocketConstructor,
} from "../../src/client/index.ts";

type Listener = (event: Record<string, unknown>) => void;

/** A WebSocket whose other end is the test. As in a browser, `close` only asks: the event comes later. */
export class FakeSocket {
	readonly url: string;
	readonly protocols: string[];
	readonly sent: Record<string, unknown>[] = [];
	readyState = 0;
	closedWith: { code: number | undefined } | undefined;
	readonly #listeners = new Map<string, Listener[]>();

	constructor(url: string, protocols: string[]) {
		this.url = url;
		this.protocols = protocols;
	}

	addEventListener(type: string, listener: Listener): void {
		this.#listeners.set(type, [...(this.#listeners.get(type) ?? []), listener]);
	}

	send(text: string): void {
		expect(this.readyState, "a browser throws or drops here").toBe(1);
		this.sent.push(JSON.parse(text));
	}

	close(code?: number): void {
		const isAllowed =
			code === undefined || code === 1000 || (code >= 3000 && code < 5000);
		expect(isAllowed, "a browser throws on other codes").toBe(true);
		this.closedWith ??= { code };
		this.readyState = Math.max(this.readyState, 2);
	}

	/** The server's doings. */
	open(): void {
		this.readyState = 1;
		this.#fire("open", {});
	}

	deliver(message: object | string): void {
		const data =
			typeof message === "string" ? message : JSON.stringify(message);
		this.#fire("message", { data });
	}

	deliverBinary(): void {
		this.#fire("message", { data: new ArrayBuffer(2) });
	}

	end(code: number, reason = ""): void {
		this.readyState = 3;
		this.#fire("close", { code, reason });
	}

	fail(message: string): void {
		this.#fire("error", { message });
		this.end(1006);
	}

	#fire(type: string, event: Record<string, unknown>): void {
		for (const listener of this.#listeners.get(type) ?? []) listener(event);
	}
}

/** A client on a network of the test's own. */
export interface Rig {
	readonly client: MatrixClient;
	readonly sockets: readonly FakeSocket[];
	/** The newest socket. */
	socket(): FakeSocket;
	/** Lets the newest socket open and answers its greeting. */
	answer(fields?: object): void;
}

const rigs: Rig[] = [];

/** A client whose first socket is there and has not opened yet. */
export async function createRig(
	options: Partial<MatrixClientOptions> = {},
): Promise<Rig> {
	const sockets: FakeSocket[] = [];
	class WebSocket extends FakeSocket {
		constructor(url: string, protocols: string[]) {
			super(url, protocols);
			sockets.push(this);
		}
	}
	const client = createMatrixClient({
		url: "ws://gateway.test/ws/matrix",
		WebSocket: WebSocket as unknown as WebSocketConstructor,
		...options,
	});
	const socket = () => sockets.at(-1) as FakeSocket;
	const answer = (fields?: object) => {
		socket().open();
		socket().deliver(toAnswer(options, fields));
	};
	const rig: Rig = { client, sockets, socket, answer };
	rigs.push(rig);
	await settle();
	return rig;
}

/** A client that is online. */
export async function createOnlineRig(
	options: Partial<MatrixClientOptions> = {},
	fields?: object,
): Promise<Rig> {
	const rig = await createRig(options);
	rig.answer(fields);
	return rig;
}

/** Lets promises settle and timers that are due fire. */
export function settle(): Promise<unknown> {
	return vi.advanceTimersByTimeAsync(0);
}

/** Goes on until the next try of an offline client. */
export async function nextTry({ client }: Rig): Promise<void> {
	const { state } = client;
	if (state.status !== "offline" || state.retryIn === undefined)
		throw new Error(`no try is planned: ${JSON.stringify(state)}`);
	await vi.advanceTimersByTimeAsync(Math.ceil(state.retryIn));
}

/** The greetings aside: what the client sent for its user. */
export function sentByUser(socket: FakeSocket): unknown[] {
	return socket.sent.slice(1);
}

function toAnswer(
	{ agentId, role }: Partial<MatrixClientOptions>,
	fields = {},
) {
	const common = {
		connectionId: "c1",
		agents: [],
		heartbeat: 30,
		maxPayload: 262_144,
		...fields,
	};
	return agentId === undefined
		? { type: "gateway_hello", protocol: 1, ...common }
		: { type: "agent_registered", agentId, role: role ?? "agent", ...common };
}

beforeEach(() => void vi.useFakeTimers());

afterEach(() => {
	for (const { client } of rigs.splice(0)) client.dispose();
	expect(vi.getTimerCount(), "timers left after dispose").toBe(0);
	vi.restoreAllMocks();
	vi.unstubAllGlobals();
	vi.useRealTimers();
});
