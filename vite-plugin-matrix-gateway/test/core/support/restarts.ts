/**
 * Gateways that come one after the other on what the one before has kept, and clients with sessions
 * that send again what they are not told has come. What was kept says what each of them is to get.
 */
import { expect } from "vitest";
import type { GatewayOptions } from "../../../src/core/protocol/options.ts";
import type { Command } from "../../../src/core/world/command.ts";
import type { Client, Message } from "./client.ts";
import { fromFrames } from "./frame.ts";
import { createKeptLog, type KeptLog } from "./kept-log.ts";
import { type Process, startProcess } from "./process.ts";
import { connect, createSessionClient, cut, read } from "./session-client.ts";
import { type Speaker, sayAgain, speak } from "./speaker.ts";
import { replayPresence } from "./words.ts";

/** One operation; `who` and `whom` are places among the clients. */
export interface RestartStep {
	readonly do:
		| "broadcast"
		| "direct"
		| "connect"
		| "cut"
		| "read"
		| "turn"
		| "wait"
		| "confirm"
		| "subscribe"
		| "snapshot"
		| "sync"
		| "kill"
		| "power"
		| "shutdown";
	readonly who: number;
	readonly whom: number;
	/** Frames before a cut, tenths of a second, commands that a power cut leaves. */
	readonly size: number;
}

const NAMES = ["a", "b", "c"];

interface Member extends Speaker {
	session: string | undefined;
	/** So many of it a pong has told it that it may forget. */
	forgotten: number;
}

interface Run {
	readonly log: KeptLog;
	readonly options: GatewayOptions;
	readonly members: readonly Member[];
	process: Process;
	/** A viewer, of which each process has another. */
	observer: Client;
}

/** Plays steps, lets everyone come back, and compares what all were told with what was kept. */
export function playRestarts(
	options: GatewayOptions,
	steps: readonly RestartStep[],
): void {
	const log = createKeptLog();
	const members = NAMES.map((name) => ({
		...{ client: createSessionClient(name), sent: [], forgotten: 0 },
		session: undefined,
	}));
	const run: Run = { log, options, members, ...begin(log, options) };
	for (const who of members.keys()) comeBack(run, who);
	for (const [n, step] of steps.entries()) play(run, step, n);
	finish(run);
	for (const member of members) compare(run, member);
	expect(run.process.broken).toEqual([]);
	replayPresence(run.observer.messages());
}

function begin(log: KeptLog, options: GatewayOptions) {
	const process = startProcess(log.createOrder, options);
	const observer = process.connect();
	observer.send({ type: "ping" });
	return { process, observer };
}

function play(run: Run, step: RestartStep, n: number): void {
	const { log, members, process } = run;
	const member = members[step.who] as Member;
	const { client } = member;
	for (const other of members) follow(other);
	if (step.do === "turn") process.host.turn();
	if (step.do === "wait") process.host.advance(100 * step.size);
	if (step.do === "snapshot") log.snapshot();
	if (step.do === "sync") log.sync();
	if (step.do === "kill") restart(run, step.size, () => log.kill());
	if (step.do === "power") cutPower(run, step.size);
	if (step.do === "shutdown") {
		void process.gateway.close();
		process.host.turn();
		restart(run, step.size, () => log.kill());
	}
	if (step.do === "connect" && !client.connection) comeBack(run, step.who);
	if (!client.connection) return;
	if (step.do === "cut") drop(member, step.size);
	if (step.do === "read") readAll(member);
	speak(member, step, n, NAMES);
}

/** The process ends; what it has written still arrives, but for its end. */
function restart(run: Run, frames: number, end: () => void): void {
	const seen = run.observer.socket.takeTexts();
	replayPresence(seen.map((text) => JSON.parse(text)));
	end();
	for (const member of run.members) drop(member, frames);
	expect(run.process.broken).toEqual([]);
	Object.assign(run, begin(run.log, run.options));
}

function cutPower(run: Run, size: number): void {
	const { log, members } = run;
	restart(run, size, () => log.cutPower(log.commands.length - size));
	// What they saw and is gone is not what they are to see again.
	for (const { client } of members) client.lost = [];
}

function comeBack(run: Run, who: number): void {
	const member = run.members[who] as Member;
	connect(member.client, run.process.connect());
	run.process.host.turn();
	follow(member);
	readAll(member);
}

