/** What a sender is told that asked for it with `receipt` on a directed message [RCPT]. */
import { message } from "../protocol/gateway-messages.ts";
import type { ReceiptStatus } from "../protocol/protocol.ts";
import type { Receipt } from "./peer.ts";

/** A receipt, and what it is to say. */
export interface Settlement {
	readonly receipt: Receipt;
	readonly status: ReceiptStatus;
}

/** The receipt as a text. */
export function receiptText({ receipt, status }: Settlement): string {
	const { id, target } = receipt;
	return message({ type: "gateway_receipt", id, status, target_id: target });
}
