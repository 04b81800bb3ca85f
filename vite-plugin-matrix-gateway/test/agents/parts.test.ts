/** The smaller parts: what a file says, errors from elsewhere, when an agent is begun anew, and who hangs. */
import { expect, onTestFinished, test, vi } from "vitest";
import { readAgentModule } from "../../src/agents/agent-definition.ts";
import { createRestartBackoff } from "../../src/agents/backoff.ts";
import { describeError } from "../../src/agents/described-error.ts";
import { openThreadConnection } from "../../src/agents/thread-connection.ts";
import { hostThread } from "../../src/agents/thread-host.ts";
import { until } from "../support/until.ts";
import { createFakeThread, createWorld } from "./support.ts";

const live = () => {};

test("a file names its agent, and what it exports goes before that", () => {
	expect(readAgentModule("ada", { default: live })).toMatchObject({
		agentId: "ada",
	});
	const named = {
		default: live,
		agentId: "eve",
		world: "garden",
		role: "mind",
	};
	expect(readAgentModule("ada", named)).toMatchObject({
		...{ agentId: "eve", world: "garden", options: { role: "mind" } },
	});
});

test.each([
	[undefined, "a default export that is a function"],
	[{ default: 7 }, "a default export that is a function"],
	[{ default: live, agentId: "" }, '`agentId` is a name, but ""'],
	[{ default: live, world: "a/b" }, "`world` is"],
])("%j is no agent: %s", (module, reason) => {
	expect(() => readAgentModule("ada", module)).toThrow(reason);
});

const circle: { self?: unknown } = {};
circle.self = circle;

test.each([
	["text", "text"],
	[undefined, "undefined"],
	[{ code: 7 }, '{"code":7}'],
	[Symbol("s"), "Symbol(s)"],
	[circle, "an error that cannot be read"],
	[new RangeError("\u001b[31mred\u001b[0m"), "red"],
])("thrown value %# can be told", (error, message) => {
	expect(structuredClone(describeError(error)).message).toBe(message);
});

test("an error of several has the place of the first", () => {
	const loc = { line: 2, column: 11, file: "/ada.ts", more: () => {} };
	const error = Object.assign(new Error("no"), { errors: [{ loc }] });
	expect(describeError(error).loc).toEqual({
		...{ line: 2, column: 11, file: "/ada.ts" },
	});
});

test("an error that throws when it is read can be told", () => {
	const error = Object.defineProperty(new Error("yes"), "message", {
		get() {
			throw new Error("no");
		},
	});
	expect(describeError(error).message).toBe("an error that cannot be read");
});

test("waits double up to a minute, and begin again after one has lived for so long", () => {
	let now = 0;
	const backoff = createRestartBackoff(() => now);
	const waits = Array.from({ length: 8 }, () => backoff.next());
	expect(waits).toEqual([1, 2, 4, 8, 16, 32, 60, 60].map((s) => s * 1000));
	backoff.began();
	now += 59_999;
	expect(backoff.next()).toBe(60_000);
	backoff.began();
	now += 60_000;
	expect(backoff.next()).toBe(1_000);
});

test("a thread that does not answer is ended after five seconds, one that does is not", () => {
	vi.useFakeTimers();
	onTestFinished(() => void vi.useRealTimers());
	const begin = (answers: boolean) => {
		const ended: string[] = [];
		const { say, worker } = createFakeThread(({ type }) => {
			if (answers && type === "ping") say({ type: "pong" });
		});
		hostThread({
			worker,
			openAs: () => () => Promise.reject(new Error("nowhere")),
			tell() {},
			printed() {},
			ended: (reason) => ended.push(reason),
		});
		return ended;
	};
	const [hanging, alive] = [begin(false), begin(true)];
	vi.advanceTimersByTime(5_000);
	expect(hanging).toEqual([]);
	vi.advanceTimersByTime(1_000);
	expect(hanging).toEqual([
		expect.stringContaining("has not answered for 5 seconds"),
	]);
	vi.advanceTimersByTime(60_000);
	expect(alive).toEqual([]);
});

test("nobody waits for a thread that is blocked, nor is it ended again and again", async () => {
	vi.useFakeTimers();
	onTestFinished(() => void vi.useRealTimers());
	const terminate = vi.fn(() => new Promise(() => {}));
	const begin = () =>
		hostThread({
			worker: { ...createFakeThread(() => {}).worker, terminate },
			openAs: () => () => Promise.reject(new Error("nowhere")),
			tell() {},
			printed() {},
			ended() {},
		});
	begin();
	await vi.advanceTimersByTimeAsync(20_000);
	expect(terminate).toHaveBeenCalledOnce();
	const gone = vi.fn();
	void begin().stop(true).then(gone);
	await vi.advanceTimersByTimeAsync(5_000);
	expect(gone).toHaveBeenCalledOnce();
});

test("SLOW1 what a thread does not read is bounded: it is closed as any slow reader", async () => {
	const { gateway, enter } = createWorld();
	const { client } = await enter("page");
	const posted: { readonly is: string; readonly code?: number }[] = [];
	const connection = openThreadConnection(
		(news) => posted.push(news),
		(socket) => gateway.open(socket, { agents: ["ada"] }),
	);
	await Promise.resolve();
	connection.take({
		is: "send",
		text: '{"type":"agent_register","agentId":"ada"}',
	});
	const text = "x".repeat(100_000);
	const last = await until(
		() => {
			client.send({ type: "bark", text });
			return posted.at(-1);
		},
		(news) => news?.is === "close",
	);
	expect(last).toMatchObject({ code: 4201 });
	connection.end(1006);
});
