import { Vector3 } from "three";
import type { Agent } from "../model/agents.ts";
import { hash } from "../model/hash.ts";
import { isWalking } from "../model/motion.ts";
import type { AgentLabel } from "./agent-label.ts";
import { backOut, createGlide } from "./easing.ts";
import { createFigure, FIGURE_HEIGHT, type Figure } from "./figure.ts";
import type { FigurePools } from "./figure-pools.ts";
import type { Pool } from "./pool.ts";
import {
	addGesture,
	createPose,
	type Pose,
	STEPS,
	takeBehavior,
	takeWalk,
} from "./pose.ts";
import type { Shown } from "./reconcile.ts";
import { createShine } from "./shine.ts";

/** Seconds to come and to go. */
const FADE_TIME = 0.7;

/** What all avatars share. */
export interface AvatarContext {
	readonly pools: FigurePools;
	readonly halos: Pool;
	/** Shows an agent's label. */
	readonly addLabel: AddLabel;
	readonly isFollowed: (agentId: string) => boolean;
	/** The world's clock in milliseconds. */
	readonly now: () => number;
	/** Without bobbing and pulsing. */
	readonly calm: boolean;
}

/** Shows a label over an agent. */
export type AddLabel = (agentId: string) => {
	readonly label: AgentLabel;
	readonly remove: () => void;
};

/** An agent as it stands in the world. */
export interface Avatar extends Shown<Agent> {
	readonly label: AgentLabel;
	/** The top of its head. */
	readonly top: Vector3;
}

export function createAvatar(first: Agent, context: AvatarContext): Avatar {
	const { agentId } = first;
	const figure = createFigure(agentId);
	const { label, remove } = context.addLabel(agentId);
	const pose = createPoser(figure, agentId, context);
	const shine = createShine(figure.lamp, context.calm);
	const top = new Vector3();
	let last = first;
	let role = "";
	// A field, since each new number in a variable of a closure would be garbage.
	const is = { presence: 0, leaving: false };

	function draw(size: number) {
		const { x, y, z } = last.motion.position;
		figure.root.position.set(x, y, z);
		figure.root.rotation.y = last.motion.heading;
		figure.root.scale.setScalar(size);
		top.set(x, y + FIGURE_HEIGHT, z);
		label.anchor.set(x, y + FIGURE_HEIGHT + 0.1, z);
		figure.draw(context.pools);
		shine.draw(context.halos, last, is.presence);
	}

	return {
		label,
		top,
		update(agent, seconds) {
			last = agent;
			// An agent that registers anew may have another role.
			if (agent.role !== role) figure.wear(agent.role);
			role = agent.role;
			is.presence = Math.min(1, is.presence + seconds / FADE_TIME);
			pose(agent, seconds);
			shine.update(agent, seconds);
			label.update(agent, seconds, context.isFollowed(agentId));
			draw(backOut(is.presence));
		},
		leave(seconds) {
			if (!is.leaving) remove();
			is.leaving = true;
			is.presence -= seconds / FADE_TIME;
			if (is.presence <= 0) return true;
			draw(is.presence);
			return false;
		},
	};
}

// Each figure moves in a time of its own, or a crowd would breathe as one.
function createPoser(
	figure: Figure,
	agentId: string,
	{ calm, now }: AvatarContext,
) {
	const pose = createPose();
	const clock = { time: hash(agentId) * 20 };
	return (agent: Agent, seconds: number) => {
		clock.time += seconds;
		const { time } = clock;
		const still = calm ? 0 : time;
		const onTheWay = isWalking(agent.motion);
		if (onTheWay) takeWalk(pose, still);
		else takeBehavior(pose, agent.behavior, still);
		const { speech } = agent;
		if (speech?.gesture)
			addGesture(pose, speech.gesture, (now() - speech.since) / 1000);
		takePose(figure, pose, seconds);
		stepFeet(figure, onTheWay ? still : 0);
		const blink = Math.sin(time * 0.9) > 0.995 ? 0.1 : 1;
		const { scale } = figure.eyes;
		scale.y += (blink - scale.y) * glide.blink(seconds);
	};
}

const glide = {
	lift: createGlide(14),
	turn: createGlide(5),
	lean: createGlide(8),
	nod: createGlide(10),
	hand: createGlide(12),
	blink: createGlide(25),
};

function takePose(figure: Figure, pose: Pose, seconds: number) {
	const { torso, head, hands } = figure;
	const body = torso.rotation;
	const neck = head.rotation;
	torso.position.y += (pose.lift - torso.position.y) * glide.lift(seconds);
	body.y += (pose.turn - body.y) * glide.turn(seconds);
	body.x += (pose.lean - body.x) * glide.lean(seconds);
	neck.x += (pose.headNod - neck.x) * glide.nod(seconds);
	neck.y += (pose.headTurn - neck.y) * glide.lean(seconds);
	neck.z += (pose.headTilt - neck.z) * glide.lean(seconds);
	takeHand(hands[0].position, -1, pose.leftHand, seconds);
	takeHand(hands[1].position, 1, pose.rightHand, seconds);
}

function takeHand(
	hand: Vector3,
	side: number,
	offset: Vector3,
	seconds: number,
) {
	const goal = GOAL.set(
		side * (0.46 + offset.x),
		0.6 + offset.y,
		0.08 + offset.z,
	);
	hand.lerp(goal, glide.hand(seconds));
}

const GOAL = new Vector3();

function stepFeet(figure: Figure, time: number) {
	const { feet } = figure;
	const moving = time === 0 ? 0 : 1;
	for (let index = 0; index < 2; index++) {
		const foot = feet[index] as (typeof feet)[0];
		const phase = time * STEPS + index * Math.PI;
		foot.position.z = 0.04 + Math.sin(phase) * 0.17 * moving;
		foot.position.y = 0.075 + Math.max(0, Math.cos(phase)) * 0.1 * moving;
	}
}
