/** The same over HTTP: what is said by POST, heard as events, and done by operators. */
import {
	type Action,
	type Answer,
	agree,
	drain,
	type Outcome,
	type Scene,
	seen,
} from "./scene.ts";

/** A message that is tried. */
type Said = Readonly<Record<string, unknown>> & { readonly type: string };

export const OVER_HTTP: Readonly<Record<string, Action>> = {
	"post a bark": post({ type: "bark" }),
	"post a wave": post({ type: "wave" }),
	"post as another, by agentId": post({ type: "bark", agentId: "timmy" }),
	"post as another, by agent_id": post({ type: "bark", agent_id: "timmy" }),
	"post to one as another": post({
		...{ type: "bark", agentId: "timmy", target_id: "timmy" },
	}),
	"post to another world": async (scene) =>
		outcomeOf(await scene.post("messages", { type: "bark" }, "plaza")),
	"read a bark of the events": read({ type: "bark" }),
	"read a wave of the events": read({ type: "wave" }),
	"read the events of another world": async (scene) => {
		const events = await scene.events("plaza");
		events.close();
		return events.status === 403 ? "forbidden" : "done";
	},
};

export const OPERATING: Readonly<Record<string, Action>> = {
	"disconnect an agent": async (scene) => {
		const { client } = await scene.agent("timmy");
		const answer = await scene.post("disconnect", {
			...{ agentId: "timmy", world: "garden" },
		});
		const isThere = await drain(client).then(
			() => true,
			() => false,
		);
		return agree(outcomeOf(answer), !isThere);
	},
	"revoke a token": async (scene) =>
		outcomeOf(await scene.post("revoke", { token: "of nobody" })),
};

/** Where another one hears it if it is done. */
function post(message: Said): Action {
	return async (scene) => {
		const { client } = await scene.agent("timmy");
		const outcome = outcomeOf(await scene.post("messages", message));
		const heard = seen(await drain(client), message.type);
		return agree(outcome, heard === "done");
	};
}

function outcomeOf({ status, body }: Answer): Outcome {
	if (status === 403) return "forbidden";
	const [result] = (body.results ?? [{ ok: true }]) as Record<
		string,
		{ code?: string } | undefined
	>[];
	if (status === 200 && !result?.error) return "done";
	if (result?.error?.code === "forbidden") return "forbidden";
	throw new Error(`answered with ${status}: ${JSON.stringify(body)}`);
}

/** Up to who leaves, of whom everybody hears. */
function read(message: Said): Action {
	return async (scene) => {
		const { client } = await scene.agent("timmy");
		const events = await scene.events();
		client.send(message);
		client.send({ type: "agent_unregister", agentId: "timmy" });
		const outcome = await findUpToLeft(events, message.type);
		events.close();
		return outcome;
	};
}

async function findUpToLeft(
	events: Awaited<ReturnType<Scene["events"]>>,
	wanted: string,
): Promise<Outcome> {
	let outcome: Outcome = "hidden";
	for (;;) {
		const { name, data } = await events.next();
		const { type } = name === "message" ? JSON.parse(data) : { type: name };
		if (type === wanted) outcome = "done";
		if (type === "agent_left") return outcome;
	}
}
