/** From an `agent_register` to its command: form, token, rate and room are judged here [REG, AUTH1]. */
import { agentIdOf, type Fields } from "../protocol/envelope.ts";
import { readInterest } from "../protocol/interest.ts";
import type { Interest } from "../protocol/message-types.ts";
import {
	isAgentId,
	isOnList,
	isRole,
	MAX_AGENT_ID_BYTES,
	MAX_ROLE_BYTES,
	nameForm,
} from "../protocol/names.ts";
import type { ResolvedOptions } from "../protocol/options.ts";
import { DEFAULTS } from "../protocol/protocol.ts";
import {
	badMessage,
	forbid,
	isRefusal,
	type Refusal,
} from "../protocol/refusal.ts";
import type { Join, NewSession, ResumeClaim } from "../world/command.ts";
import { createFilter } from "../world/filter.ts";
import { holderOf } from "../world/resume.ts";
import { framesAfter } from "../world/session-account.ts";
import type { WorldState } from "../world/state.ts";
import type { Connection, PendingJoin } from "./connection.ts";
import { rightsOf } from "./grants.ts";
import type { Host } from "./host.ts";
import { inSeconds } from "./intake.ts";
import type { Foreseen, Newcomers } from "./newcomers.ts";
import {
	idOf,
	type ResumeRequest,
	readResume,
	toToken,
} from "./resume-request.ts";
import { chargeAsked } from "./subscribe.ts";
import { createBucket } from "./token-bucket.ts";

/** What registering needs. */
export interface RegistrarParts {
	readonly host: Host;
	readonly options: ResolvedOptions;
	readonly world: WorldState;
	readonly newcomers: Newcomers;
	append(command: Join): void;
}

/** Does an `agent_register`, or says why not. */
export type Registrar = (
	connection: Connection,
	fields: Fields,
	answer: boolean,
) => Refusal | undefined;

export function createRegistrar(parts: RegistrarParts): Registrar {
	const { host, options, world, newcomers, append } = parts;

	function checkRate(
		connection: Connection,
		agentId: string,
	): Refusal | undefined {
		const now = host.now();
		connection.registrations ??= createBucket(RATE, now);
		if (connection.registrations.take(now)) return undefined;
		const message = `a connection registers ${RATE.burst} times at once, then ${RATE.perSecond} times a second`;
		const retryAfter = inSeconds(connection.registrations.wait(now));
		return { code: "rate_limited", message, agentId, retryAfter };
	}

	/** A session that begins with this registration, and its token. */
	function createSession(): { session: NewSession; token: string } {
		const id = host.randomId();
		const token = toToken(id, host.randomSecret());
		return { session: { id, digest: host.digest(token) }, token };
	}

	function toClaim(
		request: Exclude<ResumeRequest, string>,
		agentId: string,
	): ResumeClaim {
		const { session, received, retained } = request;
		const shown = { id: idOf(session), digest: host.digest(session) };
		return {
			...shown,
			...{ received, retained },
			from: holderOf(world, agentId, shown),
		};
	}

	/** What a session brings that is resumed. */
	function interestOf(claim: ResumeClaim | undefined): Interest | undefined {
		const session = claim && world.sessions.find(claim);
		return session?.peer.audience.filter?.interest;
	}

	/** What it will be answered with, as far as that can be told from here [SLOW4]. */
	function foresee(
		{ grant, group }: Connection,
		asked: Interest | undefined,
		isNewcomer: boolean,
		claim: ResumeClaim | undefined,
	): Foreseen {
		const session = claim && world.sessions.find(claim);
		const missed = session && framesAfter(session, claim.received);
		const { filter: before } = session ? session.peer.audience : group.audience;
		const filter = createFilter(grant.subscribe, asked ?? before?.interest);
		const added = world.retained.added(filter, before);
		if (missed) {
			const retained = claim.retained ? world.retained.all(filter) : added;
			return { frames: missed, retained, more: ACK_BYTES };
		}
		const more = ACK_BYTES + world.registry.roster().byteLength;
		const needsRetained = isNewcomer || claim !== undefined;
		const retained = needsRetained ? world.retained.all(filter) : added;
		return { frames: [], retained, more };
	}

	return (connection, fields, answer) => {
		const request = readResume(fields.resume);
		if (!request) return badMessage(RESUME_RULE);
		const names = readNames(fields);
		if (isRefusal(names)) return names;
		const subscribe = readAsked(fields);
		if (subscribe && isRefusal(subscribe)) return subscribe;
		const refusal =
			checkAllowed(connection, names) ?? checkRate(connection, names.agentId);
		if (refusal) return refusal;
		const isResume = typeof request === "object";
		// A slow page may have become a viewer before it said a word; it drops what came before the ack.
		if (isResume && connection.received > 1) return badMessage(RESUME_RULE);
		const tooOften = chargeAsked(connection, subscribe, host.now());
		if (tooOften) return { ...tooOften, agentId: names.agentId };
		const claim = isResume ? toClaim(request, names.agentId) : undefined;
		const isNewcomer = mayBeNewcomer(connection, options);
		const snapshot = foresee(connection, subscribe, isNewcomer, claim);
		if (!newcomers.makeRoom(connection, snapshot)) return undefined;
		const wantsToken = request !== "none" && options.resumeWindow > 0;
		// Whether it has one already is seen where it is applied: what it had may have ended by then.
		const begun = wantsToken ? createSession() : undefined;
		connection.hasJoined = true;
		const { asked: interest } = connection;
		connection.asked = subscribe ?? interest ?? interestOf(claim);
		connection.pending ??= [];
		connection.pending.push({
			wantsToken,
			fresh: begun?.token,
			claimed: isResume ? request.session : undefined,
		});
		append({
			type: "join",
			conn: connection.id,
			...names,
			grant: rightsOf(connection.grant),
			at: host.now(),
			isNewcomer,
			session: begun?.session,
			resume: claim,
			answer,
			maxAgents: options.maxAgentsPerConnection,
			...{ subscribe, interest },
		});
		return undefined;
	};
}

