/** The front door: the three storeys put together. ARCHITECTURE.md has the way through them. */
import { createBacklog } from "./edge/backlog.ts";
import { createBeginning } from "./edge/beginning.ts";
import { type Closer, createCloser } from "./edge/close.ts";
import type { Connection, Refresh } from "./edge/connection.ts";
import type { ConnectionHandle } from "./edge/connection-handle.ts";
import { createConnections } from "./edge/connections.ts";
import { createDrainer, type Ending, resolveShutdown } from "./edge/drain.ts";
import { createEffects } from "./edge/effects.ts";
import type { GatewayEvent } from "./edge/events.ts";
import { createFailures, guardHost } from "./edge/failures.ts";
import { createFlusher } from "./edge/flusher.ts";
import { encoderOf } from "./edge/framing.ts";
import type { Gateway, GatewayHost } from "./edge/gateway-api.ts";
import { createGrantClock } from "./edge/grant-clock.ts";
import { createGroups } from "./edge/groups.ts";
import { createHeartbeat } from "./edge/heartbeat.ts";
import { readInspection } from "./edge/inspect.ts";
import { type Listeners, withListeners } from "./edge/listeners.ts";
import { createLoudest } from "./edge/loudest.ts";
import { countEvent, createMeters, readMeters } from "./edge/meters.ts";
import { createMissedBytes } from "./edge/missed-bytes.ts";
import { createNewcomers } from "./edge/newcomers.ts";
import { createReporter } from "./edge/node-report.ts";
import { createOpener } from "./edge/open.ts";
import { createOperating, type Disconnected } from "./edge/operating.ts";
import { createOrderNode } from "./edge/order-node.ts";
import { createOutbox } from "./edge/outbox.ts";
import { createReceiver } from "./edge/receive.ts";
import { createRegistrar } from "./edge/register.ts";
import { createRegrantHistory } from "./edge/regrant-history.ts";
import { createRetainedBytes } from "./edge/retained-bytes.ts";
import { createSnapshotBudget } from "./edge/snapshot-budget.ts";
import { readStatus } from "./edge/status.ts";
import { createTaps } from "./edge/tap.ts";
import { createTicker } from "./edge/ticker.ts";
import { createTotals } from "./edge/totals.ts";
import { createWaitingReview } from "./edge/waiting-review.ts";
import { createMemoryOrder } from "./order/memory.ts";
import type { CreateOrder, EndReason, Order } from "./order/order.ts";
import { type GatewayOptions, resolveOptions } from "./protocol/options.ts";
import { CLOSE } from "./protocol/protocol.ts";
import { DEFAULT_WORLD } from "./protocol/world-name.ts";
import type { Command } from "./world/command.ts";
import { worldOptionsOf } from "./world/options.ts";
import { SILENCE } from "./world/silence.ts";
import type { WorldState } from "./world/state.ts";
import { createWorld } from "./world/world.ts";

export type { ConnectionHandle, Disconnected, Gateway, GatewayHost, Refresh };

/**
 * Creates a gateway on a host's clock, timers and frame encoder.
 * @param createOrder What gives its commands their place. Default: this process's memory.
 * @throws RangeError when an option is out of range.
 */
