/** What a gateway, or a hub for all its worlds, can do for an operator. */
import type { Gateway } from "../../../core/gateway.ts";
import type { Grant } from "../../../core/protocol/grant.ts";
import type { Worlds } from "../../worlds.ts";

/** One connection, by its id or by an agent that it has. */
export type Who =
	| { readonly agentId: string }
	| { readonly connectionId: string };

/** Absent where whoever made the gateway cannot. */
export interface Operable {
	disconnect?(who: Who): boolean;
	revoke?(token: string): void;
	isRevoked?(grant: Grant): boolean;
}

/** Whether a token was revoked that the host still knows. */
export function isRevoked(gateway: Gateway & Operable, grant: Grant): boolean {
	return gateway.isRevoked?.(grant) ?? false;
}

/** The same, where any of the worlds that are there knows of it. */
export function isRevokedAnywhere(
	worlds: Worlds & Operable,
	grant: Grant,
): boolean {
	if (worlds.isRevoked) return worlds.isRevoked(grant);
	return [...worlds.gateways.values()].some((one) => isRevoked(one, grant));
}

/** Ends a connection; false where there is none, undefined where it cannot be done. */
export function disconnect(
	gateway: Gateway & Operable,
	who: Who,
): boolean | undefined {
	return gateway.disconnect?.(who);
}

/** Lets a token in no more, in any world. False where it cannot be done. */
export function revoke(worlds: Worlds & Operable, token: string): boolean {
	const able: Operable[] = worlds.revoke
		? [worlds]
		: [...(worlds.gateways.values() as Iterable<Gateway & Operable>)];
	for (const one of able) one.revoke?.(token);
	return able.some((one) => one.revoke !== undefined);
}
