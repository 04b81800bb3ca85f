/** Where those go who only look. */
import type { Life } from "./life.ts";
import { before, type Place } from "./places.ts";
import type { Thing } from "./surroundings.ts";
import { pick } from "./time.ts";

/** Metres from the middle: nobody goes out of the picture to look at something. */
const FARTHEST = 6.5;

/** From where a thing is looked at: not from so near that it is hidden. */
export function viewOf({ place }: Thing): Place {
	const spot = before(place, 2);
	const far = Math.hypot(spot.x, spot.z);
	return before(spot, Math.max(0, far - FARTHEST));
}

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
