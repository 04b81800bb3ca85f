/** A gateway in this process that can be killed as a crash would. */
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Gateway } from "../../src/core/gateway.ts";
import type { GatewayOptions } from "../../src/core/protocol/options.ts";
import { attach } from "../../src/node/attach.ts";
import {
	createGateway,
	type NodeGatewayOptions,
} from "../../src/node/create-gateway.ts";
import { NATIVE_IO } from "../support/native-io.ts";
import { startRedis } from "../support/redis.ts";

export interface RunningGateway {
	readonly port: number;
	readonly gateway: Gateway;
	/** Ends it without a word. */
	kill(): Promise<void>;
}

export async function startGateway(
	options: GatewayOptions,
	port = 0,
): Promise<RunningGateway> {
	const keeper = await createKeeper();
	const gateway = createGateway({
		...{ ...NATIVE_IO, ...options },
		...keeper.options,
	});
	const server = createServer();
	const sockets = new Set<Socket>();
	server.on("connection", (socket) => {
		sockets.add(socket);
		socket.on("close", () => sockets.delete(socket));
	});
	attach(server, gateway, {});
	server.listen(port, "127.0.0.1");
	await once(server, "listening");
	return {
		port: (server.address() as AddressInfo).port,
		gateway,
		async kill() {
			server.close();
			for (const socket of sockets) socket.resetAndDestroy();
			await once(server, "close");
			// Only so that no timer of a dead gateway is left in this process.
			await gateway.close({ timeout: 0 });
			await keeper.end();
		},
	};
}

interface Keeper {
	readonly options: NodeGatewayOptions;
	/** Removes what it has kept. */
	end(): Promise<void>;
}

/**
 * MATRIX_TEST_ORDER=file: a folder of its own, and with redis a Redis, so that who follows a gateway
 * that died knows nothing.
 */
async function createKeeper(): Promise<Keeper> {
	if (process.env.MATRIX_TEST_ORDER === "redis") {
		const { url, stop } = await startRedis();
		return { options: { redis: url }, end: stop };
	}
	if (process.env.MATRIX_TEST_ORDER !== "file")
		return { options: {}, end: async () => {} };
	const data = mkdtempSync(join(tmpdir(), "matrix-chaos-"));
	return {
		options: { data },
		end: async () => rmSync(data, { recursive: true, force: true }),
	};
}
