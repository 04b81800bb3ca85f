/** What came and has not been asked for yet. */
export interface Queue<Item> {
	push(item: Item): void;
	/** No more will come, and why; who waits is told so. */
	end(why: string): void;
	/** The next item; rejects when there is to be none. `what` is for the error alone. */
	next(what: string): Promise<Item>;
	/** What has come and has not been asked for. */
	waiting(): readonly Item[];
}

/** How long a test waits for what never comes, before it says what that was. */
const PATIENCE = 10_000;

export function createQueue<Item>(): Queue<Item> {
	const items: Item[] = [];
	let ended: string | undefined;
	let wake = () => {};

	return {
		push(item) {
			items.push(item);
			wake();
		},
		end(why) {
			ended = why;
			wake();
		},
		waiting: () => items,
		async next(what) {
			if (items.length === 0 && ended === undefined)
				await new Promise<void>((resolve, reject) => {
					const late = () => reject(new Error(`${what} never came`));
					const timer = setTimeout(late, PATIENCE);
					wake = () => {
						clearTimeout(timer);
						resolve();
					};
				});
			const item = items.shift();
			if (item !== undefined) return item;
			throw new Error(`waited for ${what}: ${ended}`);
		},
	};
}
