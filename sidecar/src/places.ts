/** Where the server listens. */
import { isOpen } from "./open.ts";
import type { Settings } from "./settings.ts";

/** An address and a port, or a socket that listens already and was handed to this process. */
export type Place = Address | { readonly fd: number };

export interface Address {
	readonly host: string;
	readonly port: number;
	/** Whether it may be that the machine has no such address. */
	readonly isOptional?: true;
}

/** Its default depends on whether anybody is asked for a token. */
type Where = Pick<Settings, "host" | "port"> & Parameters<typeof isOpen>[0];

/** Those that were handed over; else the places for these settings, the first of which there has to be. */
export function placesOf(
	settings: Where,
	[handed, ...others]: readonly Place[] = [],
): readonly [Place, ...Place[]] {
	if (handed) return [handed, ...others];
	const { host, port } = settings;
	if (host !== undefined) return [{ host, port }];
	if (!isOpen(settings)) return [{ host: EVERYWHERE, port }];
	// What `localhost` leads to: a client that is given one address of it may try no other.
	return [
		{ host: "127.0.0.1", port },
		{ host: "::1", port, isOptional: true },
	];
}

const EVERYWHERE = "0.0.0.0";
