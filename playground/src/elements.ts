/**
 * The element of the page that a selector names.
 *
 * @throws Where the page has none: it and its script belong together.
 */
export function find<E extends Element = HTMLElement>(
	selector: string,
	within: ParentNode = document,
): E {
	const element = within.querySelector<E>(selector);
	if (!element) throw new Error(`The page has no ${selector}.`);
	return element;
}

/** An element with a text. It is never read as HTML. */
export function createElement(
	tag: string,
	className: string,
	text = "",
): HTMLElement {
	const element = document.createElement(tag);
	element.className = className;
	element.textContent = text;
	return element;
}

/** Writes a text if it has changed: writing the same again would cost a layout in each frame. */
export function setText(element: Element, text: string): void {
	if (element.textContent !== text) element.textContent = text;
}
