/** How text, from a flag or from the environment, becomes a value. */
export interface Kind<Value> {
	/** Stands for the value in the help; a kind without one is a switch. */
	readonly placeholder?: string;
	/** What a flag without a value stands for, where it may have none; `--no-` before it is `false`. */
	readonly bare?: string;
	/** Completes the sentence "… is not". */
	readonly expected: string;
	/** Returns undefined for text that is no such value. */
	parse(text: string): Value | undefined;
}
