/**
 * The sessions that older clients have ended: such a session is not there any more. Of each credential the last
 * ones are known, so that nobody brings back a session of somebody else by ending many.
 */
export interface Sessions {
	/** A session is used: the end of one that never was need not be remembered. */
	touch(credential: string, session: string): void;
	end(credential: string, session: string): void;
	hasEnded(credential: string, session: string): boolean;
}

/** Of one credential, those that were used and those that have ended. */
const MAX_SESSIONS = 1_000;

const MAX_CREDENTIALS = 1_000;

export function createSessions(): Sessions {
	const all = new Map<string, Known>();
	return {
		touch(credential, session) {
			const known = all.get(credential) ?? {
				...{ used: new Set(), ended: new Set() },
			};
			all.delete(credential);
			all.set(credential, known);
			dropOldest(all, MAX_CREDENTIALS);
			addLast(known.used, session);
		},
		end(credential, session) {
			const known = all.get(credential);
			if (known?.used.delete(session)) addLast(known.ended, session);
		},
		hasEnded: (credential, session) =>
			all.get(credential)?.ended.has(session) ?? false,
	};
}

interface Known {
	readonly used: Set<string>;
	readonly ended: Set<string>;
}

function addLast(sessions: Set<string>, session: string): void {
	sessions.delete(session);
	sessions.add(session);
	dropOldest(sessions, MAX_SESSIONS);
}

function dropOldest(
	all: Map<string, unknown> | Set<string>,
	most: number,
): void {
	const [oldest] = all.keys();
	if (all.size > most && oldest !== undefined) all.delete(oldest);
}
