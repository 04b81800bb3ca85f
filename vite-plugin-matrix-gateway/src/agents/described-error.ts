/** Errors, as they go from thread to thread: another's class is not here, nor is each property plain. */
import { stripVTControlCharacters } from "node:util";

/** Any value that was thrown. */
export interface DescribedError {
	readonly name: string;
	readonly message: string;
	/** As the engine writes it, the message first. */
	readonly stack: string;
	/** Of an error of a compiler's: in what it is. */
	readonly id?: string;
	readonly loc?: Location;
	/** The source around it. */
	readonly frame?: string;
	readonly plugin?: string;
}

/** A place in a source; lines count from 1, columns from 0. */
export interface Location {
	readonly file?: string;
	readonly line: number;
	readonly column: number;
}

export function describeError(error: unknown): DescribedError {
	try {
		return error instanceof Error ? describe(error) : describeOther(error);
	} catch {
		// A getter of its own, most likely.
		return describeOther("an error that cannot be read");
	}
}

function describe(error: Error): DescribedError {
	const { name, message, stack = `${name}: ${message}` } = error;
	const { id, frame, plugin, errors } = error as CompilerError;
	// Some compilers tell several errors as one, which has no place itself.
	const { loc = Object(Object(errors)[0]).loc } = error as CompilerError;
	return {
		name: String(name),
		message: plain(message),
		stack: plain(stack),
		...(typeof id === "string" && { id }),
		...(isLocation(loc) && { loc: toLocation(loc) }),
		...(typeof frame === "string" && { frame: plain(frame) }),
		...(typeof plugin === "string" && { plugin }),
	};
}

interface CompilerError extends Error {
	readonly id?: unknown;
	readonly loc?: unknown;
	readonly frame?: unknown;
	readonly plugin?: unknown;
	readonly errors?: unknown;
}

function isLocation(value: unknown): value is Location {
	const { line, column } = Object(value);
	return typeof line === "number" && typeof column === "number";
}

function toLocation({ file, line, column }: Location): Location {
	const isNamed = typeof file === "string";
	return { line, column, ...(isNamed && { file }) };
}

/** Compilers colour what they say. */
function plain(text: unknown): string {
	return stripVTControlCharacters(String(text));
}

function describeOther(value: unknown): DescribedError {
	const message = typeof value === "string" ? value : shown(value);
	return { name: "Error", message, stack: message };
}

function shown(value: unknown): string {
	const text = typeof value === "object" ? JSON.stringify(value) : undefined;
	return text ?? String(value);
}
