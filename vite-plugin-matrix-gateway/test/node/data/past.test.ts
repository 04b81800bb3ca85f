/** What happened, as the files of a folder have it. */
import { rmSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createMatrixClient } from "../../../src/client/create-client.ts";
import { createGateway } from "../../../src/node/create-gateway.ts";
import { readPast } from "../../../src/node/data/past.ts";
import { memoryWebSocket } from "../../../src/node/memory-socket.ts";
import { until } from "../../support/until.ts";
import { createFolder, filesOf } from "../order/support/data-folder.ts";

/** A process in which ada says one thing that is kept, and one to herself. */
async function live(data: string, n: number): Promise<void> {
	const gateway = createGateway({ data });
	const client = createMatrixClient({
		...{ url: "ws://here", agentId: "ada", resume: false },
		WebSocket: memoryWebSocket((socket) => gateway.open(socket)),
	});
	client.send({ type: "note", n, retain: { key: "n" } });
	await client.deliver("ada", { type: "note", n });
	client.dispose();
	await until(
		() => gateway.status().agents.length,
		(count) => count === 0,
	);
	await gateway.close();
}

const happened = (folder: string) =>
	[...readPast(folder)].map(({ at: _, ...happening }) => happening);

const note = (n: number) => ({
	...{ what: "message", from: "ada" },
	text: JSON.stringify({ type: "note", n, retain: { key: "n" } }),
});

const ada = { agentId: "ada", role: "agent" };

test("it has what was said, to whom, who came and who left, across restarts", async () => {
	const folder = createFolder();
	await live(folder, 1);
	await live(folder, 2);
	const past = happened(folder);
	const said = past.filter(({ what }) => what === "message");
	expect(said).toContainEqual(note(2));
	expect(said).toContainEqual(
		expect.objectContaining({ from: "ada", to: "ada" }),
	);
	expect(past).toContainEqual({ what: "joined", ...ada });
	expect(past).toContainEqual({ what: "left", ...ada, reason: "closed" });
	expect(past[0]).toMatchObject({ what: "here", agents: [] });
	const times = [...readPast(folder)].map(({ at }) => at);
	expect(times).toEqual(times.toSorted());
});

test("where files are missing it begins with what was there, and says so", async () => {
	const folder = createFolder();
	await live(folder, 1);
	await live(folder, 2);
	expect(filesOf(folder, "log").length).toBeGreaterThan(1);
	const [oldest = ""] = filesOf(folder, "log");
	const before = happened(folder);
	rmSync(oldest);
	const after = happened(folder);
	expect(after.length).toBeLessThan(before.length);
	expect(after[0]).toMatchObject({ what: "here" });
});

test("a folder without a world is told", () => {
	expect(() => happened(createFolder())).toThrow("there is no world in");
	expect(() => happened(join(createFolder(), "none"))).toThrow("is not there");
});
