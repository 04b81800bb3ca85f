import {
	Group,
	Mesh,
	MeshBasicMaterial,
	RingGeometry,
	type Scene,
} from "three";
import type { Zone } from "../model/zones.ts";
import { removeObject } from "./dispose.ts";
import { createDisc } from "./ground.ts";
import type { Shown } from "./reconcile.ts";
import { RENDER_ORDER } from "./render-order.ts";
import { createSign, type Signs } from "./signs.ts";

const DISC = createDisc(1);
const RIM = new RingGeometry(0.965, 1, 64).rotateX(-Math.PI / 2);
const FADE_TIME = 0.6;

/** A zone as it lies on the ground. */
export function createZoneView(scene: Scene, signs: Signs): Shown<Zone> {
	const place = new Group();
	const disc = createLayer(DISC);
	const rim = createLayer(RIM);
	place.add(disc, rim);
	scene.add(place);
	let shown: Zone | undefined;
	const sign = createSign();
	const removeSign = signs.add(sign);
	let isLeaving = false;
	let presence = 0;

	function build(zone: Zone) {
		shown = zone;
		const { position, radius, color, label } = zone;
		place.position.set(position.x, position.y + 0.02, position.z);
		disc.scale.setScalar(radius);
		rim.scale.setScalar(radius);
		disc.material.color.set(color);
		rim.material.color.set(color);
		// At the rim that is nearest to where visitors come from, so that what stands in the zone hides it less.
		sign.anchor.set(position.x, position.y + 0.05, position.z + radius);
		sign.text = label;
	}

	function show() {
		disc.material.opacity = 0.2 * presence;
		rim.material.opacity = 0.75 * presence;
	}

	return {
		update(zone, seconds) {
			if (zone !== shown) build(zone);
			presence = Math.min(1, presence + seconds / FADE_TIME);
			show();
		},
		leave(seconds) {
			if (!isLeaving) removeSign();
			isLeaving = true;
			presence -= seconds / FADE_TIME;
			show();
			if (presence > 0) return false;
			removeObject(place);
			return true;
		},
	};
}

function createLayer(geometry: typeof DISC | typeof RIM) {
	const material = new MeshBasicMaterial({
		transparent: true,
		depthWrite: false,
		polygonOffset: true,
		polygonOffsetFactor: -4,
	});
	const layer = new Mesh(geometry, material);
	layer.renderOrder = RENDER_ORDER.zone;
	return layer;
}
