import {
	CylinderGeometry,
	InstancedMesh,
	MeshStandardMaterial,
	Object3D,
	type Scene,
} from "three";
import type { Agent } from "../model/agents.ts";
import { FLIGHT_TIME, type Payment } from "../model/payments.ts";

const COINS_EACH = 7;
const MAX_COINS = 12 * COINS_EACH;

/** Coins that fly from who pays to who is paid. */
export interface Coins {
	update(
		payments: readonly Payment[],
		agents: ReadonlyMap<string, Agent>,
		now: number,
	): void;
}

export function createCoins(scene: Scene): Coins {
	const geometry = new CylinderGeometry(0.1, 0.1, 0.03, 16).rotateX(
		Math.PI / 2,
	);
	const material = new MeshStandardMaterial({
		color: "#ffc94d",
		emissive: "#b36b00",
		roughness: 0.35,
	});
	const coins = new InstancedMesh(geometry, material, MAX_COINS);
	coins.frustumCulled = false;
	coins.count = 0;
	scene.add(coins);
	const place = new Object3D();

	function add(from: Agent, to: Agent, part: number) {
		if (part <= 0 || part >= 1) return;
		const a = from.motion.position;
		const b = to.motion.position;
		place.position.set(
			a.x + (b.x - a.x) * part,
			1 + a.y + (b.y - a.y) * part + Math.sin(part * Math.PI) * 1.3,
			a.z + (b.z - a.z) * part,
		);
		place.rotation.y = part * 14;
		place.updateMatrix();
		coins.setMatrixAt(coins.count++, place.matrix);
	}

	return {
		update(payments, agents, now) {
			coins.count = 0;
			for (const payment of payments) {
				const from = agents.get(payment.from);
				const to = agents.get(payment.to);
				for (let coin = 0; from && to && coin < COINS_EACH; coin++)
					add(from, to, progress(payment, coin, now));
			}
			if (coins.count > 0) coins.instanceMatrix.needsUpdate = true;
		},
	};
}

// The first coin is there when two thirds of the time are over, the last at its end.
function progress({ since }: Payment, coin: number, now: number): number {
	const delay = (coin / COINS_EACH) * 0.34;
	return ((now - since) / FLIGHT_TIME - delay) / 0.66;
}
