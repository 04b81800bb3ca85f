/** At any time one connection has a name: what is sent to it comes to that one, and to no other. */
import type { Owner, Records } from "./records.ts";

/** Returns what two owners at a time would show in, in words. */
export function findOwnerFaults({
	owners,
	probes,
}: Pick<Records, "owners" | "probes">): string[] {
	return [
		...owners.flatMap(findLateProbes),
		...findDoubledProbes(owners),
		...findReturns(owners),
		...findUntrueReceipts(owners, probes),
	];
}

function findLateProbes({ events }: Owner): string[] {
	const end = events.indexOf("replaced");
	return end < 0
		? []
		: events
				.slice(end + 1)
				.map((event) => `probe ${event} came to who was replaced`);
}

function findDoubledProbes(owners: readonly Owner[]): string[] {
	const seen = new Set<number>();
	return owners.flatMap(probesOf).flatMap((probe) => {
		if (seen.has(probe)) return [`probe ${probe} came twice`];
		seen.add(probe);
		return [];
	});
}

/** A name that went over to another connection never comes back to the one before. */
function findReturns(owners: readonly Owner[]): string[] {
	const all = owners
		.flatMap((owner) => probesOf(owner).map((probe) => ({ owner, probe })))
		.sort((one, other) => one.probe - other.probe);
	const over = new Set<Owner>();
	let current: Owner | undefined;
	return all.flatMap(({ owner, probe }) => {
		if (current && owner !== current) over.add(current);
		current = owner;
		return over.has(owner) ? [`probe ${probe} came to an owner of before`] : [];
	});
}

function findUntrueReceipts(
	owners: readonly Owner[],
	probes: readonly string[],
): string[] {
	const arrived = new Set(owners.flatMap(probesOf));
	return probes.flatMap((told, probe) =>
		told === "offline" && arrived.has(probe)
			? [`probe ${probe} came, and its sender was told "offline"`]
			: [],
	);
}

function probesOf({ events }: Owner): number[] {
	return events.filter((event) => event !== "replaced");
}
