import {
	AdditiveBlending,
	BufferGeometry,
	Float32BufferAttribute,
	Points,
	ShaderMaterial,
} from "three";
import { createRandom } from "./random.ts";

const COUNT = 70;

export interface Fireflies {
	readonly points: Points;
	/** @param seconds Time of the world. */
	update(seconds: number): void;
}

/** Small lights that drift over the meadow. The graphics processor moves them. */
export function createFireflies(): Fireflies {
	const time = { value: 0 };
	const material = new ShaderMaterial({
		uniforms: { time },
		vertexShader,
		fragmentShader,
		blending: AdditiveBlending,
		transparent: true,
		depthWrite: false,
	});
	const points = new Points(createPoints(), material);
	points.frustumCulled = false;
	return {
		points,
		update(seconds) {
			time.value = seconds;
		},
	};
}

function createPoints(): BufferGeometry {
	const random = createRandom(7);
	const positions: number[] = [];
	const phases: number[] = [];
	for (let i = 0; i < COUNT; i++) {
		const angle = random() * 2 * Math.PI;
		const radius = 5 + random() * 15;
		const height = 0.4 + random() * 2.4;
		positions.push(Math.sin(angle) * radius, height, Math.cos(angle) * radius);
		phases.push(random() * 2 * Math.PI);
	}
	return new BufferGeometry()
		.setAttribute("position", new Float32BufferAttribute(positions, 3))
		.setAttribute("phase", new Float32BufferAttribute(phases, 1));
}

const vertexShader = /* glsl */ `
	uniform float time;
	attribute float phase;
	varying float shine;
	void main() {
		vec3 place = position;
		place.x += sin(time * 0.4 + phase * 3.0) * 0.8;
		place.y += sin(time * 0.7 + phase * 5.0) * 0.35;
		place.z += cos(time * 0.3 + phase * 2.0) * 0.8;
		shine = 0.35 + 0.65 * pow(0.5 + 0.5 * sin(time * 1.7 + phase * 7.0), 2.0);
		vec4 seen = modelViewMatrix * vec4(place, 1.0);
		gl_PointSize = 120.0 / -seen.z;
		gl_Position = projectionMatrix * seen;
	}
`;

const fragmentShader = /* glsl */ `
	varying float shine;
	void main() {
		float glow = smoothstep(0.5, 0.0, length(gl_PointCoord - 0.5));
		gl_FragColor = vec4(1.0, 0.86, 0.5, glow * glow * shine);
		#include <colorspace_fragment>
	}
`;
