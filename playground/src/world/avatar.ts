import { Group, type Object3D, type Scene, Vector3 } from "three";
import type { Agent } from "../model/agents.ts";
import { hash } from "../model/hash.ts";
import { isWalking } from "../model/motion.ts";
import { roleColor } from "../model/palette.ts";
import type { Bubbles } from "./bubbles.ts";
import { materialsOf, removeObject } from "./dispose.ts";
import { approach, backOut } from "./easing.ts";
import { createFigure, FIGURE_HEIGHT, type Figure } from "./figure.ts";
import { createAgentLabel } from "./label.ts";
import { behaving, gesturing, type Pose, STEPS, walking } from "./pose.ts";
import type { Shown } from "./reconcile.ts";
import { createHalo, createShine } from "./shine.ts";

/** Seconds to come and to go. */
const FADE_TIME = 0.7;

/**
 * An agent as it stands in the world.
 *
 * @param calm Without bobbing and pulsing.
 */
export function createAvatar(
	{ agentId, role }: Agent,
	scene: Scene,
	bubbles: Bubbles,
	calm: boolean,
): Shown<Agent> {
	const figure = createFigure(agentId, role);
	const label = createAgentLabel(agentId, roleColor(role));
	const halo = createHalo();
	const place = new Group();
	place.add(figure.root, halo, label.object);
	label.object.position.y = FIGURE_HEIGHT + 0.1;
	scene.add(place);
	const removeBubble = bubbles.add(label.bubble);
	const pose = createPoser(figure, agentId, calm);
	const shine = createShine(figure, halo, calm);
	let presence = 0;
	let leaving = false;

	return {
		update(agent, seconds) {
			presence = Math.min(1, presence + seconds / FADE_TIME);
			figure.root.scale.setScalar(backOut(presence));
			place.position.copy(agent.motion.position as Vector3);
			figure.root.rotation.y = agent.motion.heading;
			pose(agent, seconds);
			shine(agent, seconds, presence);
			label.update(agent);
		},
		leave(seconds) {
			if (!leaving) letShineThrough(place);
			leaving = true;
			presence -= seconds / FADE_TIME;
			fade(place, Math.max(0, presence));
			if (presence > 0) return false;
			removeBubble();
			label.object.removeFromParent();
			removeObject(place);
			return true;
		},
	};
}

// Each figure moves in a time of its own, or a crowd would breathe as one.
function createPoser(figure: Figure, agentId: string, calm: boolean) {
	let time = hash(agentId) * 20;
	return (agent: Agent, seconds: number) => {
		time += seconds;
		const still = calm ? 0 : time;
		const onTheWay = isWalking(agent.motion);
		const pose = onTheWay ? walking(still) : behaving(agent.behavior, still);
		takePose(figure, withGesture(pose, agent), seconds);
		stepFeet(figure, onTheWay ? still : 0);
		const blink = Math.sin(time * 0.9) > 0.995 ? 0.1 : 1;
		figure.eyes.scale.y = approach(figure.eyes.scale.y, blink, seconds, 25);
	};
}

function withGesture(pose: Pose, { speech }: Agent): Pose {
	if (!speech?.gesture) return pose;
	const seconds = (performance.now() - speech.since) / 1000;
	return gesturing(pose, speech.gesture, seconds);
}

function takePose({ torso, head, hands }: Figure, pose: Pose, seconds: number) {
	torso.position.y = approach(torso.position.y, pose.lift, seconds, 14);
	torso.rotation.y = approach(torso.rotation.y, pose.turn, seconds, 5);
	torso.rotation.x = approach(torso.rotation.x, pose.lean, seconds, 8);
	head.rotation.x = approach(head.rotation.x, pose.headNod, seconds, 10);
	head.rotation.y = approach(head.rotation.y, pose.headTurn, seconds, 8);
	head.rotation.z = approach(head.rotation.z, pose.headTilt, seconds, 8);
	for (const [index, offset] of [pose.leftHand, pose.rightHand].entries()) {
		const side = index === 0 ? -1 : 1;
		const [outward, up, forward] = offset;
		const goal = [side * (0.46 + outward), 0.6 + up, 0.08 + forward] as const;
		const hand = hands[index];
		hand?.position.lerp(new Vector3(...goal), 1 - Math.exp(-12 * seconds));
	}
}

function stepFeet({ feet }: Figure, time: number) {
	for (const [index, foot] of feet.entries()) {
		const phase = time * STEPS + index * Math.PI;
		const moving = time === 0 ? 0 : 1;
		foot.position.z = 0.04 + Math.sin(phase) * 0.17 * moving;
		foot.position.y = 0.075 + Math.max(0, Math.cos(phase)) * 0.1 * moving;
	}
}

// An opaque material is compiled to ignore its opacity.
function letShineThrough(place: Object3D) {
	for (const material of materialsOf(place)) {
		material.transparent = true;
		material.needsUpdate = true;
	}
}

function fade(place: Object3D, presence: number) {
	for (const material of materialsOf(place))
		material.opacity = Math.min(material.opacity, presence);
	for (const child of place.children)
		if ("element" in child)
			(child.element as HTMLElement).style.opacity = `${presence}`;
}
