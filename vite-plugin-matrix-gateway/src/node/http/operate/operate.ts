/** `POST /api/gateway/disconnect` and `/revoke`, for operators [HTTP12]. */
import type { Disconnected } from "../../../core/edge/operating.ts";
import { isOnList } from "../../../core/protocol/names.ts";
import { DEFAULT_WORLD } from "../../../core/protocol/world-name.ts";
import { isToken } from "../../token.ts";
import { NO_WORLD } from "../../worlds.ts";
import { refuse, refuseForNow } from "../answers.ts";
import type { Asked } from "../endpoint.ts";
import { Closed, withSpeaker } from "../messages/speaker.ts";
import { readBody } from "../read-body.ts";
import { worldNameOf } from "../world.ts";
import { loggable } from "./operated.ts";

/** Bytes of what an operator may ask. */
const MAX_BYTES = 64 * 1024;

/** Ends one connection of a world. */
export async function answerDisconnect(asked: Asked): Promise<object> {
	const { event, worlds, grant, tellOperated } = asked;
	const read = await readFields(asked);
	if ("answer" in read) return read.answer;
	const who = whoOf(read.fields);
	const { world = worldNameOf(event) } = read.fields;
	if (!who || typeof world !== "string")
		return refuse(event, 400, "`agentId` or `connectionId` says who", BAD);
	if (!isOnList(grant.worlds, world)) return refuse(event, 403, "forbidden");
	if (!worlds.gateways.has(world)) return refuse(event, 404, NO_WORLD);
	const found = worlds.disconnect(who, world);
	tellOperated({ action: "disconnect", world, found, ...whomOf(read.fields) });
	if (!found) return refuse(event, 404, "no such connection");
	return whenKept(asked, world, { disconnected: true });
}

/** Lets a token in no more, and ends all that lives by it, in all worlds. */
export async function answerRevoke(asked: Asked): Promise<object> {
	const { event, worlds, grant } = asked;
	const read = await readFields(asked);
	if ("answer" in read) return read.answer;
	const { token } = read.fields;
	if (typeof token !== "string" || !isToken(token))
		return refuse(event, 400, "`token` is a text that can be one", BAD);
	// It would be let in no more in worlds that are none of this operator's.
	if (grant.worlds) return refuse(event, 403, "forbidden");
	const name = asked.nameOf(token);
	worlds.revoke(token);
	asked.tellOperated({ action: "revoke", ...(name !== undefined && { name }) });
	return whenKept(asked, DEFAULT_WORLD, { revoked: true });
}

const BAD = "bad_message";

/** Who is told that it is done is told of what a crash does not undo [SH4]. */
async function whenKept(
	{ event, worlds }: Asked,
	world: string,
	answer: object,
): Promise<object> {
	const gateway = worlds.gateways.get(world);
	if (!gateway) return answer;
	try {
		await withSpeaker(gateway, {}, (speaker) => speaker.settle());
		return answer;
	} catch (error) {
		if (!(error instanceof Closed)) throw error;
		return refuseForNow(event, "what keeps the order does not answer");
	}
}

async function readFields({
	event,
	room,
}: Asked): Promise<{ fields: Record<string, unknown> } | { answer: object }> {
	event.res.headers.set("cache-control", "no-store");
	const read = await readBody(event, room, MAX_BYTES);
	if ("answer" in read) return read;
	const fields = parse(read.body);
	if (fields) return { fields };
	return { answer: refuse(event, 400, "the body is no JSON object", BAD) };
}

function parse(body: Buffer): Record<string, unknown> | undefined {
	try {
		const value: unknown = JSON.parse(body.toString());
		const isObject = typeof value === "object" && !Array.isArray(value);
		return isObject && value !== null ? { ...value } : undefined;
	} catch {
		return undefined;
	}
}

function whomOf({ agentId, connectionId }: Record<string, unknown>) {
	return {
		...loggable("agentId", agentId),
		...loggable("connectionId", connectionId),
	};
}

/** One of the two, and not both: they may be of two connections. */
function whoOf({
	agentId,
	connectionId,
}: Record<string, unknown>): Disconnected | undefined {
	if (typeof agentId === "string" && connectionId === undefined)
		return { agentId };
	if (typeof connectionId === "string" && agentId === undefined)
		return { connectionId };
	return undefined;
}
