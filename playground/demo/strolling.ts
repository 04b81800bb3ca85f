/** Where those go who only look. */
import type { Sight } from "./knowledge.ts";
import type { Life } from "./life.ts";
import { before, type Place } from "./places.ts";
import type { Thing } from "./surroundings.ts";
import { pick } from "./time.ts";
import type { Line } from "./wording.ts";

/** Metres from the middle: nobody goes out of the picture to look at something. */
const FARTHEST = 6.5;

/**
 * Something that was not looked at for the longest time; what others have put up before what is always
 * there. Remembers that it was looked at.
 */
export function chooseThing(
	{ surroundings, clock }: Life,
	seen: Map<string, number>,
): Thing | undefined {
	const all = [...surroundings.things.values()];
	for (const id of seen.keys())
		if (!surroundings.things.has(id)) seen.delete(id);
	const news = all.filter(
		({ id, owner }) => owner !== "timmy" && !seen.has(id),
	);
	const last = ({ id }: Thing) => seen.get(id) ?? -1;
	const longest = [...all].sort((a, b) => last(a) - last(b)).slice(0, 4);
	const thing =
		news[0] ?? (longest.length > 0 ? pick(longest, clock.random) : undefined);
	if (thing) seen.set(thing.id, clock.now());
	return thing;
}

/** How somebody looks at a thing: what it says then, and for how long it looks before, in seconds. */
export interface Looking {
	readonly task: string;
	readonly lines: readonly Line<Sight>[];
	readonly seconds: number;
}

/** Goes to a thing, looks at it, and remarks on it. */
export async function lookAt(
	{ body, surroundings, wording, sight }: Life,
	thing: Thing,
	{ task, lines, seconds }: Looking,
): Promise<void> {
	body.show("idle", task);
	await body.walkTo(viewOf(thing), thing.place);
	body.behave("inspect", seconds + 2);
	await body.pause(seconds);
	// While it walked, the thing may have been taken out.
	const still = surroundings.things.get(thing.id);
	await body.say(still && wording.fresh(lines, sight(still)));
}

/** From where a thing is looked at: not from so near that it is hidden. */
function viewOf({ place }: Thing): Place {
	const spot = before(place, 2);
	const far = Math.hypot(spot.x, spot.z);
	return before(spot, Math.max(0, far - FARTHEST));
}
