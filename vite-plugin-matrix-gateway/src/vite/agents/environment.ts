/** Vite's environment of the agents: in development one for all. */
import {
	DevEnvironment,
	type EnvironmentOptions,
	type ResolvedConfig,
	type ViteDevServer,
} from "vite";
import { type AgentsChannel, createAgentsChannel } from "./channel.ts";

/** What it is called in Vite's config, where its options are to be set. */
export const ENVIRONMENT = "agents";

/** What the plugin adds to the config. */
export function agentsEnvironment(): EnvironmentOptions {
	return {
		consumer: "server",
		dev: { createEnvironment: (name, config) => create(name, config) },
	};
}

const channels = new WeakMap<object, AgentsChannel>();

function create(name: string, config: ResolvedConfig): DevEnvironment {
	const channel = createAgentsChannel();
	const { transport } = channel;
	const environment = new DevEnvironment(name, config, {
		hot: true,
		transport,
	});
	channels.set(environment, channel);
	return environment;
}

/** The channel of a server's environment. */
export function channelOf(server: ViteDevServer): AgentsChannel {
	const environment = server.environments[ENVIRONMENT];
	const channel = environment && channels.get(environment);
	if (channel) return channel;
	throw new Error(
		`Another plugin has made the environment "${ENVIRONMENT}", which is that of the Matrix gateway's agents.`,
	);
}
