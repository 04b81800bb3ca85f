import { retryClass } from "../core/protocol/protocol.ts";
import { toSubprotocols } from "./address.ts";
import { createBackoff } from "./backoff.ts";
import { type ClientState, toOnline, toTrying } from "./client-state.ts";
import { type Connection, type Ending, openConnection } from "./connection.ts";
import { createCredentials } from "./credentials.ts";
import type { InterestKeeper } from "./interest.ts";
import type { MatrixMessage } from "./messages.ts";
import type { Settings } from "./options.ts";
import { type Answer, readExpires } from "./read-message.ts";
import { createRenewal } from "./renewal.ts";
import type { Beginning, Session } from "./session.ts";
import { onWake } from "./wake.ts";

/** What a connector reports. */
export interface ConnectorEvents {
	state(state: ClientState): void;
	/** Messages may be sent on this connection; comes before the state says so. */
	ready(connection: Connection, answer: Answer, beginning: Beginning): void;
	message(message: MatrixMessage): void;
	/** The last connection, if there was one, takes nothing more. */
	lost(): void;
}

/** Makes one connection after another, until it is stopped or the gateway refuses it. */
export interface Connector {
	/** Where a pause before the next try is on, it ends. */
	reconnect(): void;
	/** With 1000 the gateway ends the session too [RES6]. */
	stop(code?: 1000): void;
}

/**
 * Keeps a connection to the gateway.
 *
 *     connecting, resuming ──answer──▶ online
 *       ▲   │                            │
 *       │   └─────────── end ────────────┤
 *     timer, wake                        ├── class "stop" [CL2] ──▶ refused
 *       │                                │
 *       └─────────── offline ◀───────────┘
 *
 * There is at most one connection and one timer: the deadline while connecting, the
 * next try while offline.
 */
export function createConnector(
	settings: Settings,
	session: Session,
	interest: Pick<InterestKeeper, "wish">,
	events: ConnectorEvents,
): Connector {
	const credentials = createCredentials(settings.token);
	const { clock } = settings;
	const renewal = createRenewal(
		credentials,
		(token) =>
			connection?.send(JSON.stringify({ type: "auth_refresh", token })),
		clock,
	);
	const backoff = createBackoff(settings.backoff, clock);
	const stopWaking = onWake(wake);
	let connection: Connection | undefined;
	let stopTimer = () => {};
	let status: ClientState["status"] = "connecting";
	let onlineSince = Number.POSITIVE_INFINITY;
	let isOver = false;
	// Tells a try that had to wait for its token whether another has begun meanwhile.
	let currentTry = 0;

	connect();

	function enter(state: ClientState): void {
		status = state.status;
		events.state(state);
	}

	function schedule(wait: number, action: () => void): void {
		stopTimer();
		stopTimer = clock.setTimer(action, wait, true);
	}

	async function connect(): Promise<void> {
		const thisTry = ++currentTry;
		schedule(settings.connectTimeout, giveUp);
		enter(toTrying(session));
		try {
			const token = await credentials.get();
			if (thisTry !== currentTry) return;
			if (token === null) refuse("there is no token", undefined, NEEDS_TOKEN);
			else open(token);
		} catch (error) {
			if (thisTry === currentTry) retry(`no token: ${toReason(error)}`);
		}
	}

	function open(token: string | undefined): void {
		const socket = construct(toSubprotocols(token));
		if (!socket) return;
		const first = { agent: settings.agent, session, interest };
		const own = { ready: online, message: receive, ended, refused: refuse };
		connection = openConnection(socket, first, own, clock);
	}

	/** Throws nothing: where the page's security policy forbids the address, trying again is no use. */
	function construct(protocols: string[]) {
		try {
			return new settings.WebSocket(settings.url, protocols);
		} catch (error) {
			refuse(toReason(error));
			return undefined;
		}
	}

	function giveUp(): void {
		retry(`no answer within ${settings.connectTimeout} ms`);
	}

	function receive(message: MatrixMessage): void {
		if (message.type === "gateway_auth") renewal.plan(readExpires(message));
		events.message(message);
	}

	function online(answer: Answer): void {
		stopTimer();
		onlineSince = clock.now();
		const beginning = session.begin(answer);
		if (!beginning) {
			retry("the gateway resumes what was never said");
			return;
		}
		renewal.plan(answer.expires);
		if (connection) events.ready(connection, answer, beginning);
		// What was called may have stopped the connector.
		if (connection) enter(toOnline(beginning));
	}

	function ended({ code, reason, returnWithin }: Ending): void {
		const answer = retryClass(code);
		if (answer === "stop") refuse(reason, code);
		else if (answer === "reconnect" || credentials.canRenew)
			retry(reason, code, returnWithin);
		else refuse(reason, code, NEEDS_TOKEN);
	}

	function retry(reason: string, code?: number, spread?: number): void {
		leave();
		const wait = backoff.next(spread);
		schedule(wait, connect);
		enter({ status: "offline", reason, ...toCode(code), retryIn: wait });
	}

	function refuse(reason: string, code?: number, more?: NeedsToken): void {
		finish();
		enter({ status: "refused", reason, ...toCode(code), ...more });
	}

	function finish(code?: 1000): void {
		isOver = true;
		stopWaking();
		leave(code);
	}

	function leave(code?: 1000): void {
		currentTry++;
		stopTimer();
		renewal.stop();
		connection?.close(code);
		connection = undefined;
		// Only a connection that has lasted proves that the trouble is over.
		if (clock.now() - onlineSince >= settings.backoff.max) backoff.reset();
		onlineSince = Number.POSITIVE_INFINITY;
		events.lost();
	}

	function wake(): void {
		if (status === "offline") connect();
		else connection?.probe();
	}

	function reconnect(): void {
		if (!isOver && status === "offline") connect();
	}

	return {
		reconnect,
		stop(code) {
			if (isOver) return;
			finish(code);
			enter({ status: "offline", reason: "disposed" });
		},
	};
}

type NeedsToken = Pick<ClientState & { status: "refused" }, "needsToken">;

const NEEDS_TOKEN: NeedsToken = { needsToken: true };

function toCode(code: number | undefined): { code?: number } {
	return code === undefined ? {} : { code };
}

function toReason(error: unknown): string {
	return error instanceof Error ? error.message : String(error);
}
