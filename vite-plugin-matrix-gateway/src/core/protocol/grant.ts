/** What a token allows [AUTH1]. What is absent is not limited. */
export interface Grant {
	/** The only agentIds that may be registered and spoken for [REG5, RT8]. */
	readonly agents?: readonly string[];
	/** The only roles that may be registered. */
	readonly roles?: readonly string[];
	/** The only worlds that may be entered, and whose status may be read [WLD4]. */
	readonly worlds?: readonly string[];
}
