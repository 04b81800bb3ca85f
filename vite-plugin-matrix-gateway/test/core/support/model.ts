/**
 * The rules once more, as plainly as they can be said: no batches, no log, no sockets. Each
 * connection has a list of what it is to be sent, in words.
 */

export interface Model {
	/** What each connection is to have been sent, in the order in which they opened. */
	readonly connections: readonly ModelConnection[];
	/** Who is present, and in which role. */
	roster(): string[];
	open(): void;
	/** The silence of all new connections has lasted long enough [REG4]. */
	deadline(): void;
	register(index: number, agentId: string, role: string): void;
	unregister(index: number, agentId: string): void;
	broadcast(index: number, label: string): void;
	direct(index: number, label: string, target: string): void;
	close(index: number): void;
}

export interface ModelConnection {
	state: "new" | "live" | "closed";
	/** The close code that the gateway is to have sent. */
	code: number | undefined;
	readonly inbox: string[];
	/** While it is new: the roster when it opened, and all that came since. */
	readonly rosterThen: string[];
	readonly since: string[];
}

interface Owner {
	readonly connection: ModelConnection;
	readonly role: string;
}

export function createModel(): Model {
	const connections: ModelConnection[] = [];
	const registry = new Map<string, Owner>();

	function roster(except?: string): string[] {
		return [...registry]
			.filter(([agentId]) => agentId !== except)
			.map(([agentId, { role }]) => `${agentId}:${role}`)
			.sort();
	}

	function toAll(text: string, except?: ModelConnection): void {
		for (const connection of connections) {
			if (connection === except) continue;
			if (connection.state === "new") connection.since.push(text);
			if (connection.state === "live") connection.inbox.push(text);
		}
	}

	function isOpen(index: number): ModelConnection | undefined {
		const connection = connections[index];
		return connection?.state === "closed" ? undefined : connection;
	}

	/** An open connection that has greeted the world by saying something [REG4]. */
	function speaker(index: number): ModelConnection | undefined {
		const connection = isOpen(index);
		if (connection) becomeViewer(connection);
		return connection;
	}

	function becomeViewer(connection: ModelConnection): void {
		if (connection.state !== "new") return;
		connection.state = "live";
		connection.inbox.push(`hello ${connection.rosterThen}`);
		connection.inbox.push(...connection.since);
	}

	function leave(agentId: string, reason: string): void {
		const role = registry.get(agentId)?.role;
		registry.delete(agentId);
		toAll(`left ${agentId}:${role} ${reason}`);
	}

	function takeOver(agentId: string, loser: ModelConnection): void {
		loser.inbox.push(`replaced ${agentId}`);
		const owners = [...registry.values()];
		if (owners.some(({ connection }) => connection === loser)) return;
		loser.state = "closed";
		loser.code = 4009;
	}

	return {
		connections,
		roster,
		open() {
			connections.push({
				state: "new",
				code: undefined,
				inbox: [],
				rosterThen: roster(),
				since: [],
			});
		},
		deadline: () => connections.forEach(becomeViewer),
		register(index, agentId, role) {
			const connection = isOpen(index);
			if (!connection) return;
			const before = registry.get(agentId);
			connection.state = "live";
			connection.inbox.push(`ack ${agentId}:${role} ${roster(agentId)}`);
			// Agents leave in the order in which their connection got them.
			if (before && before.connection !== connection) registry.delete(agentId);
			registry.set(agentId, { connection, role });
			if (before && before.connection !== connection)
				takeOver(agentId, before.connection);
			if (before?.role === role) return;
			if (before) toAll(`left ${agentId}:${before.role} replaced`);
			toAll(`joined ${agentId}:${role}`);
		},
		unregister(index, agentId) {
			const connection = speaker(index);
			if (!connection) return;
			if (registry.get(agentId)?.connection === connection)
				leave(agentId, "unregistered");
			else connection.inbox.push("error bad_message");
		},
		broadcast(index, label) {
			const connection = speaker(index);
			if (connection) toAll(label, connection);
		},
		direct(index, label, target) {
			const connection = speaker(index);
			const owner = registry.get(target);
			if (connection && owner) owner.connection.inbox.push(label);
			else connection?.inbox.push(`error target_offline ${target}`);
		},
		close(index) {
			const connection = isOpen(index);
			if (!connection) return;
			connection.state = "closed";
			for (const [agentId, owner] of [...registry])
				if (owner.connection === connection) leave(agentId, "closed");
		},
	};
}
