/** Reads a tap's stream as the page does, but by code of its own. */
import { HEARD_BYTES, KINDS } from "../../../src/node/console/wire.ts";

export interface HeardText {
	readonly kind: string;
	readonly type: string;
	readonly from: readonly string[];
	readonly to: string | undefined;
	readonly text: string;
}

export function readTap(response: Response) {
	if (!response.body) throw new Error("no stream");
	const reader = response.body.getReader();
	const opened = defer<void>();
	const ended = defer<void>();
	const heard: HeardText[] = [];
	const waiting = new Set<() => void>();
	let bytes = Buffer.alloc(0);
	const counts = { hidden: 0, dropped: 0 };

	function take(): boolean {
		if (bytes.length < 8) return false;
		const [head, body] = [bytes.readUInt32BE(0), bytes.readUInt32BE(4)];
		const end = 8 + body;
		if (bytes.length < end + head) return false;
		const batch = JSON.parse(bytes.subarray(end, end + head).toString());
		for (let at = 8; at < end; ) {
			const field = (place: number) => bytes.readInt32BE(at + 4 * place);
			const frame = at + HEARD_BYTES;
			heard.push({
				kind: KINDS[field(1)] ?? "",
				type: batch.texts[field(4)],
				from: batch.names[field(6)] ?? [],
				to: batch.texts[field(7)],
				text: bytes.subarray(frame + field(2), frame + field(3)).toString(),
			});
			at = frame + field(3);
		}
		counts.hidden += batch.hidden;
		counts.dropped += batch.dropped;
		bytes = bytes.subarray(end + head);
		opened.resolve();
		for (const look of waiting) look();
		return true;
	}

	async function run(): Promise<void> {
		for (;;) {
			const { done, value } = await reader.read();
			if (done) break;
			bytes = Buffer.concat([bytes, value]);
			while (take());
		}
		ended.resolve();
	}
	void run().catch(() => {});

	return {
		opened: opened.promise,
		ended: ended.promise,
		get hidden() {
			return counts.hidden;
		},
		/** All that was routed, up to the first message of that type. */
		until(type: string): Promise<HeardText[]> {
			const { promise, resolve } = defer<HeardText[]>();
			const look = () => {
				const routed = heard.filter(({ kind }) => ROUTED.has(kind));
				const at = routed.findIndex((one) => one.type === type);
				if (at < 0) return;
				waiting.delete(look);
				resolve(routed.slice(0, at + 1));
			};
			waiting.add(look);
			look();
			return promise;
		},
		close: () => reader.cancel(),
	};
}

const ROUTED: ReadonlySet<string> = new Set([
	"broadcast",
	"directed",
	"refused",
]);

export function defer<Value>() {
	let resolve: (value: Value) => void = () => {};
	const promise = new Promise<Value>((given) => {
		resolve = given;
	});
	return { promise, resolve };
}
