/** All that the console's page asks for, in one table. It is the page's alone, and may change with it. */
import { refuse } from "../http/answers.ts";
import type { Asked, Endpoint } from "../http/endpoint.ts";
import { answerMessages } from "../http/messages/messages.ts";
import { answerDisconnect, answerRevoke } from "../http/operate/operate.ts";
import { readBody } from "../http/read-body.ts";
import { createPlaces } from "../http/room.ts";
import { answerNow } from "./now.ts";
import { CONSOLE_PATH, type ConsoleSettings } from "./options.ts";
import { answerPast, answerState } from "./past.ts";
import { createProcessFigures } from "./process-figures.ts";
import { answerTap, MAX_TAPS } from "./tap.ts";
import type { Rights } from "./wire.ts";

/** What an endpoint of the console is: none of them is in the document of the others. */
export type ConsoleEndpoint = Omit<Endpoint, "describes">;

export function consoleEndpoints(
	settings: ConsoleSettings,
): readonly ConsoleEndpoint[] {
	const figures = createProcessFigures();
	const taps = createPlaces(MAX_TAPS);
	const now = (asked: Asked) =>
		answerNow(asked, figures, rightsOf(asked, settings));
	return [
		at("now", "GET", now),
		at("tap", "GET", (asked) => answerTap(asked, taps)),
		at("state", "GET", answerState),
		at("past", "GET", (asked) => answerPast(asked, settings)),
		at("messages", "POST", answerMessages),
		at("disconnect", "POST", answerDisconnect),
		at("revoke", "POST", answerRevoke),
		...(settings.drain
			? [at("drain", "POST", (asked) => answerDrain(asked, settings.drain))]
			: []),
	];
}

function at(
	name: string,
	method: Endpoint["method"],
	handle: Endpoint["handle"],
): ConsoleEndpoint {
	const path = `${CONSOLE_PATH}/api/${name}` as const;
	return { path, method, guard: "operator", handle };
}

/** What the page may offer to who asks. */
function rightsOf(
	{ grant }: Asked,
	{ drain, dataOf }: ConsoleSettings,
): Rights {
	return {
		...(grant.name !== undefined && { name: grant.name }),
		overhear: grant.overhear === true,
		revoke: grant.worlds === undefined,
		drain: drain !== undefined && grant.worlds === undefined,
		isKept: dataOf !== undefined,
	};
}

/** Ends the gateway: once its host has answered, so that who asked is told. */
async function answerDrain(
	asked: Asked,
	drain: ConsoleSettings["drain"],
): Promise<object> {
	const { event, room, grant } = asked;
	const read = await readBody(event, room, MAX_BYTES);
	if ("answer" in read) return read.answer;
	// It would end worlds that are none of this operator's.
	if (grant.worlds) return refuse(event, 403, "forbidden");
	asked.tellOperated({ action: "drain" });
	setTimeout(() => drain?.(), 100).unref();
	return { draining: true };
}

const MAX_BYTES = 1_024;
