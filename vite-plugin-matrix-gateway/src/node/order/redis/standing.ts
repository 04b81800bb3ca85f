/**
 * How the order fares: behind, where something goes wrong, and nothing of this node's own comes back
 * for a while [ORD15]. What heals sooner nobody notices.
 */
import type { OrderHealth } from "../../../core/order/order.ts";
import type { StandingEvent } from "./redis-event.ts";

export interface Standing {
	readonly health: OrderHealth;
	/** Something is wrong, in a sentence without a secret; since now, where nobody knows better. */
	trouble(reason: string, since?: number): void;
	/** Something of this node's own has come back. */
	cameBack(): void;
	/** Time has passed. */
	look(): void;
}

/** Milliseconds for which something may be wrong. */
const PATIENCE = 1_000;

interface Trouble {
	readonly reason: string;
	readonly since: number;
	/** The reason that was told last. */
	readonly told?: string;
}

/** It begins behind. */
export function createStanding(tell: (event: StandingEvent) => void): Standing {
	const start: Trouble = {
		reason: UNREAD,
		since: performance.now(),
		told: UNREAD,
	};
	let trouble: Trouble | undefined = start;

	return {
		get health(): OrderHealth {
			if (trouble?.told === undefined) return OK;
			return { state: "behind", reason: trouble.reason };
		},
		trouble(reason, since = performance.now()) {
			trouble = { ...(trouble ?? { since }), reason };
		},
		cameBack() {
			const { told, since } = trouble ?? {};
			trouble = undefined;
			if (told === undefined || since === undefined) return;
			const milliseconds = Math.round(performance.now() - since);
			tell({ event: "caughtUp", milliseconds });
		},
		look() {
			if (!trouble || performance.now() - trouble.since < PATIENCE) return;
			const { reason, told } = trouble;
			if (reason === told) return;
			trouble = { ...trouble, told: reason };
			tell({ event: "behind", reason });
		},
	};
}

const UNREAD = "it has not read yet all that is in Redis";

const OK: OrderHealth = { state: "ok" };
