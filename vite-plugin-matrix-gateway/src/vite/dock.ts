/** The console in Vite's DevTools, where they are installed (`@vitejs/devtools`). */
import { CONSOLE_PATH } from "../node/http.ts";
import type { MatrixGatewayOptions } from "./options.ts";

/** What a plugin has for them: they call `setup` where they are, and nobody does elsewhere. */
export interface Dock {
	readonly devtools?: {
		setup(context: DevToolsContext): void;
	};
}

/** What is used of theirs, which is young: nothing is done where it has become another. */
export interface DevToolsContext {
	readonly docks?: { register?(entry: DockEntry): unknown };
	readonly viteConfig?: { readonly base?: string };
}

interface DockEntry {
	readonly id: string;
	readonly title: string;
	readonly icon: string;
	readonly type: "iframe";
	readonly url: string;
}

export function dockOf({ console = true }: MatrixGatewayOptions): Dock {
	if (!console) return {};
	return {
		devtools: {
			setup({ docks, viteConfig }) {
				const base = viteConfig?.base ?? "/";
				const below = base.startsWith("/") ? base : "/";
				const url = `${below}${CONSOLE_PATH.slice(1)}/`;
				const icon = `${url}icon.svg`;
				docks?.register?.({
					...{ id: "matrix-gateway", title: "Matrix" },
					...{ icon, type: "iframe", url },
				});
			},
		},
	};
}
