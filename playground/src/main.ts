/// <reference types="vite-plugin-matrix-gateway/virtual" />
import "./style.css";
import { agentInAddress } from "./address.ts";
import { connect } from "./connection.ts";
import { keepMemory } from "./memory.ts";
import { type Snapshot, takeSnapshot } from "./model/snapshot.ts";
import { createWorld } from "./model/world.ts";
import { createActivityPanel } from "./ui/activity.ts";
import { createChatLine } from "./ui/chat.ts";
import { createConnectionPill } from "./ui/connection.ts";
import { find } from "./ui/find.ts";
import { startFrames } from "./ui/frames.ts";
import { createRosterPanel } from "./ui/roster.ts";
import { createTitlePlate } from "./ui/title.ts";
import { createWorldView, type WorldView } from "./world/render.ts";

declare global {
	interface Window {
		/** What tests and the curious look at. */
		matrixWorld: { snapshot(): Snapshot & { connection: string } };
	}
}

const now = () => performance.now();
const world = createWorld(now);
const agentId = agentInAddress();
// What an agent was told is not told again: its session goes on after a reload.
if (agentId !== undefined) keepMemory(world, agentId, window);
const view = tryCreateView();
// The first picture takes a slow device a while; who connects has 250 ms to say who it is.
view?.render(0);
const pill = createConnectionPill(() => connection.restart());
const connection = connect(world, agentId, (state) => pill.show(state));
const title = createTitlePlate();
const roster = createRosterPanel((agentId) => view?.lookAt(agentId));
const activity = createActivityPanel();
createChatLine(say);

startFrames((seconds) => {
	world.step();
	if (world.isFilling) return;
	title.update(world.title);
	roster.update(world);
	activity.update(world);
	view?.render(seconds);
});

window.matrixWorld = {
	snapshot() {
		world.step();
		return { connection: connection.state.status, ...takeSnapshot(world) };
	},
};

// The gateway leaves the sender out, so the page tells its own world.
function say(text: string): boolean {
	const timestamp = new Date().toISOString();
	const type = "visitor_message";
	const message = { type, text, timestamp, name: agentId } as const;
	const taken = connection.send(message);
	if (taken) world.apply({ ...message, name: "you" });
	return taken;
}

// Without WebGL the roster, the activity and the chat still work.
function tryCreateView(): WorldView | undefined {
	try {
		return createWorldView(world, find("#world"), now);
	} catch (error) {
		console.error("The world cannot be drawn:", error);
		find("#world").classList.add("undrawn");
		return undefined;
	}
}
