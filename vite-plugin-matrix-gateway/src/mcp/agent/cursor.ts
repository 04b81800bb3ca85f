/** Up to where an LLM has been told what its agent heard, as a text that it hands back. */

export interface Cursor {
	/** Which life of the agent it is about: each counts from the beginning. */
	readonly epoch: string;
	/** All up to this place was told. */
	readonly n: number;
	/** And so many characters of the word after it, which did not fit into one answer. */
	readonly offset: number;
}

export function writeCursor({ epoch, n, offset }: Cursor): string {
	return offset > 0 ? `${epoch}.${n}.${offset}` : `${epoch}.${n}`;
}

/** Undefined for what is none. */
export function readCursor(text: string): Cursor | undefined {
	const [, epoch, n, offset = "0"] = FORM.exec(text) ?? [];
	if (epoch === undefined) return undefined;
	return { epoch, n: Number(n), offset: Number(offset) };
}

const FORM = /^([a-z0-9]{1,32})\.(\d{1,15})(?:\.(\d{1,9}))?$/;
