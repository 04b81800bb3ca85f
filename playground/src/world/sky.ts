import { BackSide, Color, Mesh, ShaderMaterial, SphereGeometry } from "three";
import { SKY, SUN_DIRECTION } from "./colors.ts";

/** The evening sky: a gradient, a low sun and the first stars. */
export function createSky(): Mesh {
	const material = new ShaderMaterial({
		side: BackSide,
		depthWrite: false,
		fog: false,
		uniforms: {
			zenith: { value: new Color(SKY.zenith) },
			upper: { value: new Color(SKY.upper) },
			lower: { value: new Color(SKY.lower) },
			horizon: { value: new Color(SKY.horizon) },
			sun: { value: SUN_DIRECTION },
			sunColor: { value: new Color(SKY.sun) },
		},
		vertexShader,
		fragmentShader,
	});
	const sky = new Mesh(new SphereGeometry(140, 32, 24), material);
	sky.frustumCulled = false;
	sky.renderOrder = -1;
	return sky;
}

const vertexShader = /* glsl */ `
	varying vec3 direction;
	void main() {
		direction = position;
		gl_Position = projectionMatrix * modelViewMatrix * vec4(position, 1.0);
	}
`;

const fragmentShader = /* glsl */ `
	uniform vec3 zenith, upper, lower, horizon, sun, sunColor;
	varying vec3 direction;

	float random(vec3 cell) {
		return fract(sin(dot(cell, vec3(12.9898, 78.233, 37.719))) * 43758.5453);
	}

	float stars(vec3 ray) {
		vec3 grid = ray * 90.0;
		vec3 cell = floor(grid);
		float luck = step(0.988, random(cell));
		vec3 middle = vec3(random(cell + 1.0), random(cell + 2.0), random(cell + 3.0));
		float spot = smoothstep(0.28, 0.0, length(fract(grid) - 0.3 - 0.4 * middle));
		return luck * spot * (0.4 + 0.6 * random(cell + 4.0));
	}

	void main() {
		vec3 ray = normalize(direction);
		float height = max(ray.y, 0.0);
		vec3 color = mix(horizon, lower, smoothstep(0.0, 0.13, height));
		color = mix(color, upper, smoothstep(0.08, 0.34, height));
		color = mix(color, zenith, smoothstep(0.28, 0.85, height));

		float near = max(dot(ray, sun), 0.0);
		color += sunColor * (0.55 * pow(near, 18.0) + 0.5 * pow(near, 220.0));
		color = mix(color, vec3(1.0, 0.84, 0.55), smoothstep(0.99915, 0.9993, near));
		color += stars(ray) * smoothstep(0.14, 0.5, height);

		gl_FragColor = vec4(color, 1.0);
		#include <tonemapping_fragment>
		#include <colorspace_fragment>
	}
`;
