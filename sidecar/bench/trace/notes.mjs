/**
 * What the load generator and the gateway noted of one run, on one clock: microseconds.
 *
 * @typedef {{ start: number, end: number }} Interval
 * @typedef {Interval & { socket: number, bytes: number }} Transfer `bytes` of its stream were there with it
 * @typedef {Interval & { isTimer: boolean, parent: number, set: number, due: number }} Callback
 * @typedef {{ due: number, before: number, after: number, end: number, sender: number }} Sent
 * @typedef {{ read: number, end: number, number: number, sender: number, receiver: number }} Came
 */
import { readFileSync } from "node:fs";

/** @param {string} folder */
export function readNotes(folder) {
	const file = (/** @type {string} */ name) =>
		readFileSync(`${folder}/${name}`);
	const { offset, ports, collections, isFull } = JSON.parse(
		file("rest.json").toString(),
	);
	if (isFull)
		throw new Error("the gateway had more to note than there is room for");
	const time = (/** @type {number} */ milliseconds) =>
		milliseconds * 1000 + offset;
	const transfers = rows(file("transfers"), 5);
	const ofKind = (/** @type {number} */ kind) =>
		transfers
			.filter(([its]) => its === kind)
			.map(([, socket = 0, start = 0, end = 0, bytes = 0]) => ({
				socket,
				start: time(start),
				end: time(end),
				bytes,
			}));
	return {
		reads: ofKind(0),
		writes: ofKind(1),
		callbacks: rows(file("callbacks"), 6).map(
			([isTimer, parent = -1, set = 0, due = 0, start = 0, end = 0]) => ({
				isTimer: isTimer === 1,
				parent,
				set: time(set),
				due: time(due),
				start: time(start),
				end: time(end),
			}),
		),
		collections: pairs(collections).map(([start, duration]) => ({
			start: time(start),
			end: time(start + duration),
		})),
		sent: readSent(file("sent")),
		came: readCame(file("came")),
		socketOf: socketsOf(file("ports"), ports),
	};
}

/**
 * @param {Buffer} bytes
 * @returns {Map<string, Sent>} by sender and number
 */
function readSent(bytes) {
	const sent = new Map();
	for (let at = 0; at < bytes.length; at += 40) {
		const [due, before, after, end] = [0, 8, 16, 24].map((field) =>
			Number(bytes.readBigInt64LE(at + field)),
		);
		const sender = bytes.readUInt32LE(at + 36);
		const name = `${sender} ${bytes.readUInt32LE(at + 32)}`;
		sent.set(name, { due, before, after, end, sender });
	}
	return sent;
}

/**
 * @param {Buffer} bytes
 * @returns {Came[]}
 */
function readCame(bytes) {
	return Array.from({ length: bytes.length / 24 }, (_, row) => ({
		read: Number(bytes.readBigInt64LE(row * 24)),
		end: Number(bytes.readBigInt64LE(row * 24 + 8)),
		number: bytes.readUInt32LE(row * 24 + 16),
		sender: bytes.readUInt16LE(row * 24 + 20),
		receiver: bytes.readUInt16LE(row * 24 + 22),
	}));
}

/**
 * The gateway's number of each client's socket: the ends know each other by a port.
 * @param {Buffer} bytes
 * @param {number[]} ports
 */
function socketsOf(bytes, ports) {
	const byPort = new Map(ports.map((port, socket) => [port, socket]));
	return Array.from(
		{ length: bytes.length / 2 },
		(_, client) => byPort.get(bytes.readUInt16LE(client * 2)) ?? -1,
	);
}

/**
 * @param {Buffer} bytes
 * @param {number} width
 */
function rows(bytes, width) {
	const numbers = new Float64Array(
		bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length),
	);
	return Array.from({ length: numbers.length / width }, (_, row) =>
		numbers.subarray(row * width, (row + 1) * width),
	);
}

/**
 * @param {number[]} numbers
 * @returns {[number, number][]}
 */
function pairs(numbers) {
	return Array.from({ length: numbers.length / 2 }, (_, at) => [
		numbers[at * 2] ?? 0,
		numbers[at * 2 + 1] ?? 0,
	]);
}
