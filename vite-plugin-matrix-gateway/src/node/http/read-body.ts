/** The body of a request, which is JSON, in a bounded time and size [HTTP8]. */
import type { H3Event } from "h3";
import { refuse, refuseForNow } from "./answers.ts";
import type { Room } from "./room.ts";

/** Milliseconds for a body to be all there. */
export const BODY_TIMEOUT = 10_000;

/** The bytes; or what is answered instead. */
export async function readBody(
	event: H3Event,
	room: Room,
	maxBytes: number,
	timeout: number = BODY_TIMEOUT,
): Promise<{ body: Buffer } | { answer: object }> {
	if (!isJson(event)) {
		const reason = "what is sent is of the type application/json";
		return { answer: refuse(event, 415, reason) };
	}
	const told = Number(event.req.headers.get("content-length") ?? 0);
	if (told > maxBytes) return tooLarge(event, maxBytes);
	const leave = room.bodies.take();
	if (!leave) return { answer: refuseForNow(event, "too many requests") };
	const held: (() => void)[] = [leave];
	try {
		return await collect(event, room, { maxBytes, timeout, held });
	} finally {
		for (const release of held) release();
	}
}

/** Simple requests, which a page sends without a preflight, have other types. */
function isJson({ req: { headers } }: H3Event): boolean {
	const [type = ""] = (headers.get("content-type") ?? "").split(";");
	const encoding = headers.get("content-encoding") ?? "identity";
	return (
		type.trim().toLowerCase() === "application/json" && encoding === "identity"
	);
}

interface Bounds {
	readonly maxBytes: number;
	readonly timeout: number;
	/** Gets what is to be given back. */
	readonly held: (() => void)[];
}

async function collect(
	event: H3Event,
	{ bytes }: Room,
	{ maxBytes, timeout, held }: Bounds,
): Promise<{ body: Buffer } | { answer: object }> {
	const reader = event.req.body?.getReader();
	if (!reader) return { body: Buffer.alloc(0) };
	let isLate = false;
	const timer = setTimeout(() => {
		isLate = true;
		void reader.cancel().catch(() => {});
	}, timeout);
	const parts: Uint8Array[] = [];
	let length = 0;
	try {
		for (;;) {
			const { done, value } = await reader.read();
			if (isLate) return { answer: refuseRest(event, 408, "too slow") };
			if (done) return { body: Buffer.concat(parts, length) };
			length += value.byteLength;
			if (length > maxBytes) return tooLarge(event, maxBytes);
			const release = bytes.take(value.byteLength);
			if (!release) {
				closeAfter(event);
				return { answer: refuseForNow(event, "too many requests") };
			}
			held.push(release);
			parts.push(value);
		}
	} catch {
		return { answer: refuseRest(event, 400, "the body broke off") };
	} finally {
		clearTimeout(timer);
	}
}

function tooLarge(event: H3Event, maxBytes: number): { answer: object } {
	const reason = `a request has at most ${maxBytes} bytes`;
	return { answer: refuseRest(event, 413, reason) };
}

/** Nobody reads what is still to come, so that nothing else can come on this connection. */
function refuseRest(event: H3Event, status: number, reason: string): object {
	closeAfter(event);
	return refuse(event, status, reason);
}

function closeAfter({ res, runtime }: H3Event): void {
	// HTTP/2 ends the stream alone, and knows no such header.
	if (runtime?.node?.req.httpVersionMajor === 1)
		res.headers.set("connection", "close");
}
