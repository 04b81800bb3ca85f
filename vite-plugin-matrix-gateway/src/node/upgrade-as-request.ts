/**
 * Upgrades that nobody answers, as the ordinary requests that they are as well.
 *
 * A server may take an offer of another protocol for none (RFC 9110, section 7.8), and Node
 * does so until somebody listens for `upgrade`; then it hands over every offer, and those of
 * HTTP/2 come with each request of some clients (Java's, `curl --http2`).
 */
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { TLSSocket } from "node:tls";

/** Gives a socket back to its server, with the request as it came but for the offer. */
export function answerPlainly(
	server: { emit(event: string, socket: Duplex): boolean },
	request: IncomingMessage,
	socket: Duplex,
	head: Buffer,
): void {
	socket.unshift(Buffer.concat([headOf(request), head]));
	const event = socket instanceof TLSSocket ? "secureConnection" : "connection";
	server.emit(event, socket);
}

/** Whether it is a WebSocket that a request asks for. */
export function asksForWebSocket({ headers }: IncomingMessage): boolean {
	return headers.upgrade?.toLowerCase() === "websocket";
}

function headOf(request: IncomingMessage): Buffer {
	const { method, url, httpVersion, rawHeaders } = request;
	const lines = [`${method} ${url} HTTP/${httpVersion}`];
	for (let index = 0; index < rawHeaders.length; index += 2)
		if (rawHeaders[index]?.toLowerCase() !== "upgrade")
			lines.push(`${rawHeaders[index]}: ${rawHeaders[index + 1]}`);
	return Buffer.from(`${lines.join("\r\n")}\r\n\r\n`, "latin1");
}
