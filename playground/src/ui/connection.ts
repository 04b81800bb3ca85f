import type { ClientState } from "vite-plugin-matrix-gateway/client";
import { addressAs } from "../address.ts";
import { find, setText } from "../elements.ts";
import {
	causeOf,
	describeConnection,
	type Notice,
} from "./connection-words.ts";
import { createCountdown } from "./countdown.ts";
import { timeOfDay } from "./time.ts";

/** Says whether the page is connected, if not why, and what can be done about it. */
export interface ConnectionView {
	show(state: ClientState): void;
}

export interface ConnectionViewOptions {
	/** Who the page is, where it is an agent. */
	readonly agentId: string | undefined;
	hasToken(): boolean;
	/** Called when the visitor does not want to wait for the next try. */
	onRetry(): void;
	/** Called when the visitor wants a new start, with a token or as it was. */
	onRestart(token: string | undefined): void;
	/** Called when there is a connection again: whether nothing was missed, and since when there was none. */
	onReturn(isResumed: boolean, lostAt: Date): void;
	/** Reads a text out where somebody listens to the page. */
	speak(text: string): void;
}

export function createConnectionView(
	options: ConnectionViewOptions,
): ConnectionView {
	const pill = find(".pill");
	const [word, reason] = [find(".text", pill), find(".unseen", pill)];
	const notice = createNotice((token) =>
		status === "refused" ? options.onRestart(token) : options.onRetry(),
	);
	const look = find<HTMLAnchorElement>(".look");
	look.href = addressAs(undefined);
	let status: ClientState["status"] = "connecting";
	let cause: ReturnType<typeof causeOf>;
	let lostAt: Date | undefined;
	let hasBeenOnline = false;

	function comeBack(isResumed: boolean) {
		if (cause !== undefined || lostAt) options.speak("You are online.");
		if (lostAt) options.onReturn(isResumed, lostAt);
		[cause, lostAt, hasBeenOnline] = [undefined, undefined, true];
	}

	return {
		show(state) {
			status = state.status;
			if (state.status === "online") comeBack(state.resumed === true);
			else if (hasBeenOnline) lostAt ??= new Date();
			if (state.status === "offline") cause = causeOf(state, cause);
			pill.dataset.status = status;
			pill.title = reasonOf(state);
			document.body.classList.toggle("connected", status === "online");
			document.body.classList.toggle("stale", lostAt !== undefined);
			const words = describeConnection(state, {
				agentId: options.agentId,
				hasToken: options.hasToken(),
				cause,
				asOf: lostAt && timeOfDay(lostAt),
			});
			setText(word, words.pill);
			setText(reason, pill.title && ` (${pill.title})`);
			notice.show(words.notice, state);
			look.hidden = status !== "refused" || options.agentId === undefined;
			if (words.notice) {
				const { title, text } = words.notice;
				options.speak(`${title}. ${text}`);
			}
		},
	};
}

/** @param onPress Called with the token that was typed, if any. */
function createNotice(onPress: (token: string | undefined) => void) {
	const panel = find(".trouble");
	const [title, why] = [find("h2", panel), find(".why", panel)];
	const form = find<HTMLFormElement>("form", panel);
	const field = find(".field", panel);
	const input = find<HTMLInputElement>("input", panel);
	const button = find<HTMLButtonElement>("button", panel);
	const countdown = createCountdown(find(".countdown", panel));
	form.addEventListener("submit", (event) => {
		event.preventDefault();
		onPress(input.value.trim() || undefined);
	});

	return {
		show(notice: Notice | undefined, state: ClientState) {
			const wasHidden = panel.hidden;
			panel.hidden = notice === undefined;
			countdown.show(state);
			if (!notice) return;
			setText(title, notice.title);
			setText(why, notice.text);
			setText(button, notice.button);
			// A button that is disabled would lose the focus of who has just pressed it.
			button.ariaDisabled = isTrying(state) ? "true" : null;
			field.hidden = !notice.asksForToken;
			if (notice.asksForToken && wasHidden) focusQuietly(input);
			if (!notice.asksForToken) input.value = "";
		},
	};
}

/** In the gateway's words, for who wants to know. */
function reasonOf(state: ClientState): string {
	return "reason" in state ? (state.reason ?? "") : "";
}

function isTrying({ status }: ClientState): boolean {
	return status === "connecting" || status === "resuming";
}

// Nobody is taken away from what they write, and on a touch screen no keyboard jumps up.
function focusQuietly(input: HTMLElement) {
	const isFree = document.activeElement === document.body;
	if (isFree && matchMedia("(pointer: fine)").matches) input.focus();
}
