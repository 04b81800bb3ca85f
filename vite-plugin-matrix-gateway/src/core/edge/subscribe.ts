/** From an `agent_subscribe` to its command: form, rate and room are judged here [SUB2, SUB4]. */
import type { Fields } from "../protocol/envelope.ts";
import { readInterest } from "../protocol/interest.ts";
import type { Interest } from "../protocol/message-types.ts";
import { isRefusal, type Refusal } from "../protocol/refusal.ts";
import type { Subscribe } from "../world/command.ts";
import { createFilter } from "../world/filter.ts";
import type { WorldState } from "../world/state.ts";
import type { Connection } from "./connection.ts";
import type { Host } from "./host.ts";
import { inSeconds } from "./intake.ts";
import type { Newcomers } from "./newcomers.ts";
import { createBucket } from "./token-bucket.ts";

/** What subscribing needs. */
export interface SubscriberParts {
	readonly host: Host;
	readonly world: WorldState;
	readonly newcomers: Pick<Newcomers, "makeRoom">;
	append(command: Subscribe): void;
}

/** Does an `agent_subscribe`, or says why not. */
export type Subscriber = (
	connection: Connection,
	fields: Fields,
) => Refusal | undefined;

export function createSubscriber(parts: SubscriberParts): Subscriber {
	const { host, world, newcomers, append } = parts;

	return (connection, { subscribe }) => {
		const interest = readInterest(subscribe);
		if (isRefusal(interest)) return interest;
		const refusal = chargeChange(connection, host.now());
		if (refusal) return refusal;
		const { grant, group, id: conn } = connection;
		const filter = createFilter(grant.subscribe, interest);
		const retained = world.retained.added(filter, group.audience.filter);
		const foreseen = { frames: [], retained };
		if (retained && !newcomers.makeRoom(connection, foreseen)) return undefined;
		connection.asked = interest;
		append({ type: "subscribe", conn, interest, answer: true });
		return undefined;
	};
}

/** Charges a registration that changes what its connection is sent; the first one is free [SUB4]. */
export function chargeAsked(
	connection: Connection,
	interest: Interest | undefined,
	now: number,
): Refusal | undefined {
	const { hasJoined, asked } = connection;
	if (!hasJoined || !interest || nameOf(interest) === nameOf(asked))
		return undefined;
	return chargeChange(connection, now);
}

/** Charges a connection for one change, or says when it may make it. */
function chargeChange(
	connection: Pick<Connection, "subscriptions">,
	now: number,
): Refusal | undefined {
	connection.subscriptions ??= createBucket(RATE, now);
	const bucket = connection.subscriptions;
	if (bucket.take(now)) return undefined;
	return { ...TOO_MANY, retryAfter: inSeconds(bucket.wait(now)) };
}

/** The same for all interests that let the same pass. */
function nameOf(interest: Interest | undefined): string | undefined {
	return createFilter(undefined, interest)?.name;
}

/** Each may be answered with much of what is retained. */
const RATE = { burst: 20, perSecond: 2 } as const;

const TOO_MANY: Refusal = {
	code: "rate_limited",
	message: `a connection changes what it is sent ${RATE.burst} times at once, then ${RATE.perSecond} times a second`,
};
