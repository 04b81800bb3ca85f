/** What a sender is told that asked for it with `receipt` on a directed message [RCPT]. */
import { message } from "../protocol/gateway-messages.ts";
import type { ReceiptStatus } from "../protocol/protocol.ts";
import type { ConnectionId } from "./command.ts";
import type { Session } from "./session-account.ts";

/** Who asked for a receipt, and by which name. */
export interface Receipt {
	readonly id: string;
	readonly target: string;
	/** The connection that it goes to, where its sender has no session. */
	readonly conn: ConnectionId;
	/** Its sender's session, whose connection may be another by the time of the answer. */
	readonly session: Session | undefined;
}

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
