import { describe, expect, it, vi } from "vitest";
import { createOnlineRig, createRig, nextTry } from "./network.ts";

const TIMMY = { agentId: "timmy", role: "mind" };
const PERPLEXITY = { agentId: "perplexity", role: "agent" };

it("holds those whom the ack names, and oneself [REG2]", async () => {
	const { client } = await createOnlineRig(TIMMY, { agents: [PERPLEXITY] });
	expect([...client.agents]).toEqual([
		["perplexity", PERPLEXITY],
		["timmy", TIMMY],
	]);
});

it("of a viewer holds those whom the hello names [REG4]", async () => {
	const { client } = await createOnlineRig({}, { agents: [TIMMY] });
	expect([...client.agents.values()]).toEqual([TIMMY]);
});

it("follows agent_joined and agent_left [PR]", async () => {
	const { client, socket } = await createOnlineRig({}, { agents: [TIMMY] });
	const { agents } = client;
	const sizes: number[] = [];
	client.onAgents((all) => sizes.push(all.size));
	socket().deliver({ type: "agent_joined", ...PERPLEXITY });
	expect(agents.get("perplexity")).toEqual(PERPLEXITY);
	socket().deliver({ type: "agent_left", ...TIMMY, reason: "closed" });
	expect([...agents.keys()]).toEqual(["perplexity"]);
	socket().deliver({ type: "bark", agentId: "nobody" });
	expect(sizes).toEqual([2, 1]);
});

it("is up to date when a listener hears of the change", async () => {
	const rig = await createRig(TIMMY);
	const seen: string[] = [];
	const look = () => seen.push([...rig.client.agents.keys()].join());
	rig.client.onState(look);
	rig.client.on("agent_joined", look);
	rig.client.on("agent_left", look);
	rig.answer({ agents: [] });
	rig.socket().deliver({ type: "agent_joined", ...PERPLEXITY });
	rig.socket().deliver({ type: "agent_left", ...PERPLEXITY, reason: "closed" });
	expect(seen).toEqual(["timmy", "timmy,perplexity", "timmy"]);
});

it("keeps the last known while offline and starts anew on the return", async () => {
	const rig = await createOnlineRig({}, { agents: [TIMMY] });
	const changes = vi.fn();
	rig.client.onAgents(changes);
	rig.socket().end(1006);
	expect([...rig.client.agents.keys()]).toEqual(["timmy"]);
	expect(changes).not.toHaveBeenCalled();
	await nextTry(rig);
	rig.answer({ agents: [PERPLEXITY] });
	expect([...rig.client.agents.keys()]).toEqual(["perplexity"]);
	expect(changes).toHaveBeenCalledTimes(1);
});

it("is not reset by the ack of a further agent on the connection [REG3]", async () => {
	const { client, socket } = await createOnlineRig(TIMMY);
	client.send({ type: "agent_register", agentId: "second" });
	socket().deliver({
		type: "agent_registered",
		agentId: "second",
		role: "agent",
		connectionId: "c1",
		agents: [TIMMY],
		heartbeat: 30,
		maxPayload: 262_144,
	});
	socket().deliver({ type: "agent_joined", agentId: "second", role: "agent" });
	expect([...client.agents.keys()]).toEqual(["timmy", "second"]);
	expect(client.state.status).toBe("online");
});

describe("of an agent whose registration is slow", () => {
	const HELLO = { type: "gateway_hello", protocol: 1, agents: [PERPLEXITY] };

	it("is the hello's from the hello on, and the ack's from the ack on [REG4]", async () => {
		const rig = await createRig(TIMMY);
		const seen: string[] = [];
		rig.client.onAgents((agents) => seen.push([...agents.keys()].join()));
		rig.socket().open();
		rig.socket().deliver(HELLO);
		rig.socket().deliver({ type: "agent_joined", agentId: "alexa", role: "a" });
		rig.socket().deliver({ type: "agent_left", ...PERPLEXITY });
		rig.answer({ agents: [{ agentId: "alexa", role: "a" }] });
		expect(seen).toEqual([
			"perplexity",
			"perplexity,alexa",
			"alexa",
			"alexa,timmy",
		]);
	});

	it("forgets at the hello those who were there before the connection broke", async () => {
		const options = { ...TIMMY, resume: false };
		const rig = await createOnlineRig(options, { agents: [PERPLEXITY] });
		rig.socket().end(1006);
		await nextTry(rig);
		rig.socket().open();
		rig.socket().deliver({ ...HELLO, agents: [] });
		expect([...rig.client.agents.keys()]).toEqual([]);
	});

	it("is left alone by the hello of one that resumes [RES3]", async () => {
		const rig = await createOnlineRig(TIMMY, { session: "id.secret" });
		rig.socket().end(1006);
		await nextTry(rig);
		rig.socket().open();
		rig.socket().deliver(HELLO);
		expect([...rig.client.agents.keys()]).toEqual(["timmy"]);
	});
});
