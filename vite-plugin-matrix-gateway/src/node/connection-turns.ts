/**
 * No crowd that connects at once holds the loop: to read the first request of a connection and to judge it takes 0.1 to 0.2 ms, and
 * the event loop brings a thousand in one turn. Those of 5,000 handshakes held it for 125 ms. Here a few are read in each turn, and
 * the others wait in the kernel, those first who came first. Whose first request was read is not held any more.
 */
import { Server as PlainServer } from "node:http";
import { Server as TlsServer } from "node:https";
import type { Duplex } from "node:stream";
import {
	freeHandle,
	isStopped,
	readHandleOf,
	stopHandle,
} from "./read-handle.ts";

/**
 * First requests that are read in a turn. While 5,000 connect, others wait for 10 to 15 ms at the 99th percentile; with 25 a
 * turn for 25 to 40.
 */
export const FEW = 5;

/** Where turns take long, so many for each millisecond that the last one took, and so many at most. */
const EACH_MILLISECOND = 2;
const MANY = 30;

/** So many of those that wait are read for a turn, since most may have nothing to say yet. */
const LOOKED_AT = 64;

/** The turns of a server's connections. */
export interface ConnectionTurns {
	/** An upgrade came. It is not listened for here: a server does otherwise where somebody listens for it. */
	upgraded(socket: Duplex): void;
	/** Lets go of all that wait, and has nobody wait any more. */
	stop(): void;
}

/** Has the connections of a server of `node:http` or `node:https` take turns; other servers are left alone. */
export function takeTurns(server: object): ConnectionTurns {
	const isEncrypted = server instanceof TlsServer;
	if (!isEncrypted && !(server instanceof PlainServer))
		return { upgraded() {}, stop() {} };
	/** Read, and had nothing to say so far. */
	const quiet = new Set<Duplex>();
	/** Read since this turn began, which ends with the requests that are allowed, or without. */
	const looked = new Set<Duplex>();
	/** Not read: those whose turn it was and was too short, and behind them all others. */
	let first: Duplex[] = [];
	const line = new Set<Duplex>();
	let requests = 0;
	let most = FEW;
	let isScheduled = false;
	let turnBegan = 0;

	function begin(socket: Duplex): void {
		socket.once("close", forget);
		if (requests >= most || isWaiting()) wait(socket);
		else quiet.add(socket);
	}

	function isWaiting(): boolean {
		return first.length > 0 || line.size > 0;
	}

	function wait(socket: Duplex): void {
		if (stop(socket)) line.add(socket);
		else socket.off("close", forget);
	}

	function forget(this: Duplex): void {
		remove(this);
	}

	function remove(socket: Duplex): boolean {
		if (quiet.delete(socket) || looked.delete(socket)) return true;
		// Not read, and yet a request may come of what was read before.
		const place = first.indexOf(socket);
		if (place >= 0) first.splice(place, 1);
		return place >= 0 || line.delete(socket);
	}

	/** A request was read. Only the first of a connection counts. */
	function count(socket: Duplex): void {
		if (!remove(socket)) return;
		socket.off("close", forget);
		start(socket);
		requests++;
		if (requests === most) stopAll();
		schedule();
	}

	function stopAll(): void {
		first = [...[...looked].filter(stop), ...first];
		looked.clear();
		for (const socket of quiet) wait(socket);
		quiet.clear();
	}

	function schedule(): void {
		if (isScheduled) return;
		isScheduled = true;
		turnBegan = performance.now();
		setImmediate(endTurn);
	}

	function endTurn(): void {
		isScheduled = false;
		requests = 0;
		const took = performance.now() - turnBegan;
		most = Math.min(MANY, Math.max(FEW, Math.floor(took * EACH_MILLISECOND)));
		for (const socket of looked) quiet.add(socket);
		looked.clear();
		for (const socket of takeNext()) {
			start(socket);
			if (!socket.destroyed) looked.add(socket);
		}
		if (isWaiting() || looked.size > 0) schedule();
		else most = FEW;
	}

	function takeNext(): readonly Duplex[] {
		const next = first.slice(0, LOOKED_AT);
		first = first.slice(LOOKED_AT);
		for (const socket of line) {
			if (next.length >= LOOKED_AT) break;
			line.delete(socket);
			next.push(socket);
		}
		return next;
	}

	const onRequest = ({ socket }: { readonly socket: Duplex }) => count(socket);
	const connected = isEncrypted ? "secureConnection" : "connection";
	server.on(connected, begin).on("request", onRequest);
	return {
		upgraded: count,
		stop() {
			server.off(connected, begin).off("request", onRequest);
			for (const socket of [...first, ...line]) start(socket);
			for (const socket of [...quiet, ...looked, ...first, ...line])
				socket.off("close", forget);
			for (const all of [quiet, looked, line]) all.clear();
			first = [];
		},
	};
}

/** False where there is nothing to stop, or somebody else has. */
function stop(socket: Duplex): boolean {
	const handle = readHandleOf(socket);
	if (!handle || isStopped(handle)) return false;
	stopHandle(handle);
	return true;
}

function start(socket: Duplex): void {
	const handle = readHandleOf(socket);
	if (!handle || !isStopped(handle)) return;
	freeHandle(handle);
	if (handle.reading) handle.readStart();
}
