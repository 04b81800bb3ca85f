/** A way to a host that can be cut: `context.setOffline` leaves open WebSockets alone. */
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

export interface Cuttable {
	readonly url: string;
	/** Ends what goes through it now, and lets nothing new through until `mend`. */
	cut(): void;
	mend(): void;
	close(): Promise<void>;
}

export async function cuttable(port: number): Promise<Cuttable> {
	const sockets = new Set<Socket>();
	let isCut = false;
	const server = createServer((near) => {
		if (isCut) {
			near.destroy();
			return;
		}
		const far = connect(port, "localhost");
		for (const [one, other] of [
			[near, far],
			[far, near],
		] as const) {
			sockets.add(one);
			one.on("error", () => one.destroy());
			one.on("close", () => {
				sockets.delete(one);
				other.destroy();
			});
			one.pipe(other);
		}
	});
	server.listen(0, "localhost");
	await once(server, "listening");
	return {
		url: `http://localhost:${(server.address() as AddressInfo).port}/`,
		cut() {
			isCut = true;
			for (const socket of sockets) socket.destroy();
		},
		mend() {
			isCut = false;
		},
		async close() {
			server.close();
			for (const socket of sockets) socket.destroy();
			await once(server, "close");
		},
	};
}
