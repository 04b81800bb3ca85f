import {
	type BufferGeometry,
	type Color,
	DynamicDrawUsage,
	InstancedBufferAttribute,
	InstancedMesh,
	type Material,
	type Matrix4,
	type Scene,
} from "three";

/**
 * Many things of one shape in one draw. It is filled anew in each frame in which one of them has
 * changed: `begin`, each with `add`, `end`.
 */
export interface Pool {
	begin(): void;
	/**
	 * Those past the capacity are left out.
	 *
	 * @param glow How much it shines by itself, where the material is a {@link letShine | shining} one.
	 */
	add(matrix: Matrix4, color: Color, glow?: number): void;
	end(): void;
}

export interface PoolOptions {
	readonly geometry: BufferGeometry;
	readonly material: Material;
	readonly capacity: number;
	readonly castShadow?: boolean;
	readonly receiveShadow?: boolean;
	readonly renderOrder?: number;
}

export function createPool(scene: Scene, options: PoolOptions): Pool {
	const { geometry, material, capacity } = options;
	const mesh = new InstancedMesh(geometry, material, capacity);
	const colors = new InstancedBufferAttribute(
		new Float32Array(capacity * 3),
		3,
	);
	const glows = new InstancedBufferAttribute(new Float32Array(capacity), 1);
	mesh.instanceColor = colors;
	mesh.geometry.setAttribute("instanceGlow", glows);
	mesh.count = 0;
	// They are all over the place, so that one sphere around them would tell nothing.
	mesh.frustumCulled = false;
	mesh.castShadow = options.castShadow ?? false;
	mesh.receiveShadow = options.receiveShadow ?? false;
	mesh.renderOrder = options.renderOrder ?? 0;
	scene.add(mesh);
	const attributes = [mesh.instanceMatrix, colors, glows];
	// Only what is in use goes to the graphics processor.
	const ranges = attributes.map(() => ({ start: 0, count: 0 }));
	for (const attribute of attributes) attribute.setUsage(DynamicDrawUsage);

	return {
		begin() {
			mesh.count = 0;
		},
		add(matrix, color, glow = 0) {
			if (mesh.count === capacity) return;
			const index = mesh.count++;
			matrix.toArray(mesh.instanceMatrix.array, index * 16);
			color.toArray(colors.array, index * 3);
			glows.array[index] = glow;
		},
		end() {
			// A range of nothing would be taken for all of the rest, which is sent in each frame then.
			if (mesh.count === 0) return;
			for (let i = 0; i < attributes.length; i++) {
				const attribute = attributes[i];
				const range = ranges[i];
				if (!attribute || !range) continue;
				range.count = mesh.count * attribute.itemSize;
				attribute.updateRanges[0] = range;
				attribute.needsUpdate = true;
			}
		},
	};
}
