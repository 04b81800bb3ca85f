/** A text of JSON with the places of what is in it, for errors that say where. */
import {
	type Node,
	type ParseError,
	parseTree,
	printParseErrorCode,
} from "jsonc-parser";

export type { Node };

/** Something of a text is wrong, at a place of it. */
export interface Fault {
	readonly offset: number;
	/** A sentence without its point. It quotes nothing that may be a token. */
	readonly what: string;
}

/** What was read of a text, as far as it is JSON; and the first place at which it is not. */
export interface JsonText {
	readonly root: Node | undefined;
	readonly fault: Fault | undefined;
}

export function readJson(text: string): JsonText {
	const errors: ParseError[] = [];
	try {
		const root = parseTree(text, errors, {
			disallowComments: true,
			allowTrailingComma: false,
			allowEmptyContent: false,
		});
		return { root, fault: errors[0] && describe(errors[0]) };
	} catch (error) {
		// The parser calls itself for each level.
		if (!(error instanceof RangeError)) throw error;
		return { root: undefined, fault: { offset: 0, what: "it is too deep" } };
	}
}

/** The number of the line at a place. */
export function lineAt(text: string, offset: number): number {
	return text.slice(0, offset).split(/\r\n|\n|\r/).length;
}

/** An object's properties in their order, each with its name, and what stands for it. */
export function propertiesOf(object: Node): [key: Node, value: Node][] {
	return (object.children ?? []).flatMap(({ children = [] }) => {
		const [key, value] = children;
		return key && value ? [[key, value] as [Node, Node]] : [];
	});
}

function describe({ error, offset }: ParseError): Fault {
	const words = printParseErrorCode(error)
		.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
		.trim();
	return { offset, what: `it is not JSON here (${words})` };
}
