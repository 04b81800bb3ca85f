/** What others say, where agents print to, and what stands between them and the gateway ends none of them. */
import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, onTestFinished, test } from "vitest";
import { type WebSocket, WebSocketServer } from "ws";
import { DEFAULTS } from "../src/core/protocol/protocol.ts";
import {
	IS_SKIPPED,
	PYTHON,
	runNode,
	runPython,
	runTimmy,
} from "./protocol-document/agents.ts";
import { createPeer } from "./protocol-document/peer.ts";
import { createStage } from "./protocol-document/stage.ts";
import type { Child } from "./support/child.ts";
import { until } from "./support/until.ts";

const AGENTS = [
	{ name: "Python", run: runPython },
	{ name: "Python, with resume", run: runPython },
	{ name: "timmy.py", run: runTimmy },
	{ name: "Node", run: runNode },
].filter(({ run }) => run === runNode || !IS_SKIPPED);

const IN_PYTHON = AGENTS.filter(({ run }) => run !== runNode);

const asked = (rest: string) =>
	`{"type":"agent_message","target_id":"echo",${rest}}`;

const nested = (levels: number) => "[".repeat(levels) + "]".repeat(levels);

/** What the gateway routes. */
const ROUTED = [
	`{"type":"x","n":${"9".repeat(4301)}}`,
	`{"type":"x","n":-1e999,"o":1e-999,"p":0.${"1".repeat(9999)}}`,
	`{"type":"x","x":${nested(63)}}`,
	'{"type":"x","\\ud800":"\\udc00","text":"\\u0000"}',
	'{"type":"x","type":"x","":1,"__proto__":{"type":1},"constructor":null}',
	'{"type":"x","reconnectAfter":"never","received":"all","agents":7}',
	asked(`"agentId":"me","text":${"9".repeat(4301)}`),
	asked('"agentId":{"toString":1},"text":"a"'),
	asked('"agentId":7,"text":"a"'),
	asked('"agentId":null'),
	asked('"agentId":"me"'),
	asked('"agentId":"me","text":null'),
	asked('"agentId":"me","text":{"toString":1,"valueOf":1}'),
	asked(`"agentId":"me","text":${nested(63)}`),
	asked('"agentId":"me","text":"\\ud800"'),
	asked('"agentId":"\\ud800","text":"a"'),
	asked('"agentId":"nobody","text":"a"'),
	asked('"agentId":"me","reply_to":1e999'),
	asked('"agentId":"me","reply_to":{"a":[1,"\\ud800"]}'),
	// Answers that repeat them are longer than a message may be.
	asked(`"agentId":"me","text":"${"ä".repeat(130_000)}"`),
	asked(`"agentId":"me","reply_to":"${"ä".repeat(130_000)}"`),
];

/** What it does not route, and another hub may. */
const UNHEARD_OF = [
	"",
	"null",
	"7",
	"[]",
	'"text"',
	"{}",
	'{"type":7}',
	'{"type":{}}',
	"{",
	nested(100_000),
	`{"type":"x","x":${nested(100_000)}}`,
];

const QUESTION = asked('"agentId":"me","text":"Hello","reply_to":"q-1"');
const ANSWER = {
	type: "agent_message",
	agentId: "echo",
	target_id: "me",
	in_reply_to: "q-1",
};

const GREETING = {
	type: "agent_registered",
	agentId: "echo",
	role: "agent",
	heartbeat: 30,
	maxPayload: 262_144,
	agents: [{ agentId: "Zoë 🐕", role: "agent" }],
	session: "s-1",
	resumeWindow: 60,
};

let agent: Child | undefined;
afterEach(() => agent?.process.kill());

describe.each(AGENTS)("$name", { timeout: 30_000 }, ({ name, run }) => {
	test("RT11 survives whatever the gateway routes", async () => {
		const stage = await createStage();
		onTestFinished(() => stage.end());
		const me = createPeer(stage.url);
		await me.settled;
		me.socket.send('{"type":"agent_register","agentId":"me"}');
		agent = run(name, { url: stage.url });
		const heard: Record<string, unknown>[] = [];
		const hear = async (type: string) => {
			do heard.push(JSON.parse(await me.next()));
			while (heard.at(-1)?.type !== type);
		};
		await hear("agent_joined");
		await hear("agent_joined");
		for (const text of ROUTED) me.socket.send(text);
		me.socket.send(QUESTION);
		do await hear("agent_message");
		while (heard.at(-1)?.in_reply_to !== "q-1");
		expect(heard.at(-1)).toMatchObject(ANSWER);
		expect(heard.map(({ type }) => type)).not.toContain("agent_left");
	});

	test.each([
		{ spread: undefined },
		{ spread: null },
		{ spread: "soon" },
		{ spread: -1 },
	])(
		"SH1 comes back where a gateway says $spread as reconnectAfter",
		async ({ spread }) => {
			let visits = 0;
			const url = await serve((socket) => {
				visits++;
				const type = "gateway_shutdown";
				socket.send(JSON.stringify({ type, reconnectAfter: spread }));
				socket.close(1001);
			});
			agent = run(name, { url });
			await until(
				() => visits,
				(count) => count >= 2,
			);
		},
	);
});

