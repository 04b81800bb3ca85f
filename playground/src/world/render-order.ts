/** What lies flat on the ground, from below to above: too close together for the depth buffer to tell. */
export const RENDER_ORDER = { plaza: 0, zone: 1, halo: 2 } as const;
