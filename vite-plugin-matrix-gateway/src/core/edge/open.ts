/** A socket's first moments in the gateway. */
import type { Grant } from "../protocol/grant.ts";
import type { ResolvedOptions } from "../protocol/options.ts";
import { CLOSE, type CloseStatus } from "../protocol/protocol.ts";
import { createFilter } from "../world/filter.ts";
import type { WorldState } from "../world/state.ts";
import {
	type Connection,
	createConnection,
	type Refresh,
	stopDeadline,
} from "./connection.ts";
import {
	type ConnectionHandle,
	Handle,
	type HandleParts,
} from "./connection-handle.ts";
import type { Connections } from "./connections.ts";
import { EVERY_ERROR } from "./error-budget.ts";
import type { GatewayEvent } from "./events.ts";
import { toWireSocket } from "./framing.ts";
import type { GrantClock } from "./grant-clock.ts";
import type { Groups } from "./groups.ts";
import type { Heartbeat } from "./heartbeat.ts";
import type { Host, Socket } from "./host.ts";
import type { SharedAccount } from "./intake.ts";
import type { Newcomers } from "./newcomers.ts";

/** What opening needs. */
export interface OpenerParts extends HandleParts {
	readonly host: Host;
	readonly options: Pick<ResolvedOptions, "requireRegistration">;
	readonly world: WorldState;
	readonly connections: Connections;
	readonly heartbeat: Heartbeat;
	readonly newcomers: Newcomers;
	readonly grantClock: GrantClock;
	readonly groups: Groups;
	/** The close that newcomers get, while the gateway shuts down [SH1]. */
	readonly drainStatus: () => CloseStatus | undefined;
	emit(event: GatewayEvent): void;
}

/**
 * Puts a socket in.
 * @throws TypeError where the socket cannot take what its host makes.
 */
export type Opener = (
	socket: Socket,
	grant?: Grant,
	refresh?: Refresh,
) => ConnectionHandle;

export function createOpener(parts: OpenerParts): Opener {
	const { host, world, connections, heartbeat, newcomers, emit } = parts;
	const { failures, closer, grantClock, groups } = parts;

	function begin(connection: Connection): void {
		heartbeat.add(connection);
		const { name } = connection.grant;
		const who = name === undefined ? {} : { name };
		emit({ event: "connected", connectionId: connection.id, ...who });
		const isBroken = failures.isBroken();
		const close = isBroken
			? CLOSE.internalError
			: (parts.drainStatus() ?? refusalOf(connection.grant));
		if (close) closer.close(connection, close);
		else {
			grantClock.watch(connection);
			if (connection.socket.listening) listen(connection);
			else newcomers.awaitRegistration(connection);
		}
	}

	/** Its host may not have known, or it came about while it was judged. */
	function refusalOf(grant: Grant): CloseStatus | undefined {
		if (world.revoked.has(grant.key)) return CLOSE.unauthorized;
		return grantClock.hasEnded(grant) ? CLOSE.tokenExpired : undefined;
	}

	/** It says nothing, so that there is nothing to wait for. */
	function listen(connection: Connection): void {
		if (parts.options.requireRegistration)
			closer.close(connection, CLOSE.forbidden);
		else newcomers.becomeViewer(connection);
	}

	return (socket, grant = {}, refresh) => {
		const wire = toWireSocket(host, socket);
		const id = host.randomId();
		const release = world.log.hold();
		const group = groups.enter(createFilter(grant.subscribe, undefined));
		const cut = newcomers.cutHere(group);
		const phase = { state: "new", release, ...cut } as const;
		const now = host.now();
		const given = [grant, group, phase, now, refresh] as const;
		const connection = createConnection(id, wire, ...given);
		if (wire.isDeaf) connection.errors = EVERY_ERROR;
		connections.add(connection);
		try {
			begin(connection);
		} catch (error) {
			// The host ends its socket: nobody will tell that it has closed.
			connections.remove(connection);
			heartbeat.remove(connection);
			grantClock.forget(connection);
			groups.leave(connection);
			stopDeadline(connection);
			release();
			throw error;
		}
		const { intakeAccount: shared } = wire;
		return new Handle(connection, shared ? chargedTo(shared, parts) : parts);
	};
}

/** Not asked about for each message of everybody: it is few connections that share an account. */
function chargedTo(account: SharedAccount, parts: HandleParts): HandleParts {
	const { receive, closer, flusher, failures, append } = parts;
	return {
		...{ closer, flusher, failures, append },
		receive(connection, payload, isBinary) {
			connection.registrations = account.registrations;
			receive(connection, payload, isBinary, account);
			account.registrations = connection.registrations;
			connection.lastMessageAt = account.lastMessageAt;
		},
	};
}
