/**
 * What a viewer is sent in some seconds, in bytes on the wire: plain, compressed by a gateway that
 * has it on, and what compressing for it alone, its context taken over, would have made of it.
 *
 *     node sidecar/bench/traffic.mjs ws://localhost:8765/ws/matrix 300
 */
import { connect } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import { constants, createDeflateRaw } from "node:zlib";
import { WebSocket } from "ws";

const [url = "ws://localhost:8765/ws/matrix", seconds = "60"] =
	process.argv.slice(2);

const alone = createAlone();
const plain = await open(false);
const compressed = await open(true);
plain.webSocket.on("message", alone.add);
await wait(Number(seconds) * 1000);
console.log({
	seconds: Number(seconds),
	plain: plain.bytes(),
	compressed: compressed.bytes(),
	compressedAlone: await alone.bytes(),
	agreed: compressed.webSocket.extensions,
});
process.exit(0);

/** @param {boolean} perMessageDeflate */
async function open(perMessageDeflate) {
	const { hostname, port } = new URL(url);
	const socket = connect({ host: hostname, port: Number(port) });
	const webSocket = new WebSocket(url, {
		perMessageDeflate,
		createConnection: () => socket,
	});
	await new Promise((resolve, reject) => {
		webSocket.once("open", resolve).once("error", reject);
	});
	const handshake = socket.bytesRead;
	return { webSocket, bytes: () => socket.bytesRead - handshake };
}

function createAlone() {
	const deflate = createDeflateRaw();
	let size = 0;
	deflate.on("data", (chunk) => {
		size += chunk.length;
	});
	return {
		/** @param {Buffer} message */
		add(message) {
			deflate.write(message);
			deflate.flush(constants.Z_SYNC_FLUSH);
			// The trailer is not sent, and a short frame's header is.
			size += 2 - 4;
		},
		async bytes() {
			await new Promise((resolve) => deflate.flush(() => resolve(undefined)));
			return size;
		},
	};
}
