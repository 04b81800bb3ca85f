/**
 * The place of an entry in a stream: its epoch, and how many came before it in that. Redis calls it
 * an ID and writes it `<epoch>-<place>`; it is dense, since every entry asks for `<epoch>-*` [ORD11].
 */

export interface StreamId {
	readonly epoch: number;
	readonly place: number;
}

/** Before all. */
export const BEGINNING: StreamId = { epoch: 0, place: 0 };

/** @throws TypeError where it is none, or its numbers are too large to be exact. */
export function parseId(text: string): StreamId {
	const [epoch, place, ...rest] = text.split("-").map(Number);
	const isId = Number.isSafeInteger(epoch) && Number.isSafeInteger(place);
	if (!isId || rest.length > 0) throw new TypeError(`${text} is no stream ID`);
	return { epoch: epoch as number, place: place as number };
}

export function formatId({ epoch, place }: StreamId): string {
	return `${epoch}-${place}`;
}

/** Where an epoch begins. */
export function beginningOf(epoch: number): StreamId {
	return { epoch, place: 0 };
}

/** Below 0 where one comes before the other, 0 where they are the same. */
export function compareIds(one: StreamId, other: StreamId): number {
	return one.epoch - other.epoch || one.place - other.place;
}

/** Whether nothing can be between the two: the next of its epoch, or the first of the next epoch. */
export function isNext(id: StreamId, after: StreamId): boolean {
	if (id.epoch === after.epoch) return id.place === after.place + 1;
	return id.epoch === after.epoch + 1 && id.place === 0;
}
