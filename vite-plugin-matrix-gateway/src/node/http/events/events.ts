/** `GET /api/gateway/events`: what a viewer gets, as Server-Sent Events [HTTP9]. */
import type { H3Event } from "h3";
import { count } from "../../../core/edge/meters.ts";
import type { CloseStatus } from "../../../core/protocol/protocol.ts";
import { countsOf, isNoRoom, takeConnection } from "../../connection-limits.ts";
import {
	refuse,
	refuseClosed,
	refuseForNow,
	refuseNoRoom,
} from "../answers.ts";
import type { Asked } from "../endpoint.ts";
import { enterWorld } from "../world.ts";
import { openEventStream } from "./event-stream.ts";
import { namedEvent } from "./event-text.ts";
import { parseTypes } from "./type-filter.ts";

export async function answerEvents(asked: Asked): Promise<object> {
	const { event, room } = asked;
	const query = event.url.searchParams;
	const filter = parseTypes(query.get("types"));
	if (!filter)
		return refuse(
			event,
			400,
			"`types` is a list of types, with commas between",
		);
	const entered = await enterWorld(asked);
	if ("answer" in entered) return orStream(event, entered.answer);
	const leave = room.listeners.take();
	if (!leave) return orStream(event, refuseForNow(event, FULL));
	const taken = countOne(asked);
	if (isNoRoom(taken)) {
		leave();
		return orStream(event, refuseNoRoom(event, taken));
	}
	const giveBack = () => {
		taken();
		leave();
	};
	if (event.req.method === "HEAD") {
		giveBack();
		return toStream(event, "");
	}
	const { refused, body } = openEventStream(entered.gateway, {
		grant: asked.grant,
		...filter,
		lastId: lastIdOf(event),
		onEnd: giveBack,
	});
	if (!refused) return toStream(event, body);
	void body.cancel();
	return orStream(event, refuseClosed(event, refused), refused);
}

/** As one connection among all that there are [CON13]. */
function countOne({ worlds, grant, address, limits }: Asked) {
	const counts = countsOf(worlds);
	const taken = takeConnection({ address, key: grant.key }, counts, limits);
	if (isNoRoom(taken)) count(counts.refused, taken.status);
	return taken;
}

const FULL = "too many listen already, try again";

/** A page can set no header, but for the one that its browser sets when it comes back. */
function lastIdOf({ req, url }: H3Event): string | undefined {
	const id =
		req.headers.get("last-event-id") ?? url.searchParams.get("lastEventId");
	return id || undefined;
}

/**
 * A browser's `EventSource` never comes back after another status than 200. So what will pass is
 * told to it in a stream that ends.
 */
function orStream(
	event: H3Event,
	answer: object,
	{ code, reason }: CloseStatus = PASSING,
): object {
	const isEventSource = event.req.headers
		.get("accept")
		?.includes("text/event-stream");
	if (event.res.status !== 503 || !isEventSource) return answer;
	const more = { retry: Math.round(1000 + Math.random() * 2000) };
	const end = namedEvent("close", { code, reason }, more);
	return toStream(event, end);
}

const PASSING: CloseStatus = { code: 1013, reason: "try again later" };

function toStream({ res }: H3Event, body: ReadableStream | string): object {
	res.status = 200;
	res.headers.delete("retry-after");
	res.headers.set("content-type", "text/event-stream");
	res.headers.set("cache-control", "no-store, no-transform");
	// nginx would collect it.
	res.headers.set("x-accel-buffering", "no");
	return body as object;
}
