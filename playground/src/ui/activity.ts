import { createElement, find } from "../elements.ts";
import type { Activity } from "../model/activity.ts";
import { roleColor } from "../model/palette.ts";
import type { World } from "../model/world.ts";

/** The list of the activity, the newest line at its end. */
export interface ActivityPanel {
	update(world: World): void;
}

/** The rows of the list; the world remembers more. */
const MAX_ROWS = 80;

export function createActivityPanel(): ActivityPanel {
	const panel = find(".activity");
	const list = find("ol", panel);
	letFold(panel, find("button", panel));
	let seen = 0;

	return {
		update(world) {
			const news = world.activity.filter(({ number }) => number > seen);
			if (news.length === 0) return;
			seen = news.at(-1)?.number ?? seen;
			const follow = isAtEnd(list);
			const latest = news.slice(-MAX_ROWS);
			list.append(...latest.map((activity) => createRow(activity, world)));
			while (list.childElementCount > MAX_ROWS)
				list.firstElementChild?.remove();
			if (follow) list.scrollTop = list.scrollHeight;
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

function createRow({ kind, who, text }: Activity, world: World): HTMLElement {
	const row = createElement("li", kind);
	const role = world.roster.find(({ agentId }) => agentId === who)?.role;
	if (role !== undefined) row.style.setProperty("--role", roleColor(role));
	row.append(
		createElement("span", "icon", ICONS[kind]),
		createElement("span", "who", who),
		createElement("span", "what", text),
	);
	return row;
}

// A visitor who has scrolled up to read stays there.
function isAtEnd({ scrollTop, scrollHeight, clientHeight }: HTMLElement) {
	return scrollHeight - scrollTop - clientHeight < 40;
}

function letFold(panel: HTMLElement, button: HTMLElement) {
	button.addEventListener("click", () => {
		const folded = panel.classList.toggle("folded");
		button.setAttribute("aria-expanded", `${!folded}`);
	});
}
