/**
 * Clients with sessions at one gateway with little room, and what each of them is to get: every
 * message that was ordered for it since its session began, once, in that order.
 */
import { expect } from "vitest";
import type { Grant } from "../../../src/core/protocol/grant.ts";
import type { Interest } from "../../../src/core/protocol/message-types.ts";
import { isOnList } from "../../../src/core/protocol/names.ts";
import type { GatewayOptions } from "../../../src/core/protocol/options.ts";
import { DEFAULTS } from "../../../src/core/protocol/protocol.ts";
import type { Message } from "./client.ts";
import {
	connect,
	createSessionClient,
	cut,
	read,
	type SessionClient,
} from "./session-client.ts";
import { replayPresence } from "./words.ts";
import { createWorld, type World } from "./world.ts";

/** What was ordered: a message to all but its sender or to one, what was retained for one, or a turn. */
interface Ordered {
	readonly text: string;
	readonly except?: string | undefined;
	readonly to?: string | undefined;
	/** From here on `to` is sent this of what is broadcast. */
	readonly interest?: Interest;
}

/** One operation on the gateway; `who` and `whom` are places among the clients. */
export interface Step {
	readonly do:
		| "broadcast"
		| "direct"
		| "retain"
		| "speak"
		| "connect"
		| "cut"
		| "read"
		| "stall"
		| "confirm"
		| "second"
		| "subscribe"
		| "turn"
		| "wait";
	readonly who: number;
	readonly whom: number;
	/** Frames that still arrive before a cut, or characters in hundreds. */
	readonly size: number;
	/** Asks for a receipt, or for the retained messages. */
	readonly asks: boolean;
}

const NAMES = ["a", "b", "c"];

/** What they ask to be sent, by a step's size. */
const INTERESTS: readonly Interest[] = [
	...[{}, { types: ["note"] }, { types: ["as*"] }, { from: ["a"] }],
	...[{ types: ["note"], from: ["b", "c*"] }, { types: [] }],
];

/** One of them is not sent asides. */
const GRANTS: readonly Grant[] = [{}, {}, { subscribe: ["note"] }];

/** Plays steps, then lets everyone come back, and compares what each one got. */
export function playExactlyOnce(
	options: GatewayOptions,
	steps: readonly Step[],
): void {
	const run = createRun(options);
	for (const who of run.clients.keys()) comeBack(run, { who, asks: false });
	for (const [index, step] of steps.entries()) play(run, step, index);
	finish({
		...run,
		resumeWindow: options.resumeWindow ?? DEFAULTS.resumeWindow,
	});
	for (const [place, client] of run.clients.entries())
		compare(run, client, run.since[place] ?? 0);
	compareReceipts(run);
	replayPresence(run.observer.messages());
	run.world.end();
}

interface Run {
	readonly world: World;
	readonly clients: readonly SessionClient[];
	readonly ordered: Ordered[];
	/** Where in what was ordered each one's session began, and its latest connection. */
	readonly since: number[];
	readonly connectedAt: number[];
	readonly sessions: (string | undefined)[];
	/** What is retained, by key. */
	readonly retained: Map<string, Ordered>;
	/** What each asks for with its next registration. */
	readonly wishes: Interest[];
	/** What each is sent. */
	readonly interests: Interest[];
	readonly receipts: Receipt[];
	readonly observer: ReturnType<World["viewer"]>;
}

/** Keeps apart what was ordered before somebody connected from what was ordered after. */
const CONNECTED: Ordered = { text: "", to: "nobody" };

interface Receipt {
	readonly id: string;
	readonly sender: number;
	readonly at: number;
}

function createRun(options: GatewayOptions): Run {
	const world = createWorld({ heartbeatInterval: 0, ...options });
	const observer = world.connect();
	observer.send({ type: "ping" });
	return {
		world,
		clients: NAMES.map(createSessionClient),
		ordered: [],
		since: [],
		connectedAt: [],
		sessions: [],
		retained: new Map(),
		wishes: NAMES.map(() => ({})),
		interests: NAMES.map(() => ({})),
		receipts: [],
		observer,
	};
}

