/**
 * What messages cost of which not all has come [CON9].
 *
 * ws keeps each piece of such a message as a buffer of its own, which takes 60 to 120 bytes however
 * few it holds, and the chunk that it was cut from stays in memory with it. Here the pieces are
 * moved into one buffer as they come, so that they take what they hold, twice at most; and all
 * connections of a gateway share one bound.
 */
import type { Gateway } from "../core/gateway.ts";
import { findReceiver, type Receiver } from "./ws-receiver.ts";

/** The connections with unfinished messages, the one that has waited for the longest first. */
export interface UnfinishedAccount {
	readonly maxBytes: number;
	bytes: number;
	readonly owners: Set<Owner>;
}

/** A connection. */
export interface Owner {
	account: UnfinishedAccount | undefined;
	/** There while a message is unfinished. */
	unfinished: Unfinished | undefined;
	/** Ends it, for want of room. */
	evict(): void;
}

/** Of a message: what has come of a frame, and the payloads of the frames before it. */
export interface Unfinished {
	frame: Growing | undefined;
	message: Growing | undefined;
	/** What it was charged with. */
	bytes: number;
}

/** A buffer with room at its end. */
interface Growing {
	readonly memory: Buffer;
	readonly length: number;
}

/** What the objects around the bytes take, with those of ws. */
const OVERHEAD = 1_024;

const LEAST = 64;

/** Who has an account: a gateway, or the hub of several. */
type Holder = Pick<Gateway, "maxUnfinishedBytes" | "maxPayload">;

const accounts = new WeakMap<Holder, UnfinishedAccount>();

/** The account of a gateway, whatever servers its connections come from. */
export function unfinishedAccountOf(holder: Holder): UnfinishedAccount {
	const account = accounts.get(holder) ?? {
		maxBytes: roomOf(holder),
		bytes: 0,
		owners: new Set<Owner>(),
	};
	accounts.set(holder, account);
	return account;
}

/** Has a gateway share the account of its hub. */
export function shareUnfinished(gateway: Holder, hub: Holder): void {
	accounts.set(gateway, unfinishedAccountOf(hub));
}

/** One message of the largest size must have room, as it comes and inflated. */
function roomOf({ maxUnfinishedBytes, maxPayload }: Holder): number {
	return Math.max(maxUnfinishedBytes, 2 * maxPayload + OVERHEAD);
}

const OWNER = Symbol("owner");

interface BoundReceiver extends Receiver {
	readonly [OWNER]: Owner;
}

/** Has a receiver of ws keep its pieces so; one that we do not know stays as it is. */
export function boundUnfinished(
	webSocket: Parameters<typeof findReceiver>[0] & Owner,
): void {
	const receiver = findReceiver(webSocket);
	if (!receiver) return;
	Object.assign(receiver, { [OWNER]: webSocket, _write: write, dataMessage });
}

/** Lets go of all that a connection has of an unfinished message. */
export function dropUnfinished(owner: Owner): void {
	settle(owner, undefined, undefined);
}

type Done = (error?: Error | null) => void;

/** What ws's receiver does by itself. */
interface Inherited {
	readonly _write: (chunk: Buffer, encoding: string, done: Done) => void;
	readonly dataMessage: (done: Done) => void;
}

function inherited(receiver: object): Inherited {
	return Object.getPrototypeOf(receiver);
}

/**
 * After an error it reads nothing. By itself it goes on with the chunks that came while it was
 * inflating, from the middle of a frame, and throws (ws 8.23): any client that compresses could end
 * the process.
 */
function write(
	this: BoundReceiver,
	chunk: Buffer,
	encoding: string,
	done: Done,
): void {
	if (this.errored) {
		done();
		return;
	}
	inherited(this)._write.call(this, chunk, encoding, (error) => {
		if (!error) keepFrame(this);
		done(error);
	});
}

/** A frame of a message was read; after the last one, what comes has not waited yet. */
function dataMessage(this: BoundReceiver, done: Done): void {
	if (this._fin) dropUnfinished(this[OWNER]);
	else keepMessage(this);
	inherited(this).dataMessage.call(this, done);
}

function keepFrame(receiver: BoundReceiver): void {
	const { _buffers, _bufferedBytes, _mask, _fragments } = receiver;
	const owner = receiver[OWNER];
	const { frame: before, message } = owner.unfinished ?? {};
	const isEmpty = _bufferedBytes === 0;
	const most = Math.max(receiver._payloadLength, _bufferedBytes);
	const frame = isEmpty ? undefined : gather(before, _buffers, most);
	if (frame) receiver._buffers = [contentOf(frame)];
	if (_mask && _mask.buffer.byteLength > _mask.length)
		receiver._mask = copyOf(_mask);
	settle(owner, frame, _fragments.length > 0 ? message : undefined);
}

function keepMessage(receiver: BoundReceiver): void {
	const { _fragments, _maxPayload } = receiver;
	if (_fragments.length === 0) return;
	const owner = receiver[OWNER];
	const { frame, message: before } = owner.unfinished ?? {};
	const message = gather(before, _fragments, _maxPayload);
	receiver._fragments = [contentOf(message)];
	settle(owner, frame, message);
}

/** Moves parts to the end of what was gathered before, which is the first of them unless it was read. */
function gather(
	before: Growing | undefined,
	parts: readonly Buffer[],
	most: number,
): Growing {
	const length = parts.reduce((sum, part) => sum + part.length, 0);
	const hasRoom = isFirst(before, parts) && length <= before.memory.length;
	const memory = hasRoom ? before.memory : allocate(length, most);
	let at = hasRoom ? before.length : 0;
	for (const part of hasRoom ? parts.slice(1) : parts)
		at += part.copy(memory, at);
	return { memory, length };
}

function isFirst(
	growing: Growing | undefined,
	[first]: readonly Buffer[],
): growing is Growing {
	return (
		growing !== undefined &&
		first?.buffer === growing.memory.buffer &&
		first.byteOffset === growing.memory.byteOffset &&
		first.length === growing.length
	);
}

function allocate(length: number, most: number): Buffer {
	const roomy = Math.min(Math.max(2 * length, LEAST), most);
	// Not from Node's pool, of which a few bytes would keep 8 KiB.
	return Buffer.allocUnsafeSlow(Math.max(length, roomy));
}

function copyOf(bytes: Buffer): Buffer {
	const copy = Buffer.allocUnsafeSlow(bytes.length);
	bytes.copy(copy);
	return copy;
}

function contentOf({ memory, length }: Growing): Buffer {
	return memory.subarray(0, length);
}

/** Puts down what a connection has now; past the bound the longest unfinished have to go. */
function settle(
	owner: Owner,
	frame: Growing | undefined,
	message: Growing | undefined,
): void {
	const { account, unfinished } = owner;
	if (!account || (!unfinished && !frame && !message)) return;
	account.bytes -= unfinished?.bytes ?? 0;
	if (!frame && !message) {
		owner.unfinished = undefined;
		account.owners.delete(owner);
		return;
	}
	const bytes =
		OVERHEAD + (frame?.memory.length ?? 0) + (message?.memory.length ?? 0);
	account.bytes += bytes;
	owner.unfinished = { frame, message, bytes };
	account.owners.add(owner);
	for (const oldest of account.owners) {
		if (account.bytes <= account.maxBytes) return;
		oldest.evict();
	}
}
