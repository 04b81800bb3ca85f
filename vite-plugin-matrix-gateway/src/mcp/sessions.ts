/** The sessions that older clients have ended, the last of them: such a session is not there any more. */
export interface EndedSessions {
	end(key: string): void;
	hasEnded(key: string): boolean;
}

const MAX_ENDED = 1_000;

export function createEndedSessions(): EndedSessions {
	const ended = new Set<string>();
	return {
		end(key) {
			ended.add(key);
			const [oldest] = ended;
			if (ended.size > MAX_ENDED && oldest !== undefined) ended.delete(oldest);
		},
		hasEnded: (key) => ended.has(key),
	};
}
