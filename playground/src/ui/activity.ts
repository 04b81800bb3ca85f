import { createElement, find } from "../elements.ts";
import { type Activity, lastNumber } from "../model/activity.ts";
import { roleColor } from "../model/palette.ts";
import type { World } from "../model/world.ts";
import type { Fate } from "./said.ts";
import { timeOfDay } from "./time.ts";

/** The log of what goes on, the newest line at its end. It is read out where somebody listens to the page. */
export interface ActivityPanel {
	/** @param isCatchingUp Whether all that is new is to be shown, also if it is much; it is not read out then. */
	update(world: World, isCatchingUp?: boolean): void;
	/** Puts a line of the page's own at the end. */
	note(text: string): Note;
	/** Says beside a line what became of it. */
	mark(line: number, fate: Fate): void;
}

export interface Note {
	write(text: string): void;
	remove(): void;
	/** Shows what came from it on. */
	scrollTo(): void;
}

/** Rows that are kept; the world remembers as many. */
const MAX_ROWS = 500;
/** Rows that one frame adds at most: in a storm nobody reads more. */
const MAX_NEWS = 80;

export function createActivityPanel(): ActivityPanel {
	const panel = find(".activity");
	const log = find(".log", panel);
	const list = find("ol", log);
	const rows = new Map<number, HTMLElement>();
	let seen = 0;
	let isQuiet = false;

	// Hundreds of lines at once are for the eye; the sum of them is read out elsewhere.
	function setQuiet(next: boolean) {
		if (next !== isQuiet) log.ariaLive = next ? "off" : "polite";
		isQuiet = next;
	}

	function append(added: readonly HTMLElement[]) {
		const isFollowing = isAtEnd(log);
		list.append(...added);
		while (list.childElementCount > MAX_ROWS) dropFirst();
		if (isFollowing) log.scrollTop = log.scrollHeight;
	}

	function dropFirst() {
		const row = list.firstElementChild as HTMLElement;
		rows.delete(Number(row.dataset.line));
		row.remove();
	}

	function addRow(activity: Activity, world: World): HTMLElement {
		const row = createRow(activity, world);
		rows.set(activity.number, row);
		return row;
	}

	return {
		update(world, isCatchingUp = false) {
			setQuiet(isCatchingUp);
			const { activity } = world;
			const last = lastNumber(activity);
			if (last === seen) return;
			const news = activity.filter(({ number }) => number > seen);
			seen = last;
			const latest = news.slice(isCatchingUp ? 0 : -MAX_NEWS);
			append(latest.map((line) => addRow(line, world)));
		},
		note(text) {
			const row = createElement("li", "note", text);
			append([row]);
			return {
				write(next) {
					row.textContent = next;
				},
				remove: () => row.remove(),
				scrollTo() {
					log.scrollTop = row.offsetTop - list.offsetTop;
				},
			};
		},
		mark(line, fate) {
			const row = rows.get(line);
			if (!row) return;
			row.querySelector(".fate")?.remove();
			row.dataset.fate = fate;
			if (FATES[fate] !== "")
				row.append(createElement("span", "fate", FATES[fate]));
		},
	};
}

const ICONS: Record<Activity["kind"], string> = {
	presence: "◌",
	speech: "❝",
	message: "✉",
	visitor: "✦",
	task: "✓",
	payment: "◉",
	system: "ℹ",
	world: "◈",
};

const FATES: Record<Fate, string> = {
	sent: "",
	waiting: "Not sent yet: it goes out when you are back",
	unsure: "May not have arrived",
	lost: "Not sent",
};

function createRow({ kind, who, text, at, number }: Activity, world: World) {
	const row = createElement("li", kind);
	row.dataset.line = `${number}`;
	const role = world.roster.find(({ agentId }) => agentId === who)?.role;
	if (role !== undefined) row.style.setProperty("--role", roleColor(role));
	const icon = createElement("span", "icon", ICONS[kind]);
	icon.ariaHidden = "true";
	row.append(
		icon,
		createElement("span", "who", who),
		createElement("time", "when", timeOfDay(new Date(at))),
		createElement("span", "what", text),
	);
	return row;
}

// A visitor who has scrolled up to read stays there.
function isAtEnd({ scrollTop, scrollHeight, clientHeight }: HTMLElement) {
	return scrollHeight - scrollTop - clientHeight < 40;
}
