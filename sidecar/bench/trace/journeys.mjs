/**
 * Where each delivery of a run was, and when.
 *
 * Its bytes say by which read a message came in and by which write it went out: both ends count
 * those of each stream. On loopback a write puts them into the other end's socket before it
 * returns, so that is when the other end is readable.
 *
 * @typedef {ReturnType<typeof import("./notes.mjs").readNotes>} Notes
 * @typedef {import("./notes.mjs").Transfer} Transfer
 * @typedef {import("./notes.mjs").Callback} Callback
 *
 * @typedef {object} Journey
 * @property {number} latency
 * @property {number} sent the generator writes it
 * @property {number} due
 * @property {number} readable
 * @property {number} read
 * @property {number} ordered the read's callback returned
 * @property {number} wanted the timer is due, or the immediate is set, that ends in the flush: until then it waited by choice
 * @property {number} timerRan the same where there is no timer
 * @property {number} flushed
 * @property {number} writing
 * @property {number} written
 * @property {number} cameAt
 * @property {number} place of its write in the flush, from 0 to 1
 */
import { lastAt } from "./intervals.mjs";

/**
 * @param {Notes} notes
 * @returns {{ journeys: Journey[], flushes: Callback[], lost: number }} `flushes` are those that
 *   carried one; `lost` are those whose write or read was not found
 */
export function findJourneys(notes) {
	const { came, sent, socketOf, callbacks } = notes;
	const reads = bySocket(notes.reads);
	const writes = bySocket(notes.writes);
	const flushes = findFlushes(notes);
	const journeys = [];
	const carriers = new Set();
	let lost = 0;
	for (const { read: cameAt, end, number, sender, receiver } of came) {
		const from = sent.get(`${sender} ${number}`);
		const read = from && carrierOf(reads[socketOf[sender] ?? -1], from.end);
		const write = carrierOf(writes[socketOf[receiver] ?? -1], end);
		if (!from || !read || !write) {
			lost++;
			continue;
		}
		const flush = flushes.of(write);
		if (flush) carriers.add(flush.callback);
		const flushed = Math.max(flush?.start ?? write.start, read.start);
		const ordered = Math.min(read.end, flushed);
		const timer = callbacks[flush?.callback.parent ?? -1];
		const waited = timer?.isTimer ? timer : undefined;
		const asked = waited?.due ?? flush?.callback.set ?? ordered;
		const wanted = clamp(asked, ordered, flushed);
		journeys.push({
			latency: cameAt - from.due,
			due: from.due,
			sent: from.before,
			readable: Math.min(from.after, read.start),
			read: read.start,
			ordered,
			wanted,
			timerRan: clamp(waited?.start ?? wanted, wanted, flushed),
			flushed,
			writing: write.start,
			written: Math.min(write.end, cameAt),
			cameAt,
			place: flush?.place(write) ?? 0,
		});
	}
	return { journeys, flushes: [...carriers], lost };
}

/**
 * A flush is what one callback writes.
 * @param {Notes} notes
 */
function findFlushes({ writes, callbacks }) {
	/** @param {Transfer} write */
	function of(write) {
		const at = lastAt(callbacks, write.start, ({ start }) => start);
		const callback = callbacks[at];
		if (!callback || callback.end < write.start) return undefined;
		const first = firstFrom(writes, callback.start);
		const last = firstFrom(writes, callback.end) - 1;
		return {
			callback,
			start: callback.start,
			place: (/** @type {Transfer} */ one) =>
				(firstFrom(writes, one.start) - first) / Math.max(1, last - first),
		};
	}
	return { of };
}

/**
 * @param {Transfer[]} transfers
 * @returns {Transfer[][]}
 */
function bySocket(transfers) {
	/** @type {Transfer[][]} */
	const sorted = [];
	for (const transfer of transfers) {
		sorted[transfer.socket] ??= [];
		sorted[transfer.socket]?.push(transfer);
	}
	return sorted;
}

/**
 * The first transfer with which so many bytes of the stream were there.
 * @param {Transfer[] | undefined} transfers
 * @param {number} end
 */
function carrierOf(transfers, end) {
	if (!transfers) return undefined;
	return transfers[lastAt(transfers, end - 1, ({ bytes }) => bytes) + 1];
}

/**
 * @param {Transfer[]} writes
 * @param {number} time
 */
function firstFrom(writes, time) {
	return lastAt(writes, time - 1e-6, ({ start }) => start) + 1;
}

/**
 * @param {number} value
 * @param {number} low
 * @param {number} high
 */
function clamp(value, low, high) {
	return Math.max(low, Math.min(high, value));
}
