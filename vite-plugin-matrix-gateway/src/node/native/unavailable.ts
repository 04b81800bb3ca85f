/** Part of what this folder does is not to be had here; the message says what, and why. */
export class Unavailable extends Error {}