function play(run: Run, step: Step, index: number): void {
	const { world, clients } = run;
	for (const who of clients.keys()) follow(run, who);
	const client = clients[step.who] as SessionClient;
	const { connection } = client;
	const pad = "x".repeat(100 * step.size);
	const type = step.size % 3 === 0 ? "aside" : "note";
	if (step.do === "turn") world.host.turn();
	if (step.do === "wait") world.host.advance(500 * step.size);
	if (step.do === "speak") speak(run, { type, n: index, pad });
	if (step.do === "connect" && !connection) comeBack(run, step);
	if (step.do === "subscribe") subscribe(run, step);
	if (!connection) return;
	if (step.do === "cut") {
		cut(client, step.size);
		learn(run, step.who);
	}
	if (step.do === "stall") connection.socket.reads = false;
	if (step.do === "read") readAll(run, step.who);
	if (step.do === "confirm")
		connection.send({ type: "ping", received: client.received });
	if (step.do === "second") connection.register(`${client.agentId}2`);
	if (step.do === "broadcast") say(run, step.who, { type, n: index, pad });
	if (step.do === "retain")
		retain(run, step.who, { type, n: index, pad: pad + pad });
	if (step.do === "direct") direct(run, step, { type, n: index, pad });
}

/** A newcomer whose first word makes it a viewer, if there is room for it. */
function speak({ world, ordered }: Run, message: object): void {
	const viewer = world.connect();
	const text = JSON.stringify(message);
	viewer.send(text);
	if (!viewer.socket.closing) ordered.push({ text });
	viewer.close();
}

function comeBack(run: Run, { who, asks }: Pick<Step, "who" | "asks">): void {
	const client = run.clients[who] as SessionClient;
	const before = client.session;
	run.connectedAt[who] = run.ordered.push(CONNECTED);
	const wish = run.wishes[who];
	const connection = run.world.connect(GRANTS[who]);
	connect(client, connection, { retained: asks }, { subscribe: wish });
	const isNew = !before || !isResumedNow(run, client);
	// Where there is no room for its snapshot it gets nothing, and comes back [SLOW4].
	if (client.connection?.socket.closing) return;
	turn(run, who, wish, isNew || asks);
}

/** What it is sent is another thing from here on, and what is retained and comes in by that, or all. */
function turn(run: Run, who: number, wish: Interest = {}, isAll: boolean) {
	const { agentId } = run.clients[who] as SessionClient;
	const before = run.interests[who];
	run.interests[who] = wish;
	run.ordered.push({ text: "", to: agentId, interest: wish });
	for (const { text, except } of run.retained.values())
		if (
			isWanted(wish, text, except) &&
			(isAll || !isWanted(before, text, except))
		)
			run.ordered.push({ text, to: agentId });
}

function isWanted(
	{ types, from }: Interest = {},
	text: string,
	sender: string | undefined,
): boolean {
	return (
		isOnList(types, JSON.parse(text).type) &&
		(!from || (sender !== undefined && isOnList(from, sender)))
	);
}

/** While it is away it asks with its next registration. */
function subscribe(run: Run, { who, size }: Step): void {
	const { connection } = run.clients[who] as SessionClient;
	const interest = INTERESTS[size % INTERESTS.length] ?? {};
	run.wishes[who] = interest;
	if (!connection) return;
	connection.send({ type: "agent_subscribe", subscribe: interest });
	if (!connection.socket.closing) turn(run, who, interest, false);
}

/** Whether the ack that is on its way says so; nothing is taken. */
function isResumedNow({ world }: Run, { connection }: SessionClient): boolean {
	world.host.turn();
	const [first] = connection?.socket.writes ?? [];
	return new TextDecoder().decode(first).includes('"resumed":true');
}

/** Takes all that is there. */
function readAll(run: Run, who: number): void {
	const client = run.clients[who] as SessionClient;
	const { socket } = client.connection ?? {};
	if (socket && !socket.closing) {
		socket.reads = true;
		socket.bufferedBytes = 0;
	}
	read(client);
	learn(run, who);
}

/** Its session is another than before: it began where its client connected last. */
function learn({ clients, sessions, since, connectedAt }: Run, who: number) {
	const session = clients[who]?.session;
	if (session === sessions[who]) return;
	sessions[who] = session;
	since[who] = connectedAt[who] ?? 0;
}

