/** It would be refused again: its client does not try. */
export class RefusedAgent extends Error {}
