/** Another token in place of the one that a connection came with [AUTH6]. */
import type { Fields } from "../protocol/envelope.ts";
import { message, type Part } from "../protocol/gateway-messages.ts";
import type { Grant } from "../protocol/grant.ts";
import { badMessage, type Refusal } from "../protocol/refusal.ts";
import type { Renew } from "../world/command.ts";
import { TOKEN_REFUSED } from "../world/renew.ts";
import type { WorldState } from "../world/state.ts";
import { type Connection, isOpen, type Renewal } from "./connection.ts";
import type { Failures } from "./failures.ts";
import type { GrantClock } from "./grant-clock.ts";
import { rightsOf } from "./grants.ts";
import type { Groups } from "./groups.ts";
import type { Host } from "./host.ts";
import { createBucket } from "./token-bucket.ts";

/** What refreshing needs. */
export interface RefresherParts {
	readonly host: Host;
	readonly world: WorldState;
	readonly failures: Failures;
	readonly grantClock: GrantClock;
	/** Whether one more error would be told to its sender [ERR2]. */
	mayAnswer(connection: Connection): boolean;
	refuse(connection: Connection, refusal: Refusal): void;
	append(command: Renew): void;
}

/** Takes an `auth_refresh`, or says why not. What becomes of it is told later. */
export type Refresher = (
	connection: Connection,
	fields: Fields,
) => Refusal | undefined;

export function createRefresher(parts: RefresherParts): Refresher {
	const { host, world, failures, grantClock, append } = parts;

	function judged(connection: Connection, grant: Grant | null): void {
		const renewal = connection.renewal as Renewal;
		if (!isOpen(connection)) return;
		if (!grant || isOver(grant)) {
			renewal.isUnderWay = false;
			parts.refuse(connection, TOKEN_REFUSED);
			return;
		}
		renewal.grant = grant;
		append({
			type: "renew",
			conn: connection.id,
			grant: rightsOf(grant),
			answer: parts.mayAnswer(connection),
		});
	}

	function isOver(grant: Grant): boolean {
		return world.revoked.has(grant.key) || grantClock.hasEnded(grant);
	}

	/** It says nothing about the token [AUTH2]. */
	function failed(connection: Connection): void {
		(connection.renewal as Renewal).isUnderWay = false;
		if (isOpen(connection)) parts.refuse(connection, NOT_JUDGED);
	}

	async function judge(connection: Connection, token: string): Promise<void> {
		const grant = await connection.refresh?.(token).catch(() => undefined);
		try {
			if (grant === undefined) failed(connection);
			else judged(connection, grant);
		} catch (error) {
			failures.fail(connection, error);
		}
	}

	return (connection, { token }) => {
		if (typeof token !== "string" || token === "") return NO_TOKEN;
		const now = host.now();
		connection.renewal ??= {
			rate: createBucket(RATE, now),
			...{ isUnderWay: false, grant: undefined },
		};
		const { renewal } = connection;
		if (renewal.isUnderWay || !renewal.rate.take(now)) return TOO_MANY;
		renewal.isUnderWay = true;
		void judge(connection, token);
		return undefined;
	};
}

/** What tells a client that its other token holds. */
export interface RenewedParts {
	readonly grantClock: GrantClock;
	readonly groups: Groups;
	encode(...parts: readonly Part[]): Uint8Array;
	direct(connection: Connection, frame: Uint8Array): void;
}

/** What was judged has its place in the order, or was refused there. */
export function finishRenewal(
	connection: Connection,
	isDone: boolean,
	{ grantClock, groups, encode, direct }: RenewedParts,
): void {
	const { renewal } = connection;
	if (!renewal?.grant) return;
	const { grant } = renewal;
	renewal.grant = undefined;
	renewal.isUnderWay = false;
	if (!isDone) return;
	connection.grant = grant;
	grantClock.watch(connection);
	groups.watch(connection);
	const expires = grantClock.secondsLeft(connection);
	const type = "gateway_auth";
	const lasts = expires === undefined ? {} : { expires };
	direct(connection, encode(message({ type, ...lasts })));
}

/** A token costs its host a judgement, and may cost it a look at a database. */
const RATE = { burst: 5, perSecond: 0.1 } as const;

const NO_TOKEN = badMessage("`token` is a text, and not an empty one");

const NOT_JUDGED: Refusal = {
	code: "try_again",
	message:
		"the token could not be judged; what the one before allowed still holds",
};

const TOO_MANY: Refusal = {
	code: "rate_limited",
	message: `a connection shows one token at a time, ${RATE.burst} at once and then one each ${1 / RATE.perSecond} seconds`,
};
