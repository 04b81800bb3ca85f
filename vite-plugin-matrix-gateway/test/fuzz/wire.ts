/** What a stranger writes on a TCP connection: frames that are nearly right, and HTTP that is. */
import type { Random } from "../chaos/random.ts";
import { frame, OPCODE } from "../support/frames.ts";
import { handshake } from "../support/peer.ts";
import { anyBytes, anyMessage, damage } from "./messages.ts";

/** Some frames of a connection that was upgraded. */
export function anyFrames(random: Random): Buffer {
	return Buffer.concat(
		Array.from({ length: random.between(1, 5) }, () => anyFrame(random)),
	);
}

const OPCODES = [...Object.values(OPCODE), OPCODE.text, OPCODE.text, 3, 11, 15];
const LENGTHS = [0, 1, 125, 126, 65_535, 65_536, 262_145, 2 ** 31, 2 ** 53];

function anyFrame(random: Random): Buffer {
	const rarely = () => random.between(0, 8) === 0;
	const bytes = frame({
		opcode: random.pick(OPCODES),
		payload: rarely() ? anyBytes(random, 130) : anyMessage(random, []),
		final: !rarely(),
		reserved: rarely() ? random.pick([0x10, 0x20, 0x40, 0x70]) : 0,
		masked: !rarely(),
		...(rarely() && { claimedLength: random.pick(LENGTHS) }),
	});
	return rarely() ? damage(random, bytes) : bytes;
}

const METHODS = [
	"GET",
	"GET",
	"GET",
	"HEAD",
	"POST",
	"PUT",
	"DELETE",
	"OPTIONS",
	"CONNECT",
	"TRACE",
	"get",
	"X",
];

/** Beside those of today, what others may come to be. */
const PATHS = [
	...[
		"/",
		"/ws/matrix",
		"/ws/matrix/garden",
		"/ws/matrix/%00",
		"/healthz",
		"/readyz",
		"/metrics",
	],
	...[
		"/api/gateway/status",
		"/api/gateway/messages",
		"/api/gateway/events",
		"/api/gateway/openapi.json",
	],
	...[
		"*",
		"//",
		"/%",
		"/../../etc/passwd",
		"http://x/",
		`/${"a".repeat(5_000)}`,
		"/\xff",
		"",
	],
];

const QUERIES = [
	"",
	"",
	"?token=x",
	"?world=garden",
	"?world=%",
	"?world=../x",
	"?token=%00&token=y",
	`?${"&".repeat(500)}`,
];

const HEADERS = [
	...[
		"Host: localhost",
		"Host: evil.example",
		"Host:",
		"Host: [::1",
		"Origin: null",
		"Origin: https://evil.example",
	],
	...[
		"Origin: %%%",
		"Authorization: Bearer x",
		"Authorization: Bearer",
		"Authorization: \xff",
		"Connection: Upgrade",
	],
	...[
		"Upgrade: websocket",
		"Upgrade: h2c",
		"Sec-WebSocket-Version: 13",
		"Sec-WebSocket-Version: 99",
	],
	...[
		"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
		"Sec-WebSocket-Key: x",
		"Sec-WebSocket-Protocol: matrix.v1, matrix.token.eA",
	],
	...[
		"Sec-WebSocket-Protocol: ,,",
		"Sec-WebSocket-Protocol: matrix.token.!",
		"Sec-WebSocket-Extensions: permessage-deflate; x=",
		"X-Forwarded-For: 1.2.3.4, , x",
	],
	...[
		"Content-Length: 5",
		"Content-Length: -1",
		"Transfer-Encoding: chunked",
		"Expect: 100-continue",
		"Range: bytes=0-",
		"Accept: text/event-stream",
		"Last-Event-ID: 7",
	],
	...[
		"Content-Type: application/json",
		`X: ${"y".repeat(2_000)}`,
		"no colon",
		" folded: x",
		"If-None-Match: *",
	],
];

/** A request, or an upgrade, or what was one. */
export function anyRequest(random: Random, url: string): Buffer {
	const bytes = Buffer.from(
		random.between(0, 4) === 0
			? handshake(url)
			: anyHead(random) + anyBody(random),
		"latin1",
	);
	return random.between(0, 3) === 0 ? damage(random, bytes) : bytes;
}

function anyHead(random: Random): string {
	const headers = Array.from({ length: random.between(0, 8) }, () =>
		random.pick(HEADERS),
	);
	const line = `${random.pick(METHODS)} ${random.pick(PATHS)}${random.pick(QUERIES)} HTTP/${random.pick(["1.1", "1.1", "1.0", "2.0", "9"])}`;
	return `${[line, "Host: localhost", ...headers].join("\r\n")}\r\n\r\n`;
}

function anyBody(random: Random): string {
	return random.pick([
		"",
		"",
		"hello",
		"5\r\nhello\r\n0\r\n\r\n",
		"ffffffff\r\n",
		'[{"type":"bark"}]',
		"GET / HTTP/1.1\r\n\r\n",
	]);
}
