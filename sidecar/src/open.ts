/** Whether a gateway asks anybody for a token. */

/** Settings each of which has clients show who they are. */
const CREDENTIALS = ["token", "tokens", "jwtJwks", "jwtSecret"] as const;

/** Whether whoever reaches the gateway may connect: where that is so, it listens on this machine alone. */
export function isOpen(
	settings: Partial<Record<(typeof CREDENTIALS)[number], unknown>>,
): boolean {
	return CREDENTIALS.every((name) => settings[name] === undefined);
}
