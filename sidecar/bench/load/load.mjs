/**
 * The load generator where there is no C compiler: the same arguments and the same answer as
 * `load.c`, which says what they mean. It counts every frame, and holds those of one receiver
 * in sixteen against what they must be.
 */
import { readFileSync } from "node:fs";
import { connect } from "node:net";
import { availableParallelism } from "node:os";

const options = {
	port: 0,
	pid: 0,
	clients: 1001,
	senders: 1,
	window: 64,
	size: 200,
	stalled: 0,
	directed_every: 0,
	rate: 0,
	warm: 0.5,
	seconds: 2,
	deadline: 60,
	path: "/",
	mode: "window",
	join: "viewer",
	dialect: "plain",
	header: "",
	deflate: 0,
	poisson: 0,
	tls: 0,
	filters: 0,
};
for (const argument of process.argv.slice(2)) {
	const [key = "", ...rest] = argument.split("=");
	const value = rest.join("=");
	if (!(key in options)) fail(`unknown option: ${argument}`);
	Object.assign(options, {
		[key]: typeof options[key] === "number" ? Number(value) : value,
	});
}

if (options.deflate) fail("compression needs a C compiler and zlib");
if (options.tls) fail("TLS needs a C compiler and OpenSSL");

const [PREFIX, SUFFIX] =
	options.dialect === "socket.io" ? ['42["m",', "]"] : ["", ""];
const HEAD = '{"type":"bench","s":"';
const AT = { sender: 21, broadcast: 32, directed: 47, time: 62, target: 75 };
const JOINED = '{"type":"agent_joined","agentId":"b';
const KEY = Buffer.from([0x37, 0xfa, 0x21, 0x3d]);
const CONNECTING_AT_ONCE = 256;
const SAMPLED = options.clients > 256 ? 16 : 1;

const clients = Array.from(
	{ length: options.clients + options.stalled },
	(_, index) => ({
		index,
		stalled: index >= options.clients,
		state: "closed",
		rest: Buffer.alloc(0),
		nextBroadcast: new Uint32Array(options.senders),
		nextDirected: new Map(),
		joins: [],
	}),
);
const sentBroadcasts = new Uint32Array(options.senders);
const sentDirected = new Map();
const expectedAfter = new Float64Array(1024);
const PACED = options.rate > 0;
const latencies = createHistogram();
const lateness = createHistogram();
let [opened, upgrading, ready, reconnects] = [0, 0, 0, 0];
let [sent, completed, expected, delivered] = [0, 0, 0, 0];
let [measuring, stopping] = [false, false];
let [nextDue, measuredFrom, measuredUntil] = [0, 0, 0];

const storm = options.mode === "storm";
setTimeout(
	() =>
		fail(
			`${ready} of ${options.clients} clients were ready, ${expected - delivered} deliveries are missing`,
		),
	options.deadline * 1000,
).unref();
const before = takeReading();
openMore();
if (!storm) await until(() => ready === options.clients);
if (storm) await runStorm();
else if (options.mode === "idle") await runIdle();
else await runTraffic();
process.exit(0);

async function runTraffic() {
	nextDue = performance.now();
	measuredFrom = nextDue + options.warm * 1000;
	measuredUntil = measuredFrom + options.seconds * 1000;
	const pacing = PACED ? setInterval(sendDue, 1) : undefined;
	if (options.mode === "pairs")
		for (let i = 0; i < options.clients; i += 2) sendMessage(i, i + 1);
	if (options.mode === "window") fillWindow();
	await pause(options.warm);
	measuring = true;
	const from = takeReading();
	await pause(options.seconds);
	measuring = false;
	stopping = true;
	const to = takeReading();
	clearInterval(pacing);
	await until(() => delivered >= expected);
	await pause(0.05);
	if (delivered !== expected)
		fail(`${delivered - expected} deliveries too many`);
	report(from, to);
}

