/** `GET /api/gateway/status`: what one world tells, and which others the token may ask about [HTTP1]. */
import packageJson from "../../../package.json" with { type: "json" };
import { isOnList } from "../../core/protocol/names.ts";
import { countsOf } from "../connection-limits.ts";
import { NO_WORLD } from "../worlds.ts";
import { refuse } from "./answers.ts";
import type { Asked } from "./endpoint.ts";
import { worldNameOf } from "./world.ts";

export function answerStatus({ event, worlds, grant }: Asked): object {
	const { gateways } = worlds;
	const name = worldNameOf(event);
	const gateway = gateways.get(name);
	event.res.headers.set("cache-control", "no-store");
	// First, so that nobody learns which others there are.
	if (!isOnList(grant.worlds, name)) return refuse(event, 403, "forbidden");
	if (!gateway) return refuse(event, 404, NO_WORLD);
	const names = [...gateways.keys()].filter((one) =>
		isOnList(grant.worlds, one),
	);
	return {
		version: packageJson.version,
		world: name,
		worlds: names.sort(),
		...gateway.status(),
		refused: Object.fromEntries(countsOf(worlds).refused),
	};
}
