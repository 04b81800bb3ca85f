/** JSON as people read it, with its parts in colours; never as HTML. */
export function Json({ text }: { readonly text: string }) {
	return <pre class="json">{[...partsOf(pretty(text))]}</pre>;
}

export function pretty(text: string): string {
	try {
		return JSON.stringify(JSON.parse(text), null, 2);
	} catch {
		return text;
	}
}

/** More than a person reads of one message. */
const MOST = 100_000;

function* partsOf(text: string) {
	const seen = text.slice(0, MOST);
	let at = 0;
	let key = 0;
	for (const { 0: part, index } of seen.matchAll(PARTS)) {
		if (index > at) yield seen.slice(at, index);
		yield (
			<span key={key++} class={`json-${kindOf(part)}`}>
				{part}
			</span>
		);
		at = index + part.length;
	}
	yield seen.slice(at);
	if (text.length > MOST)
		yield `\n… ${text.length - MOST} more characters: see Raw`;
}

const PARTS =
	/"(?:[^"\\]|\\.)*"(?:\s*:)?|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|\b(?:true|false|null)\b/g;

function kindOf(part: string): string {
	if (part.endsWith(":")) return "key";
	return part.startsWith('"') ? "text" : "value";
}
