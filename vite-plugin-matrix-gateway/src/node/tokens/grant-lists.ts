/** What may stand in the lists of a grant: names, and how they begin [GRANT1]. */

/** Why a text can never match, or undefined. */
export type ProblemOf = (text: string) => string | undefined;

/**
 * Of a list of names.
 * @param isName Whether there can be such a name.
 * @param end What makes a name of how one begins.
 */
export function ofNames(
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
