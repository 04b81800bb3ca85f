import { Material, Mesh, type Object3D, Sprite, Texture } from "three";

/** Takes an object out of the scene and gives its own materials back. */
export function removeObject(object: Object3D): void {
	object.removeFromParent();
	for (const material of materialsOf(object)) material.dispose();
}

/** Gives back a loaded model, whose geometries and textures are its own too. */
export function disposeModel(object: Object3D): void {
	for (const material of materialsOf(object)) {
		for (const value of Object.values(material))
			if (value instanceof Texture) value.dispose();
		material.dispose();
	}
	object.traverse((part) => {
		if (part instanceof Mesh) part.geometry.dispose();
	});
}

/** The materials of an object and all its parts. */
export function materialsOf(object: Object3D): Material[] {
	const materials: Material[] = [];
	object.traverse((part) => {
		if (part instanceof Mesh || part instanceof Sprite)
			materials.push(...[part.material].flat());
	});
	return materials.filter((material) => material instanceof Material);
}
