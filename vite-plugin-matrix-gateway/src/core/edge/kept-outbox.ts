/** Nobody is told of what would not outlive this process, where the order keeps it [ORD16]. */
import { createOutbox, type Outbox, type OutboxOptions } from "./outbox.ts";

/**
 * An outbox that has `keep` called before it writes anything.
 * @param keep Keeps what was appended; called often for nothing.
 */
export function createKeptOutbox(
	keep: () => void,
	options: OutboxOptions,
): Outbox {
	const { drain, flush, ...rest } = createOutbox(options);
	return {
		...rest,
		drain(connection) {
			keep();
			drain(connection);
		},
		flush() {
			keep();
			flush();
		},
	};
}
