import { once } from "node:events";
import {
	type AddressInfo,
	connect,
	createServer,
	type Server,
	type Socket,
} from "node:net";

/** Where a connection is cut: after so many bytes in one direction, in the middle of whatever they are. */
export interface Cut {
	readonly toward: "client" | "server";
	readonly after: number;
	/** Who finds out at once; the other end is left half-open. */
	readonly told: "both" | "client" | "server";
}

/** A way to a server that is cut again and again. */
export interface Proxy {
	readonly server: Server;
	/** Cuts this connection and those that follow, each at its own place, and after the last none. */
	cut(cuts: readonly Cut[]): void;
	/** Resets every connection; those that follow go to another server. */
	redirect(target: Target): void;
	/** How many cuts were made. */
	readonly made: number;
	close(): void;
}

interface Target {
	address(): unknown;
}

/** Forwards bytes on a port of its own. */
export async function createProxy(target: Target): Promise<Proxy> {
	let { port } = target.address() as AddressInfo;
	const sockets = new Set<Socket>();
	let cuts: Cut[] = [];
	let made = 0;
	let restart: (() => void) | undefined;

	const server = createServer((client) => {
		const upstream = connect(port, "127.0.0.1");
		const ends = { client, server: upstream };
		let cut = cuts.shift();
		let passed = 0;
		restart = () => {
			cut ??= cuts.shift();
			passed = 0;
		};
		for (const socket of [client, upstream]) {
			sockets.add(socket);
			socket.setNoDelay(true);
			// A reset is what this is about.
			socket.on("error", () => {});
			socket.on("close", () => {
				if (!isCut()) for (const other of [client, upstream]) other.destroy();
			});
		}
		client.on("data", (bytes) => pass("server", bytes));
		upstream.on("data", (bytes) => pass("client", bytes));

		function isCut(): boolean {
			return cut !== undefined && passed >= cut.after;
		}

		function pass(toward: Cut["toward"], bytes: Buffer): void {
			if (isCut()) return;
			if (cut?.toward !== toward) ends[toward].write(bytes);
			else {
				ends[toward].write(bytes.subarray(0, cut.after - passed));
				passed += bytes.length;
				if (isCut()) sever(cut.told);
			}
		}

		function sever(told: Cut["told"]): void {
			made++;
			for (const end of ["client", "server"] as const)
				if (told === end || told === "both") ends[end].destroySoon();
		}
	});
	server.listen(0, "127.0.0.1");
	await once(server, "listening");

	return {
		server,
		cut(places) {
			cuts = [...places];
			restart?.();
		},
		redirect(next) {
			({ port } = next.address() as AddressInfo);
			for (const socket of sockets) socket.resetAndDestroy();
			sockets.clear();
		},
		get made() {
			return made;
		},
		close() {
			server.close();
			for (const socket of sockets) socket.destroy();
		},
	};
}
