/** A gateway in memory, as authors' tests use it. */
import { expect, onTestFinished, test, vi } from "vitest";
import {
	createMatrixClient,
	type MatrixClientOptions,
	type MatrixMessage,
} from "../../src/client/index.ts";
import {
	createMatrix,
	type Disturbance,
	type Matrix,
	type MatrixOptions,
} from "../../src/testing/index.ts";

function create(options?: MatrixOptions): Matrix {
	const matrix = createMatrix(options);
	onTestFinished(() => matrix.close());
	return matrix;
}

/** A client, and what it hears of one type. */
function enter(
	matrix: Matrix,
	options: Partial<MatrixClientOptions>,
	type = "bark",
) {
	const client = createMatrixClient({ ...matrix.client, ...options });
	const heard: MatrixMessage[] = [];
	client.on(type, (message) => heard.push(message));
	return Object.assign(client, {
		heard,
		texts: () => heard.map(({ text }) => text),
	});
}

test("nothing happens until time passes, and then all that is on its way", async () => {
	const matrix = create();
	const ada = enter(matrix, { agentId: "ada" });
	const timmy = enter(matrix, { agentId: "timmy" });
	const viewer = enter(matrix, {});
	expect(ada.state.status).toBe("connecting");
	await matrix.settled();
	expect([...ada.agents.keys()]).toEqual(["ada", "timmy"]);
	ada.send({ type: "bark", agentId: "ada", text: "Hello" });
	expect(timmy.texts()).toEqual([]);
	await matrix.settled();
	expect([timmy.texts(), viewer.texts()]).toEqual([["Hello"], ["Hello"]]);
	expect(matrix.status().agents.map(({ agentId }) => agentId)).toEqual([
		...["ada", "timmy"],
	]);
});

test("a client that was cut off is back once it is settled, and has missed nothing", async () => {
	const matrix = create();
	const ada = enter(matrix, { agentId: "ada" });
	const timmy = enter(matrix, { agentId: "timmy" });
	await matrix.settled();
	const before = matrix.now;
	matrix.drop(ada);
	timmy.send({ type: "bark", agentId: "timmy", text: "Are you there?" });
	await matrix.settled();
	expect(ada.state).toEqual({ status: "online", resumed: true });
	expect(timmy.state).toEqual({ status: "online" });
	expect(ada.texts()).toEqual(["Are you there?"]);
	expect(matrix.now).toBeGreaterThan(before);
});

test("the client's own timers go by the virtual clock", async () => {
	const matrix = create({ gateway: { heartbeatInterval: 10_000 } });
	const ada = enter(matrix, { agentId: "ada" });
	enter(matrix, { agentId: "timmy" });
	await matrix.settled();
	const start = matrix.now;
	const request = ada.request("timmy", { type: "agent_message", text: "?" });
	await expect(matrix.until(request)).rejects.toThrow("no answer within 10000");
	expect(matrix.now - start).toBe(10_000);
	await matrix.pass(600_000);
	expect(matrix.now - start).toBe(610_000);
	expect(ada.state).toEqual({ status: "online" });
	expect(matrix.trace.some(({ text }) => text.includes('"ping"'))).toBe(true);
});

test.each([
	[{}, true],
	[{ crash: true }, true],
	[{ forget: true }, false],
	[{ crash: true, forget: true }, false],
])(
	"after a restart %j clients are back; they go on: %j",
	async (how, resumed) => {
		const matrix = create({ gateway: { retain: "matrix" } });
		const ada = enter(matrix, { agentId: "ada" });
		await matrix.settled();
		const said = {
			...{ type: "agent_move", agentId: "ada" },
			position: { x: 1, y: 0, z: 2 },
		};
		ada.send(said);
		await matrix.settled();
		expect(matrix.retained).toEqual([JSON.stringify(said)]);
		await matrix.restart(how);
		expect(ada.state.status).not.toBe("online");
		await matrix.settled();
		expect(ada.state).toMatchObject({ status: "online", resumed });
		expect(matrix.retained).toHaveLength(resumed ? 1 : 0);
	},
);

test("a runner's fake timers keep nothing from passing", async () => {
	vi.useFakeTimers();
	onTestFinished(() => void vi.useRealTimers());
	const matrix = create();
	const ada = enter(matrix, { agentId: "ada" });
	await matrix.settled();
	matrix.drop();
	await matrix.settled();
	expect(ada.state.status).toBe("online");
	await matrix.close();
	expect(vi.getTimerCount()).toBe(0);
});

test("what cannot settle is told", async () => {
	const matrix = create();
	await expect(matrix.until(new Promise(() => {}))).rejects.toThrow(
		"not over: an hour was not enough, 0 clients are not online",
	);
	const ada = enter(matrix, { agentId: "ada" });
	matrix.disturb({ delay: 20_000 });
	await expect(matrix.settled()).rejects.toThrow("1 clients are not online");
	ada.dispose();
});

test.each([
	{ delay: -1 },
	{ delay: [2, 1] as const },
	{ dropEvery: Number.NaN },
	{ restartEvery: Number.POSITIVE_INFINITY },
])("a disturbance that cannot be is refused: %j", (disturbance) => {
	expect(() => create().disturb(disturbance)).toThrow(RangeError);
});

const TROUBLE: Disturbance = {
	delay: [0, 300],
	dropEvery: 1_500,
	restartEvery: 4_000,
};

/** Two agents talk through drops and restarts. */
async function play(seed: number) {
	const matrix = createMatrix({ seed });
	const ada = enter(matrix, { agentId: "ada" });
	const timmy = enter(matrix, { agentId: "timmy" });
	await matrix.settled();
	matrix.disturb(TROUBLE);
	for (let n = 0; n < 24; n++) {
		const [speaker] = n % 2 === 0 ? [ada] : [timmy];
		speaker?.send({ type: "bark", text: `${n}` });
		await matrix.pass(500);
	}
	matrix.disturb({});
	await matrix.settled();
	const heard = [ada.texts(), timmy.texts()];
	await matrix.close();
	const texts = matrix.trace.map(({ text }) => text).join("\n");
	return { heard, texts, trace: JSON.stringify(matrix.trace) };
}

test("drops, delays and restarts: nothing is lost, and the same seed gives the same trace, 100 times in a row", async () => {
	const first = await play(7);
	const of = (rest: number) =>
		Array.from({ length: 12 }, (_, n) => `${2 * n + rest}`);
	expect(first.heard).toEqual([of(1), of(0)]);
	expect(first.texts).toContain('"resumed":true');
	expect(first.texts).toContain("gateway_shutdown");
	for (let again = 1; again < 100; again++)
		expect((await play(7)).trace === first.trace).toBe(true);
	expect((await play(8)).trace).not.toBe(first.trace);
});
