/** What a release says of itself. */

const UNRELEASED = "## [Unreleased]\n";

/** Gives what is unreleased a version and a day, and begins anew. */
export function cutChangelog(
	text: string,
	version: string,
	day: string,
): string {
	if (hasSection(text, version))
		throw new Error(`CHANGELOG.md has a section for ${version} already.`);
	const [before, after, ...more] = text.split(UNRELEASED);
	if (before === undefined || after === undefined || more.length > 0)
		throw new Error("CHANGELOG.md has to have one section [Unreleased].");
	if (contentOf(after) === "")
		throw new Error("CHANGELOG.md tells nothing that is unreleased.");
	return `${before}${UNRELEASED}\n## [${version}] - ${day}\n${after}`;
}

/** What the changelog tells of a version. */
export function notesOf(text: string, version: string): string {
	const [, after] = text.split(headingOf(version));
	if (after === undefined)
		throw new Error(`CHANGELOG.md has no section for ${version}.`);
	// The rest of the heading is the day.
	return contentOf(after.slice(after.indexOf("\n") + 1));
}

function hasSection(text: string, version: string): boolean {
	return text.includes(headingOf(version));
}

function headingOf(version: string): string {
	return `\n## [${version}] - `;
}

/** Up to the next section of its rank. */
function contentOf(after: string): string {
	return (after.split(/^## /m)[0] ?? "").trim();
}
