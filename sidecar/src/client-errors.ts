/** What Node's own parser makes of no request: answered as every other refusal is, with an id [HTTP4, HTTP5]. */
import { type Server, type ServerResponse, STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import { newRequestId, REQUEST_ID } from "vite-plugin-matrix-gateway/server";
import type { Logger } from "./logging.ts";

/** Answers who sends what is no request, or takes too long for one, and closes the connection. */
export function answerClientErrors(server: Server, log: Logger): void {
	server.on("clientError", (error: NodeJS.ErrnoException, socket) => {
		const { code = "" } = error;
		if (!mayAnswer(socket)) {
			socket.destroy();
			return;
		}
		const status = STATUSES[code] ?? 400;
		// Not of the peer's choosing: nobody has read who it says that it is.
		const requestId = newRequestId();
		log.info(
			{ event: "request", requestId, status, reason: code },
			"answered what is no request",
		);
		socket.end(answerOf(status, requestId), () => socket.destroy());
	});
}

/** As Node answers them by itself. */
const STATUSES: Readonly<Record<string, number>> = {
	HPE_CHUNK_EXTENSIONS_OVERFLOW: 413,
	HPE_HEADER_OVERFLOW: 431,
	ERR_HTTP_REQUEST_TIMEOUT: 408,
};

/** Whether no answer is on its way; of that Node keeps the response that it is of. */
function mayAnswer(
	socket: Duplex & { readonly _httpMessage?: ServerResponse | null },
): boolean {
	return socket.writable && !socket._httpMessage?.headersSent;
}

function answerOf(status: number, requestId: string): string {
	const text = STATUS_CODES[status] ?? "error";
	const body = JSON.stringify({ error: text.toLowerCase() });
	const lines = [
		`HTTP/1.1 ${status} ${text}`,
		"Connection: close",
		`${REQUEST_ID}: ${requestId}`,
		"Content-Type: application/json",
		`Content-Length: ${Buffer.byteLength(body)}`,
	];
	return `${lines.join("\r\n")}\r\n\r\n${body}`;
}
