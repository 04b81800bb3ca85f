/** Which plain messages a gateway retains, so that today's senders need no change [RET5]. */

/** What is done with a message of one type. `{field}` in a key is that field of the message. */
export type RetainRule =
	| {
			/** Keeps the message under this key, in place of what was there. */
			readonly key: string;
			/**
			 * Whose it is: it goes when its agent leaves, or stays with the world.
			 * @default "world"
			 */
			readonly scope?: "world" | "agent";
			/**
			 * Keeps what was there as well.
			 * @default false
			 */
			readonly append?: boolean;
			readonly clear?: undefined;
	  }
	| {
			/** Removes this key, or all that begin with it where it ends in a slash. */
			readonly clear: string;
			/**
			 * Whose key it is, as above.
			 * @default "world"
			 */
			readonly scope?: "world" | "agent";
			readonly append?: undefined;
			readonly key?: undefined;
	  };

/** Rules by message type. */
export type RetainTable = Readonly<Record<string, RetainRule>>;

/**
 * The rules for the Matrix's own messages. `scene_remove` is kept, not cleared: the object may
 * have come in a `scene_batch`, which a newcomer gets as well.
 */
export const MATRIX_RETAIN_TABLE: RetainTable = {
	scene_add: { key: "scene/{id}" },
	scene_update: { key: "scene/{id}", append: true },
	scene_remove: { key: "scene/{id}" },
	scene_batch: { key: "scene/", append: true },
	scene_clear: { clear: "scene/" },
	zone_add: { key: "zone/{id}" },
	zone_remove: { clear: "zone/{id}" },
	world_register: { key: "world/{id}" },
	world_load: { key: "world-loaded" },
	world_unregister: { clear: "world/{id}" },
	agent_state: { key: "state", scope: "agent" },
	agent_move: { key: "move", scope: "agent" },
};

/** The tables that a host can switch on by name. */
export const RETAIN_TABLES = { matrix: MATRIX_RETAIN_TABLE } as const;
