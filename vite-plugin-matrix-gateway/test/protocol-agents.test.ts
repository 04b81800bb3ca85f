/** The agents that PROTOCOL.md prints, taken from there as a reader would, and the playground's in Python. */
import { once } from "node:events";
import type { IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import {
	afterEach,
	beforeEach,
	describe,
	expect,
	onTestFinished,
	test,
} from "vitest";
import { type WebSocket, WebSocketServer } from "ws";
import { DEFAULTS } from "../src/core/protocol/protocol.ts";
import {
	IS_SKIPPED,
	runNode,
	runPython,
	runTimmy,
	type Told,
} from "./protocol-document/agents.ts";
import { createPeer, type Peer } from "./protocol-document/peer.ts";
import { createStage, type Stage } from "./protocol-document/stage.ts";
import type { Child } from "./support/child.ts";
import { until } from "./support/until.ts";

const TOKEN = "s3cret";
const TOKEN_OF_ANOTHER = "0ther";
const TOKENS = { [TOKEN]: {}, [TOKEN_OF_ANOTHER]: { agents: ["another"] } };

/** Past the limit that libraries set where they are told none. */
const LONG = "x".repeat(1_100_000);

let stage: Stage;
let me: Peer;
let agent: Child | undefined;

beforeEach(async () => {
	stage = await createStage({ tokens: TOKENS, maxPayload: 2 * LONG.length });
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
	{ name: "Python", run: runPython, resumes: false, says: echo },
	{ name: "Python, with resume", run: runPython, resumes: true, says: echo },
	{ name: "Node", run: runNode, resumes: false, says: echo },
	{ name: "timmy.py", run: runTimmy, resumes: true, says: anything },
])("$name", { timeout: 30_000 }, ({ name, run, resumes, says }) => {
	const isSkipped = run !== runNode && IS_SKIPPED;
	const go = (told: Partial<Told> = {}) =>
		run(name, { url: stage.url, token: TOKEN, ...told });

	test.skipIf(isSkipped)("answers, and stays away when replaced", async () => {
		agent = go();
		expect(await hear()).toMatchObject(JOINED);
		ask("Hello");
		expect(await hear()).toEqual(answer(says("Hello")));
		say({ type: "agent_register", agentId: "echo" });
		expect(await agent.exit()).toBe(1);
		expect(agent.logs()).toContain("4009");
	});

	test.skipIf(isSkipped).each([
		{ what: "its address", path: "/elsewhere", why: "404" },
		{ what: "its token", token: "guessed", why: "4001" },
		{ what: "its name", token: TOKEN_OF_ANOTHER, why: "not allow" },
	])(
		"stays away when $what is refused",
		async ({ path = "", token = TOKEN, why }) => {
			agent = go({ url: stage.url + path, token });
			expect(await agent.exit()).toBe(1);
			expect(agent.logs()).toContain(why);
		},
	);

	test.skipIf(isSkipped)(
		"CL2 stays away when its token has expired, which was not in the address [CON2]",
		async () => {
			const paths: (string | undefined)[] = [];
			const { url } = await serve((socket, request) => {
				paths.push(request.url);
				socket.close(4101, "token expired");
			});
			agent = go({ url });
			expect(await agent.exit()).toBe(1);
			expect(agent.logs()).toContain("4101");
			expect(paths).toEqual([DEFAULTS.path]);
		},
	);

	test.skipIf(isSkipped)(
		"SH1 comes back as soon as a gateway that shuts down wants it to",
		async () => {
			const { url, visits } = await serve((socket) =>
				socket.once("message", () => {
					socket.send(SHUTDOWN);
					socket.close(1001);
				}),
			);
			agent = go({ url });
			// Waits that double would take minutes for 15. Where it comes again the client's may [CL2].
			const most = run === runTimmy ? 3 : 15;
			await until(visits, (count) => count >= most);
		},
	);

	test.skipIf(isSkipped)(
		"CL2 comes back when its connection is closed as soon as it opens",
		async () => {
			const { url, visits } = await serve((socket) => socket.close(1001));
			agent = go({ url });
			await until(visits, (count) => count >= 3);
		},
	);

	test.skipIf(isSkipped)(
		"CON7 comes back when its request was not read in time, or there were too many",
		async () => {
			const { url, visits } = await serve(() => {}, [408, 429]);
			agent = go({ url });
			await until(visits, (count) => count >= 3);
		},
	);

	test.skipIf(isSkipped)("CON5 reads more than it may send", async () => {
		agent = go();
		expect(await hear()).toMatchObject(JOINED);
		ask(LONG);
		expect(await hear()).toEqual(answer(says(LONG)));
	});

	test.skipIf(isSkipped)("comes back after a failure", async () => {
		agent = go();
		expect(await hear()).toMatchObject(JOINED);
		stage.cutLatecomers();
		if (!resumes) {
			expect(await hear()).toMatchObject({ type: "agent_left" });
			expect(await hear()).toMatchObject(JOINED);
		}
		ask("Hello");
		expect(await hear()).toEqual(answer(says("Hello")));
	});
});

test.skipIf(IS_SKIPPED)(
	"RES3 with resume everything is answered once and in order, cut twice in the middle",
	{ timeout: 30_000 },
	async () => {
		agent = runPython("Python, with resume", { url: stage.url, token: TOKEN });
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

const PASTIMES = new Set(["agent_state", "agent_move", "bark"]);

const SHUTDOWN = JSON.stringify({
	type: "gateway_shutdown",
	reason: "shutdown",
	reconnectAfter: 0,
});

/** Receives agents in place of a gateway, or refuses them with HTTP statuses by turns, until the test ends. */
async function serve(
	receive: (socket: WebSocket, request: IncomingMessage) => unknown,
	refusals: readonly number[] = [],
): Promise<{ url: string; visits(): number }> {
	let count = 0;
	const server = new WebSocketServer({
		host: "127.0.0.1",
		port: 0,
		verifyClient(_, answer) {
			const refusal = refusals[count++ % refusals.length];
			answer(refusal === undefined, refusal);
		},
	});
	onTestFinished(() => server.close());
	server.on("connection", receive);
	await once(server, "listening");
	const { port } = server.address() as AddressInfo;
	const url = `ws://127.0.0.1:${port}${DEFAULTS.path}`;
	return { url, visits: () => count };
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
		expect(await hear()).toEqual(answer(echo(`${number}`)));
}

/** The next that is no pastime of an agent. */
async function hear(): Promise<unknown> {
	for (;;) {
		const message = JSON.parse(await me.next());
		if (!PASTIMES.has(message.type)) return message;
	}
}

function answer(text: unknown): object {
	return {
		type: "agent_message",
		agentId: "echo",
		target_id: "me",
		in_reply_to: null,
		text,
	};
}

function echo(text: string): string {
	return `You said: ${text}`;
}

function anything(): unknown {
	return expect.any(String);
}
