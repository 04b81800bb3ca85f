import { onTestFinished, test } from "vitest";
import type { GatewayOptions } from "../../src/core/protocol/options.ts";
import { attach } from "../../src/node/attach.ts";
import { createGateway } from "../../src/node/create-gateway.ts";
import { textFrame } from "../support/frames.ts";
import { useHttpServer } from "../support/http-server.ts";
import { type Peer, upgradeRaw } from "../support/peer.ts";

const MIB = 1024 * 1024;

const local = useHttpServer();

/** A peer of a gateway that runs in this process, and so is as busy as the test is. */
async function join(options: GatewayOptions): Promise<Peer> {
	const gateway = createGateway(options);
	onTestFinished(attach(local.server, gateway));
	onTestFinished(() => gateway.close({ timeout: 0 }));
	return upgradeRaw(local.url);
}

/** Keeps the process from whatever else it has to do. */
function beBusy(milliseconds: number): void {
	const end = performance.now() + milliseconds;
	while (performance.now() < end);
}

test("HB5 REG4 who registered while the process was busy is not closed for its delay", async () => {
	const peer = await join({ requireRegistration: true, registerTimeout: 20 });
	peer.socket.write(textFrame({ type: "agent_register", agentId: "timmy" }));
	beBusy(40);
	await peer.nextMessage("agent_registered");
});

test("SLOW2 who reads a large message slowly, but reads, is not closed", async () => {
	const size = 48 * MIB;
	const { socket, hungUp, nextMessage } = await join({
		stallTimeout: 700,
		registerTimeout: 5,
		maxPayload: 2 * size,
	});
	await nextMessage("gateway_hello");
	let taken = 0;
	const done = new Promise<void>((resolve, reject) => {
		void hungUp.then(() => reject(new Error(`closed after ${taken}`)));
		socket.removeAllListeners("data").on("data", ({ length }: Buffer) => {
			taken += length;
			if (taken > size) return resolve();
			socket.pause();
			setTimeout(() => socket.resume(), 4);
		});
	});
	const sender = await upgradeRaw(local.url);
	sender.socket.write(textFrame({ type: "large", pad: "x".repeat(size) }));
	await done;
});
