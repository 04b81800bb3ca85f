/** What may stand in the lists of a grant: names, and how they begin [GRANT1]. */
import { isAgentId, isRole } from "../../core/protocol/names.ts";
import { isWorldName, WORLD_FORM } from "../../core/protocol/world-name.ts";

/** Why a text can never match, or undefined. */
export type ProblemOf = (text: string) => string | undefined;

export const LISTS: Readonly<Record<string, ProblemOf>> = {
	agents: ofNames(isAgentId, "no agent can be called so"),
	roles: ofNames(isRole, "no role can be called so"),
	worlds: ofNames(isWorldName, `a world's name is ${WORLD_FORM}`, "0"),
	publish: ofNames(() => true, ""),
	subscribe: ofNames(() => true, ""),
};

/**
 * @param isName Whether there can be such a name.
 * @param end What makes a name of how one begins.
 */
function ofNames(
	isName: (text: string) => boolean,
	problem: string,
	end = "",
): ProblemOf {
	return (text) => {
		const beginning = text.endsWith("*") ? text.slice(0, -1) : undefined;
		if ((beginning ?? text).includes("*"))
			return "a `*` stands for anything at the end alone";
		if (beginning === "") return undefined;
		const names =
			beginning === undefined ? [text] : [beginning, beginning + end];
		return names.some(isName) ? undefined : problem;
	};
}
