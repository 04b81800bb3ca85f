/** The hosts and pages that every test starts from. */
import {
	type BrowserContext,
	test as base,
	expect,
	type Page,
} from "@playwright/test";
import { type Agent, connectAgent } from "./agent.ts";
import type { Evaluates } from "./drivers/tab.ts";
import {
	type Host,
	type HostKind,
	type HostSetup,
	startHost,
} from "./hosts.ts";

export { expect };

export interface HostOptions {
	/** Set by the project. */
	hostKind: HostKind;
}

interface Fixtures {
	/** A host of the project's kind, for one test. */
	host: Host;
	/** Starts further ones, which end with the test. */
	start(setup?: HostSetup): Promise<Host>;
	/** Connects agents, which leave with the test. */
	agent(name: string, role?: string): Promise<Agent>;
}

export const test = base.extend<Fixtures & HostOptions>({
	hostKind: ["dev", { option: true }],
	start: async ({ hostKind }, use) => {
		const hosts: Host[] = [];
		await use(async (setup) => {
			const host = await startHost(hostKind, setup);
			hosts.push(host);
			return host;
		});
		await Promise.all(hosts.map((host) => host.stop("SIGKILL")));
	},
	host: async ({ start }, use) => use(await start()),
	agent: async ({ host }, use) => {
		const agents: Agent[] = [];
		await use(async (name, role) => {
			const agent = await connectAgent(host.gatewayUrl, name, role);
			agents.push(agent);
			return agent;
		});
		await Promise.all(agents.map((agent) => agent.close()));
	},
});

/**
 * Keeps pages from drawing: in software that takes a core a page. For tests of what pages are
 * told, not of what they show; without WebGL all else of the world works.
 */
export async function drawNothing(context: BrowserContext): Promise<void> {
	await context.addInitScript(() => {
		HTMLCanvasElement.prototype.getContext = () => null;
	});
}

/**
 * Lets pages do all that drawing takes but the drawing itself, which takes a second a picture in
 * software. For tests of where things are.
 */
export async function leaveBlank(context: BrowserContext): Promise<void> {
	await context.addInitScript(() => {
		window.isBlank = true;
		const { prototype } = WebGL2RenderingContext;
		for (const name of [
			"drawElements",
			"drawArrays",
			"drawElementsInstanced",
			"drawArraysInstanced",
		] as const) {
			const draw = prototype[name] as (...args: unknown[]) => void;
			Object.defineProperty(prototype, name, {
				value(this: WebGL2RenderingContext, ...args: unknown[]) {
					if (!window.isBlank) draw.apply(this, args);
				},
			});
		}
	});
}

/** Whether such a page draws from here on. */
export function setDrawn(page: Page, isDrawn: boolean): Promise<void> {
	return page.evaluate((isDrawn) => {
		window.isBlank = !isDrawn;
	}, isDrawn);
}

/** Opens the world, and resolves once it is connected. */
export async function openWorld(page: Page, url: string): Promise<void> {
	await page.goto(url);
	await expectConnection(page, "online");
}

/**
 * Resolves when a page whose host went away and comes back is there for good. To be called while
 * the host is away: in vite dev Vite's own client reloads the page, sooner or later after the
 * gateway's has come back, and what a test asks of the page in between may go with the old one.
 */
export async function settled(page: Page, hostKind: HostKind): Promise<void> {
	if (hostKind === "dev") await page.waitForEvent("domcontentloaded");
	await expectConnection(page, "online");
}

/** Waits for the connection to be in a state. */
export async function expectConnection(
	page: Page,
	status: string,
): Promise<void> {
	await expect(page.getByTestId("connection")).toHaveAttribute(
		"data-status",
		status,
	);
}

/** What the page knows of the world. */
export function snapshot(page: Evaluates) {
	return page.evaluate(() => window.matrixWorld.snapshot());
}

/** What is on its screen, in pixels. */
export function picture(page: Page) {
	return page.evaluate(() => {
		const picture = window.matrixWorld.picture();
		if (!picture) throw new Error("The page draws nothing.");
		return picture;
	});
}

declare global {
	interface Window {
		/** Set where pages are left blank. */
		isBlank: boolean;
		matrixWorld: {
			snapshot(): WorldSnapshot;
			picture(): WorldPicture | undefined;
		};
	}
}

interface WorldPicture {
	/** Whom the camera looks at. */
	readonly camera: "everyone" | "agent" | "own";
	readonly drawCalls: number;
	/** The largest part that no panel covers. */
	readonly free: { readonly top: number; readonly bottom: number };
	readonly agents: readonly {
		readonly agentId: string;
		readonly head: { readonly x: number; readonly y: number };
		readonly feet: { readonly x: number; readonly y: number };
		readonly label: "bubble" | "plate" | "name" | "dot" | "none";
	}[];
}

export interface WorldSnapshot {
	readonly title: string;
	/** The texts of the `chat_message`s that came. */
	readonly received: readonly string[];
	readonly roster: readonly { agentId: string; role: string }[];
	readonly agents: readonly {
		agentId: string;
		state: string;
		target: { x: number; y: number; z: number };
		bubble: { text: string } | null;
	}[];
	readonly objects: readonly { id: string; color?: string }[];
	readonly zones: readonly { id: string }[];
	readonly activity: readonly { kind: string; who: string; text: string }[];
	readonly payments: readonly { from: string; to: string; amount: number }[];
	readonly conversations: readonly { from: string; to: string }[];
	readonly notices: readonly { kind: string; agentId: string; text: string }[];
}