async function runStorm() {
	const count = options.clients;
	// Whoever came first is told of all joins: the list that all others must have the tail of.
	const toldOfAll = () =>
		clients.find(({ joins }) => joins.length === count)?.joins;
	await until(() => {
		const last = toldOfAll()?.at(-1);
		return (
			last !== undefined && clients.every(({ joins }) => joins.at(-1) === last)
		);
	});
	const to = takeReading();
	const all = toldOfAll();
	for (const { index, joins } of clients)
		if (
			!joins.includes(index) ||
			joins.some((name, at) => name !== all[count - joins.length + at])
		)
			fail(`client ${index} was told of joins out of order, or not of all`);
	report(before, to);
}

async function runIdle() {
	process.stdout.write(`${JSON.stringify({ ready })}\n`);
	for await (const _ of process.stdin);
}

function report(from, to) {
	const seconds = to.wall - from.wall;
	const serverCpu = to.server - from.server;
	const loadCpu = to.load - from.load;
	const others =
		(to.machine - from.machine - serverCpu - loadCpu) /
		seconds /
		availableParallelism();
	const deliveries = to.delivered - from.delivered;
	const answer = {
		deliveries,
		seconds,
		serverCpu,
		loadCpu,
		latencies: latencies.count(),
		p50: latencies.percentile(0.5),
		p90: latencies.percentile(0.9),
		p99: latencies.percentile(0.99),
		p999: latencies.percentile(0.999),
		max: latencies.percentile(1),
		others: Math.max(0, others),
		reconnects,
		...(PACED && {
			lateP99: lateness.percentile(0.99),
			carried: deliveries / (to.expected - from.expected),
		}),
	};
	process.stdout.write(`${JSON.stringify(answer)}\n`);
}

function takeReading() {
	const { user, system } = process.cpuUsage();
	return {
		wall: performance.now() / 1000,
		server: readServerCpu(),
		load: (user + system) / 1e6,
		machine: machineCpu(),
		expected,
		delivered,
	};
}

function readServerCpu() {
	const fields =
		readFileSync(`/proc/${options.pid}/stat`, "utf8")
			.split(") ")[1]
			?.split(" ") ?? [];
	return (Number(fields[11]) + Number(fields[12])) / 100;
}

function machineCpu() {
	const [line = ""] = readFileSync("/proc/stat", "utf8").split("\n");
	const ticks = line.trim().split(/\s+/).slice(1, 9).map(Number);
	const idle = (ticks[3] ?? 0) + (ticks[4] ?? 0);
	return (ticks.reduce((sum, value) => sum + value, 0) - idle) / 100;
}

function fail(reason) {
	process.stdout.write(`${JSON.stringify({ error: reason })}\n`);
	process.exit(1);
}

/* What is sent. */

function sendMessage(sender, target, time = microseconds()) {
	const directed =
		target === undefined ? 0 : (sentDirected.get(`${sender} ${target}`) ?? 0);
	const digits = (value, width) => String(value).padStart(width, "0");
	let text = `${HEAD}${digits(sender, 4)}","b":"${digits(sentBroadcasts[sender], 8)}","d":"${digits(directed, 8)}","t":"${digits(time, 12)}"`;
	if (target !== undefined) text += `,"target_id":"${nameOf(target)}"`;
	text += `,"pad":"${"x".repeat(Math.max(0, options.size - text.length - 10))}"}`;
	if (target === undefined) sentBroadcasts[sender]++;
	else sentDirected.set(`${sender} ${target}`, directed + 1);
	expected += target === undefined ? options.clients - 1 : 1;
	expectedAfter[sent++ % 1024] = expected;
	sendText(clients[sender], PREFIX + text + SUFFIX);
}

function sendNext(time) {
	const sender = options.poisson
		? Math.floor(Math.random() * options.senders)
		: sent % options.senders;
	if (options.mode === "directed") return sendMessage(sender, sender ^ 1, time);
	const directed =
		options.directed_every && sent % options.directed_every === 0;
	sendMessage(
		sender,
		directed
			? (sender + 1 + ((sent * 7919) % (options.clients - 1))) % options.clients
			: undefined,
		time,
	);
}

function fillWindow() {
	while (completed < sent && expectedAfter[completed % 1024] <= delivered)
		completed++;
	if (stopping || sent - completed >= options.window) return;
	clients[0].socket.cork();
	while (sent - completed < options.window) sendNext();
	clients[0].socket.uncork();
}

