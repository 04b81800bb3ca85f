/** A real gateway on a port of its own, where a message that was sent has arrived when `send` says so. */
import { EventEmitter, once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import type { Gateway } from "../../src/core/gateway.ts";
import type { Grant } from "../../src/core/protocol/grant.ts";
import { DEFAULTS } from "../../src/core/protocol/protocol.ts";
import { type AttachOptions, attach } from "../../src/node/attach.ts";
import {
	createGateway,
	type NodeGatewayOptions,
} from "../../src/node/create-gateway.ts";
import { createHttpHandler } from "../../src/node/http.ts";

/** What a conversation's first line gives. */
export interface StageOptions
	extends NodeGatewayOptions,
		Omit<AttachOptions, "tokens"> {
	/** What each token allows, in place of a host's `authenticate`. */
	readonly tokens?: Readonly<Record<string, Grant>>;
}

/** Where conversations play. */
export interface Stage {
	readonly gateway: Gateway;
	/** The address of the WebSocket, `ws:`. */
	readonly url: string;
	/** The address of the HTTP endpoints. */
	readonly httpUrl: string;
	/** Acts, and waits until the gateway has taken a message in, or given up its sender. */
	untilReceived(act: () => void): Promise<void>;
	/** Acts, and waits until the gateway has seen a socket's end. */
	untilGone(act: () => void): Promise<void>;
	/** Breaks the connections of all but the one that came first. */
	cutLatecomers(): void;
	end(): Promise<void>;
}

/** Milliseconds. The defaults may be over between two lines, on a machine that is busy. */
const SILENCE = 2_000;
const CLOSE_TIMEOUT = 20_000;

export async function createStage(options: StageOptions = {}): Promise<Stage> {
	const { tokens, ...rest } = options;
	const patience = { registerTimeout: SILENCE, closeTimeout: CLOSE_TIMEOUT };
	const given = { ...patience, ...rest };
	const access = tokens
		? { ...given, authenticate: (token = "") => tokens[token] ?? null }
		: given;
	const happenings = new EventEmitter();
	const gateway = createGateway(given);
	const server = createServer(createHttpHandler(gateway, access));
	attach(server, observed(gateway, happenings), {
		...access,
		otherUpgrades: "refuse",
	});
	const sockets: Duplex[] = [];
	server.on("upgrade", (_request, socket) => sockets.push(socket));
	server.listen(0, "127.0.0.1");
	await once(server, "listening");
	const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;

	return {
		gateway,
		url: `ws://${host}${DEFAULTS.path}`,
		httpUrl: `http://${host}`,
		untilReceived: (act) => actUntil(happenings, "received", act),
		untilGone: (act) => actUntil(happenings, "gone", act),
		cutLatecomers() {
			for (const socket of sockets.slice(1)) socket.destroy();
		},
		async end() {
			await gateway.close({ timeout: 1_000 });
			server.closeAllConnections();
			server.close();
			await once(server, "close");
		},
	};
}

/** The same gateway, which also tells what its connections take in. */
function observed(gateway: Gateway, happenings: EventEmitter): Gateway {
	return {
		...gateway,
		get draining() {
			return gateway.draining;
		},
		get regrants() {
			return gateway.regrants;
		},
		open(socket, grant, refresh) {
			const connection = gateway.open(socket, grant, refresh);
			return {
				id: connection.id,
				probe: () => connection.probe(),
				alive: () => connection.alive(),
				ending: () => connection.ending(),
				failed: (error) => connection.failed(error),
				receive(payload, isBinary) {
					connection.receive(payload, isBinary);
					happenings.emit("received");
				},
				closed(code) {
					connection.closed(code);
					happenings.emit("gone");
					// Nothing more will be received from it.
					happenings.emit("received");
				},
			};
		},
	};
}

async function actUntil(
	happenings: EventEmitter,
	name: string,
	act: () => void,
): Promise<void> {
	const happened = once(happenings, name);
	act();
	await happened;
}
