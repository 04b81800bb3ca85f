import { Vector3 } from "three";

/** The evening's palette, in one place so that sky, fog and light agree. */
export const SKY = {
	zenith: "#171b4a",
	upper: "#434389",
	lower: "#b06f9c",
	horizon: "#ffb68f",
	sun: "#ff9a5a",
} as const;

/** What the distance fades into: the sky just above the horizon. */
export const FOG = "#c98f9d";

export const GROUND = {
	near: "#79b183",
	far: "#5a9489",
	distant: "#77689c",
	blade: ["#6fae7f", "#4f9275", "#86bd83"],
	flower: ["#ffd9a8", "#ff9fb2", "#c9b6ff", "#fff3d6"],
	stone: ["#8d87a8", "#77718f", "#a49dba"],
	needle: ["#4a9484", "#58a488", "#3f8580", "#6fae86"],
	trunk: "#5b4048",
	hill: ["#57618f", "#4b558a", "#6a6796"],
} as const;

/** Towards the sun that is seen in the sky. */
export const SUN_DIRECTION = new Vector3(0.085, 0.04, -1).normalize();
