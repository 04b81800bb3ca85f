/// <reference types="vite-plugin-matrix-gateway/virtual" />
import "./style.css";
import { agentInAddress, worldInAddress } from "./address.ts";
import { connect } from "./connection.ts";
import { find } from "./elements.ts";
import { keepMemory } from "./memory.ts";
import { type Snapshot, takeSnapshot } from "./model/snapshot.ts";
import { createWorld } from "./model/world.ts";
import { createActivityPanel } from "./ui/activity.ts";
import { createChatLine } from "./ui/chat.ts";
import { createConnectionPill } from "./ui/connection.ts";
import { startFrames } from "./ui/frames.ts";
import { createRosterPanel } from "./ui/roster.ts";
import { createTitlePlate } from "./ui/title.ts";
import type { Picture } from "./world/picture.ts";
import { createWorldView, type WorldView } from "./world/world-view.ts";

declare global {
	interface Window {
		/** For tests, and for the browser's console. */
		matrixWorld: {
			snapshot(): Snapshot & { connection: string };
			/** What is on the screen; undefined where nothing can be drawn. */
			picture(): Picture | undefined;
		};
	}
}

const now = () => performance.now();
const world = createWorld(now);
const agentId = agentInAddress();
// A session that is resumed after a reload does not bring again what it brought before.
if (agentId !== undefined)
	keepMemory(world, `${worldInAddress()} ${agentId}`, window);
const view = tryCreateView();
// Before connecting: the first picture may take a slow device longer than the 250 ms in which a
// connection has to register.
view?.render(0);
const pill = createConnectionPill(() => connection.restart());
const connection = connect(world, agentId, (state) => pill.show(state));
const title = createTitlePlate();
const roster = createRosterPanel((agentId) => view?.follow(agentId));
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
	picture: () => view?.picture(),
};

// The gateway does not send a message back to its sender, so the page applies it itself.
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
