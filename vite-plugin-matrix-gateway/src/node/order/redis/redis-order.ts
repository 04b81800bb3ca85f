/** A stream in Redis or Valkey as the order, which several nodes share [ORD11 to ORD15]. */
import { createLiveness } from "../../../core/order/liveness.ts";
import type {
	CreateOrder,
	Order,
	OrderNode,
} from "../../../core/order/order.ts";
import type { NodeId } from "../../../core/world/command.ts";
import type { Address } from "./address.ts";
import { createAppender } from "./appender.ts";
import type { Connect } from "./connection.ts";
import { createHistory } from "./history.ts";
import { createKeeper, type KeeperPace } from "./keeper.ts";
import type { Keys } from "./keys.ts";
import { createLines } from "./lines.ts";
import { createMember } from "./member.ts";
import type { RedisEvent } from "./redis-event.ts";
import { createStanding } from "./standing.ts";

/** What such an order needs. */
export interface RedisOrderParts {
	readonly address: Address;
	readonly keys: Keys;
	readonly connect: Connect;
	/** Nodes in whose place this one comes [ORD13]. */
	readonly replaces?: readonly NodeId[] | undefined;
	/** Told what happens; it never throws. */
	tell(event: RedisEvent): void;
	readonly pace?: KeeperPace;
	/** Milliseconds for which a node may say nothing. */
	readonly lease?: number;
}

/** Milliseconds between two looks at who is silent, and at what does not come back. */
const LOOK = 250;

/** Milliseconds after which what was appended should have come back. */
const LATE = 1_000;

/** Milliseconds for which an end waits for what was appended. */
const LAST_WAIT = 2_000;

/** Makes the order at once; it is behind until it has read all that there is. */
export function createRedisOrder(parts: RedisOrderParts): CreateOrder {
	return (node) => begin(parts, node);
}

function begin(parts: RedisOrderParts, node: OrderNode): Order {
	const { tell, replaces } = parts;
	const now = () => performance.now();
	const standing = createStanding((event) =>
		tell({ ...event, redis: parts.address.name }),
	);
	const appender = createAppender(node.id);
	const liveness = createLiveness({ node: node.id, lease: parts.lease, now });
	const history = createHistory({
		node,
		inFlight: () => appender.inFlight,
		heard(entry) {
			liveness.heard(entry);
			if (!appender.read(entry)) return;
			standing.cameBack();
			lines.worked();
		},
	});
	const keeper = createKeeper(node, history, parts.pace);
	const member = createMember({
		...parts,
		...{ node, history, appender, liveness, keeper },
	});
	const lines = createLines({
		...parts,
		serve: member.serve,
		trouble: (reason) => standing.trouble(reason),
	});
	const timer = setInterval(look, LOOK).unref();

	function look(): void {
		if (node.hasEnded) return;
		if (member.hasBegun) watch();
		standing.look();
	}

	function watch(): void {
		const { waitsSince } = appender;
		if (lines.isOpen && waitsSince !== undefined && now() - waitsSince > LATE)
			standing.trouble("Redis gives nothing back", waitsSince);
		for (const gone of liveness.vanished(node.members())) appender.append(gone);
	}

	async function end(): Promise<void> {
		if (!node.hasEnded && member.hasBegun)
			await Promise.race([emptied(), pause(LAST_WAIT)]);
		clearInterval(timer);
		appender.stop();
		await lines.end();
	}

	const emptied = () => new Promise<void>(appender.whenEmpty);
	let closing: Promise<void> | undefined;

	return {
		append: appender.append,
		gathers: true,
		isShared: true,
		get isFull() {
			return appender.isFull;
		},
		replaces,
		get health() {
			return standing.health;
		},
		close() {
			closing ??= end();
			return closing;
		},
	};
}

function pause(milliseconds: number): Promise<void> {
	return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
