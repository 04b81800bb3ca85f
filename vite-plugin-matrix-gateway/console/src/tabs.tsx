/** The ways to look at a gateway. */
export const TABS = {
	now: "Now",
	tap: "Tap",
	time: "Time",
	act: "Act",
} as const;

export type Tab = keyof typeof TABS;

export function isTab(name: string): name is Tab {
	return Object.hasOwn(TABS, name);
}

export interface TabsProps {
	readonly chosen: Tab;
	choose(tab: Tab): void;
}

export function Tabs({ chosen, choose }: TabsProps) {
	const names = Object.keys(TABS).filter(isTab);

	function onKeyDown(event: KeyboardEvent): void {
		const step = STEPS[event.key];
		if (step === undefined) return;
		event.preventDefault();
		const at = names.indexOf(chosen);
		const next = names[(at + step + names.length) % names.length];
		if (!next) return;
		choose(next);
		document.getElementById(`tab-${next}`)?.focus();
	}

	return (
		<div class="tabs" role="tablist" aria-label="Views" onKeyDown={onKeyDown}>
			{names.map((tab) => (
				<button
					type="button"
					key={tab}
					id={`tab-${tab}`}
					role="tab"
					aria-selected={tab === chosen}
					aria-controls="view"
					tabIndex={tab === chosen ? 0 : -1}
					onClick={() => choose(tab)}
				>
					{TABS[tab]}
				</button>
			))}
		</div>
	);
}

const STEPS: Readonly<Record<string, number>> = {
	ArrowRight: 1,
	ArrowLeft: -1,
};
