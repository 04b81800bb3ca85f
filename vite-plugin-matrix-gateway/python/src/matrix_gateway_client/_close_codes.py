"""What a client does when a connection has ended, by the code of its close [CL2]."""

from __future__ import annotations

from typing import Literal

RetryClass = Literal["stop", "refresh", "reconnect"]

HEARTBEAT_LOST = 4203

_STOP = frozenset({1002, 1003, 1007, 1009})


def retry_class(code: int) -> RetryClass:
    """Whether to stay away, to get another token first, or to come back."""
    if 4000 <= code < 4100:
        return "stop"
    if 4100 <= code < 4200:
        return "refresh"
    return "stop" if code in _STOP else "reconnect"


def is_final_status(status: int) -> bool:
    """Whether an HTTP status, as the answer to a handshake, would be the same again [CON7].

    408 is about a request that was not read in time, 429 about too many connections.
    """
    return 400 <= status < 500 and status not in (408, 429)
