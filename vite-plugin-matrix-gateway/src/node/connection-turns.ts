/**
 * No crowd that connects at once holds the loop: to read the first request of a connection and to judge it takes 0.1 to 0.2 ms, and
 * the event loop brings a thousand in one turn. Those of 5,000 handshakes held it for 125 ms. Here a few are read in each turn, and
 * the others wait in the kernel, those first who came first. Whose first request was read is not held any more.
 */
import { Server as PlainServer } from "node:http";
import { Server as TlsServer } from "node:https";
import type { Duplex } from "node:stream";
import { startReading, stopReading } from "./read-handle.ts";
import { onRequestStart } from "./request-starts.ts";

/**
 * First requests that are read in a turn. While 5,000 connect, others wait for 10 to 15 ms at the 99th percentile; with 25 a
 * turn for 25 to 40.
 */
export const FEW = 5;

/** Where turns take long, so many for each millisecond that the last one took, and so many at most. */
const EACH_MILLISECOND = 2;
const MANY = 30;

/**
 * So many of those that wait are read for a turn, and twice as many in the next one where too few of them had something to say. It
 * takes 2 µs to stop one or to start it: that is done for so many at once.
 */
const LOOKED_AT = 64;
const AT_ONCE = 1_024;

/** The turns of a server's connections. */
export interface ConnectionTurns {
	/** An upgrade came. It is not listened for here: a server does otherwise where somebody listens for it. */
	upgraded(socket: Duplex): void;
	/** Lets go of all that wait, and has nobody wait any more. */
	end(): void;
}

/**
 * Has the connections of a server of `node:http` or `node:https` take turns; other servers are left alone. What TLS takes comes
 * before that.
 */
export function takeTurns(server: object): ConnectionTurns {
	const isEncrypted = server instanceof TlsServer;
	if (!isEncrypted && !(server instanceof PlainServer))
		return { upgraded() {}, end() {} };
	/** Read as it comes. */
	const open = new Set<Duplex>();
	/** Read since this turn began. */
	const looked = new Set<Duplex>();
	/** Not read: those whose turn was over before they were, and behind them all others. */
	let interrupted = new Set<Duplex>();
	const line = new Set<Duplex>();
	let requests = 0;
	let most = FEW;
	let lookedAt = LOOKED_AT;
	let isScheduled = false;
	let turnBegan = 0;

	function begin(socket: Duplex): void {
		socket.once("close", left);
		open.add(socket);
		if (requests >= most || isWaiting()) hold(socket, line);
	}

	function isWaiting(): boolean {
		return interrupted.size > 0 || line.size > 0;
	}

	function hold(socket: Duplex, among: Set<Duplex>): void {
		remove(socket);
		if (!isHandedOver(socket) && stopReading(socket)) among.add(socket);
		else socket.off("close", left);
	}

	function remove(socket: Duplex): boolean {
		return (
			open.delete(socket) ||
			looked.delete(socket) ||
			interrupted.delete(socket) ||
			line.delete(socket)
		);
	}

	/** It went without a request. */
	function left(this: Duplex): void {
		remove(this);
	}

	/** A request was read. Only the first of a connection counts. */
	function count(socket: Duplex): void {
		if (!remove(socket)) return;
		socket.off("close", left);
		// It came with the end of a handshake of TLS, and takes no other's turn.
		if (startReading(socket)) return;
		requests++;
		if (requests >= most) stopSome();
		schedule();
	}

	function stopSome(): void {
		lookedAt = LOOKED_AT;
		const before = interrupted;
		if (looked.size > 0) interrupted = new Set();
		for (const socket of someOf(looked, AT_ONCE)) hold(socket, interrupted);
		for (const socket of before) interrupted.add(socket);
		for (const socket of someOf(open, AT_ONCE)) hold(socket, line);
	}

	function schedule(): void {
		if (isScheduled) return;
		isScheduled = true;
		turnBegan = performance.now();
		setImmediate(endTurn);
	}

	function endTurn(): void {
		isScheduled = false;
		const took = performance.now() - turnBegan;
		if (requests < most) lookedAt = Math.min(AT_ONCE, lookedAt * 2);
		most = Math.min(MANY, Math.max(FEW, Math.floor(took * EACH_MILLISECOND)));
		requests = 0;
		for (const socket of looked) open.add(socket);
		looked.clear();
		lookAt(interrupted);
		lookAt(line);
		if (isWaiting() || looked.size > 0) schedule();
		else [most, lookedAt] = [FEW, LOOKED_AT];
	}

	function lookAt(waiting: Set<Duplex>): void {
		for (const socket of someOf(waiting, lookedAt - looked.size)) {
			waiting.delete(socket);
			startReading(socket);
			if (!socket.destroyed) looked.add(socket);
		}
	}

	const connected = isEncrypted ? "secureConnection" : "connection";
	server.on(connected, begin);
	const stopCounting = onRequestStart(server, count);
	return {
		upgraded: count,
		end() {
			server.off(connected, begin);
			stopCounting();
			for (const some of [open, looked, interrupted, line]) {
				for (const socket of some) {
					socket.off("close", left);
					startReading(socket);
				}
				some.clear();
			}
		},
	};
}

function* someOf<Item>(items: Iterable<Item>, most: number): Iterable<Item> {
	let count = 0;
	for (const item of items) {
		if (count++ === most) return;
		yield item;
	}
}

/** Whether Node reads no requests of it any more, as of a tunnel. */
function isHandedOver(socket: Duplex): boolean {
	return "parser" in socket && socket.parser === null;
}
