/** A balancer of connections: each new one goes to any node that takes it. */
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import type { Random } from "../random.ts";

export interface Front {
	readonly port: number;
	close(): Promise<void>;
}

/** @param ports Of the nodes, whether they are up or not. */
export async function createFront(
	ports: () => readonly number[],
	random: Random,
): Promise<Front> {
	const sockets = new Set<Socket>();

	function keep(socket: Socket): Socket {
		sockets.add(socket);
		return socket
			.on("error", () => socket.destroy())
			.on("close", () => sockets.delete(socket));
	}

	const server = createServer((client) => {
		keep(client).pause();
		pass(client, shuffled(ports(), random));
	});

	function pass(client: Socket, [port, ...others]: readonly number[]): void {
		if (port === undefined) return void client.destroy();
		const node = keep(connect(port, "127.0.0.1"));
		let isThrough = false;
		node.once("connect", () => {
			isThrough = true;
			client.pipe(node).pipe(client);
		});
		node.once("close", () =>
			isThrough ? client.destroy() : pass(client, others),
		);
		client.once("close", () => node.destroy());
	}

	server.listen(0, "127.0.0.1");
	await once(server, "listening");
	return {
		port: (server.address() as AddressInfo).port,
		async close() {
			server.close();
			for (const socket of sockets) socket.destroy();
			await once(server, "close");
		},
	};
}

function shuffled<Item>(items: readonly Item[], random: Random): Item[] {
	const left = [...items];
	const order: Item[] = [];
	while (left.length > 0)
		order.push(...left.splice(random.between(0, left.length), 1));
	return order;
}
