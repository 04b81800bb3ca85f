/** What the kernel keeps for a process's descriptors, as Linux tells of it. */
import { readdirSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { until } from "../../../vite-plugin-matrix-gateway/test/support/until.ts";
import { startSidecar } from "../support/sidecar.ts";

it.runIf(process.platform === "linux").each([
	["8,192", "-n 8192", 8_192],
	["half of the 600 that it may have", "-n 600", 512],
])("room is made for %s, and all of it left free", async (_, ulimit, room) => {
	const { child } = await startSidecar([], { ulimit });
	const told = `/proc/${child.process.pid}`;
	const lengthOfTable = () =>
		Number(
			/^FDSize:\s+(\d+)/m.exec(readFileSync(`${told}/status`, "utf8"))?.[1],
		);
	await until(
		() => [lengthOfTable(), readdirSync(`${told}/fd`).length] as const,
		([length, open]) => length === room && open < 64,
	);
	expect(await child.exit("SIGTERM")).toBe(0);
});
