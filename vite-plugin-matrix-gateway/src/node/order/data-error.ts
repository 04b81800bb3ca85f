/** A folder that cannot be the world's: the message is one line, and names it. */
export class DataError extends Error {
	override readonly name = "DataError";
}
