/** Delivery receipts, which a sender asks for with `receipt` on a directed message [RCPT]. */
import type { Connection } from "../edge/connection.ts";
import { type Hub, tell } from "../hub.ts";
import { message } from "../protocol/gateway-messages.ts";
import type { ReceiptStatus } from "../protocol/protocol.ts";
import type { Exception } from "./session-account.ts";

/** Who asked for a receipt, and by which name. */
export interface Receipt {
	readonly id: string;
	readonly target: string;
	/** Its session, whose connection may be another by the time of the answer, or it alone. */
	readonly sender: { readonly connection: Connection };
}

/** Tells a sender what became of its message. */
export function sendReceipt(
	hub: Hub,
	{ id, target, sender }: Receipt,
	status: ReceiptStatus,
): void {
	const to = sender.connection;
	if (to.phase.state !== "live" && !to.session) return;
	const type = "gateway_receipt";
	tell(hub, to, message({ type, id, status, target_id: target }));
}

/** Tells the senders of messages that waited what became of them. */
export function settleReceipts(
	hub: Hub,
	exceptions: readonly Exception[],
	status: "delivered" | "dropped",
): void {
	for (const { receipt } of exceptions)
		if (receipt) sendReceipt(hub, receipt, status);
}
