"""Holds a listening socket, and runs a program on it again and again, as systemd does."""
import os
import socket
import sys

listener = socket.socket()
listener.bind(("127.0.0.1", 0))
listener.listen(4096)
print("port %d" % listener.getsockname()[1], flush=True)
while True:
    pid = os.fork()
    if pid == 0:
        os.dup2(listener.fileno(), 3)
        # Where it is the third already, that alone changes nothing.
        os.set_inheritable(3, True)
        os.environ.update(LISTEN_FDS="1", LISTEN_PID=str(os.getpid()))
        os.execvp(sys.argv[1], sys.argv[1:])
    print("pid %d" % pid, flush=True)
    _, status = os.waitpid(pid, 0)
    print("ended %d" % os.WEXITSTATUS(status), flush=True)
    if status != 0:
        sys.exit(1)
