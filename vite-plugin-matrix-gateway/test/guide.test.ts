/** AGENTS-GUIDE.md is enough: the agents in guide/ were written from it alone, and lose and double nothing. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Cut, createProxy, type Proxy as Line } from "./client/proxy.ts";
import { IS_SKIPPED, PYTHON } from "./protocol-document/agents.ts";
import { createPeer, type Peer } from "./protocol-document/peer.ts";
import { createStage, type Stage } from "./protocol-document/stage.ts";
import { type Child, start } from "./support/child.ts";

const ROOT = join(import.meta.dirname, "../..");
const FOLDER = join(import.meta.dirname, "guide");

/** What is asked, and how often the agent's line is cut meanwhile. */
const QUESTIONS = 60;

/** At other bytes each time, and in each way in which lines end. */
const CUTS = (["both", "client", "server"] as const).flatMap((told, index) =>
	(["client", "server"] as const).map(
		(toward): Cut => ({ told, toward, after: 700 + 331 * index }),
	),
);

let stage: Stage;
let proxy: Line;
let me: Peer;
let agent: Child | undefined;

beforeEach(async () => {
	stage = await createStage({ heartbeatInterval: 1_000 });
	const { port } = new URL(stage.url);
	proxy = await createProxy({ address: () => ({ port: Number(port) }) });
	me = createPeer(stage.url);
	await me.settled;
	say({ type: "agent_register", agentId: "me" });
});

afterEach(async () => {
	agent?.process.kill();
	proxy.close();
	await stage.end();
});

test.each(["AGENTS-GUIDE.md", "llms.txt"])(
	"what %s leads to is there",
	(file) => {
		const text = readFileSync(join(ROOT, file), "utf8");
		const links = [...text.matchAll(/\]\(([^)#]+)/g)].map(([, to = ""]) => to);
		expect(links.length).toBeGreaterThan(2);
		expect(links.filter((to) => !existsSync(join(ROOT, to)))).toEqual([]);
	},
);

test("it is short", () => {
	const text = readFileSync(join(ROOT, "AGENTS-GUIDE.md"), "utf8");
	expect(text.trim().split("\n").length).toBeLessThanOrEqual(150);
});

describe.each([
	{ name: "Python", file: "agent.py", isSkipped: IS_SKIPPED },
	{ name: "Node", file: "agent.mjs", isSkipped: false },
])(
	"an agent in $name by the guide",
	{ timeout: 40_000 },
	({ file, isSkipped }) => {
		test.skipIf(isSkipped)(
			"answers each question once and in order, however its line is cut",
			async () => {
				agent = run(file, addressOf(proxy));
				await hear("agent_joined", ({ agentId }) => agentId === "echo");
				proxy.cut(CUTS);
				const answers: unknown[] = [];
				for (let question = 0; question < QUESTIONS; question++) {
					ask(question);
					// Now and then all at once, so that much is on its way at a cut.
					if (question % 10 === 9)
						while (answers.length <= question)
							answers.push((await hear("agent_message")).in_reply_to);
				}
				ask("last");
				const last = await hear("agent_message");
				expect(last.in_reply_to).toBe("last");
				expect(answers).toEqual(answers.map((_, index) => index));
				expect(proxy.made).toBe(CUTS.length);
				expect(agent.logs()).toBe("");
			},
		);

		test.skipIf(isSkipped)("stays away when it is replaced", async () => {
			agent = run(file, stage.url);
			await hear("agent_joined", ({ agentId }) => agentId === "echo");
			say({ type: "agent_register", agentId: "echo" });
			expect(await agent.exit()).toBe(1);
			expect(agent.logs()).toContain("4009");
		});

		test.skipIf(isSkipped)("stays away when the address is wrong", async () => {
			agent = run(file, `${stage.url}/elsewhere`);
			expect(await agent.exit()).toBe(1);
			expect(agent.logs()).toContain("404");
		});
	},
);

function run(file: string, url: string): Child {
	const code = readFileSync(join(FOLDER, file), "utf8");
	// It comes back as often as here in hours otherwise.
	const hurried = code.replace("0.5 * 2", "0.01 * 2");
	const [command, args] = file.endsWith(".py")
		? [PYTHON ?? "python3", ["-c", hurried]]
		: ["node", ["--input-type=module", "--eval", hurried]];
	return start(command, args, { cwd: FOLDER, env: { MATRIX_URL: url } });
}

function addressOf({ server }: Line): string {
	const address = server.address();
	const port = typeof address === "object" ? address?.port : undefined;
	return stage.url.replace(/:\d+/, `:${port}`);
}

function say(message: object): void {
	me.socket.send(JSON.stringify(message));
}

function ask(reply_to: number | string): void {
	const text = `question ${reply_to}`;
	const question = { type: "agent_message", agentId: "me", text, reply_to };
	say({ ...question, target_id: "echo" });
}

/** The next message of a type, of those that are meant. */
async function hear(
	type: string,
	isMeant: (message: Record<string, unknown>) => boolean = () => true,
): Promise<Record<string, unknown>> {
	const message = JSON.parse(await me.next());
	return message.type === type && isMeant(message)
		? message
		: hear(type, isMeant);
}
