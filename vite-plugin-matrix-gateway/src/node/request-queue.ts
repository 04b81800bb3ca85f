/** Answers the requests of one HTTP/1 connection one at a time [HTTP6]. */
import type { Socket } from "node:net";
import type { Middleware } from "h3";

/** Requests that may wait on one connection. Browsers and the usual clients ask one at a time. */
export const MAX_PIPELINED = 8;

/**
 * 64 KiB hold 1,200 pipelined requests, which Node reads, and would have answered, at once: for
 * the status of 2,000 agents that took 8 s and 1.4 GB, and for files as many descriptors, which
 * stayed open when the client went.
 */
export function answerInTurn(): Middleware {
	const lines = new WeakMap<Socket, { length: number; end: Promise<void> }>();
	return async ({ runtime }, next) => {
		const { req, res } = runtime?.node ?? {};
		// HTTP/2 has bounds of its own for its streams.
		if (!req || !res || req.httpVersionMajor > 1) return next();
		const { socket } = req;
		const line = lines.get(socket) ?? { length: 0, end: Promise.resolve() };
		lines.set(socket, line);
		if (++line.length > MAX_PIPELINED) socket.destroy();
		const turn = line.end;
		line.end = new Promise<void>((resolve) => {
			res.once("close", () => {
				line.length--;
				resolve();
			});
		});
		await turn;
		// Its client has gone.
		return socket.destroyed ? new Response(null, { status: 503 }) : next();
	};
}
