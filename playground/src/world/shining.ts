import type { MeshLambertMaterial, MeshStandardMaterial } from "three";

/**
 * Lets each instance of a pool shine in its own colour, as much as its `instanceGlow` says; three.js
 * has an emissive colour for all of a material only.
 */
export function letShine<M extends MeshLambertMaterial | MeshStandardMaterial>(
	material: M,
): M {
	material.onBeforeCompile = (shader) => {
		shader.vertexShader = shader.vertexShader
			.replace("#include <common>", `#include <common>\n${VERTEX_HEAD}`)
			.replace("#include <begin_vertex>", `#include <begin_vertex>\n${VERTEX}`);
		shader.fragmentShader = shader.fragmentShader
			.replace("#include <common>", `#include <common>\n${FRAGMENT_HEAD}`)
			.replace(
				"#include <emissivemap_fragment>",
				`#include <emissivemap_fragment>\n${FRAGMENT}`,
			);
	};
	material.customProgramCacheKey = () => "shining";
	return material;
}

const VERTEX_HEAD = "attribute float instanceGlow; varying float vGlow;";
const VERTEX = "vGlow = instanceGlow;";
const FRAGMENT_HEAD = "varying float vGlow;";
const FRAGMENT = "totalEmissiveRadiance += vColor.rgb * vGlow;";
