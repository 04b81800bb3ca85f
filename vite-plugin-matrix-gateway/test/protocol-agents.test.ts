/** The agents that PROTOCOL.md prints, taken from there as a reader would. */
import { spawnSync } from "node:child_process";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { readBlocks } from "./protocol-document/document.ts";
import { createPeer, type Peer } from "./protocol-document/peer.ts";
import { createStage, type Stage } from "./protocol-document/stage.ts";
import { type Child, start } from "./support/child.ts";

/** It may be that of the system which has the package. */
const PYTHON = ["python3", "/usr/bin/python3", "python"].find(
	(command) => spawnSync(command, ["-c", "import websockets"]).status === 0,
);

const TOKEN = "s3cret";

let stage: Stage;
let me: Peer;
let agent: Child | undefined;

beforeEach(async () => {
	stage = await createStage({ token: TOKEN });
	me = createPeer(stage.url, `?token=${TOKEN}`);
	await me.settled;
	say({ type: "agent_register", agentId: "me" });
	expect(await hear()).toMatchObject({ type: "agent_registered" });
	expect(await hear()).toMatchObject({ type: "agent_joined" });
});

afterEach(async () => {
	agent?.process.kill();
	await stage.end();
});

describe.each([
	{ heading: "Python", run: runPython, resumes: false },
	{ heading: "Python, with resume", run: runPython, resumes: true },
	{ heading: "Node", run: runNode, resumes: false },
])("$heading", { timeout: 30_000 }, ({ heading, run, resumes }) => {
	const isMissing = run === runPython && !PYTHON;

	test.skipIf(isMissing)("answers, and stays away when replaced", async () => {
		agent = run(heading);
		expect(await hear()).toMatchObject(JOINED);
		ask("Hello");
		expect(await hear()).toEqual(answerTo("Hello"));
		say({ type: "agent_register", agentId: "echo" });
		expect(await agent.exit()).toBe(1);
		expect(agent.logs()).toContain("4009");
	});

	test.skipIf(isMissing)("comes back after a failure", async () => {
		agent = run(heading);
		expect(await hear()).toMatchObject(JOINED);
		stage.cutLatecomers();
		if (!resumes) {
			expect(await hear()).toMatchObject({ type: "agent_left" });
			expect(await hear()).toMatchObject(JOINED);
		}
		ask("Hello");
		expect(await hear()).toEqual(answerTo("Hello"));
	});
});

test.skipIf(!PYTHON)(
	"RES3 with resume everything is answered once and in order, cut twice in the middle",
	{ timeout: 30_000 },
	async () => {
		agent = runPython("Python, with resume");
		expect(await hear()).toMatchObject(JOINED);
		await askAll(0, 100);
		stage.cutLatecomers();
		await askAll(100, 200);
		await hearAll(0, 150);
		stage.cutLatecomers();
		await askAll(200, 300);
		await hearAll(150, 300);
	},
);

const JOINED = { type: "agent_joined", agentId: "echo" };

function runPython(heading: string): Child {
	const [code = ""] = readBlocks(heading, "python");
	return start(PYTHON ?? "", ["-c", code], { env: environment() });
}

function runNode(heading: string): Child {
	const [code = ""] = readBlocks(heading, "js");
	const args = ["--input-type=module", "--eval", code];
	// From here the code finds ws.
	return start("node", args, {
		cwd: import.meta.dirname,
		env: environment(),
	});
}

function environment(): Record<string, string> {
	return { MATRIX_URL: stage.url, MATRIX_TOKEN: TOKEN };
}

function say(message: object): void {
	me.socket.send(JSON.stringify(message));
}

function ask(text: string): void {
	say({ type: "agent_message", agentId: "me", target_id: "echo", text });
}

/** Each has arrived before the next is asked, so that answers are under way all the time. */
async function askAll(from: number, to: number): Promise<void> {
	for (let number = from; number < to; number++)
		await stage.untilReceived(() => ask(`${number}`));
}

async function hearAll(from: number, to: number): Promise<void> {
	for (let number = from; number < to; number++)
		expect(await hear()).toEqual(answerTo(`${number}`));
}

async function hear(): Promise<unknown> {
	return JSON.parse(await me.next());
}

function answerTo(text: string): object {
	return {
		type: "agent_message",
		agentId: "echo",
		target_id: "me",
		in_reply_to: null,
		text: `You said: ${text}`,
	};
}
