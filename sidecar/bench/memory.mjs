/**
 * Loaded into hubs on Node where memory is measured: says, when asked, what they hold after a
 * garbage collection, and how long their longest turn was since they were last asked.
 */

let longestTurn = 0;
let last = 0;

// In CPU time, since on a busy machine a turn's wall time says more about the neighbours.
setInterval(() => {
	const { user, system } = process.cpuUsage();
	longestTurn = Math.max(longestTurn, (user + system - last) / 1000);
	last = user + system;
}, 1).unref();

process.on("message", () => {
	const answer = { longestTurn };
	globalThis.gc?.();
	process.send?.({ ...answer, bytes: process.memoryUsage.rss() });
	// Later, or the collection itself would count as the first turn.
	setTimeout(() => {
		longestTurn = 0;
	}, 100).unref();
});
process.channel?.unref();
