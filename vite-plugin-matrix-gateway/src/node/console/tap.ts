/** `GET /__matrix/api/tap`: all that happens in one world, as it happens [OPS3]. */
import type { GatewayEvent } from "../../core/edge/events.ts";
import type { Tapped } from "../../core/edge/tap.ts";
import type { Gateway } from "../../core/gateway.ts";
import type { Grant } from "../../core/protocol/grant.ts";
import { isOnList } from "../../core/protocol/names.ts";
import { refuseForNow } from "../http/answers.ts";
import type { Asked } from "../http/endpoint.ts";
import type { Places } from "../http/room.ts";
import { findWorld } from "../http/world.ts";
import { isExpired } from "../tokens/grant-fields.ts";
import type { Worlds } from "../worlds.ts";
import {
	createTapQueue,
	EMPTY_BATCH,
	TAP_BOUND,
	type TapQueue,
} from "./tap-queue.ts";

/** Taps that are open at once. */
export const MAX_TAPS = 16;

/**
 * Milliseconds between two batches: nobody reads faster, and each takes 0.4 ms of the process by its timer, its stream and
 * its write, as much as to hear a thousand messages does.
 */
const PERIOD = 250;

export function answerTap(asked: Asked, places: Places): object {
	const { event, worlds, grant } = asked;
	const found = findWorld(asked);
	if ("answer" in found) return found.answer;
	const leave = places.take();
	if (!leave) return refuseForNow(event, "too many taps are open");
	const { headers } = event.res;
	headers.set("content-type", "application/octet-stream");
	headers.set("cache-control", "no-store, no-transform");
	headers.set("x-accel-buffering", "no");
	if (event.req.method === "HEAD") {
		leave();
		return Buffer.alloc(0);
	}
	return openTap(found.gateway, { worlds, grant, leave });
}

interface TapParts {
	readonly worlds: Pick<Worlds, "isRevoked" | "isStale" | "regrants">;
	readonly grant: Grant;
	leave(): void;
}

/** A stream that asks for a batch when the one before it has gone to the operating system. */
function openTap(
	gateway: Gateway,
	{ worlds, grant, leave }: TapParts,
): ReadableStream<Uint8Array> {
	const queue = createTapQueue(TAP_BOUND);
	const { regrants } = worlds;
	let isAsked = false;
	let controller: ReadableStreamDefaultController<Uint8Array>;
	const shut = gateway.tap(listenerOf(queue, grant));
	const timer = setInterval(give, PERIOD);

	function end(): void {
		clearInterval(timer);
		shut();
		leave();
	}

	/** Who reads is judged anew where its token may allow another thing by now. */
	function mayRead(): boolean {
		const isOver = worlds.isRevoked(grant) || isExpired(grant);
		return !isOver && !worlds.isStale(grant, regrants) && !gateway.draining;
	}

	function give(): void {
		if (!mayRead()) {
			end();
			controller.close();
			return;
		}
		const batch = isAsked ? queue.take() : undefined;
		if (!batch) return;
		isAsked = false;
		controller.enqueue(batch);
	}

	return new ReadableStream<Uint8Array>(
		{
			start(given) {
				controller = given;
				given.enqueue(EMPTY_BATCH);
			},
			pull() {
				isAsked = true;
			},
			cancel: end,
		},
		{ highWaterMark: 0 },
	);
}

/** What is for one is for who may overhear it; of all else what the grant allows to be sent [GRANT1]. */
function listenerOf(queue: TapQueue, grant: Grant) {
	const { subscribe, overhear = false } = grant;
	return {
		hear(tapped: Tapped) {
			const { messageType, target } = tapped;
			const isAllowed =
				messageType === undefined || isOnList(subscribe, messageType);
			if (isAllowed && (overhear || target === undefined)) queue.add(tapped);
			else queue.hide();
		},
		happened(event: GatewayEvent) {
			if (!TOLD_OTHERWISE.has(event.event))
				queue.addEvent(JSON.stringify(event, withoutTrace));
		},
	};
}

/** The gateway tells everybody of these by messages. */
const TOLD_OTHERWISE: ReadonlySet<string> = new Set(["joined", "left"]);

function withoutTrace(_: string, value: unknown): unknown {
	return value instanceof Error ? value.message : value;
}
