/** A long list of which only what is seen is drawn. */
import type { ComponentChildren } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";

export interface VirtualRowsProps {
	readonly label: string;
	readonly count: number;
	/** The row that keys move, if one is chosen. */
	readonly chosen: number | undefined;
	choose(index: number): void;
	/** Enter, or a press, on a row. */
	open(index: number): void;
	/** Draws one row's cells. */
	row(index: number): ComponentChildren;
	/** Above the rows, and scrolled sideways with them. */
	readonly head?: ComponentChildren;
	/** Whether it follows its end, until somebody scrolls up. */
	readonly follows?: boolean;
	/** Told when somebody scrolls away from the end, or back. */
	followed?(isAtEnd: boolean): void;
	readonly className: string;
	readonly empty: ComponentChildren;
}

/** Rows beyond the edge that are drawn as well. */
const MORE = 6;

export function VirtualRows(props: VirtualRowsProps) {
	const { count, chosen, className, label, follows } = props;
	const box = useRef<HTMLDivElement>(null);
	const height = useRowHeight(box);
	const [view, setView] = useState({ top: 0, height: 600 });

	useEffect(() => {
		const element = box.current;
		if (!element) return undefined;
		const look = () =>
			setView({ top: element.scrollTop, height: element.clientHeight });
		const observer = new ResizeObserver(look);
		observer.observe(element);
		return () => observer.disconnect();
	}, []);

	useLayoutEffect(() => {
		const element = box.current;
		if (element && follows) element.scrollTop = element.scrollHeight;
	}, [count, follows]);

	useLayoutEffect(() => {
		const element = box.current;
		if (!element || chosen === undefined) return;
		const head = headHeightOf(element);
		const top = chosen * height;
		if (top < element.scrollTop) element.scrollTop = top;
		const bottom = top + height + head - element.clientHeight;
		if (bottom > element.scrollTop) element.scrollTop = bottom;
	}, [chosen, height]);

	const first = Math.max(0, Math.floor(view.top / height) - MORE);
	const last = Math.min(
		count,
		Math.ceil((view.top + view.height) / height) + MORE,
	);
	const indexes = Array.from(
		{ length: Math.max(0, last - first) },
		(_, offset) => first + offset,
	);

	function onScroll(): void {
		const element = box.current;
		if (!element) return;
		setView({ top: element.scrollTop, height: element.clientHeight });
		const rest =
			element.scrollHeight - element.clientHeight - element.scrollTop;
		props.followed?.(rest < height);
	}

	function onKeyDown(event: KeyboardEvent): void {
		if (event.target !== event.currentTarget) return;
		const page = Math.max(1, Math.floor(view.height / height) - 2);
		const at = chosen ?? -1;
		const next = MOVES[event.key]?.({ at, page, count });
		if (next !== undefined && count > 0) {
			event.preventDefault();
			props.choose(Math.min(count - 1, Math.max(0, next)));
		} else if (event.key === "Enter" && chosen !== undefined) {
			event.preventDefault();
			props.open(chosen);
		}
	}

	const active = chosen === undefined ? undefined : idOf(label, chosen);
	return (
		<div
			class={`rows ${className}`}
			ref={box}
			onScroll={onScroll}
			onKeyDown={onKeyDown}
			role="grid"
			aria-label={label}
			aria-rowcount={count + (props.head ? 1 : 0)}
			aria-activedescendant={active}
			tabIndex={0}
		>
			{props.head}
			{count === 0 && (
				<div role="row" class="empty">
					<div role="gridcell">{props.empty}</div>
				</div>
			)}
			<div
				class="rows-space"
				role="rowgroup"
				style={{ height: `${count * height}px` }}
			>
				{indexes.map((index) => (
					<div
						// By its place on the screen: where 5,000 a second come, to change texts costs less than to make rows anew.
						key={index - first}
						id={idOf(label, index)}
						class="row"
						role="row"
						aria-rowindex={index + 1 + (props.head ? 1 : 0)}
						aria-selected={index === chosen}
						style={{ transform: `translateY(${index * height}px)` }}
						onClick={() => {
							props.choose(index);
							props.open(index);
						}}
					>
						{props.row(index)}
					</div>
				))}
			</div>
		</div>
	);
}

interface Place {
	readonly at: number;
	readonly page: number;
	readonly count: number;
}

const MOVES: Readonly<Record<string, (place: Place) => number>> = {
	ArrowDown: ({ at }) => at + 1,
	ArrowUp: ({ at }) => at - 1,
	PageDown: ({ at, page }) => at + page,
	PageUp: ({ at, page }) => at - page,
	Home: () => 0,
	End: ({ count }) => count - 1,
};

function idOf(label: string, index: number): string {
	return `${label.replace(/\W+/g, "-")}-${index}`;
}

function headHeightOf(element: HTMLElement): number {
	return element.querySelector<HTMLElement>(".rows-head")?.offsetHeight ?? 0;
}

/** That of the style sheet, which has taller rows for fingers. */
function useRowHeight(box: { readonly current: HTMLElement | null }): number {
	const [height, setHeight] = useState(30);
	useLayoutEffect(() => {
		if (!box.current) return;
		const given = getComputedStyle(box.current).getPropertyValue("--row");
		const pixels = Number.parseFloat(given);
		if (pixels > 0) setHeight(pixels);
	}, [box]);
	return height;
}
