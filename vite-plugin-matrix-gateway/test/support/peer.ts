/** A peer on a bare TCP socket: it answers nothing by itself, and reads when the test says so. */
import { connect as connectTcp, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import { OPCODE, readFrame, type ServerFrame } from "./frames.ts";
import { createQueue } from "./queue.ts";

export interface Peer {
	readonly socket: Socket;
	/** Resolves when the server has hung up, whatever this end does. */
	readonly hungUp: Promise<void>;
	/** The server's next frame. */
	next(): Promise<ServerFrame>;
	/** The next message, of the type named; pings before it are passed over. */
	nextMessage(type: string): Promise<Record<string, unknown>>;
	/** The code of the close frame, which must be the next but for pings; 1006 where there is none. */
	closeCode(): Promise<number>;
}

/** Sends bytes as they are, and returns what comes back until the server hangs up. */
export async function exchange(url: string, bytes: string): Promise<string> {
	const socket = openSocket(url);
	let answer = "";
	socket.setEncoding("latin1").on("data", (text) => {
		answer += text;
	});
	socket.once("end", () => socket.end());
	socket.once("end", () => socket.end());
	socket.write(bytes, "latin1");
	await gone(socket);
	return answer;
}

/** Upgrades a bare socket. */
export async function upgradeRaw(
	url: string,
	headers: Record<string, string> = {},
): Promise<Peer> {
	const socket = openSocket(url);
	const hungUp = new Promise<void>((resolve) => {
		socket.once("end", resolve).once("close", () => resolve());
	});
	const frames = createQueue<ServerFrame>();
	socket.write(handshake(url, headers));
	let bytes = await readHead(socket);
	socket.on("data", read).resume();
	void hungUp.then(() => frames.end("the server hung up"));
	read(Buffer.alloc(0));
	return { socket, hungUp, next, nextMessage, closeCode };

	function read(chunk: Buffer): void {
		bytes = Buffer.concat([bytes, chunk]);
		for (let frame = readFrame(bytes); frame; frame = readFrame(bytes)) {
			frames.push(frame);
			bytes = bytes.subarray(frame.size);
		}
	}

	function next(): Promise<ServerFrame> {
		return frames.next("a frame");
	}

	async function nextButPings(): Promise<ServerFrame> {
		const frame = await next();
		return frame.opcode === OPCODE.ping ? nextButPings() : frame;
	}

	async function nextMessage(type: string): Promise<Record<string, unknown>> {
		const { payload } = await nextButPings();
		const message = JSON.parse(payload.toString());
		if (message.type === type) return message;
		throw new Error(`expected ${type}, but got ${payload}`);
	}

	async function closeCode(): Promise<number> {
		const frame = await nextButPings().catch(() => undefined);
		if (!frame) return 1006;
		if (frame.opcode === OPCODE.close) return frame.payload.readUInt16BE(0);
		throw new Error(`expected a close frame, but got ${frame.payload}`);
	}
}

/** The request of an upgrade. */
export function handshake(
	url: string,
	headers: Record<string, string> = {},
): string {
	const { host, pathname, search } = new URL(url);
	const fields = {
		Host: host,
		Connection: "Upgrade",
		Upgrade: "websocket",
		"Sec-WebSocket-Version": "13",
		"Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
		...headers,
	};
	const lines = Object.entries(fields).map(
		([name, text]) => `${name}: ${text}`,
	);
	return `GET ${pathname}${search} HTTP/1.1\r\n${lines.join("\r\n")}\r\n\r\n`;
}

/** A TCP connection to the host of a URL, with TLS where it is of a scheme that has it. */
export function openSocket(url: string): Socket {
	const { hostname, port, protocol } = new URL(url);
	const isSecure = protocol === "wss:" || protocol === "https:";
	// Half open: a peer ends its own side when the test says so.
	const to = { host: hostname, port: Number(port), allowHalfOpen: true };
	const socket = isSecure
		? connectTls({ ...to, rejectUnauthorized: false })
		: connectTcp(to);
	// Resets are what these tests are about.
	return socket.on("error", () => {});
}

/** Resolves when a socket is gone. */
export function gone(socket: Socket): Promise<void> {
	return new Promise((resolve) => {
		if (socket.closed) resolve();
		else socket.once("close", () => resolve());
	});
}

/** Reads the answer's head, which must be a 101, and returns what came after it. */
async function readHead(socket: Socket): Promise<Buffer> {
	let bytes = Buffer.alloc(0);
	while (!bytes.includes("\r\n\r\n")) {
		const chunk = await new Promise<Buffer>((resolve, reject) => {
			socket.once("data", resolve);
			socket.once("close", () => reject(new Error(`no head: ${bytes}`)));
		});
		bytes = Buffer.concat([bytes, chunk]);
	}
	socket.pause();
	if (!bytes.toString().startsWith("HTTP/1.1 101"))
		throw new Error(`not upgraded: ${bytes}`);
	return bytes.subarray(bytes.indexOf("\r\n\r\n") + 4);
}
