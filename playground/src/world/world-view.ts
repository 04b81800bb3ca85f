import type { World } from "../model/world.ts";
import type { Zone } from "../model/zones.ts";
import { createAgentLabel } from "./agent-label.ts";
import { createCoins } from "./coins.ts";
import { chooseAngle } from "./company.ts";
import { createCrowd, obstaclesTo } from "./crowd.ts";
import { createFigures } from "./figures.ts";
import { createLeftOut } from "./left-out.ts";
import "./labels.css";
import { createNoticeView } from "./notice-view.ts";
import { pick } from "./pick.ts";
import { type Picture, takePicture } from "./picture.ts";
import { createReconciler } from "./reconcile.ts";
import { createSigns } from "./signs.ts";
import { createStage } from "./stage.ts";
import { onTap } from "./tap.ts";
import { createThings } from "./things.ts";
import { createTies } from "./ties.ts";
import { createZoneView } from "./zone.ts";

/** Draws a world. */
export interface WorldView {
	/** Goes with an agent, until it leaves; with null everyone is shown again. */
	follow(agentId: string | null): void;
	/** What is on the screen just now, for tests. */
	picture(): Picture;
	/**
	 * Draws a frame.
	 *
	 * @param seconds Since the last one.
	 */
	render(seconds: number): void;
}

/**
 * @param onFollow Called whenever another agent is followed, or none.
 * @throws Where the browser has no WebGL.
 */
export function createWorldView(
	world: World,
	container: HTMLElement,
	now: () => number,
	onFollow: (agentId: string | null) => void,
): WorldView {
	const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
	const stage = createStage(container, createCrowd(world), calm);
	const { scene, camera, view, labels, area } = stage;
	const signs = createSigns(labels, "sign");
	const zoneSigns = createSigns(labels, "sign zone-sign");
	const addLabel = (agentId: string) => {
		const label = createAgentLabel(agentId);
		return { label, remove: labels.add(label) };
	};
	const figures = createFigures(scene, addLabel, now, calm);
	const things = createThings(scene, signs);
	const zones = createReconciler<Zone, ReturnType<typeof createZoneView>>(() =>
		createZoneView(scene, zoneSigns),
	);
	const coins = createCoins(scene);
	const ties = createTies(scene);
	const notices = createNoticeView(scene, labels);
	const leftOut = createLeftOut(container);
	let followed: string | null = null;
	let wasWithAgent = false;

	function setFollowed(agentId: string | null) {
		if (agentId === followed) return;
		followed = agentId;
		onFollow(agentId);
	}

	// Also who is not drawn is followed: there is more to know of them than where they stand.
	function follow(agentId: string | null) {
		const agent = world.agents.get(agentId ?? "");
		const avatar = figures.avatars.get(agentId ?? "");
		if (agent && avatar)
			view.follow(avatar.top, (azimuth, distance) =>
				chooseAngle(
					agent.motion,
					obstaclesTo(agent.agentId, world),
					azimuth,
					distance,
				),
			);
		else if (view.mode !== "everyone") view.showEveryone();
		wasWithAgent = view.mode === "agent";
		setFollowed(agent ? agentId : null);
	}

	function keepFollowing() {
		if (followed !== null && !world.agents.has(followed)) follow(null);
		// The visitor has asked for everyone, by key or button.
		if (wasWithAgent && view.mode !== "agent") setFollowed(null);
		wasWithAgent = view.mode === "agent";
	}

	onTap(stage.picture, (x, y) => {
		const { clientWidth, clientHeight } = container;
		const tapped = pick(
			figures.avatars,
			x,
			y,
			camera,
			clientWidth,
			clientHeight,
		);
		if (tapped !== undefined) follow(tapped);
		else if (followed !== null) follow(null);
	});

	function draw() {
		signs.update(camera);
		zoneSigns.update(camera);
	}

	return {
		follow,
		picture: () => takePicture(stage, figures.avatars),
		render(seconds) {
			figures.update(world.agents, seconds, followed ?? undefined);
			keepFollowing();
			things.update(world.objects, now());
			zones.update(world.zones, seconds);
			coins.update(world.payments, world.agents, now());
			ties.update(world.conversations, world.agents, now());
			notices.update(world.notices, world.agents, now());
			if (leftOut.update(world, area.free)) area.spoil();
			stage.render(seconds, draw);
		},
	};
}
