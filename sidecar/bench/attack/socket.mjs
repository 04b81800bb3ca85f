/** WebSockets by hand: what a library would not send. */
import { connect } from "node:net";

const MASK = Buffer.from([0x37, 0xfa, 0x21, 0x3d]);

export const TEXT = 1;
export const CONTINUATION = 0;

/**
 * A client's frame.
 * @param {string} payload
 * @param {{ opcode?: number, final?: boolean }} [options]
 */
export function frame(payload, { opcode = TEXT, final = true } = {}) {
	const body = Buffer.from(payload).map(
		(byte, index) => byte ^ /** @type {number} */ (MASK[index % 4]),
	);
	const first = (final ? 0x80 : 0) | opcode;
	return Buffer.concat([header(first, body.length), MASK, body]);
}

/**
 * @param {number} first
 * @param {number} length
 */
function header(first, length) {
	if (length < 126) return Buffer.from([first, 0x80 | length]);
	const short = length < 65_536;
	const bytes = Buffer.alloc(short ? 4 : 10);
	bytes.writeUInt16BE((first << 8) | 0x80 | (short ? 126 : 127));
	if (short) bytes.writeUInt16BE(length, 2);
	else bytes.writeUInt32BE(length, 6);
	return bytes;
}

/**
 * An upgraded socket, which reads and forgets; undefined where it was not let in within 10 s.
 * @param {number} port
 * @returns {Promise<import("node:net").Socket | undefined>}
 */
export function open(port) {
	return new Promise((resolve) => {
		const socket = connect({ port, host: "127.0.0.1", noDelay: true });
		const timer = setTimeout(() => end(), 10_000);
		function end() {
			clearTimeout(timer);
			socket.destroy();
			resolve(undefined);
		}
		socket.on("error", () => {}).once("close", end);
		socket.once("data", () => {
			clearTimeout(timer);
			resolve(socket.on("data", () => {}));
		});
		socket.write(
			`GET /ws/matrix HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n`,
		);
	});
}

/**
 * So many upgraded sockets, some at a time.
 * @param {number} port
 * @param {number} count
 */
export async function openMany(port, count) {
	const sockets = [];
	while (sockets.length < count) {
		const some = Math.min(100, count - sockets.length);
		sockets.push(
			...(await Promise.all(Array.from({ length: some }, () => open(port)))),
		);
	}
	return sockets.filter((socket) => socket !== undefined);
}

/**
 * Writes the same bytes over and over, as fast as they are taken.
 * @param {import("node:net").Socket} socket
 * @param {Buffer} bytes
 */
export function flood(socket, bytes) {
	const write = () => {
		while (!socket.destroyed && socket.write(bytes));
	};
	socket.on("drain", write);
	write();
}