/** A message's time is when it was due, however late the generator is. */
function sendDue() {
	const now = performance.now();
	for (; !stopping && nextDue <= now; nextDue += spacing()) {
		if (isMeasured(nextDue)) lateness.record((now - nextDue) * 1000);
		sendNext(Math.floor(nextDue * 1000));
	}
}

function spacing() {
	const times = options.poisson ? -Math.log(1 - Math.random()) : 1;
	return (times / options.rate) * 1000;
}

function isMeasured(time) {
	return time >= measuredFrom && time < measuredUntil;
}

function sendText(client, text) {
	sendFrame(client, 1, Buffer.from(text));
}

function sendFrame({ socket }, opcode, payload) {
	const long = payload.length > 125;
	const frame = Buffer.allocUnsafe((long ? 8 : 6) + payload.length);
	frame[0] = 0x80 | opcode;
	frame[1] = 0x80 | (long ? 126 : payload.length);
	if (long) frame.writeUInt16BE(payload.length, 2);
	const at = long ? 8 : 6;
	KEY.copy(frame, at - 4);
	for (let i = 0; i < payload.length; i++)
		frame[at + i] = payload[i] ^ KEY[i & 3];
	socket.write(frame);
}

function nameOf(index) {
	return `b${String(index).padStart(7, "0")}`;
}

/* What comes. */

function onData(client, chunk) {
	const bytes =
		client.rest.length > 0 ? Buffer.concat([client.rest, chunk]) : chunk;
	let used = client.state === "upgrading" ? readUpgrade(client, bytes) : 0;
	if (client.state !== "upgrading") used = readFrames(client, bytes, used);
	// Copied: a slice would keep its whole chunk.
	client.rest =
		used < bytes.length
			? Buffer.from(bytes.subarray(used))
			: bytes.subarray(used);
	if (options.mode === "window" && ready === options.clients && sent > 0)
		fillWindow();
}

function readUpgrade(client, bytes) {
	const end = bytes.indexOf("\r\n\r\n");
	if (end < 0) return 0;
	if (!bytes.toString("latin1", 0, 12).startsWith("HTTP/1.1 101"))
		fail(`upgrade refused: ${bytes.toString("latin1", 0, 40)}`);
	client.state = "joining";
	upgrading--;
	openMore();
	if (!PREFIX) join(client);
	return end + 4;
}

function readFrames(client, bytes, start) {
	let at = start;
	while (bytes.length - at >= 2) {
		let [header, size] = [2, bytes[at + 1] & 127];
		if (size === 126) header = 4;
		if (size === 127) header = 10;
		if (bytes.length - at < header) break;
		if (header === 4) size = bytes.readUInt16BE(at + 2);
		if (header === 10) size = Number(bytes.readBigUInt64BE(at + 2));
		if (bytes.length - at < header + size) break;
		onFrame(client, bytes[at] & 15, bytes, at + header, size);
		at += header + size;
	}
	return at;
}

function onFrame(client, opcode, bytes, at, size) {
	if (opcode === 9) sendFrame(client, 10, bytes.subarray(at, at + size));
	if (opcode === 8 && !client.stalled)
		fail(`client ${client.index} was closed with ${bytes.readUInt16BE(at)}`);
	if (opcode !== 1) return;
	const isBench =
		client.state === "ready" && bytes[at + PREFIX.length + 9] === 0x62;
	if (!isBench) onText(client, bytes.toString("latin1", at, at + size));
	else if (options.mode === "pairs" || client.index % SAMPLED === 0)
		onMessage(
			client,
			bytes.toString("latin1", at + PREFIX.length, at + PREFIX.length + 90),
		);
	else delivered++;
}

