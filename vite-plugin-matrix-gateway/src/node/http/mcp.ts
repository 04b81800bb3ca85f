/** `/mcp`, for LLMs: who asks, in which world, and with what; the rest is `src/mcp`, which is loaded where it is wanted. */
import type { Grant } from "../../core/protocol/grant.ts";
import type { OpenSocket } from "../memory-socket.ts";
import { refuse } from "./answers.ts";
import type { Asked } from "./endpoint.ts";
import { readBody } from "./read-body.ts";
import { enterWorld } from "./world.ts";

/** Where it is. */
export const MCP_PATH = "/mcp";

/** A request that was let in, with its body. */
export interface McpAsked {
	readonly request: Request;
	/** The text that was posted; undefined where it is no POST. */
	readonly body: string | undefined;
	readonly grant: Grant;
	/** The name of the world that it is for. */
	readonly world: string;
	/** Opens a socket at that world's gateway, with what the token allows. */
	readonly open: OpenSocket;
	/** Whether all worlds have ended. */
	isOver(): boolean;
}

/** What answers MCP clients. `createMcp` in `vite-plugin-matrix-gateway/mcp` makes one. */
export interface Mcp {
	answer(asked: McpAsked): Promise<Response>;
}

/** Whether MCP clients are served. */
export interface McpOption {
	/**
	 * What answers MCP clients at `/mcp`: `createMcp()` of `vite-plugin-matrix-gateway/mcp`. Without it
	 * nothing is at that path.
	 */
	readonly mcp?: Mcp | undefined;
}

export async function answerMcp(asked: Asked, mcp: Mcp): Promise<object> {
	const { event, worlds, grant, room } = asked;
	event.res.headers.set("cache-control", "no-store");
	let body: string | undefined;
	if (event.req.method === "POST") {
		// A message may be escaped in what carries it.
		const read = await readBody(event, room, 2 * worlds.maxPayload + HEAD);
		if ("answer" in read) return read.answer;
		body = read.body.toString();
	}
	const entered = await enterWorld(asked);
	if ("answer" in entered) return entered.answer;
	const { name: world } = entered;
	const open: OpenSocket = async (socket) => {
		const gateway = await worlds.enter(world);
		if ("open" in gateway) return gateway.open(socket, grant);
		throw new Error(gateway.reason);
	};
	try {
		const isOver = () => worlds.draining;
		const { req: request } = event;
		return await mcp.answer({ request, body, grant, world, open, isOver });
	} catch (error) {
		if (!(error instanceof McpUnavailable)) throw error;
		return refuse(event, 503, error.message);
	}
}

/** Bytes of a request beside the message in it. */
const HEAD = 64 * 1024;

/** It is wanted, and what it needs is not there. */
export class McpUnavailable extends Error {}

/** One that is loaded at its first request. */
export function lazyMcp(load: () => Promise<Mcp>): Mcp {
	let loading: Promise<Mcp> | undefined;
	return {
		async answer(asked) {
			loading ??= load();
			return (await loading).answer(asked);
		},
	};
}
