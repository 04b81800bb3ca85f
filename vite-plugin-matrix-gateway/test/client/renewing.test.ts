/** Tokens that expire while there is a connection. */
import { beforeEach, expect, it, vi } from "vitest";
import { createOnlineRig, nextTry, type Rig, settle } from "./network.ts";

beforeEach(() => {
	vi.spyOn(Math, "random").mockReturnValue(1);
});

/** A source of tokens, and what of it was shown on the newest connection. */
function createTokens() {
	let count = 0;
	return vi.fn(async (): Promise<string | null> => `t${++count}`);
}

const shown = ({ socket }: Rig) =>
	socket()
		.sent.filter(({ type }) => type === "auth_refresh")
		.map(({ token }) => token);

const SESSION = { session: "s", resumeWindow: 60 };

it.each([
	[1, 3_540_000],
	[0, 3_570_000],
])(
	"shows another one a minute before its end at most, each client at a time of its own [AUTH6] (%d)",
	async (random, wait) => {
		vi.mocked(Math.random).mockReturnValue(random);
		const token = createTokens();
		const rig = await createOnlineRig(
			{ token },
			{ expires: 3_600, heartbeat: 0 },
		);
		await vi.advanceTimersByTimeAsync(wait - 1);
		expect(token).toHaveBeenCalledTimes(1);
		await vi.advanceTimersByTimeAsync(1);
		expect(shown(rig)).toEqual(["t2"]);
		rig.socket().deliver({ type: "gateway_auth", expires: 100 });
		await vi.advanceTimersByTimeAsync(random === 1 ? 50_000 : 75_000);
		expect(shown(rig)).toEqual(["t2", "t3"]);
		rig.socket().deliver({ type: "gateway_auth" });
		expect(vi.getTimerCount()).toBe(0);
		expect(rig.sockets).toHaveLength(1);
	},
);

it("shows a viewer's too", async () => {
	const rig = await createOnlineRig({ token: createTokens() }, { expires: 10 });
	await vi.advanceTimersByTimeAsync(5_000);
	expect(shown(rig)).toEqual(["t2"]);
});

it.each([
	["is refused", undefined],
	["cannot be had", new Error("login service down")],
	["is not there", null],
])(
	"leaves the connection alone where one %s, and comes back after 4101",
	async (_why, failure) => {
		const token = createTokens();
		const given = { token, agentId: "timmy" };
		const rig = await createOnlineRig(given, { ...SESSION, expires: 10 });
		if (failure) token.mockRejectedValueOnce(failure);
		if (failure === null) token.mockResolvedValueOnce(null);
		await vi.advanceTimersByTimeAsync(5_000);
		if (failure === undefined)
			rig.socket().deliver({ type: "gateway_error", code: "unauthorized" });
		await vi.advanceTimersByTimeAsync(5_000);
		expect(token).toHaveBeenCalledTimes(2);
		expect(rig.client.state.status).toBe("online");
		rig.socket().end(4101, "token expired");
		expect(rig.client.state).toMatchObject({ status: "offline", code: 4101 });
		await nextTry(rig);
		expect(token).toHaveBeenCalledTimes(3);
		rig.answer({ ...SESSION, resumed: true, received: 0 });
		expect(rig.client.state).toMatchObject({ resumed: true });
	},
);

it("neither counts nor keeps what it shows, nor the answer [RES2]", async () => {
	const given = { token: createTokens(), agentId: "timmy" };
	const rig = await createOnlineRig(given, { ...SESSION, expires: 10 });
	rig.client.send({ type: "bark", text: "hello" });
	await vi.advanceTimersByTimeAsync(5_000);
	rig.socket().deliver({ type: "gateway_auth" });
	rig.socket().deliver({ type: "bark" });
	rig.socket().end(1006);
	await nextTry(rig);
	rig.answer({ ...SESSION, resumed: true, received: 0 });
	const [register, ...again] = rig.socket().sent;
	expect(register).toMatchObject({ resume: { session: "s", received: 1 } });
	expect(again).toMatchObject([{ type: "bark" }]);
});

it("shows nothing on another connection than the one that it was for", async () => {
	const token = createTokens();
	const rig = await createOnlineRig({ token }, { expires: 10 });
	let deliver: (token: string) => void = () => {};
	token.mockReturnValueOnce(
		new Promise((resolve) => {
			deliver = resolve;
		}),
	);
	await vi.advanceTimersByTimeAsync(5_000);
	rig.socket().end(1006);
	await nextTry(rig);
	rig.answer({ expires: 1_000 });
	deliver("late");
	await settle();
	expect(shown(rig)).toEqual([]);
});

it.each([
	[{ token: "fixed" }, { expires: 10 }],
	[{}, { expires: 10 }],
	[{ token: () => "t" }, {}],
	[{ token: () => "t" }, { expires: "10" }],
	[{ token: () => "t" }, { expires: -1 }],
])("%j shows nothing where there is %j", async (options, fields) => {
	const rig = await createOnlineRig(options, { ...fields, heartbeat: 0 });
	expect(vi.getTimerCount()).toBe(0);
	expect(shown(rig)).toEqual([]);
});

it("lets no gateway set the pace, nor a time that no timer has [CL4]", async () => {
	const token = createTokens();
	const rig = await createOnlineRig({ token }, { expires: 0, heartbeat: 0 });
	await vi.advanceTimersByTimeAsync(999);
	expect(token).toHaveBeenCalledTimes(1);
	await vi.advanceTimersByTimeAsync(1);
	expect(token).toHaveBeenCalledTimes(2);
	rig.socket().deliver({ type: "gateway_auth", expires: 1e12 });
	await vi.advanceTimersByTimeAsync(1_000_000_000);
	expect(token).toHaveBeenCalledTimes(2);
});

it("lets go of its timer when it is disposed of", async () => {
	const rig = await createOnlineRig({ token: () => "t" }, { expires: 10 });
	rig.client.dispose();
	expect(vi.getTimerCount()).toBe(0);
});
