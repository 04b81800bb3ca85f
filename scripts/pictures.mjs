/**
 * `npm run pictures`: makes the pictures of the READMEs anew, in e2e/pictures, of what the sidecar shows. That
 * `vite dev` shows the same, and that both still do, is tested in e2e/tests/pictures.spec.ts.
 */
import { spawnSync } from "node:child_process";
import { BROWSER_HINT, findOrInstallBrowser } from "./browser.mjs";

const browser = findOrInstallBrowser();
if (!browser) {
	console.error(`No browser to take pictures with: ${BROWSER_HINT}`);
	process.exit(1);
}
run("npm", ["run", "build"]);
run("npx", [
	...["playwright", "test", "pictures.spec.ts"],
	...["--config", "e2e", "--project=sidecar"],
]);
console.log("Look at each of e2e/pictures before you commit it.");

function run(command, args) {
	const { status } = spawnSync(command, args, {
		stdio: "inherit",
		shell: process.platform === "win32",
		env: {
			...process.env,
			MATRIX_BROWSER: browser,
			MATRIX_PICTURES: "renew",
		},
	});
	if (status !== 0) process.exit(status ?? 1);
}
