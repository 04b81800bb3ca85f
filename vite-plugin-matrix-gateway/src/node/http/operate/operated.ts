/** What an operator has done, for a log [HTTP12]. */
import { isAgentId } from "../../../core/protocol/names.ts";

/** It holds no token. */
export interface Operated {
	readonly action: "disconnect" | "revoke" | "drain";
	/** The name of the operator's grant, where it has one. */
	readonly by?: string;
	/** What the request is called, also in its answer [HTTP5]. */
	readonly requestId: string;
	readonly remoteAddress: string | undefined;
	/** Of `disconnect`: in which world, whom, and whether it was there. */
	readonly world?: string;
	readonly agentId?: string;
	readonly connectionId?: string;
	readonly found?: boolean;
	/** Of `revoke`: the name of whose token it was, where the host knows that at once. */
	readonly name?: string;
}

/** What is told of operators. */
export interface OperatedOption {
	/** Told of each thing that an operator has done over HTTP, for a log. What it throws is dropped. */
	readonly onOperated?: ((operated: Operated) => void) | undefined;
}

/** The part that is not of every request. */
export type Act = Omit<Operated, "by" | "requestId" | "remoteAddress">;

/** As far as it can be a name: it is anybody's text, and may be anything. */
export function loggable<Name extends "agentId" | "connectionId">(
	name: Name,
	value: unknown,
): { readonly [Key in Name]?: string } {
	return isAgentId(value)
		? ({ [name]: value } as { readonly [Key in Name]?: string })
		: {};
}
