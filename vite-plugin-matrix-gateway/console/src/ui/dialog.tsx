/** What stands before all else until it is answered. */
import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";

export interface DialogProps {
	readonly title: string;
	readonly children: ComponentChildren;
	close(): void;
}

export function Dialog({ title, children, close }: DialogProps) {
	const dialog = useRef<HTMLDialogElement>(null);
	useEffect(() => dialog.current?.showModal(), []);
	return (
		<dialog ref={dialog} aria-label={title} onClose={close}>
			<h2>{title}</h2>
			{children}
		</dialog>
	);
}
