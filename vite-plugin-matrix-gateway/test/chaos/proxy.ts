/** A TCP proxy that ends connections at random bytes, in each way in which networks do. */
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import type { Random } from "./random.ts";

/**
 * - `cut`: both ends are closed.
 * - `reset`: both ends are reset.
 * - `stall`: nothing flows any more for a while, then both ends are closed.
 * - `half-open`: the gateway's end is closed, the client's stays open and silent.
 * - `half-dead`: the client's end is closed, the gateway's stays open and silent.
 */
export const FATES = [
	"cut",
	"reset",
	"stall",
	"half-open",
	"half-dead",
] as const;

export type Fate = (typeof FATES)[number];

export interface ChaosProxy {
	readonly port: number;
	/** How many connections met their fate. */
	readonly cuts: number;
	/** From now on all connections are left alone. */
	calm(): void;
	close(): Promise<void>;
}

export interface ChaosOptions {
	/** The gateway's port. */
	readonly port: number;
	readonly random: Random;
	/** Bytes that a connection carries before it meets its fate: at least and less than. */
	readonly bytes: readonly [number, number];
	/** Milliseconds that a silent end stays open. */
	readonly silence: number;
}

export async function createChaosProxy(
	options: ChaosOptions,
): Promise<ChaosProxy> {
	const sockets = new Set<Socket>();
	let cuts = 0;
	let calm = false;

	const server = createServer((client) => {
		const gateway = connect(options.port, "127.0.0.1");
		for (const socket of [client, gateway]) {
			sockets.add(socket);
			socket.on("error", () => socket.destroy());
			socket.on("close", () => sockets.delete(socket));
		}
		const random = options.random.fork();
		const fate = random.pick(FATES);
		let left = random.between(...options.bytes);

		// Of a chunk that holds the last byte, only what comes before it goes on.
		function forward(from: Socket, to: Socket): void {
			from.on("data", (chunk: Buffer) => {
				if (left <= 0) return;
				if (calm) return void to.write(chunk);
				to.write(chunk.subarray(0, left));
				left -= chunk.length;
				if (left > 0) return;
				cuts++;
				meet(fate, client, gateway, options.silence);
			});
			from.on("close", () => left > 0 && to.destroy());
		}
		forward(client, gateway);
		forward(gateway, client);
	});
	server.listen(0, "127.0.0.1");
	await once(server, "listening");

	return {
		port: (server.address() as AddressInfo).port,
		get cuts() {
			return cuts;
		},
		calm() {
			calm = true;
		},
		async close() {
			server.close();
			for (const socket of sockets) socket.destroy();
			await once(server, "close");
		},
	};
}

function meet(
	fate: Fate,
	client: Socket,
	gateway: Socket,
	silence: number,
): void {
	const later = (socket: Socket) =>
		setTimeout(() => socket.destroy(), silence).unref();
	switch (fate) {
		case "cut":
			client.destroy();
			gateway.destroy();
			break;
		case "reset":
			client.resetAndDestroy();
			gateway.resetAndDestroy();
			break;
		case "stall":
			later(client);
			later(gateway);
			break;
		case "half-open":
			gateway.destroy();
			later(client);
			break;
		case "half-dead":
			client.destroy();
			later(gateway);
	}
}
