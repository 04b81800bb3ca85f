/** What a token allows [AUTH1]. What is absent is not limited. */
export interface Grant {
	/** The only agentIds that may be registered and spoken for [REG5, RT8]. */
	readonly agents?: readonly string[];
	/** The only roles that may be registered. */
	readonly roles?: readonly string[];
}