/** The gateway may have closed a connection: then what it wrote before is read. */
function follow(run: Run, who: number): void {
	const client = run.clients[who] as SessionClient;
	const { socket } = client.connection ?? {};
	if (!socket?.closing && !socket?.terminated) return;
	if (socket.closing) expect([4201, 4204]).toContain(socket.closing.code);
	run.world.host.turn();
	readAll(run, who);
	cut(client, 0);
}

function say(run: Run, who: number, message: object): void {
	const client = run.clients[who] as SessionClient;
	const text = JSON.stringify(message);
	run.ordered.push({ text, except: client.agentId });
	client.connection?.send(text);
}

function retain(run: Run, who: number, message: object): void {
	const key = `key-${who}`;
	say(run, who, { ...message, retain: { key } });
	run.retained.delete(key);
	run.retained.set(key, run.ordered.at(-1) as Ordered);
}

function direct(run: Run, { who, whom, asks }: Step, message: object): void {
	const target = NAMES[whom] as string;
	const { agents } = run.world.gateway.status();
	const id = `r${run.receipts.length}`;
	const text = JSON.stringify({
		...message,
		target_id: target,
		...(asks ? { receipt: id } : {}),
	});
	if (asks) run.receipts.push({ id, sender: who, at: run.ordered.length });
	if (agents.some(({ agentId }) => agentId === target))
		run.ordered.push({ text, to: target });
	run.clients[who]?.connection?.send(text);
}

/**
 * Everyone comes back and reads all; then sessions end whose client never had their ack, and
 * everyone reads what became of what waited for these.
 */
function finish(run: Run & { resumeWindow: number }): void {
	for (let round = 0; round < 3; round++) {
		if (round === 1) run.world.host.advance(run.resumeWindow);
		for (const who of run.clients.keys()) {
			run.world.host.turn();
			follow(run, who);
			if (!run.clients[who]?.connection) comeBack(run, { who, asks: false });
			run.world.host.turn();
			readAll(run, who);
		}
	}
}

function compare(run: Run, client: SessionClient, since: number): void {
	let interest: Interest = {};
	const expected = run.ordered
		// The turn of a connection comes after the mark.
		.slice(since)
		.filter(({ to, except, text, interest: next }) => {
			if (to === client.agentId && next) interest = next;
			return to === undefined
				? except !== client.agentId && isWanted(interest, text, except)
				: to === client.agentId && !next;
		})
		.map(({ text }) => JSON.parse(text))
		.filter(({ type }) => isOnList(grantOf(client).subscribe, type))
		.map(({ n }) => n);
	const notes = client.got
		.slice(client.startedAt)
		.filter(({ type }) => type === "note" || type === "aside")
		.map(({ n }) => n);
	expect(notes, client.agentId).toEqual(expected);
	expect(client.lost, "what the wire had shown").toEqual([]);
}

function grantOf({ agentId }: SessionClient): Grant {
	return GRANTS[NAMES.indexOf(agentId)] ?? {};
}

const OUTCOMES = [
	...["offline", "delivered", "queued delivered", "queued dropped"],
	"forbidden",
];

/** Each message that asked for it has one outcome, and its target has it or has not accordingly. */
function compareReceipts({ receipts, clients, since }: Run): void {
	for (const { id, sender, at } of receipts) {
		const client = clients[sender] as SessionClient;
		if (at < (since[sender] ?? 0)) continue;
		const told = client.got
			.filter((message) => message.id === id || isRefusalOf(message, id))
			.map(({ status, code }) => status ?? code)
			.join(" ");
		expect(OUTCOMES, id).toContain(told);
		const arrived = clients.some(({ got }) =>
			got.some(
				(message) => message.receipt === id && !isRefusalOf(message, id),
			),
		);
		if (["offline", "forbidden"].includes(told) || told.endsWith("dropped"))
			expect(arrived, `${id} ${told}`).toBe(false);
	}
}

function isRefusalOf({ type, receipt }: Message, id: string): boolean {
	return type === "gateway_error" && receipt === id;
}
