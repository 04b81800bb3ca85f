/** All that somebody may try. Who adds one names it in the rows of the grants that do not allow it. */
import { OPERATING, OVER_HTTP } from "./http-actions.ts";
import {
	type Action,
	agree,
	drain,
	type Outcome,
	type Scene,
	seen,
	tryIt,
} from "./scene.ts";

/** A message that is tried. */
type Said = Readonly<Record<string, unknown>> & { readonly type: string };

const REGISTERING: Record<string, Action> = {
	"register a name of its own": async ({ connect }) =>
		tryIt(await connect(), register("mallory-2")),
	"register another name": async ({ connect }) =>
		tryIt(await connect(), register("stranger")),
	"register in another role": async ({ connect }) =>
		tryIt(await connect(), register("mallory-2", "browser")),
	"take over an agent": async (scene) => {
		const { client } = await scene.agent("timmy");
		const outcome = await takeOver(scene);
		client.send({ type: "ping" });
		const { type } = await client.next();
		return agree(outcome, type === "gateway_replaced");
	},
	"take over an agent that waits": async (scene) => {
		const { client } = await scene.agent("timmy", true);
		client.terminate();
		return takeOver(scene);
	},
	"resume another's session": async (scene) => {
		const { client, ack } = await scene.agent("timmy", true);
		client.terminate();
		const resume = { session: ack.session, received: 0 };
		const thief = await scene.connect();
		const outcome = await tryIt(thief, register("timmy", "bridge", { resume }));
		if (outcome === "done") return outcome;
		// The attempt has not ended it.
		const rightful = await scene.agent("timmy", resume);
		return agree(outcome, !rightful.ack.resumed);
	},
	unregister: async ({ mallory }) =>
		tryIt(await mallory(), { type: "agent_unregister", agentId: "mallory" }),
};

const NAMING = Object.fromEntries(
	["agentId", "agent_id"].flatMap((key) => {
		const named = { type: "bark", [key]: "timmy" };
		const scope = "agent";
		return [
			[`speak as another, by ${key}`, say(named)],
			[
				`speak to one as another, by ${key}`,
				say({ ...named, target_id: "timmy" }),
			],
			[
				`retain something as another, by ${key}`,
				say({ ...named, retain: { key: "k", scope } }),
			],
			[
				`clear something as another, by ${key}`,
				say({ ...named, retain: { clear: "k", scope } }),
			],
		] as const;
	}),
);

const SPEAKING: Record<string, Action> = {
	"speak as itself": say({ type: "bark", agentId: "mallory" }),
	"broadcast a bark": say({ type: "bark" }),
	"broadcast a wave": say({ type: "wave" }),
	"direct a bark": say({ type: "bark", target_id: "timmy" }),
	"direct a wave": say({ type: "wave", target_id: "timmy" }),
	"retain a bark": say({ type: "bark", retain: { key: "k" } }),
	"retain one more": say({ type: "bark", retain: { key: "k", append: true } }),
	"clear a key": say({ type: "bark", retain: { clear: "k" } }),
	"clear all keys below": say({ type: "bark", retain: { clear: "k/" } }),
	"send what the host's table keeps": say({ type: "zone_add", id: "pond" }),
	"send what the host's table clears with": say({ type: "scene_clear" }),
};

const RECEIVING: Record<string, Action> = {
	"receive a broadcast bark": hear({ type: "bark" }),
	"receive a broadcast wave": hear({ type: "wave" }),
	"receive a retained bark": find({ type: "bark", retain: { key: "k" } }),
	"receive a retained wave": find({ type: "wave", retain: { key: "k" } }),
	"receive a directed bark": hear({ type: "bark", target_id: "mallory" }),
	"receive a directed wave": hear({ type: "wave", target_id: "mallory" }),
	"ask for barks, and receive one": ask({ type: "bark" }),
	"ask for waves, and receive one": ask({ type: "wave" }),
	"hear of who comes": async (scene) => {
		const mallory = await scene.mallory();
		await scene.agent("timmy");
		return seen(await drain(mallory), "agent_joined");
	},
};

const ENTERING: Record<string, Action> = {
	"enter its world": (scene) => enter(scene, "garden"),
	"enter another world": (scene) => enter(scene, "plaza"),
	"read the status of its world": (scene) => readStatus(scene, "garden"),
	"read the status of another world": (scene) => readStatus(scene, "plaza"),
};

export const ACTIONS: Readonly<Record<string, Action>> = {
	...REGISTERING,
	...NAMING,
	...SPEAKING,
	...RECEIVING,
	...ENTERING,
	...OVER_HTTP,
	...OPERATING,
};

function register(agentId: string, role = "agent", more: object = {}): object {
	return { type: "agent_register", agentId, role, ...more };
}

async function takeOver({ connect }: Scene): Promise<Outcome> {
	return tryIt(await connect(), register("timmy", "bridge"));
}

/** As the agent `mallory`, where another one hears it if it is done. */
function say(message: Said): Action {
	return async (scene) => {
		const { client } = await scene.agent("timmy");
		const mallory = await scene.mallory();
		await drain(client);
		const outcome = await tryIt(mallory, message);
		const heard = seen(await drain(client), message.type);
		return agree(outcome, heard === "done");
	};
}

/** Whether who is there gets what another says. */
function hear(message: Said): Action {
	return async (scene) => {
		const mallory = await scene.mallory();
		const { client } = await scene.agent("timmy");
		client.send(message);
		await drain(client);
		return seen(await drain(mallory), message.type);
	};
}

/** Whether who asks for a type is sent it, what is retained included. */
function ask(message: Said): Action {
	return async (scene) => {
		const mallory = await scene.mallory();
		const subscribe = (types: readonly string[]) =>
			mallory.send({ type: "agent_subscribe", subscribe: { types } });
		subscribe([]);
		const { client } = await scene.agent("timmy");
		client.send({ ...message, retain: { key: "k" } });
		await drain(client);
		expectNone(await drain(mallory), message.type);
		subscribe([message.type]);
		const outcome = seen(await drain(mallory), message.type);
		client.send(message);
		await drain(client);
		return agree(outcome, seen(await drain(mallory), message.type) === "done");
	};
}

function expectNone(messages: Parameters<typeof seen>[0], type: string): void {
	if (seen(messages, type) === "done")
		throw new Error(`nobody asked for ${type}`);
}

/** Whether who comes later does, an agent as well as a viewer. */
function find(message: Said): Action {
	return async (scene) => {
		const { client } = await scene.agent("timmy");
		client.send(message);
		await drain(client);
		const viewer = await scene.connect();
		const outcome = seen(await drain(viewer), message.type);
		const agent = await scene.connect();
		agent.send(register("mallory"));
		return agree(outcome, seen(await drain(agent), message.type) === "done");
	};
}

async function enter({ connect }: Scene, world: string): Promise<Outcome> {
	const client = await connect(world);
	const code = await drain(client).then(
		() => undefined,
		async () => (await client.closed).code,
	);
	if (code === undefined) return "done";
	if (code === 4003) return "forbidden";
	throw new Error(`closed with ${code}`);
}

async function readStatus(
	{ statusOf }: Scene,
	world: string,
): Promise<Outcome> {
	const status = await statusOf(world);
	if (status === 200) return "done";
	if (status === 403) return "forbidden";
	throw new Error(`answered with ${status}`);
}
