import { isReserved } from "../core/protocol/protocol.ts";
import type {
	SchemaIssue,
	SchemaResult,
	StandardSchema,
} from "../messages/standard-schema.ts";
import { report } from "./environment.ts";
import type { MatrixMessage, OutgoingMessage } from "./messages.ts";

/** What `send` and the like throw where a message is not as the option `schema` says. */
export class InvalidMessageError extends TypeError {
	override readonly name = "InvalidMessageError";
	/** What is wrong with it. */
	readonly issues: readonly SchemaIssue[];

	constructor(type: string, issues: readonly SchemaIssue[]) {
		super(`The schema refuses this "${type}": ${toText(issues)}`);
		this.issues = issues;
	}

	/** That of another copy of the package is one, too, as with `RequestError`. */
	static override [Symbol.hasInstance](value: unknown): boolean {
		return value instanceof Error && value.name === "InvalidMessageError";
	}
}

/** Judges what others say and what is to be said. */
export interface Checks {
	/** The message as the schema gives it back; undefined where it is invalid, which was told. */
	incoming(message: MatrixMessage): MatrixMessage | undefined;
	/** Throws where it is invalid. */
	outgoing(message: OutgoingMessage): void;
}

/**
 * Creates checks by a schema; without one all is valid. What the gateway says, and what is said to
 * it, is not a schema's to judge.
 */
export function createChecks(
	schema: StandardSchema | undefined,
	onInvalid: (message: MatrixMessage, issues: readonly SchemaIssue[]) => void,
): Checks {
	function judge(message: OutgoingMessage): SchemaResult<unknown> {
		if (!schema || isReserved(message.type)) return { value: message };
		const result = schema["~standard"].validate(message);
		if (!("then" in result)) return result;
		result.then(undefined, report);
		return ASYNCHRONOUS;
	}

	/** What others say must not throw here, whatever the schema makes of it. */
	function judgeSafely(message: MatrixMessage): SchemaResult<unknown> {
		try {
			return judge(message);
		} catch (error) {
			report(error);
			return FAILED;
		}
	}

	return {
		incoming(message) {
			const result = judgeSafely(message);
			if (result.issues) onInvalid(message, result.issues);
			else return merge(message, result.value);
			return undefined;
		},
		outgoing(message) {
			const { issues } = judge(message);
			if (issues) throw new InvalidMessageError(message.type, issues);
		},
	};
}

const ASYNCHRONOUS = { issues: [{ message: "the schema is asynchronous" }] };
const FAILED = { issues: [{ message: "the schema threw an error" }] };

/** A schema may leave out what it does not name: whom to answer has to stand in the message still. */
function merge(message: MatrixMessage, value: unknown): MatrixMessage {
	return value === message ? message : { ...message, ...Object(value) };
}

/** What is wrong, in one line. */
function toText(issues: readonly SchemaIssue[]): string {
	return issues
		.map(({ message, path = [] }) =>
			[path.map(toKey).join("."), message].filter(Boolean).join(": "),
		)
		.join("; ");
}

function toKey(part: PropertyKey | { readonly key: PropertyKey }): string {
	return String(typeof part === "object" ? part.key : part);
}
