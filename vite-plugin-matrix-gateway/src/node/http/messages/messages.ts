/** `POST /api/gateway/messages`: messages of whoever has no WebSocket [HTTP7]. */
import type { H3Event } from "h3";
import type { CloseStatus } from "../../../core/protocol/protocol.ts";
import {
	refuse,
	refuseClosed,
	refuseForNow,
	refuseTooMuch,
} from "../answers.ts";
import type { Asked } from "../endpoint.ts";
import { readBody } from "../read-body.ts";
import { enterWorld } from "../world.ts";
import { Closed, type Result, type Speaker, withSpeaker } from "./speaker.ts";
import { splitBody } from "./split-body.ts";

/** Messages of one request. */
export const MAX_MESSAGES = 100;

/** How many of the largest messages have room in one request. */
export const MAX_LARGEST = 16;

export async function answerMessages(asked: Asked): Promise<object> {
	const { event, worlds, grant, address, room } = asked;
	event.res.headers.set("cache-control", "no-store");
	const maxBytes = worlds.maxPayload * MAX_LARGEST;
	const read = await readBody(event, room, maxBytes);
	if ("answer" in read) return read.answer;
	const messages = messagesOf(event, read.body, worlds.maxPayload);
	if (!Array.isArray(messages)) return messages;
	const entered = await enterWorld(asked);
	if ("answer" in entered) return entered.answer;
	const { gateway } = entered;
	if (!gateway.ready)
		return refuseForNow(event, "what keeps the order does not answer");
	const leave = room.speakers.take();
	if (!leave) return refuseForNow(event, "too many requests at once");
	try {
		const account = room.accounts.of(grant, address);
		return await withSpeaker(gateway, { grant, account }, (speaker) =>
			sayAll(event, speaker, messages),
		);
	} finally {
		leave();
	}
}

/** Nothing is done where one of them cannot be. */
function messagesOf(
	event: H3Event,
	body: Uint8Array,
	maxPayload: number,
): Uint8Array[] | object {
	let messages: Uint8Array[];
	try {
		messages = splitBody(body);
	} catch {
		return refuse(event, 400, "no message, nor an array", "bad_message");
	}
	if (messages.length > MAX_MESSAGES)
		return refuse(event, 413, `a request has at most ${MAX_MESSAGES} messages`);
	if (messages.some(({ byteLength }) => byteLength > maxPayload))
		return refuse(event, 413, `a message has at most ${maxPayload} bytes`);
	return messages;
}

/** One after the other, as long as the client is there to be told. */
async function sayAll(
	event: H3Event,
	speaker: Speaker,
	messages: readonly Uint8Array[],
): Promise<object> {
	const results: Result[] = [];
	try {
		for (const message of messages) {
			if (event.req.signal.aborted) break;
			const result = await speaker.say(message);
			results.push(result);
			const wait = waitAfter(result);
			if (wait !== undefined) return { ...refuseTooMuch(event, wait), results };
		}
		return { results };
	} catch (error) {
		if (!(error instanceof Closed)) throw error;
		// What became of the next message is not known, and no later one was done.
		return { ...refuseEnded(event, speaker.closing), results };
	}
}

/** Seconds until more may be said, where a message was too much [ERR5]. Nor is any after it done. */
function waitAfter(result: Result): number | undefined {
	if (!("error" in result)) return undefined;
	const { code, retryAfter } = result.error as Record<string, unknown>;
	return code === "rate_limited" ? Number(retryAfter ?? 1) : undefined;
}

function refuseEnded(event: H3Event, closing?: CloseStatus): object {
	if (closing) return refuseClosed(event, closing);
	return refuseForNow(event, "what keeps the order does not answer");
}
