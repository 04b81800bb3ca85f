/** What a glTF file says of itself, as far as it has to be known before it is built. */
import { isMessage, type Message } from "../model/values.ts";

/** Elements of all accessors: three.js makes room for what a number says, whether it is there or not. */
const MAX_ELEMENTS = 1_000_000;
const MAX_PARTS = 2_000;

/** "glTF", little-endian. */
const MAGIC = 0x46546c67;
/** "JSON", which the first chunk of a binary file is. */
const JSON_CHUNK = 0x4e4f534a;

/**
 * Reads the JSON of a glTF file, text or binary.
 *
 * @throws Where it is neither.
 */
export function readModel(data: ArrayBuffer): Message {
	const model: unknown = JSON.parse(new TextDecoder().decode(jsonIn(data)));
	if (!isMessage(model)) throw new Error("it is no glTF");
	return model;
}

function jsonIn(data: ArrayBuffer): Uint8Array {
	const bytes = new Uint8Array(data);
	if (bytes.length < 20) return bytes;
	const view = new DataView(data);
	if (view.getUint32(0, true) !== MAGIC) return bytes;
	if (view.getUint32(16, true) !== JSON_CHUNK) throw new Error("it is no glTF");
	return bytes.subarray(20, 20 + view.getUint32(12, true));
}

/** @throws Where it would take more to build than a page has. */
export function checkModel(model: Message): void {
	const elements = listIn(model, "accessors").reduce(
		(sum, { count }) => sum + Math.abs(Number(count ?? 0)),
		0,
	);
	// A count that is no number makes a sum that is none.
	if (!(elements <= MAX_ELEMENTS)) throw new Error("it has too many points");
	for (const key of ["nodes", "meshes", "materials", "textures", "accessors"])
		if (listIn(model, key).length > MAX_PARTS)
			throw new Error(`it has too many ${key}`);
}

/** The addresses that it names, those apart that hold their content themselves. */
export function filesNamedBy(model: Message): string[] {
	return [...listIn(model, "buffers"), ...listIn(model, "images")]
		.map(({ uri }) => uri)
		.filter((uri) => uri !== undefined)
		.map(String)
		.filter((uri) => !isContent(uri));
}

/** Whether an address is its content. */
export function isContent(uri: string): boolean {
	return /^data:/i.test(uri);
}

function listIn(model: Message, key: string): Message[] {
	const list = model[key];
	return Array.isArray(list) ? list.filter(isMessage) : [];
}
