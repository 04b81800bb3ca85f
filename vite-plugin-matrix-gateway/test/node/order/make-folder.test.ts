import { existsSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { makeFolder } from "../../../src/node/order/make-folder.ts";
import { createFolder } from "./support/data-folder.ts";

test("a folder is made with those that it is in, for its owner alone, and may be there", () => {
	const folder = join(createFolder(), "a", "b");
	makeFolder(folder);
	makeFolder(folder);
	expect(statSync(folder).mode & 0o777).toBe(0o700);
	const link = join(createFolder(), "link");
	symlinkSync(folder, link);
	makeFolder(join(link, "c"));
	expect(existsSync(join(folder, "c"))).toBe(true);
});

function inFile(): string {
	const file = join(createFolder(), "file");
	writeFileSync(file, "");
	return join(file, "world");
}

function atLink(): string {
	const link = join(createFolder(), "link");
	symlinkSync(`${link}-to-nothing`, link);
	return link;
}

test.skipIf(process.platform !== "linux").each([
	["where the system makes none", () => "/proc/world/of/ours"],
	["in a device", () => "/dev/null/world"],
	["of a name that is too long", () => join(createFolder(), "x".repeat(300))],
	["at a path that is too long", () => `/tmp${"/abcdefghi".repeat(500)}`],
	["in a file", inFile],
	["at a link to nothing", atLink],
])(
	"one that cannot be is given up, with what the system says: %s",
	(_what, pathOf) => {
		let thrown: unknown;
		try {
			makeFolder(pathOf());
		} catch (error) {
			thrown = error;
		}
		expect(thrown).toMatchObject({
			code: expect.any(String),
			syscall: expect.any(String),
		});
	},
);
