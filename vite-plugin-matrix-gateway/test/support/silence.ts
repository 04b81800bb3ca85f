/**
 * Milliseconds of silence that the tests' gateways allow a new connection, in place of the quarter
 * of a second after which it becomes a viewer: a busy machine may take that long between two lines
 * of a test, and what the client then gets first is another. Tests about silence say so.
 */
export const LONG_SILENCE = 30_000;
