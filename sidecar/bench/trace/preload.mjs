/**
 * Loaded into a gateway on Node that is traced: notes each read and write of its sockets, each
 * timer and immediate, and each garbage collection, and writes it all to the folder in `BENCH_TRACE`
 * when it gets SIGUSR2. All of it is seen from outside: at the handles below Node's sockets, whose
 * methods every way of writing goes through.
 */
import diagnosticsChannel from "node:diagnostics_channel";
import { writeFileSync } from "node:fs";
import { PerformanceObserver } from "node:perf_hooks";

const FOLDER = process.env.BENCH_TRACE;
const now = () => performance.now();
/** From `performance.now()`, in milliseconds, to microseconds of the machine's monotonic clock. */
const offset = findOffset();

const [READ, WRITE] = [0, 1];
const transfers = createTable(5, 3_000_000); // kind, socket, start, end, bytes of its stream so far
const callbacks = createTable(6, 500_000); // is a timer, parent, set, due, start, end
/** @type {number[]} */
const collections = []; // start, duration
/** @type {number[]} */
const ports = []; // by socket, the other end's
const NUMBER = Symbol("number");
let isPatched = false;
/** The callback that runs; -1 where none does. */
let running = -1;

diagnosticsChannel.subscribe("net.server.socket", (message) => {
	const { socket } = /** @type {{ socket: import("node:net").Socket }} */ (
		message
	);
	const handle = /** @type {any} */ (socket)._handle;
	if (!handle) return;
	handle[NUMBER] = ports.push(socket.remotePort ?? 0) - 1;
	if (!isPatched) patchWrites(handle);
	isPatched = true;
	patchReads(handle);
});

new PerformanceObserver((list) => {
	for (const { startTime, duration } of list.getEntries())
		collections.push(startTime, duration);
}).observe({ entryTypes: ["gc"] });

globalThis.setTimeout = patchTimer(setTimeout, true);
globalThis.setImmediate = patchTimer(setImmediate, false);
process.on("SIGUSR2", save);

/**
 * What is called for a read may be set anew, as the gateway does.
 * @param {any} handle
 */
function patchReads(handle) {
	let { onread } = handle;
	function noted(/** @type {unknown[]} */ ...values) {
		const start = now();
		try {
			return Reflect.apply(onread, handle, values);
		} finally {
			transfers.add(READ, handle[NUMBER], start, now(), handle.bytesRead);
		}
	}
	handle.onread = noted;
	// Over Node's own, which goes on to call that.
	Object.defineProperty(handle, "onread", {
		get: () => onread,
		set(next) {
			onread = next;
		},
	});
}

/** @param {any} handle the first one; its methods are all others' too */
function patchWrites(handle) {
	let prototype = handle;
	while (!Object.hasOwn(prototype, "writeBuffer"))
		prototype = Object.getPrototypeOf(prototype);
	for (const name of [
		"writeBuffer",
		"writev",
		"writeUtf8String",
		"writeAsciiString",
		"writeLatin1String",
	]) {
		const write = prototype[name];
		prototype[name] = function (
			/** @type {unknown} */ request,
			/** @type {unknown} */ data,
			/** @type {unknown} */ extra,
		) {
			const start = now();
			const result = write.call(this, request, data, extra);
			if (this[NUMBER] !== undefined)
				transfers.add(WRITE, this[NUMBER], start, now(), this.bytesWritten);
			return result;
		};
	}
}

/**
 * @param {any} schedule
 * @param {boolean} isTimer
 */
function patchTimer(schedule, isTimer) {
	const patched = (
		/** @type {Function} */ callback,
		/** @type {any} */ ...rest
	) => {
		const [set, parent] = [now(), running];
		const due = isTimer ? set + Math.max(1, rest[0] ?? 0) : set;
		const run = (/** @type {unknown[]} */ ...values) => {
			const id = callbacks.count();
			// Its end is filled in once it is known.
			callbacks.add(isTimer ? 1 : 0, parent, set, due, now(), 0);
			running = id;
			try {
				callback(...values);
			} finally {
				callbacks.set(id, 5, now());
				running = -1;
			}
		};
		return schedule(run, ...rest);
	};
	return Object.assign(patched, schedule);
}

/**
 * Rows of numbers, up to a capacity.
 * @param {number} width
 * @param {number} capacity
 */
function createTable(width, capacity) {
	const numbers = new Float64Array(width * capacity);
	let count = 0;
	return {
		count: () => count,
		/** By columns: an array for each row would be garbage that is not the gateway's. */
		add(
			/** @type {number} */ a,
			/** @type {number} */ b,
			/** @type {number} */ c,
			/** @type {number} */ d,
			/** @type {number} */ e,
			f = 0,
		) {
			if (count === capacity) return;
			const at = count++ * width;
			numbers[at] = a;
			numbers[at + 1] = b;
			numbers[at + 2] = c;
			numbers[at + 3] = d;
			numbers[at + 4] = e;
			if (width === 6) numbers[at + 5] = f;
		},
		set(
			/** @type {number} */ row,
			/** @type {number} */ column,
			/** @type {number} */ value,
		) {
			if (row < capacity) numbers[row * width + column] = value;
		},
		bytes: () => Buffer.from(numbers.buffer, 0, count * width * 8),
		isFull: () => count === capacity,
	};
}

/** Of several tries the one that took the least time: between two looks at a clock anything may come. */
function findOffset() {
	const tries = Array.from({ length: 50 }, () => {
		const before = now();
		const time = Number(process.hrtime.bigint()) / 1000;
		const after = now();
		return { took: after - before, offset: time - (before + after) * 500 };
	});
	return tries.sort((one, other) => one.took - other.took)[0]?.offset ?? 0;
}

function save() {
	writeFileSync(`${FOLDER}/transfers`, transfers.bytes());
	writeFileSync(`${FOLDER}/callbacks`, callbacks.bytes());
	const isFull = transfers.isFull() || callbacks.isFull();
	const rest = { offset, ports, collections, isFull };
	writeFileSync(`${FOLDER}/rest.json`, JSON.stringify(rest));
	writeFileSync(`${FOLDER}/done`, "");
}
