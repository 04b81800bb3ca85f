/** A console's page in the time of a recording that is played in less: else no two pictures of it were the same. */
import type { Page } from "@playwright/test";

export interface ToldTime {
	/** From here on it is so late there, in milliseconds since 1970. */
	is(moment: number): void;
	/** Puts what a page shows of time into the recording's, and in place of what is left to chance always the same. */
	tell(page: Page): Promise<void>;
}

export function createToldTime(start: number): ToldTime {
	const turns = [{ here: Date.now(), there: start }];

	function thereAt(here: number): number {
		return turns.findLast((turn) => turn.here <= here)?.there ?? start;
	}

	return {
		is: (there) => void turns.push({ here: Date.now(), there }),
		async tell(page) {
			const shown = await page.evaluate(clocksOn);
			const now = Date.now();
			const there = shown.map(({ text, sinceMidnight, zone }) => {
				const today = (now - zone) % DAY;
				const ago = (today - sinceMidnight + DAY) % DAY;
				return { text, moment: thereAt(now - ago) };
			});
			await page.evaluate(replaceOn, there);
		},
	};
}

const DAY = 86_400_000;

/** Runs in the page: each time of the day on it, and the milliseconds by which its zone is behind UTC. */
function clocksOn() {
	const texts = document.body.innerText.match(/\d\d:\d\d:\d\d\.\d{3}/g) ?? [];
	return [...new Set(texts)].map((text) => {
		const [hours = 0, minutes = 0, seconds = 0] = text.split(":").map(Number);
		const sinceMidnight = Math.round(
			((hours * 60 + minutes) * 60 + seconds) * 1_000,
		);
		return {
			text,
			sinceMidnight,
			zone: new Date().getTimezoneOffset() * 60_000,
		};
	});
}

/** Runs in the page. */
function replaceOn(clocks: { text: string; moment: number }[]): void {
	const there = new Map(
		clocks.map(({ text, moment }) => {
			const date = new Date(moment);
			const time = date.toLocaleTimeString("en-GB");
			const rest = String(date.getMilliseconds()).padStart(3, "0");
			return [text, `${time}.${rest}`];
		}),
	);
	const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
	while (walker.nextNode()) {
		const { currentNode } = walker;
		const text = currentNode.nodeValue ?? "";
		const told = text
			.replace(/\d\d:\d\d:\d\d\.\d{3}/g, (clock) => there.get(clock) ?? clock)
			.replace(/connection \S+$/, "connection c1")
			.replace(/\bup \d+ (s|min)$/, "up 1 min");
		if (told !== text) currentNode.nodeValue = told;
	}
}
