import {
	AdditiveBlending,
	BoxGeometry,
	type BufferGeometry,
	Color,
	ConeGeometry,
	CylinderGeometry,
	Group,
	IcosahedronGeometry,
	MathUtils,
	Mesh,
	MeshLambertMaterial,
	type Scene,
	Sprite,
	SpriteMaterial,
	type Vector3,
} from "three";
import type { Kind, SceneObject } from "../model/objects.ts";
import { removeObject } from "./dispose.ts";
import { backOut } from "./easing.ts";
import { createModel, type Model } from "./gltf.ts";
import { createSign } from "./label.ts";
import type { Shown } from "./reconcile.ts";
import { glowTexture } from "./textures.ts";

const GROW_TIME = 0.8;

/** Each a metre tall and wide, standing on y = 0. */
const SHAPES: Record<Exclude<Kind, "gltf">, BufferGeometry> = {
	box: new BoxGeometry(1, 1, 1).translate(0, 0.5, 0),
	sphere: new IcosahedronGeometry(0.5, 2).translate(0, 0.5, 0),
	cone: new ConeGeometry(0.5, 1, 9).translate(0, 0.5, 0),
	cylinder: new CylinderGeometry(0.5, 0.5, 1, 18).translate(0, 0.5, 0),
};

/** An object as it stands in the world. Changes are glided to. */
export function createThing(
	object: SceneObject,
	scene: Scene,
): Shown<SceneObject> {
	const place = new Group();
	const body = createBody();
	const light = createLight();
	place.add(body, light);
	place.position.copy(object.position as Vector3);
	place.scale.copy(object.scale as Vector3);
	body.material.color.set(object.color);
	scene.add(place);
	let shown: SceneObject | undefined;
	let model: Model | undefined;
	let sign = createSign("", "sign");
	let presence = 0;

	function build(next: SceneObject) {
		if (next.label !== shown?.label)
			sign = replaceSign(place, sign, next.label);
		if (next.kind !== shown?.kind || next.url !== shown.url) {
			model?.remove();
			model = next.kind === "gltf" ? createModel(next.url, place) : undefined;
			body.visible = next.kind !== "gltf";
			body.geometry = SHAPES[next.kind === "gltf" ? "box" : next.kind];
		}
		shown = next;
	}

	return {
		update(next, seconds) {
			if (next !== shown) build(next);
			presence = Math.min(1, presence + seconds / GROW_TIME);
			glide(place, body, light, next, seconds);
			place.scale.copy(next.scale as Vector3).multiplyScalar(backOut(presence));
		},
		leave(seconds) {
			presence -= seconds / GROW_TIME;
			sign.removeFromParent();
			if (shown)
				place.scale
					.copy(shown.scale as Vector3)
					.multiplyScalar(Math.max(0.001, presence));
			if (presence > 0) return false;
			model?.remove();
			removeObject(place);
			return true;
		},
	};
}

type Body = Mesh<BufferGeometry, MeshLambertMaterial>;

function createBody(): Body {
	const material = new MeshLambertMaterial({ flatShading: true });
	const body = new Mesh(SHAPES.box as BufferGeometry, material);
	body.castShadow = true;
	body.receiveShadow = true;
	return body;
}

function createLight(): Sprite {
	const material = new SpriteMaterial({
		map: glowTexture(),
		blending: AdditiveBlending,
		depthWrite: false,
		transparent: true,
	});
	const light = new Sprite(material);
	light.position.y = 0.5;
	light.scale.setScalar(4);
	return light;
}

function glide(
	place: Group,
	body: Body,
	light: Sprite,
	next: SceneObject,
	seconds: number,
) {
	const part = 1 - Math.exp(-5 * seconds);
	place.position.lerp(next.position as Vector3, part);
	place.rotation.y = MathUtils.lerp(place.rotation.y, next.rotation, part);
	body.material.color.lerp(new Color(next.color), part);
	body.material.emissive.copy(body.material.color).multiplyScalar(next.glow);
	light.material.color.copy(body.material.color);
	light.material.opacity = 0.55 * next.glow;
	light.visible = next.glow > 0.01;
}

function replaceSign(
	place: Group,
	old: ReturnType<typeof createSign>,
	text: string,
) {
	old.removeFromParent();
	const sign = createSign(text, "sign");
	sign.position.y = 1.15;
	if (text !== "") place.add(sign);
	return sign;
}
