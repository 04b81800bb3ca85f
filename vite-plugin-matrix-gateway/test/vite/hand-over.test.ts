/** A restart hands the world over: edits of the config, and what clients see of them. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Plugin } from "vite";
import { expect, onTestFinished, test } from "vitest";
import { WebSocket } from "ws";
import { createMatrixClient } from "../../src/client/index.ts";
import {
	type MatrixGatewayOptions,
	matrixGateway,
} from "../../src/vite/index.ts";
import { join, type Participant } from "../chaos/participant.ts";
import { connect, type TestClient } from "../support/client.ts";
import { until } from "../support/until.ts";
import { serve, type TestServer } from "../support/vite-server.ts";

const EDITS = 30;
/** Each sixth is one that Vite cannot start with. */
const BROKEN = 6;

/** The latest message of each sender is there for whoever comes later. */
const OPTIONS: MatrixGatewayOptions = {
	registerTimeout: 50,
	retain: { numbered: { key: "{agentId}" } },
};

const THROWS: Plugin = {
	name: "broken",
	configureServer() {
		throw new Error("its author is not done yet");
	},
};

/** Restarts Vite on a config that is another one each time. */
async function edit({ server }: TestServer, n: number): Promise<void> {
	const { inlineConfig } = server.config;
	const isBroken = n % BROKEN === BROKEN - 1;
	const gateway = matrixGateway({ ...OPTIONS, mirrorVisual: n % 2 === 0 });
	inlineConfig.plugins = isBroken ? [gateway, THROWS] : [gateway];
	// Another way in which a config is broken.
	inlineConfig.configFile = isBroken && n % 4 === 1 ? "no-such-file.js" : false;
	await server.restart();
}

/** A page with a session, and all that it saw. */
function openPage(url: string) {
	const scene: Record<string, number> = {};
	const left: string[] = [];
	const joined: string[] = [];
	const client = createMatrixClient({
		...{ url, agentId: "page", role: "browser", WebSocket },
		backoff: { min: 20, max: 200 },
	});
	client.on("numbered", ({ agentId, n, target_id }) => {
		if (target_id === undefined) scene[String(agentId)] = Number(n);
	});
	client.on("agent_left", ({ agentId }) => left.push(agentId));
	client.on("agent_joined", ({ agentId }) => joined.push(agentId));
	onTestFinished(() => client.dispose());
	return { client, scene, left, joined };
}

/** An agent without a session, that comes back after each end of its connection. */
function keepPlain(url: string): { readonly joins: number } {
	const plain = { joins: 0 };
	let socket: WebSocket;
	let isOver = false;
	const join = () => {
		if (isOver) return;
		socket = new WebSocket(url);
		socket.on("open", () => {
			socket.send('{"type":"agent_register","agentId":"plain"}');
		});
		socket.on("message", (text) => {
			if (String(text).includes('"agent_joined","agentId":"plain"'))
				plain.joins++;
		});
		socket.on("error", () => {});
		socket.on("close", () => setTimeout(join, 20));
	};
	join();
	onTestFinished(() => {
		isOver = true;
		socket.close();
	});
	return plain;
}

/** What a page that comes now is shown. */
async function lateScene(url: string): Promise<Record<string, number>> {
	const viewer: TestClient = await connect(url);
	const hello = await viewer.next("gateway_hello");
	viewer.send({ type: "ping" });
	const scene: Record<string, number> = {};
	for (;;) {
		const message = await viewer.next();
		if (message.type === "pong") break;
		if (message.type === "numbered")
			scene[String(message.agentId)] = Number(message.n);
	}
	viewer.socket.close();
	expect(hello.agents).toHaveLength(5);
	return scene;
}

test("SH3 30 edits of the config under load, five of them broken: nobody leaves, and nothing is lost or doubled", async () => {
	const served = await serve({ plugins: [] }, OPTIONS);
	const url = served.url();
	// Not any that is free, or each restart takes another.
	const port = Number(new URL(url).port);
	Object.assign(served.server.config.inlineConfig.server ?? {}, { port });
	const page = openPage(url);
	const senders = ["a", "b", "c"].map((name) => join(url, name));
	onTestFinished(() => {
		for (const sender of senders) sender.dispose();
	});
	const plain = keepPlain(url);
	await until(
		() => page.client.agents.size,
		(count) => count === 5,
	);
	page.joined.length = 0;

	const speak = () => {
		for (const sender of senders) {
			sender.speak();
			for (const { agentId } of senders)
				if (agentId !== sender.agentId) sender.speak(agentId);
		}
	};
	const talking = setInterval(speak, 5);
	onTestFinished(() => clearInterval(talking));
	for (let n = 0; n < EDITS; n++) {
		await edit(served, n);
		// Some are back by the next edit, some are not.
		await sleep(150);
	}
	clearInterval(talking);
	const isBack = ({ isOnline }: Participant) => isOnline;
	await until(() => senders.every(isBack), Boolean);
	await until(() => missing(senders), isEmpty);
	await until(
		() => page.client.state.status,
		(status) => status === "online",
	);
	await until(
		() => plain.joins,
		(joins) => joins > EDITS / 3,
	);

	expect(served.logs().split("server restart failed")).toHaveLength(6);
	expect(senders.flatMap(({ faults }) => faults)).toEqual([]);
	for (const { beginnings } of senders)
		expect(beginnings.slice(1).filter((one) => one !== "resumed")).toEqual([]);
	expect([page.left, page.joined]).toEqual([[], []]);
	await until(
		() => lateScene(url),
		(late) => sameScene(late, page.scene),
	);
}, 60_000);

/** What has not come, or not once, of all that was sent. */
function missing(everyone: readonly Participant[]): string[] {
	return everyone.flatMap((receiver) =>
		everyone
			.filter((sender) => sender !== receiver)
			.flatMap((sender) => [
				count(sender, receiver, "", "broadcast"),
				count(sender, receiver, receiver.agentId, "directed"),
			])
			.filter((text) => text !== ""),
	);
}

function count(
	sender: Participant,
	receiver: Participant,
	target: string,
	kind: string,
): string {
	const sent = sender.sent.get(target) ?? 0;
	const got = receiver.got.get(`${sender.agentId} ${kind}`) ?? [];
	return got.length === sent && got.every((n, index) => n === index)
		? ""
		: `${receiver.agentId} has ${got.length} of ${sent} ${kind} of ${sender.agentId}`;
}

function isEmpty({ length }: readonly unknown[]): boolean {
	return length === 0;
}

function sameScene(
	one: Record<string, number>,
	other: Record<string, number>,
): boolean {
	return ["a", "b", "c"].every((name) => one[name] === other[name]);
}
