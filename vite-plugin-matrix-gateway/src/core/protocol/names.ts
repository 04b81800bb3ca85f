/** Which of the texts that clients choose are well formed. */

/** UTF-8 bytes of the longest agentId and target_id. */
export const MAX_AGENT_ID_BYTES = 128;

/** UTF-8 bytes of the longest role. */
export const MAX_ROLE_BYTES = 64;

/** Whether a name is on a list, or begins as a text of it before its `*`; where there is no list all are [AUTH1]. */
export function isOnList(
	list: readonly string[] | undefined,
	name: string,
): boolean {
	return list?.some((entry) => isMeant(entry, name)) ?? true;
}

function isMeant(entry: string, name: string): boolean {
	if (entry === name) return true;
	return entry.endsWith("*") && name.startsWith(entry.slice(0, -1));
}

/** Whether a value can be an agentId or a target_id [REG1]. */
export function isAgentId(value: unknown): value is string {
	return isName(value, MAX_AGENT_ID_BYTES);
}

/** Whether a value can be a role [REG1]. */
export function isRole(value: unknown): value is string {
	return isName(value, MAX_ROLE_BYTES);
}

/** What a name looks like, for who gave another. */
export function nameForm(maxBytes: number): string {
	return `a string of 1-${maxBytes} UTF-8 bytes, without control or format characters, line separators or lone surrogates`;
}

/** Characters of the longest receipt id. */
export const MAX_RECEIPT_LENGTH = 128;

/** Whether a value can be a receipt's id [RCPT1]. */
export function isReceiptId(value: unknown): value is string {
	return isText(value, MAX_RECEIPT_LENGTH);
}

/** Whether a value is text that is not empty, and not longer than so many characters. */
export function isText(value: unknown, maxLength: number): value is string {
	return (
		typeof value === "string" && value.length > 0 && value.length <= maxLength
	);
}

// Cs under the `u` flag matches lone surrogates only: they cannot be sent as UTF-8.
const FORBIDDEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u;

function isName(value: unknown, maxBytes: number): value is string {
	if (!isText(value, maxBytes)) return false;
	if (isPlain(value)) return true;
	return utf8Length(value) <= maxBytes && !FORBIDDEN.test(value);
}

/** Most names are printable ASCII. Not a regular expression, which took twice as long, for each directed message. */
function isPlain(text: string): boolean {
	for (let index = 0; index < text.length; index++) {
		const code = text.charCodeAt(index);
		if (code < 0x20 || code > 0x7e) return false;
	}
	return true;
}

function utf8Length(text: string): number {
	let bytes = 0;
	for (const character of text) {
		const code = character.codePointAt(0) ?? 0;
		bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
	}
	return bytes;
}