/** Reads, and where a session goes on sends again what the gateway has not got. */
function readAll(member: Member): void {
	const { client } = member;
	const before = client.got.length;
	for (const ack of read(client)) {
		if (ack?.resumed !== true) continue;
		// What it was told to forget it cannot send again: that would be a hole [ORD16].
		expect(Number(ack.received)).toBeGreaterThanOrEqual(member.forgotten);
		sayAgain(member, Number(ack.received));
	}
	learn(member, client.got.slice(before));
}

function learn(member: Member, got: readonly Message[]): void {
	const { session } = member.client;
	if (session !== member.session) {
		member.session = session;
		member.sent = [];
		member.forgotten = 0;
	}
	for (const { type, received } of got)
		if (type === "pong") member.forgotten = Number(received);
}

/** Its line is cut after so many more frames. */
function drop(member: Member, frames: number): void {
	const before = member.client.got.length;
	cut(member.client, frames);
	learn(member, member.client.got.slice(before));
}

/** The gateway may have closed it. */
function follow(member: Member): void {
	const { connection } = member.client;
	const { closing, terminated } = connection?.socket ?? {};
	if (!closing && !terminated) return;
	// Whatever it claims, it is no violation of the protocol.
	if (closing) expect([1001, 4201, 4204]).toContain(closing.code);
	readAll(member);
	drop(member, 0);
}

function finish(run: Run): void {
	for (let round = 0; round < 3; round++)
		for (const [who, member] of run.members.entries()) {
			run.process.host.turn();
			follow(member);
			if (!member.client.connection) comeBack(run, who);
			run.process.host.turn();
			readAll(member);
		}
	run.observer.send({ type: "ping" });
	run.process.host.turn();
	for (const member of run.members) readAll(member);
}

type Said = Command & { readonly frame: Uint8Array };

/** What it has got is what was kept for it since its session began, and what it sent is in that once. */
function compare({ log }: Run, { client, sent }: Member): void {
	const [id] = String(client.session).split(".");
	const start = log.commands.findIndex(
		(command) => command.type === "join" && command.session?.id === id,
	);
	expect(start).toBeGreaterThanOrEqual(0);
	const messages = sent.map((text) => JSON.parse(text) as Message);
	const own = new Set(messages.filter(isNote).map(({ n }) => n));
	const said = readSaid(log.commands.slice(start), client.agentId);
	const mine = said.filter(({ n }) => own.has(n));
	expect(mine.map(({ n }) => n)).toEqual([...own]);
	const got = client.got.slice(client.startedAt);
	const expected = said.filter(({ n, target_id, isWanted }) =>
		target_id === undefined
			? !own.has(n) && isWanted
			: target_id === client.agentId,
	);
	expect(got.filter(isNote).map(({ n }) => n)).toEqual(
		expected.map(({ n }) => n),
	);
	replayPresence(got.filter(({ resumed }) => resumed !== true));
	for (const message of mine) compareReceipt(got, message);
}

/** What was said, and whether an agent wanted to hear it when it had its place. */
function readSaid(commands: readonly Command[], agentId: string): Message[] {
	const conns = new Set<string>();
	let from: readonly string[] | undefined;
	return commands.flatMap((command) => {
		if (command.type === "join" && command.agentId === agentId)
			conns.add(command.conn);
		if (command.type === "subscribe" && conns.has(command.conn))
			({ from } = command.interest);
		if (!isSaid(command)) return [];
		const text = fromFrames(command.frame)[0] as string;
		const message = JSON.parse(text) as Message;
		const isWanted = from?.includes(String(message.by)) ?? true;
		return [{ ...message, isWanted }];
	});
}

const isNote = ({ type }: Message) => type === "note";

const isSaid = (command: Command): command is Said =>
	command.type === "publish" || command.type === "send";

function compareReceipt(got: readonly Message[], { receipt }: Message): void {
	if (receipt === undefined) return;
	const told = got
		.filter(({ type, id }) => type === "gateway_receipt" && id === receipt)
		.map(({ status }) => status)
		.join(" ");
	expect(OUTCOMES, String(receipt)).toContain(told);
}

const OUTCOMES = ["offline", "delivered", "queued delivered", "queued dropped"];
