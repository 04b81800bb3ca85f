import {
	Color,
	Mesh,
	MeshBasicMaterial,
	RingGeometry,
	type Scene,
} from "three";
import type { Agent } from "../model/agents.ts";
import { MAX_NOTICES, type Notice } from "../model/notices.ts";
import { FIGURE_HEIGHT } from "./figure.ts";
import { createGlimmers } from "./glimmers.ts";
import { createTextLabel, type Labels, type TextLabel } from "./labels.ts";
import { RENDER_ORDER } from "./render-order.ts";

/** What is seen for a moment: a text where it happened, and a light where nobody stands. */
export interface NoticeView {
	update(
		notices: readonly Notice[],
		agents: ReadonlyMap<string, Agent>,
		now: number,
	): void;
}

/** After what agents say and are called, before the signs of things. */
const URGENCY = -1;
/** Metres above the ground of what is over nobody. */
const HEIGHT = 0.9;

const COLORS: Record<Notice["kind"], Color> = {
	task: new Color("#ffd166"),
	visitor: new Color("#7df0dc"),
	system: new Color("#9db4ff"),
	unknown: new Color("#c9c9da"),
};

export function createNoticeView(scene: Scene, labels: Labels): NoticeView {
	const shown = new Map<Notice, ShownNotice>();
	const glimmers = createGlimmers(scene, MAX_NOTICES);
	const ring = createRing(scene);

	function show(notice: Notice) {
		const label = createTextLabel(`notice ${notice.kind}`, URGENCY);
		const tone = `#${COLORS[notice.kind].getHexString()}`;
		label.element.style.setProperty("--tone", tone);
		label.write(notice.text);
		const text = { label, remove: labels.add(label) };
		shown.set(notice, text);
		return text;
	}

	function hide(notice: Notice, { remove }: ShownNotice) {
		remove();
		shown.delete(notice);
	}

	function place(
		notice: Notice,
		agents: ReadonlyMap<string, Agent>,
		now: number,
	) {
		const { label } = shown.get(notice) ?? show(notice);
		const agent = agents.get(notice.agentId);
		const { x, y, z } = agent?.motion.position ?? notice.position;
		label.anchor.set(x, y + (agent ? FIGURE_HEIGHT : HEIGHT) + 0.1, z);
		if (agent || notice.kind === "system") return;
		const { since, until } = notice;
		const light = Math.min(1, (now - since) / 300, (until - now) / 900);
		glimmers.add(x, y + HEIGHT - 0.2, z, 1.5, COLORS[notice.kind], light);
	}

	return {
		update(notices, agents, now) {
			for (const [notice, text] of shown)
				if (!notices.includes(notice)) hide(notice, text);
			glimmers.begin();
			ring.hide();
			for (const notice of notices) {
				place(notice, agents, now);
				if (notice.kind === "system") ring.spread(now - notice.since);
			}
			glimmers.end();
		},
	};
}

interface ShownNotice {
	readonly label: TextLabel;
	readonly remove: () => void;
}

/** How long a ring runs out over the clearing, in milliseconds. */
const SPREADING = 2_200;

/** How the system is concerns everyone: a ring runs from the middle over the ground. */
function createRing(scene: Scene) {
	const material = new MeshBasicMaterial({
		color: COLORS.system,
		transparent: true,
		depthWrite: false,
		polygonOffset: true,
		polygonOffsetFactor: -4,
	});
	const geometry = new RingGeometry(0.94, 1, 72).rotateX(-Math.PI / 2);
	const ring = new Mesh(geometry, material);
	ring.position.y = 0.04;
	ring.renderOrder = RENDER_ORDER.halo;
	ring.visible = false;
	scene.add(ring);
	return {
		hide() {
			ring.visible = false;
		},
		spread(time: number) {
			const part = time / SPREADING;
			if (part >= 1) return;
			ring.visible = true;
			ring.scale.setScalar(0.5 + 6.5 * part);
			material.opacity = 0.8 * (1 - part);
		},
	};
}
