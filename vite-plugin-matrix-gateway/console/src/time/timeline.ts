/** The world as it was at any moment of what was read. */
import { readRetention } from "../../../src/core/edge/retain-request.ts";
import type { RetainRule } from "../../../src/core/protocol/retain-table.ts";
import type { AgentThen, Moment } from "./moment.ts";

export interface RetainedThen {
	readonly key: string;
	/** The agent whose it is, if it is one's. */
	readonly agentId: string | undefined;
	readonly texts: readonly string[];
}

export interface WorldThen {
	readonly agents: readonly AgentThen[];
	readonly retained: readonly RetainedThen[];
}

export type RetainTable = ReadonlyMap<string, RetainRule>;

export interface Timeline {
	readonly moments: readonly Moment[];
	/** After the moment of that index. */
	worldAt(index: number): WorldThen;
}

interface State {
	readonly agents: Map<string, string>;
	readonly retained: Map<string, RetainedThen>;
}

/** Moments between two states that are kept, so that none is far. */
const STEP = 500;
/** Milliseconds of one turn: the page goes on meanwhile. */
const SLICE = 25;

/** Goes through all moments once. */
export async function createTimeline(
	moments: readonly Moment[],
	table: RetainTable,
): Promise<Timeline> {
	const state: State = { agents: new Map(), retained: new Map() };
	const kept: State[] = [];
	let end = performance.now() + SLICE;
	for (const [index, moment] of moments.entries()) {
		if (index % STEP === 0) kept.push(copyOf(state));
		apply(state, moment, table);
		if (performance.now() < end) continue;
		await new Promise((resolve) => setTimeout(resolve));
		end = performance.now() + SLICE;
	}
	return {
		moments,
		worldAt(index) {
			const place = Math.floor(Math.max(0, index) / STEP);
			const then = copyOf(kept[place] ?? state);
			for (let at = place * STEP; at <= index && at < moments.length; at++) {
				const moment = moments[at];
				if (moment) apply(then, moment, table);
			}
			return {
				agents: [...then.agents]
					.map(([agentId, role]) => ({ agentId, role }))
					.sort((one, other) => (one.agentId < other.agentId ? -1 : 1)),
				retained: [...then.retained.values()],
			};
		},
	};
}

function copyOf({ agents, retained }: State): State {
	return { agents: new Map(agents), retained: new Map(retained) };
}

function apply(state: State, moment: Moment, table: RetainTable): void {
	switch (moment.what) {
		case "here":
			state.agents.clear();
			state.retained.clear();
			for (const { agentId, role } of moment.agents)
				state.agents.set(agentId, role);
			for (const { key, agentId, text } of moment.retained ?? [])
				keep(state, { key, agentId }, text, true);
			break;
		case "joined":
			state.agents.set(moment.agentId, moment.role);
			break;
		case "left":
			state.agents.delete(moment.agentId);
			forget(state, (one) => one.agentId === moment.agentId);
			break;
		case "retained":
		case "message":
			if (moment.to === undefined) retain(state, moment, table);
			break;
		default:
			break;
	}
}

function retain(
	state: State,
	{ text, from }: Extract<Moment, { text: string }>,
	table: RetainTable,
): void {
	const request = requestIn(text, table);
	if (!request) return;
	const agentId =
		request.scope === "agent" ? (request.named ?? from) : undefined;
	if (request.action === "set" || request.action === "append")
		keep(
			state,
			{ key: request.key, agentId },
			text,
			request.action === "append",
		);
	else
		forget(
			state,
			(one) =>
				one.agentId === agentId &&
				(request.action === "clear"
					? one.key === request.key
					: one.key.startsWith(request.key)),
		);
}

/** By the gateway's own reading of it. */
function requestIn(text: string, table: RetainTable) {
	if (!text.includes('"retain"') && !mayBeIn(text, table)) return undefined;
	try {
		const message = JSON.parse(text);
		const { type, retain } = message;
		const envelope = { type, retain, message: () => message };
		const request = readRetention(
			table,
			envelope as Parameters<typeof readRetention>[1],
		);
		return request && "action" in request ? request : undefined;
	} catch {
		return undefined;
	}
}

function mayBeIn(text: string, table: RetainTable): boolean {
	for (const type of table.keys()) if (text.includes(`"${type}"`)) return true;
	return false;
}

function keep(
	{ retained }: State,
	{ key, agentId }: Omit<RetainedThen, "texts">,
	text: string,
	isAppended: boolean,
): void {
	const id = `${agentId ?? ""}\n${key}`;
	const before = isAppended ? (retained.get(id)?.texts ?? []) : [];
	retained.delete(id);
	retained.set(id, { key, agentId, texts: [...before, text] });
}

function forget(
	{ retained }: State,
	isGone: (one: RetainedThen) => boolean,
): void {
	for (const [id, one] of retained) if (isGone(one)) retained.delete(id);
}
