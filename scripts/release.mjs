/**
 * A release, rehearsed in a copy of this folder, which is thrown away:
 *
 *     npm run release -- 0.2.0               and then written into the tree, to be reviewed and merged
 *     npm run release -- --dry-run 0.2.0     and nothing else
 *     npm run release -- --tag v0.2.0 --out artefacts
 *                                            of what is merged and tagged, for the workflow that publishes it
 *
 * CONTRIBUTING.md tells the way of a release.
 */
import { join } from "node:path";
import { parseArgs } from "node:util";
import { runnerImport } from "vite";

const { positionals, values } = parseArgs({
	allowPositionals: true,
	options: {
		"dry-run": { type: "boolean", default: false },
		tag: { type: "string" },
		out: { type: "string" },
	},
});
const { module } = await runnerImport(
	join(import.meta.dirname, "release/release.ts"),
);
try {
	await module.release({
		root: join(import.meta.dirname, ".."),
		version: positionals[0],
		tag: values.tag,
		isDryRun: values["dry-run"],
		out: values.out,
	});
} catch (error) {
	console.error(`No release: ${error.message}`);
	process.exitCode = 1;
}