export function createGateway(
	given: GatewayHost,
	givenOptions?: GatewayOptions,
	createOrder: CreateOrder = createMemoryOrder,
): Gateway {
	const options = resolveOptions(givenOptions);
	const connections = createConnections();
	const totals = createTotals();
	const meters = createMeters();
	const emit = (event: GatewayEvent) => {
		countEvent(meters, event, connections);
		taps.happened(event);
		quietly(() => given.onEvent?.(event));
	};
	const taps = createTaps(
		() => world,
		() => effects,
	);
	// Until its order is made, which may replay what was kept, nothing waits and nobody is told.
	let isMade = false;
	let hasEnded = false;
	const regrantHistory = createRegrantHistory();
	let closing: Promise<void> | undefined;
	const failures = createFailures({
		...{ connections, totals, emit },
		isMade: () => isMade,
		broken(error) {
			drainer.broken();
			quietly(() => given.onBroken?.(error));
		},
		closer: () => closer,
	});
	const host = guardHost(given, failures);
	const node = host.randomId();
	const encode = encoderOf(host);
	// Once it has left its world to others, nothing that happens here concerns them.
	const append = (command: Command) => {
		if (!drainer.hasLeft()) order.append(command);
	};

	const { maxSnapshotBytes } = options;
	const backlog = createBacklog(host, {
		...options,
		budget: given.snapshotBudget ?? createSnapshotBudget(maxSnapshotBytes),
		tooSlow: (connection) => closer.closeTooSlow(connection),
	});
	const writing = {
		keep() {
			// What a broken gateway could not apply the next one is not to meet again.
			if (!failures.isBroken()) order.keep?.();
		},
		tooSlow: (connection: Connection) => closer.closeTooSlow(connection),
		directedWaits: (bytes: number) => flusher.directedWaits(bytes),
	};
	const groups = createGroups({
		world: () => world,
		move: (connection, group) => outbox.move(connection, group),
	});
	const outbox: Listeners = withListeners(
		createOutbox({
			groups,
			...writing,
			write(connection, bytes, count) {
				writing.keep();
				return backlog.write(connection, bytes, count);
			},
			broadcastWaits: (bytes) => flusher.broadcastWaits(bytes),
			compress: host.compress,
		}),
		{ ...{ host, options, backlog, ...writing }, world: () => world },
	);
	const heartbeat = createHeartbeat(host, {
		interval: options.heartbeatInterval,
		lost: (connection) => closer.prune(connection),
	});
	const grantClock = createGrantClock({
		host,
		expired: (connection) => closer.close(connection, CLOSE.tokenExpired),
	});
	const ticker = createTicker({ host, node, world: () => world, append });
	const edge = {
		...{ host, node, options, connections, totals, meters },
		...{ outbox, groups, backlog, encode, append, grantClock, failures },
	};
	const closer: Closer = createCloser({
		...{ ...edge, heartbeat, ticker, emit },
		loudest: createLoudest({ host, connections, world: () => world }),
		// Not the guarded one: who does not answer is cut off by a broken gateway too.
		host: given,
		closeTimeout: options.closeTimeout,
	});
	const effects = createEffects({
		...{ ...edge, closer, emit, ended },
		guard: failures.guard,
		order: () => order,
		newcomers: () => newcomers,
		world: () => world,
		waiting: ticker.watch,
		began: ticker.speak,
		ticked() {
			ticker.ticked();
			waitingReview.look();
		},
		regranted(key, grant) {
			regrantHistory.add(key);
			quietly(() => given.onRegranted?.(key, grant ?? null));
		},
		drained: () => drainer.drained(),
	});
	const world: WorldState = createWorld({
		options,
		codec: { encode, toUtf8: host.toUtf8 },
		effects: SILENCE,
	});
	const retainedBytes = createRetainedBytes(host.compress);
	const missedBytes = createMissedBytes(host, world.log);
	const newcomers = createNewcomers({
		...{ ...edge, world, closer },
		...{ retainedBytes, missedBytes },
	});
	const register = createRegistrar({ ...edge, world, newcomers });
	const receive = createReceiver({
		...{ ...edge, world, newcomers, closer, register },
		isFull: () => order.isFull === true,
	});
	const waitingReview = createWaitingReview({
		...{ host, append, world: () => world },
		worldName: given.worldName ?? DEFAULT_WORLD,
	});
	const order = createOrder(
		createOrderNode({
			...{ id: node, world, failures, taps, ended },
			hasEnded: () => hasEnded,
			applied: () => isMade && flusher.relieve(),
		}),
	);
	world.effects = createBeginning({
		...{ node, ended },
		began() {
			world.effects = taps.effects();
			newcomers.begin();
			waitingReview.begin();
		},
	});
	const flusher = createFlusher(
		host,
		order.gathers ? 0 : options.flushWindow,
		outbox,
		meters.flushes,
	);
	const drainer = createDrainer({
		...{ ...edge, world, flusher, closer },
		isBroken: failures.isBroken,
	});
	isMade = true;
	const { replaces } = order;
	order.append({ type: "up", options: worldOptionsOf(options), replaces });
	if (order.isShared) ticker.report(createReporter({ ...edge, world }));
	const open = createOpener({
		...{ ...edge, world, heartbeat, newcomers, emit },
		...{ receive, closer, flusher },
		drainStatus: drainer.status,
	});
	const operating = createOperating({
		...{ ...edge, world, order },
		worldName: given.worldName,
	});
	const startedAt = host.now();

	const isDraining = () =>
		failures.isBroken() || drainer.status() !== undefined;
	const isReady = () => !isDraining() && order.health?.state !== "behind";

	function ended(reason: EndReason): void {
		if (hasEnded) return;
		hasEnded = true;
		world.effects = SILENCE;
		ticker.stop();
		const { code, message } = reason;
		emit({ event: "ended", code, reason: message });
		const gone = drainer.end();
		closing ??= finish(gone);
		quietly(() => given.onEnded?.(reason));
	}

	async function finish(gone: Promise<void>): Promise<void> {
		try {
			await gone;
		} catch (error) {
			failures.break(error);
		} finally {
			ticker.stop();
			await order.close();
		}
	}

	return {
		nodeId: node,
		maxPayload: options.maxPayload,
		maxUnfinishedBytes: options.maxUnfinishedBytes,
		closeTimeout: options.closeTimeout,
		flushWindow: options.flushWindow,
		compresses: host.compress !== undefined,
		open,
		...operating,
		get regrants() {
			return regrantHistory.regrants;
		},
		isStale: regrantHistory.isStale,
		judgeWaiting: waitingReview.know,
		status: () =>
			readStatus({ ...edge, world, order }, startedAt, isDraining()),
		inspect: () => readInspection({ ...edge, world, order }),
		tap: taps.open,
		meters() {
			const { health } = order;
			return readMeters({ ...edge, world, health, isReady: isReady() });
		},
		get draining() {
			return isDraining();
		},
		get ready() {
			return isReady();
		},
		get health() {
			return order.health;
		},
		async close(given) {
			const shutdown = resolveShutdown(given);
			closing ??= finish(drainer.drain(shutdown, endingOf(order)));
			return closing;
		},
		async handOver(given) {
			const shutdown = resolveShutdown(given);
			if (closing) return undefined;
			closing = finish(drainer.drain(shutdown, "nothing"));
			await closing;
			return drainer.left();
		},
	};
}

function endingOf({ isShared, outlives }: Order): Ending {
	if (isShared) return "node";
	return outlives ? "nothing" : "world";
}

function quietly(tell: () => void): void {
	try {
		tell();
	} catch {
		// A log that fails must not take a connection with it.
	}
}
