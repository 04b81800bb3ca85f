/** An agent by AGENTS-GUIDE.md alone: it answers each question once, whatever becomes of its connection. */
import { WebSocket } from "ws";

const url = process.env.MATRIX_URL;
const name = "echo";

let session;
let got = 0;
let confirmed = 0;
let unconfirmed = [];
let failures = 0;
/** The socket of a connection that has registered. */
let ready;
const waiting = [];

connect();

function connect() {
	const socket = new WebSocket(url, { handshakeTimeout: 15_000 });
	const began = Date.now();
	let spread;
	let status = 0;
	let silence;
	let pings;
	let alive = () => {};

	socket.on("open", () => {
		const resume = session ? { session, received: got } : true;
		put(socket, { type: "agent_register", agentId: name, resume });
	});
	socket.on("unexpected-response", (_request, response) => {
		status = response.statusCode;
		socket.terminate();
	});
	socket.on("error", () => {});
	socket.on("ping", () => alive());
	socket.on("message", (data) => {
		alive();
		const message = read(data);
		if (message.type === "gateway_shutdown") spread = message.reconnectAfter;
		if (ready === socket) return take(message);
		if (message.type === "gateway_error") stop(message.message);
		if (message.type === "agent_registered") begin(message);
	});
	socket.on("close", (code, reason) => {
		if (ready === socket) ready = undefined;
		clearTimeout(silence);
		clearInterval(pings);
		const isFatal =
			status >= 400 && status < 500 && ![408, 429].includes(status);
		if (isFatal) stop(`HTTP ${status}`);
		if (
			(code >= 4000 && code < 4200) ||
			[1002, 1003, 1007, 1009].includes(code)
		)
			stop(`${code} ${reason}`);
		failures = Date.now() - began >= 20_000 ? 0 : failures + 1;
		const ceiling =
			spread ?? Math.min(20, 0.5 * 2 ** Math.max(failures - 1, 0));
		setTimeout(connect, Math.random() * ceiling * 1_000);
	});

	function begin(answer) {
		const { heartbeat, resumed, received } = answer;
		if (resumed) confirm(received);
		else {
			for (const text of unconfirmed) console.error("perhaps lost:", text);
			unconfirmed = [];
			session = answer.session;
			got = confirmed = 0;
		}
		for (const text of unconfirmed) socket.send(text);
		ready = socket;
		if (heartbeat > 0) {
			silence = setTimeout(() => socket.terminate(), heartbeat * 2_000);
			alive = () => silence.refresh();
		}
		const ping = () => put(socket, { type: "ping", received: got });
		pings = setInterval(ping, (heartbeat || 30) * 1_000);
		flush();
	}
}

function take(message) {
	if (message.type === "pong") confirm(message.received ?? 0);
	if (message.type === "pong" || message.type === "gateway_auth") return;
	got += 1;
	const isQuestion = "reply_to" in message && !("in_reply_to" in message);
	if (message.target_id === name && isQuestion)
		say({
			type: "agent_message",
			agentId: name,
			target_id: message.agentId,
			in_reply_to: message.reply_to,
			text: `You said: ${message.text}`,
		});
}

function confirm(count) {
	const more = Math.max(0, count - confirmed);
	unconfirmed.splice(0, more);
	confirmed += more;
}

function say(message) {
	waiting.push(JSON.stringify(message));
	flush();
}

function flush() {
	while (ready?.readyState === WebSocket.OPEN && waiting.length > 0) {
		const text = waiting.shift();
		unconfirmed.push(text);
		ready.send(text);
	}
}

function put(socket, message) {
	if (socket.readyState === WebSocket.OPEN)
		socket.send(JSON.stringify(message));
}

function read(data) {
	try {
		return Object(JSON.parse(String(data)));
	} catch {
		return {};
	}
}

function stop(why) {
	console.error(why);
	process.exit(1);
}