describe.each(IN_PYTHON)("$name", { timeout: 30_000 }, ({ name, run }) => {
	test("RT11 survives also what the gateway would not route, at any time", async () => {
		const url = await serve(async (socket) => {
			await once(socket, "message");
			for (const text of [...UNHEARD_OF, ...ROUTED]) socket.send(text);
			socket.send(JSON.stringify(GREETING));
			for (const text of UNHEARD_OF) socket.send(text);
			socket.send(QUESTION);
		});
		agent = run(name, { url });
		expect(await answerTo("q-1")).toMatchObject(ANSWER);
	});

	test("HB2 reads on while an answer takes its time", async () => {
		const slow = await createStage({ heartbeatInterval: 1_000 });
		onTestFinished(() => slow.end());
		const me = createPeer(slow.url);
		await me.settled;
		me.socket.send('{"type":"agent_register","agentId":"me"}');
		agent = run(name, { url: slow.url, edit: neverAnswering });
		for (let count = 0; count < 2; )
			if (JSON.parse(await me.next()).type === "agent_joined") count++;
		let heartbeats = 0;
		me.socket.on("ping", () => heartbeats++);
		// More than any version of the library has room for.
		for (let count = 0; count < 400; count++) me.socket.send(QUESTION);
		await until(
			() => heartbeats,
			(count) => count >= 4,
			20_000,
		);
		me.socket.send('{"type":"ping"}');
		const types: string[] = [];
		while (types.at(-1) !== "pong")
			types.push(JSON.parse(await me.next()).type);
		expect(types).not.toContain("agent_left");
	});

	test("CON1 goes to its own machine without a proxy, and elsewhere through it", async () => {
		for (const [url, proxy] of [
			["ws://localhost:1/ws/matrix", "None"],
			["ws://127.0.0.1:1/ws/matrix", "None"],
			["ws://[::1]:1/ws/matrix", "None"],
			["ws://gateway.example/ws/matrix", "True"],
		] as const) {
			const env = { PYTHONPATH: libraryThatKnowsProxies() };
			agent = run(name, { url, env });
			// Twice: what a proxy says is not for good.
			await agent.printed(new RegExp(`proxy ${proxy}[^]*proxy ${proxy}`));
			agent.process.kill();
		}
	});

	test.skipIf(!knowsProxies())(
		"CON1 the real library does so too, and a proxy's 403 is not for good",
		async () => {
			let proxied = 0;
			const proxy = await serve(
				() => {},
				() => proxied++,
			);
			const env = {
				http_proxy: proxy.replace(/^ws(.*)\/ws\/matrix$/, "http$1"),
			};
			const url = await serve(async (socket) => {
				await once(socket, "message");
				socket.send(JSON.stringify(GREETING));
				socket.send(QUESTION);
			});
			agent = run(name, { url, env });
			expect(await answerTo("q-1")).toMatchObject(ANSWER);
			expect(proxied).toBe(0);
			agent.process.kill();
			agent = run(name, { url: "ws://gateway.example/ws/matrix", env });
			await until(
				() => proxied,
				(count) => count >= 2,
			);
		},
	);
});

test.skipIf(IS_SKIPPED)(
	"RES2 what Python cannot read counts",
	{ timeout: 30_000 },
	async () => {
		const texts = [...UNHEARD_OF, ...ROUTED];
		const url = await serve(async (socket) => {
			const [first] = await once(socket, "message");
			const { resume } = JSON.parse(String(first));
			resumes.push(resume);
			if (resume !== true) return;
			socket.send(JSON.stringify(GREETING));
			for (const text of texts) socket.send(text);
			socket.close(1012);
		});
		const resumes: unknown[] = [];
		agent = runPython("Python, with resume", { url });
		await until(
			() => resumes.length,
			(count) => count === 2,
		);
		expect(resumes).toEqual([true, { session: "s-1", received: texts.length }]);
	},
);

