/** Effects that tell nobody: of what is replayed all have been told. */
import type { Effects } from "./effects.ts";

export const SILENCE: Effects = {
	broadcast: nothing,
	direct: nothing,
	mirror: nothing,
	pong: nothing,
	live: nothing,
	refused: nothing,
	nameless: nothing,
	close: nothing,
	cut: nothing,
	regranted: nothing,
	subscribed: nothing,
	renewed: nothing,
	waiting: nothing,
	began: nothing,
	ticked: nothing,
	drained: nothing,
	ended: nothing,
	emit: nothing,
};

function nothing(): void {}
