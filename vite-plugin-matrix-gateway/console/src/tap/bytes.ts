/** Bytes as a person reads them: sixteen a line, as numbers and as letters. */
export function toHex(bytes: Uint8Array): string {
	const seen = bytes.subarray(0, MOST);
	const lines: string[] = [];
	for (let at = 0; at < seen.byteLength; at += WIDTH) {
		const part = [...seen.subarray(at, at + WIDTH)];
		const numbers = part.map((byte) => byte.toString(16).padStart(2, "0"));
		const letters = part.map((byte) =>
			byte >= 32 && byte < 127 ? String.fromCharCode(byte) : "·",
		);
		const place = at.toString(16).padStart(5, "0");
		const columns = numbers.join(" ").padEnd(3 * WIDTH - 1);
		lines.push(`${place}  ${columns}  ${letters.join("")}`);
	}
	const rest = bytes.byteLength - seen.byteLength;
	if (rest > 0) lines.push(`… ${rest} more`);
	return lines.join("\n");
}

const WIDTH = 16;
const MOST = 8_192;