function onText(client, text) {
	if (PREFIX && !text.startsWith(PREFIX)) return onSocketIo(client, text);
	const json = text.slice(PREFIX.length);
	if (storm && json.startsWith(JOINED)) {
		client.joins.push(Number(json.slice(JOINED.length, JOINED.length + 7)));
		delivered++;
	} else if (
		client.state === "joining" &&
		/^\{"type":"(gateway_hello|agent_registered)"/.test(json)
	) {
		client.state = "ready";
		if (client.stalled) client.socket.pause();
		else ready++;
	}
}

function onSocketIo(client, text) {
	if (text.startsWith("40")) join(client);
	else if (text.startsWith("0")) sendText(client, "40");
	else if (text.startsWith("2")) sendText(client, "3");
}

function onMessage(client, text) {
	const number = (at, width) => Number(text.slice(at, at + width));
	const [sender, broadcast] = [number(AT.sender, 4), number(AT.broadcast, 8)];
	const directed = text.startsWith(',"t', AT.target);
	if (broadcast !== client.nextBroadcast[sender])
		fail(
			`client ${client.index}: broadcast ${broadcast} of sender ${sender} came where ${client.nextBroadcast[sender]} was due`,
		);
	if (directed) {
		const due = client.nextDirected.get(sender) ?? 0;
		if (number(AT.directed, 8) !== due)
			fail(
				`client ${client.index}: directed message of sender ${sender} out of order`,
			);
		client.nextDirected.set(sender, due + 1);
	} else client.nextBroadcast[sender]++;
	delivered++;
	const time = number(AT.time, 12);
	if (PACED ? isMeasured(time / 1000) : measuring)
		latencies.record(microseconds() - time);
	if (options.mode === "pairs" && !stopping) sendMessage(client.index, sender);
}

function join(client) {
	const resume = options.join === "resume" ? { resume: true } : {};
	const { filters } = options;
	// Another type for each filter, which nobody sends: all pass the same.
	const types = ["bench", `of-${client.index % filters}`];
	const interest = filters ? { subscribe: { types } } : {};
	const register = {
		type: "agent_register",
		agentId: nameOf(client.index),
		...resume,
		...interest,
	};
	sendText(
		client,
		PREFIX +
			JSON.stringify(options.join === "viewer" ? { type: "ping" } : register) +
			SUFFIX,
	);
}

/* Connecting. */

function openMore() {
	while (opened < clients.length && upgrading < CONNECTING_AT_ONCE)
		open(clients[opened++]);
}

function open(client) {
	upgrading++;
	client.state = "upgrading";
	client.rest = Buffer.alloc(0);
	const localAddress = `127.0.0.${1 + Math.floor(client.index / 20_000)}`;
	client.socket = connect({
		port: options.port,
		host: "127.0.0.1",
		localAddress,
		noDelay: true,
	});
	const header = options.header ? `${options.header}\r\n` : "";
	client.socket.write(
		`GET ${options.path} HTTP/1.1\r\nHost: 127.0.0.1:${options.port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n${header}\r\n`,
	);
	client.socket.on("data", (chunk) => onData(client, chunk));
	client.socket.on("error", () => {});
	client.socket.on("close", () => {
		if (!client.stalled) fail(`client ${client.index} lost its connection`);
		reconnects++;
		open(client);
	});
}

/* Time. */

/** Counts of microseconds: 64 buckets between a power of two and the next, named by their middle. */
function createHistogram() {
	const buckets = new Float64Array(64 * 64);
	let count = 0;
	return {
		count: () => count,
		record(value) {
			const exponent = Math.max(6, Math.floor(Math.log2(Math.max(1, value))));
			buckets[(exponent - 6) * 64 + Math.floor(value / 2 ** (exponent - 6))]++;
			count++;
		},
		/** In milliseconds. */
		percentile(share) {
			let left = Math.min(Math.floor(share * count) + 1, count);
			const at = buckets.findIndex((seen) => {
				left -= seen;
				return left <= 0;
			});
			const exponent = Math.max(0, Math.floor(at / 64) - 1);
			return ((at - exponent * 64 + 0.5) * 2 ** exponent) / 1000;
		},
	};
}

function microseconds() {
	return Math.floor(performance.now() * 1000);
}

function pause(seconds) {
	return new Promise((resolve) => setTimeout(resolve, seconds * 1000));
}

async function until(condition) {
	while (!condition()) await pause(0.005);
}
