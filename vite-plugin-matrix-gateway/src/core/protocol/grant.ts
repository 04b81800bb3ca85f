/**
 * What a token allows [AUTH1]. What is absent is not limited, but for the three rights at its end,
 * which have to be given. In a list, a `*` at the end of a text stands for anything.
 */
export interface Grant {
	/** Who it is, for the log and the status. Never the token. */
	readonly name?: string;
	/**
	 * What its token is known by, from which nobody gets the token. Whatever lives by one key ends
	 * together. The host sets it.
	 */
	readonly key?: string;
	/** The only agentIds that may be registered and spoken for [REG5, RT8]. */
	readonly agents?: readonly string[];
	/** The only roles that may be registered. */
	readonly roles?: readonly string[];
	/** The only worlds that may be entered, and whose status may be read [WLD4]. */
	readonly worlds?: readonly string[];
	/** The only types that it may have routed; `[]` is for who only reads. */
	readonly publish?: readonly string[];
	/** The only types that it is sent of what is routed. */
	readonly subscribe?: readonly string[];
	/** False: it may neither have anything retained nor clear it [RET3]. */
	readonly retain?: boolean;
	/** When it ends, in milliseconds since 1970. */
	readonly expires?: number;
	/** Whether it may end connections and revoke tokens. */
	readonly operate?: boolean;
	/** Whether it may read the metrics. */
	readonly metrics?: boolean;
	/** Whether it may read, with `operate` in the console's tap, what others direct to each other [OPS3]. */
	readonly overhear?: boolean;
}
