import { closeConnection } from "./edge/close.ts";
import type { Connection } from "./edge/connection.ts";
import { createErrorBudget } from "./edge/error-budget.ts";
import { type Hub, tell } from "./hub.ts";
import type { Refusal } from "./protocol/envelope.ts";
import { error } from "./protocol/gateway-messages.ts";
import { CLOSE } from "./protocol/protocol.ts";

/** Answers a message that is not done as asked, as often as its sender may be answered [ERR2]. */
export function refuse(hub: Hub, connection: Connection, why: Refusal): void {
	hub.totals.errors++;
	const now = hub.host.now();
	connection.errors ??= createErrorBudget(now);
	const verdict = connection.errors.spend(now);
	if (verdict === "close") closeConnection(hub, connection, CLOSE.rateLimit);
	else if (verdict === "send") tell(hub, connection, error(why));
}
