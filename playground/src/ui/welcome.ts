import { addressAs } from "../address.ts";
import { find, setText } from "../elements.ts";
import type { World } from "../model/world.ts";

/** Says in an empty world how to let the first agent in. */
export interface Welcome {
	update(world: World): void;
	/** Whether the page is connected: else nobody knows whether the world is empty. */
	show(isOnline: boolean): void;
}

/** How long agents may take to be back where the gateway was away, in milliseconds. */
const RETURNING = 7_000;

/** @param gatewayUrl Where agents connect. */
export function createWelcome(gatewayUrl: string): Welcome {
	const panel = find(".welcome");
	const [code, copy] = [find("code", panel), find("button", panel)];
	const command = `node playground/agents/node-agent.mjs --url ${gatewayUrl}`;
	code.textContent = command;
	find<HTMLAnchorElement>("a", panel).href = addressAs(guestName());
	let isOnline = false;
	let patience = 0;
	let emptySince = Infinity;
	copy.addEventListener("click", async () => {
		try {
			await navigator.clipboard.writeText(command);
			setText(copy, "Copied");
		} catch {
			// Only secure pages may, and the visitor may forbid it.
			getSelection()?.selectAllChildren(code);
			setText(copy, "Selected");
		}
	});
	return {
		update({ roster, isFilling }) {
			const now = performance.now();
			const isEmpty = isOnline && !isFilling && roster.length === 0;
			emptySince = isEmpty ? Math.min(now, emptySince) : Infinity;
			const isShown = now - emptySince >= patience;
			if (panel.hidden === isShown) panel.hidden = !isShown;
		},
		show(next) {
			if (isOnline && !next) patience = RETURNING;
			isOnline = next;
		},
	};
}

function guestName(): string {
	return `guest-${Math.floor(100 + Math.random() * 900)}`;
}
