import type { Command } from "../../core/world/command.ts";

/** How commands get from a node into a journal, and are applied. */
export interface Writing {
	append(command: Command): void;
	/** Writes what was applied and is not written. */
	keep?(): void;
	/**
	 * Brings the journal and the world together, so that a snapshot of the one stands for the other.
	 * False where they are not: something is on its way, or the world is broken.
	 */
	settle(): boolean;
	/** Resolves when nothing is on its way. */
	end(): Promise<void>;
}