/** Takes the oldest registration that was on its way. */
export function takePending(connection: Connection): PendingJoin | undefined {
	const { pending } = connection;
	const first = pending?.shift();
	if (pending?.length === 0) connection.pending = undefined;
	return first;
}

/**
 * Whether nothing was sent to it yet. Behind a registration that is on its way it is none: that one
 * is answered, or makes it a viewer; where there are no viewers, rather twice than not at all.
 */
function mayBeNewcomer(
	{ phase, pending }: Connection,
	{ requireRegistration }: ResolvedOptions,
): boolean {
	if (phase.state !== "new" || phase.isViewer) return false;
	return requireRegistration || !pending;
}

/** Each answer holds the whole roster: without a limit a few bytes in are very many out [REG7]. */
const RATE = { burst: 128, perSecond: 10 } as const;

/** What an answer has besides the roster; its names are short. */
const ACK_BYTES = 512;

const RESUME_RULE =
	'`resume` is true, or {"session": …, "received": …} as the first message of a connection';

/** Whom an `agent_register` is about. */
interface Names {
	readonly agentId: string;
	readonly role: string;
}

function readNames(fields: Fields): Names | Refusal {
	const agentId = agentIdOf(fields);
	const role = fields.role ?? DEFAULTS.role;
	if (!isAgentId(agentId))
		return badMessage(`\`agentId\` is ${nameForm(MAX_AGENT_ID_BYTES)}`);
	if (!isRole(role))
		return badMessage(`\`role\` is ${nameForm(MAX_ROLE_BYTES)}`);
	return { agentId, role };
}

/** What of all that is routed it asks to be sent, if it does. */
function readAsked({ subscribe }: Fields): Interest | Refusal | undefined {
	return subscribe === undefined ? undefined : readInterest(subscribe);
}

function checkAllowed(
	{ grant }: Connection,
	{ agentId, role }: Names,
): Refusal | undefined {
	if (!isOnList(grant.agents, agentId))
		return forbid("the token does not allow this agentId", agentId);
	if (!isOnList(grant.roles, role))
		return forbid("the token does not allow this role", agentId);
	return undefined;
}
