/** A program in a terminal that closes, which takes Python: Node has no pseudoterminals. */
import { type Child, type StartOptions, start } from "./child.ts";

/** Passes on what the program prints, until SIGUSR1 closes the terminal; ends as the program does. */
const SCRIPT = `
import os, pty, signal, sys

class Closed(Exception):
    pass

def close(*_):
    raise Closed

child, terminal = pty.fork()
if child == 0:
    os.execvp(sys.argv[1], sys.argv[1:])
signal.signal(signal.SIGUSR1, close)
try:
    while True:
        sys.stdout.buffer.write(os.read(terminal, 65536))
        sys.stdout.buffer.flush()
except (Closed, OSError):
    os.close(terminal)
code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
sys.exit(code if code >= 0 else 128 - code)
`;

/** Starts a program in a terminal of its own. `exit("SIGUSR1")` closes that. */
export function startInTerminal(
	command: string,
	args: readonly string[],
	options?: StartOptions,
): Child {
	return start("python3", ["-c", SCRIPT, command, ...args], options);
}
