import {
	AdditiveBlending,
	Color,
	Matrix4,
	PlaneGeometry,
	type Scene,
	ShaderMaterial,
} from "three";
import { createPool, type Pool } from "./pool.ts";
import { glowTexture } from "./textures.ts";

/** Round lights in the air that always face the camera, all of them in one draw. */
export interface Glimmers {
	begin(): void;
	/**
	 * @param width Metres; 0 makes none.
	 * @param strength 0 to 1.
	 */
	add(
		x: number,
		y: number,
		z: number,
		width: number,
		color: Color,
		strength: number,
	): void;
	end(): void;
}

export function createGlimmers(scene: Scene, capacity: number): Glimmers {
	const pool: Pool = createPool(scene, {
		geometry: new PlaneGeometry(1, 1),
		material: createMaterial(),
		capacity,
	});
	const [place, tint] = [new Matrix4(), new Color()];
	return {
		begin: pool.begin,
		add(x, y, z, width, color, strength) {
			if (strength < 0.005 || width === 0) return;
			place.makeScale(width, width, width).setPosition(x, y, z);
			pool.add(place, tint.copy(color).multiplyScalar(strength));
		},
		end: pool.end,
	};
}

function createMaterial(): ShaderMaterial {
	return new ShaderMaterial({
		uniforms: { map: { value: glowTexture() } },
		vertexShader,
		fragmentShader,
		blending: AdditiveBlending,
		transparent: true,
		depthWrite: false,
	});
}

const vertexShader = /* glsl */ `
	varying vec2 spot;
	varying vec3 tint;
	void main() {
		spot = uv;
		tint = instanceColor;
		vec4 middle = modelViewMatrix * instanceMatrix * vec4(0.0, 0.0, 0.0, 1.0);
		middle.xy += position.xy * length(instanceMatrix[0].xyz);
		gl_Position = projectionMatrix * middle;
	}
`;

const fragmentShader = /* glsl */ `
	uniform sampler2D map;
	varying vec2 spot;
	varying vec3 tint;
	void main() {
		gl_FragColor = vec4(tint, texture2D(map, spot).a);
		#include <tonemapping_fragment>
		#include <colorspace_fragment>
	}
`;
