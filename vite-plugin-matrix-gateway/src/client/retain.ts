/**
 * What the gateway is to keep of a broadcast for those who come later [RET1, RET2]: the
 * message, under a `key`; or with `clear` no longer what is under that key, and where it
 * ends in a slash, under all that begin with it. Viewers have nothing kept [RET3].
 *
 * @example
 * client.send({ type: "scene_add", id: "tree-1", retain: { key: "scene/tree-1" } });
 * client.send({ type: "scene_clear", retain: { clear: "scene/" } });
 */
export type Retain =
	| {
			readonly key: string;
			/**
			 * Whose key it is: with `agent` it goes when the agent leaves [RET3].
			 * @default "world"
			 */
			readonly scope?: RetainScope;
			/**
			 * Whether what is under the key stays, and this is added [RET2].
			 * @default false
			 */
			readonly append?: boolean;
			readonly clear?: never;
	  }
	| {
			readonly clear: string;
			/** @default "world" */
			readonly scope?: RetainScope;
			readonly key?: never;
	  };

/** Whether a key belongs to all or to one agent [RET3]. */
export type RetainScope = "world" | "agent";
