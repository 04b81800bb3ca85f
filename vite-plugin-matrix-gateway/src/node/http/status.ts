/** `GET /api/gateway/status`: what one world tells, and which others the token may ask about [HTTP1]. */
import packageJson from "../../../package.json" with { type: "json" };
import { countsOf } from "../connection-limits.ts";
import type { Asked } from "./endpoint.ts";
import { allowedWorlds, findWorld } from "./world.ts";

export function answerStatus(asked: Asked): object {
	asked.event.res.headers.set("cache-control", "no-store");
	const found = findWorld(asked);
	if ("answer" in found) return found.answer;
	return {
		version: packageJson.version,
		world: found.name,
		worlds: allowedWorlds(asked),
		...found.gateway.status(),
		refused: Object.fromEntries(countsOf(asked.worlds).refused),
	};
}
