/** What stands in the world: objects, zones, and the world's own name. */
import * as v from "valibot";
import {
	axes,
	id,
	number,
	optional,
	position,
	text,
	word,
	worldMessage,
} from "./values.ts";

const object = {
	kind: optional(
		word(
			["box", "sphere", "cone", "cylinder", "gltf"],
			"Without it box. Each is a metre wide and tall",
		),
	),
	position: optional(position),
	scale: optional(
		v.pipe(
			v.union([v.pipe(v.number(), v.finite()), axes]),
			v.description("A factor for all axes, or one for each, 0.02 to 20"),
		),
	),
	rotation: optional(number("Radians about the vertical; without it 0")),
	color: optional(text("#rgb, #rrggbb or a CSS colour name")),
	glow: optional(number("How much it shines by itself, 0 to 1; without it 0")),
	label: optional(text("A sign above it, up to 40 characters are shown")),
	url: optional(text("Of a gltf model: http(s), or relative to the page")),
};

const objectId = id(
	"The object's id, which begins with the name of its agent best",
);

export const sceneAdd = worldMessage(
	"scene_add",
	"Puts an object into the world, in place of one of the same id",
	{ id: objectId, ...object },
);

export const sceneUpdate = worldMessage(
	"scene_update",
	"Changes the fields of an object that it has",
	{ id: objectId, ...object },
);

export const sceneRemove = worldMessage(
	"scene_remove",
	"Takes an object out of the world",
	{ id: objectId },
);

export const sceneClear = worldMessage(
	"scene_clear",
	"Takes all objects out of the world",
	{},
);

const PARTS = [sceneAdd, sceneUpdate, sceneRemove, sceneClear] as const;

const otherPart = v.looseObject({
	type: v.pipe(
		v.string(),
		v.notValues(PARTS.map(({ entries }) => entries.type.literal)),
	),
});

export const sceneBatch = worldMessage(
	"scene_batch",
	"Several changes at once, up to 500",
	{
		messages: v.array(v.union([v.variant("type", PARTS), otherPart])),
	},
);

export const zoneAdd = worldMessage("zone_add", "Lays a disc on the ground", {
	id: id("The zone's id"),
	position,
	radius: optional(number("Metres, 0.2 to 30; without it 2")),
	label: optional(text("Up to 40 characters are shown")),
	color: optional(text("#rgb, #rrggbb or a CSS colour name")),
});

export const zoneRemove = worldMessage("zone_remove", "Takes a zone away", {
	id: id("The zone's id"),
});

const worldId = { id: id("The world's id") };

export const worldRegister = worldMessage("world_register", "Names a world", {
	...worldId,
	name: optional(text("What the title plate says; without it the id")),
});

export const worldLoad = worldMessage(
	"world_load",
	"Puts a world's name on the title plate",
	worldId,
);

export const worldUnregister = worldMessage(
	"world_unregister",
	"Forgets a world's name",
	worldId,
);
