/** Plays a conversation of PROTOCOL.md over a real gateway. Its notation is explained there. */
import { expect } from "vitest";
import { createPeer, type Peer } from "./peer.ts";
import { createPlaceholders, type Placeholders } from "./placeholders.ts";
import { createStage, type Stage, type StageOptions } from "./stage.ts";

/** Plays all lines; the first that does not hold fails the test. */
export async function replay(lines: readonly string[]): Promise<void> {
	const options = /^gateway (\{.*\})$/.exec(lines[0] ?? "")?.[1];
	const play: Play = {
		stage: await createStage(options ? readOptions(options) : {}),
		peers: new Map(),
		placeholders: createPlaceholders(),
		skips: undefined,
	};
	try {
		for (const line of options ? lines.slice(1) : lines)
			await perform(play, line);
		for (const [name, peer] of play.peers) await expectNoMore(name, peer);
	} finally {
		await play.stage.end();
	}
}

interface Play {
	readonly stage: Stage;
	readonly peers: Map<string, Peer>;
	readonly placeholders: Placeholders;
	/** After `A< …`, A: what comes before its next expected line does not matter. */
	skips: string | undefined;
}

type Perform = (
	play: Play,
	...words: [string, string, string]
) => Promise<void> | void;

const NOTATION: readonly (readonly [RegExp, Perform])[] = [
	[/^(\w+) connects(?: (.+))?$/, connect],
	[/^(\w+)> (.+)$/, (play, name, text) => send(play, name, "1", text)],
	[/^(\w+) sends (\d+) times (.+)$/, send],
	[/^(\w+) sends binary ((?:[\da-f]{2} ?)+)$/, sendBinary],
	[/^(\w+) sends text of the bytes ((?:[\da-f]{2} ?)+)$/, sendBroken],
	[/^(\w+)< …$/, skip],
	[/^(\w+)< (.+)$/, expectLine],
	[/^(\w+) closes (\d+)$/, close],
	[/^(\w+) vanishes$/, vanish],
	[/^(\w+) stops reading$/, (play, name) => find(play, name).socket.pause()],
	[/^(\w+) reads again$/, (play, name) => find(play, name).socket.resume()],
	[/^(gateway) (shuts down|restarts)$/, shutDown],
	[/^GET (\S+) = (.+)$/, expectAnswer],
];

async function perform(play: Play, line: string): Promise<void> {
	for (const [pattern, act] of NOTATION) {
		const match = pattern.exec(line);
		if (!match) continue;
		const [, first = "", second = "", third = ""] = match;
		return act(play, first, second, third);
	}
	throw new Error(`this line is not in the notation: ${line}`);
}

function readOptions(json: string): StageOptions {
	return JSON.parse(json);
}

function find({ peers }: Play, name: string): Peer {
	const peer = peers.get(name);
	if (!peer) throw new Error(`${name} has not connected`);
	return peer;
}

async function connect(play: Play, name: string, how: string): Promise<void> {
	const peer = createPeer(play.stage.url, how);
	play.peers.set(name, peer);
	await peer.settled;
}

async function send(
	play: Play,
	name: string,
	times: string,
	text: string,
): Promise<void> {
	const { socket } = find(play, name);
	const filled = play.placeholders.fill(text);
	for (let sent = 0; sent < Number(times); sent++)
		await play.stage.untilReceived(() => socket.send(filled));
}

async function sendBinary(play: Play, name: string, hex: string) {
	const { socket } = find(play, name);
	await play.stage.untilReceived(() => socket.send(toBytes(hex)));
}

async function sendBroken(play: Play, name: string, hex: string) {
	const { socket } = find(play, name);
	await play.stage.untilReceived(() =>
		socket.send(toBytes(hex), { binary: false }),
	);
}

function toBytes(hex: string): Buffer {
	return Buffer.from(hex.replaceAll(" ", ""), "hex");
}

function skip(play: Play, name: string): void {
	play.skips = name;
}

async function expectLine(play: Play, name: string, expected: string) {
	const peer = find(play, name);
	for (let isThere = false; !isThere; ) {
		const actual = await peer.next().catch(String);
		isThere = play.placeholders.matches(expected, actual);
		if (!isThere && !(play.skips === name && isMessage(actual)))
			expect.fail(`${name}< ${actual}\ninstead of\n${name}< ${expected}`);
	}
	play.skips = undefined;
}

/** Not the connection's end, nor that nothing came. */
function isMessage(line: string): boolean {
	return line.startsWith("{");
}

async function close(play: Play, name: string, code: string) {
	const { socket } = find(play, name);
	await play.stage.untilGone(() => socket.close(Number(code)));
}

async function vanish(play: Play, name: string) {
	const { socket } = find(play, name);
	await play.stage.untilGone(() => socket.terminate());
}

function shutDown({ stage }: Play, _gateway: string, how: string): void {
	const reason = how === "restarts" ? "restart" : "shutdown";
	void stage.gateway.close({ reason });
}

async function expectAnswer({ stage }: Play, path: string, expected: string) {
	const response = await fetch(stage.httpUrl + path);
	const actual = `${response.status} ${await response.text()}`;
	expect(`GET ${path} = ${actual}`).toBe(`GET ${path} = ${expected}`);
}

/** The answer to a ping comes after all that was sent before it [RT5]. */
async function expectNoMore(name: string, peer: Peer): Promise<void> {
	if (peer.isInConversation()) {
		peer.socket.send('{"type":"ping"}');
		const line = `${name}< ${await peer.next()}`;
		expect(line).toMatch(/^\w+< \{"type":"pong"[^{]*\}$/);
	}
	expect(peer.unread(), `unread by ${name}`).toEqual([]);
}
