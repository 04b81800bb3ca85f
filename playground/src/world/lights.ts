import { DirectionalLight, HemisphereLight, type Scene } from "three";
import { SUN_DIRECTION } from "./colors.ts";

/** Light of the evening. One lamp casts shadows, over the clearing only: each further one would cost a pass. */
export function addLights(scene: Scene): void {
	scene.add(new HemisphereLight("#c3caff", "#7d8f78", 2.3));

	const key = new DirectionalLight("#ffdcb4", 2.6);
	key.position.set(-9, 12, 7);
	key.castShadow = true;
	key.shadow.mapSize.set(1024, 1024);
	key.shadow.radius = 4;
	key.shadow.bias = -0.0004;
	key.shadow.normalBias = 0.03;
	Object.assign(key.shadow.camera, {
		left: -13,
		right: 13,
		top: 13,
		bottom: -13,
		near: 1,
		far: 40,
	});
	scene.add(key);

	const rim = new DirectionalLight("#ff9f86", 1.3);
	rim.position.copy(SUN_DIRECTION).multiplyScalar(20).setY(6);
	scene.add(rim);
}
