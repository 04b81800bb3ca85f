/** Sockets that listen already and were handed to this process, as systemd's socket units do. */
import type { Place } from "./places.ts";

/** The first of them, by that protocol. */
const FIRST_FD = 3;

/**
 * The sockets that `LISTEN_FDS` tells of, where they are for this process (`LISTEN_PID`). The
 * variables are removed, so that no child takes them for its own.
 */
export function takeHandedSockets(
	environment: NodeJS.ProcessEnv,
	pid: number,
): readonly Place[] {
	const { LISTEN_FDS, LISTEN_PID } = environment;
	for (const name of ["LISTEN_FDS", "LISTEN_PID", "LISTEN_FDNAMES"])
		delete environment[name];
	if (LISTEN_PID !== `${pid}` || !/^\d{1,3}$/.test(LISTEN_FDS ?? "")) return [];
	return Array.from({ length: Number(LISTEN_FDS) }, (_, index) => ({
		fd: FIRST_FD + index,
	}));
}
