import type { Connection } from "./connection.ts";
import { closeConnection } from "./ending.ts";
import type { Refusal } from "./envelope.ts";
import { createErrorBudget } from "./errors.ts";
import { type Hub, tell } from "./hub.ts";
import { error } from "./messages.ts";
import { CLOSE } from "./protocol.ts";

/** Answers a message that is not done as asked, as often as its sender may be answered [ERR2]. */
export function refuse(hub: Hub, connection: Connection, why: Refusal): void {
	hub.totals.errors++;
	const now = hub.host.now();
	connection.errors ??= createErrorBudget(now);
	const verdict = connection.errors.spend(now);
	if (verdict === "close") closeConnection(hub, connection, CLOSE.rateLimit);
	else if (verdict === "send") tell(hub, connection, error(why));
}