describe.skipIf(IS_SKIPPED)("timmy.py prints", { timeout: 30_000 }, () => {
	const ASCII = { PYTHONIOENCODING: "ascii" };
	const POSIX = { LC_ALL: "C", PYTHONUTF8: "0", PYTHONCOERCECLOCALE: "0" };

	test.each([
		["where there is only ASCII", ASCII, "", String.raw`Zo\xeb \U0001f415`],
		["in the locale C", POSIX, "", String.raw`Zo\xeb \U0001f415`],
		["in UTF-8", { PYTHONIOENCODING: "utf-8" }, "", "Zoë 🐕"],
		["to nothing", {}, ">&-", ""],
		["to a disk that is full", {}, ">/dev/full", ""],
		["to who reads no more", {}, "> >(true)", ""],
	])("%s", async (_, env, output, printed) => {
		const url = await serve(async (socket) => {
			await once(socket, "message");
			socket.send(JSON.stringify(GREETING));
			for (let count = 0; count < 20; count++)
				socket.send('{"type":"gateway_error","code":"é","message":"é"}');
			socket.send(QUESTION);
		});
		agent = runTimmy("", { url, env, output });
		expect(await answerTo("q-1")).toMatchObject(ANSWER);
		if (printed)
			await agent.printed(new RegExp(printed.replace(/\\/g, "\\\\")));
		expect(await agent.exit("SIGTERM")).toBe(0);
	});
});

/** What agents said to `serve`. */
let said: Record<string, unknown>[] = [];
afterEach(() => {
	said = [];
});

/** Waits for an answer. */
async function answerTo(question: string): Promise<unknown> {
	const find = () => said.find(({ in_reply_to }) => in_reply_to === question);
	return until(find, (found) => found !== undefined, 20_000);
}

/** Receives agents in place of a gateway until the test ends. What is no upgrade is refused as a proxy may do it. */
async function serve(
	receive: (socket: WebSocket) => unknown,
	refuse?: () => unknown,
): Promise<string> {
	const server = createServer().listen(0, "127.0.0.1");
	const sockets = new WebSocketServer({ server });
	onTestFinished(() => {
		sockets.close();
		server.closeAllConnections();
		server.close();
	});
	sockets.on("connection", (socket) => {
		socket.on("message", (text) => said.push(JSON.parse(String(text))));
		receive(socket);
	});
	server.on("connect", (_request, socket) => {
		socket.on("error", () => {});
		refuse?.();
		socket.end("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n");
	});
	if (!server.listening) await once(server, "listening");
	const { port } = server.address() as AddressInfo;
	return `ws://127.0.0.1:${port}${DEFAULTS.path}`;
}

/** The agent, to whom no answer comes into its head. */
function neverAnswering(code: string): string {
	const edited = code
		.replace(/await ((?:self\.)?questions\.get\(\))/, "await ponder($1)")
		.replace(/random\.choice\(ANSWERS\)/, "await asyncio.sleep(3600)");
	expect(edited).not.toBe(code);
	return `async def ponder(question):\n    await question\n    await asyncio.sleep(3600)\n${edited}`;
}

/** A stand-in for version 15 and later, which CI may not have: all that our agents ask of it. */
const LIBRARY = `
from .exceptions import *

def connect(uri, *, proxy=True, **options):
    print("proxy", proxy, flush=True)
    raise InvalidHandshake("proxy rejected connection: HTTP 403")
`;

const EXCEPTIONS = `
class WebSocketException(Exception): pass
class ConnectionClosed(WebSocketException): pass
class InvalidHandshake(WebSocketException): pass
`;

function libraryThatKnowsProxies(): string {
	const folder = mkdtempSync(join(tmpdir(), "websockets-"));
	onTestFinished(() => rmSync(folder, { recursive: true }));
	mkdirSync(join(folder, "websockets"));
	writeFileSync(join(folder, "websockets/__init__.py"), LIBRARY);
	writeFileSync(join(folder, "websockets/exceptions.py"), EXCEPTIONS);
	return folder;
}

function knowsProxies(): boolean {
	const code =
		"import inspect, websockets; exit('proxy' not in inspect.signature(websockets.connect).parameters)";
	return PYTHON !== undefined && spawnSync(PYTHON, ["-c", code]).status === 0;
}
