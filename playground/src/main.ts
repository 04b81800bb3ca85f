/// <reference types="vite-plugin-matrix-gateway/virtual" />
import type { ClientState } from "vite-plugin-matrix-gateway/client";
import "./style.css";
import "./ui/ui.css";
import { agentInAddress, tokenInAddress, worldInAddress } from "./address.ts";
import { connect } from "./connection.ts";
import { find } from "./elements.ts";
import { keepMemory } from "./memory.ts";
import { lastNumber } from "./model/activity.ts";
import { type Snapshot, takeSnapshot } from "./model/snapshot.ts";
import { createWorld } from "./model/world.ts";
import { createAbsence } from "./ui/absence.ts";
import { createActivityPanel } from "./ui/activity.ts";
import { createAgentCard } from "./ui/card.ts";
import { createChatLine } from "./ui/chat.ts";
import { createConnectionView } from "./ui/connection.ts";
import { startFrames } from "./ui/frames.ts";
import { avoidKeyboard } from "./ui/keyboard.ts";
import { createPanels } from "./ui/panels.ts";
import { createRosterPanel } from "./ui/roster.ts";
import { createSaid } from "./ui/said.ts";
import { createSpeaker } from "./ui/speak.ts";
import { createTitlePlate } from "./ui/title.ts";
import { createToast } from "./ui/toast.ts";
import { createWelcome } from "./ui/welcome.ts";
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

const speak = createSpeaker();
const panels = createPanels();
const title = createTitlePlate();
const roster = createRosterPanel(agentId, (chosen) =>
	follow(chosen === followed ? null : chosen),
);
const activity = createActivityPanel();
const card = createAgentCard(() => follow(null));
const toast = createToast(speak);
const absence = createAbsence(world, activity, panels, toast);
const said = createSaid(agentId !== undefined, activity.mark);
const chat = createChatLine(say);
let followed: string | null = null;

const view = tryCreateView();
// Before connecting: the first picture may take a slow device longer than the 250 ms in which a
// connection has to register.
view?.render(0);

const connection = connect(world, agentId, {
	onState: showState,
	onHeard: said.heard,
	onRefused(words) {
		// Before that its registration was meant, and the state tells.
		if (connection.state.status !== "online") return;
		said.refused();
		toast.show(`That was not taken: ${words}.`);
	},
	onDropped: said.dropped,
});
const welcome = createWelcome(connection.address);
const connectionView = createConnectionView({
	agentId,
	hasToken: () => connection.hasToken,
	onRetry: () => connection.retry(),
	onRestart: (token) => connection.restart(token),
	onReturn: absence.comeBack,
	speak,
});
showState(connection.state);

startFrames((seconds) => {
	world.step();
	const isOnline = connection.state.status === "online";
	const isBack = absence.frame(seconds, isOnline && !world.isFilling);
	if (world.isFilling) return;
	title.update(world.title);
	roster.update(world);
	activity.update(world, isBack);
	card.update(world);
	welcome.update(world);
	view?.render(seconds);
});

avoidKeyboard();
// An address that was given a token is the same page to the browser.
addEventListener("hashchange", () => {
	const token = tokenInAddress();
	if (token !== undefined) connection.restart(token);
});
addEventListener("keydown", ({ key }) => {
	if (key === "Escape" && !panels.closeSheet()) follow(null);
});

window.matrixWorld = {
	snapshot() {
		world.step();
		return { connection: connection.state.status, ...takeSnapshot(world) };
	},
	picture: () => view?.picture(),
};
document.documentElement.dataset.started = "";

function showState(state: ClientState): void {
	const isOnline = state.status === "online";
	// What was said while there was none goes first: the words for it depend on it.
	said.follow(state);
	connectionView.show(state);
	chat.show(state);
	welcome.show(isOnline);
}

// The gateway does not send a message back to its sender, so the page applies it itself.
function say(text: string): boolean {
	const timestamp = new Date().toISOString();
	const type = "visitor_message";
	const message = { type, text, timestamp, name: agentId } as const;
	if (!connection.send(message)) return false;
	const last = lastNumber(world.activity);
	world.apply({ ...message, name: "you" });
	activity.update(world);
	// A text of nothing but invisible characters is no line.
	const line = lastNumber(world.activity);
	if (line !== last) said.add(message, line);
	return true;
}

// From the roster, the card or the picture; each tells the others.
function follow(next: string | null): void {
	if (next === followed) return;
	const last = followed;
	const isCardFocused = card.hasFocus;
	followed = next;
	roster.choose(next);
	card.follow(next);
	view?.follow(next);
	// The list that was chosen from is gone, or the card that was closed.
	if (next !== null && panels.closeSheet()) card.focus();
	if (last !== null && isCardFocused && next === null) roster.focus(last);
}

// Without WebGL the roster, the activity and the chat still work.
function tryCreateView(): WorldView | undefined {
	try {
		return createWorldView(world, find("#world"), now, follow);
	} catch (error) {
		console.error("The world cannot be drawn:", error);
		find("#world").classList.add("undrawn");
		return undefined;
	}
}
