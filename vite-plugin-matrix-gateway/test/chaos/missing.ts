/** What has not come, or not once, of all that was sent. */
import type { Participant } from "./participant.ts";

/** What one sends to all or to one, and another has to get. */
export interface Flow<One> {
	readonly sender: One;
	readonly receiver: One;
	/** What the sender counts it by; "" is all. */
	readonly target: string;
	/** What the receiver counts it by: sender and kind. */
	readonly from: string;
}

export function flowsAmong<One extends { readonly agentId: string }>(
	everyone: readonly One[],
): Flow<One>[] {
	return everyone.flatMap((receiver) =>
		everyone
			.filter((sender) => sender !== receiver)
			.flatMap((sender) => [
				{
					...{ sender, receiver, target: "" },
					from: `${sender.agentId} broadcast`,
				},
				{
					...{ sender, receiver, target: receiver.agentId },
					from: `${sender.agentId} directed`,
				},
			]),
	);
}

/** One line for each flow that is not whole. */
export function missing(everyone: readonly Participant[]): string[] {
	return flowsAmong(everyone).flatMap(({ sender, receiver, target, from }) => {
		const sent = sender.sent.get(target) ?? 0;
		const got = receiver.got.get(from) ?? [];
		const isWhole = got.every((n, index) => n === index);
		return got.length === sent && isWhole
			? []
			: [`${receiver.agentId} has ${got.length} of ${sent} of ${from}`];
	});
}
