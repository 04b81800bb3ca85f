/** What one path and method answer, and to whom. */
import type { H3Event } from "h3";
import type { Grant } from "../../core/protocol/grant.ts";
import type { ConnectionLimits } from "../connection-limits.ts";
import type { Worlds } from "../worlds.ts";
import type { Operation } from "./openapi/operation.ts";
import type { Act } from "./operate/operated.ts";
import type { Room } from "./room.ts";

/** One line of the table of endpoints. */
export interface Endpoint {
	readonly path: `/${string}`;
	/** `GET` answers `HEAD` as well [HTTP4]. */
	readonly method: "GET" | "POST" | "DELETE";
	readonly guard: Guard;
	/** For the document of all of them [HTTP11]. */
	readonly describes: Operation;
	/** Answers with what becomes JSON, with a text, or with a stream. */
	handle(asked: Asked): object | string | Promise<object | string>;
}

/**
 * Who is answered: `anybody`; who comes from where it may and shows a `token`, where one is asked
 * for [HTTP3]; or of these an `operator` alone, whose grant says so [HTTP12].
 */
export type Guard = "anybody" | "token" | "operator";

/** A request that was let in. */
export interface Asked {
	readonly event: H3Event;
	readonly worlds: Worlds;
	/** What its token allows; of an endpoint that anybody may ask, nothing. */
	readonly grant: Grant;
	/** Of who asks [CON13]. */
	readonly address: string | undefined;
	readonly limits: ConnectionLimits;
	readonly room: Room;
	/** Tells the host what an operator has done. */
	tellOperated(act: Act): void;
	/** The name of whose token it is, where that is known at once. */
	nameOf(token: string): string | undefined;
}
