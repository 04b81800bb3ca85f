/**
 * Answers to pings. A client forgets what it is told has come of it [RES5], so it is told no more
 * than what outlives a power cut; the rest in a second `pong`, once that does as well [ORD16].
 */
import type { Order } from "../order/order.ts";
import { type Connection, isOpen } from "./connection.ts";

export interface Pongs {
	/** Answers a ping; in a session with how many messages came of it, as far as that is safe. */
	answer(connection: Connection, received: number | undefined): void;
	/** Its client has been told so many with the answer to its resume. */
	resumed(connection: Connection, received: number): void;
}

/** What pongs need. */
export interface PongParts {
	/** Made later than this. */
	readonly order: () => Pick<Order, "whenSafe">;
	send(connection: Connection, received: number | undefined): void;
	/** What the order calls back to is not within any operation. */
	guard(work: () => void): void;
}

/** What a connection's session was told. */
interface Told {
	/** Of its session: a connection may have several, one after the other. */
	readonly token: string | undefined;
	safe: number;
	latest: number;
	isAsking: boolean;
}

export function createPongs({ order, send, guard }: PongParts): Pongs {
	// Empty where the order knows no difference.
	const all = new WeakMap<Connection, Told>();

	function put(connection: Connection, safe: number): Told {
		const { token } = connection;
		const told = { token, safe, latest: safe, isAsking: false };
		all.set(connection, told);
		return told;
	}

	function toldOf(connection: Connection): Told {
		const told = all.get(connection);
		return told?.token === connection.token && told ? told : put(connection, 0);
	}

	function ask(
		connection: Connection,
		told: Told,
		whenSafe: NonNullable<Order["whenSafe"]>,
	): void {
		const { latest } = told;
		let isLater = false;
		told.isAsking = true;
		whenSafe(() => {
			told.isAsking = false;
			told.safe = latest;
			if (!isLater || !isOpen(connection) || toldOf(connection) !== told)
				return;
			if (told.latest > latest) ask(connection, told, whenSafe);
			send(connection, told.safe);
		});
		isLater = true;
	}

	return {
		answer(connection, received) {
			const { whenSafe } = order();
			if (received === undefined || !whenSafe) {
				send(connection, received);
				return;
			}
			const told = toldOf(connection);
			told.latest = received;
			if (received > told.safe && !told.isAsking)
				ask(connection, told, (callback) => whenSafe(() => guard(callback)));
			send(connection, told.safe);
		},
		resumed(connection, received) {
			if (order().whenSafe) put(connection, received);
		},
	};
}
