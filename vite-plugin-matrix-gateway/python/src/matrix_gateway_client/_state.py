"""Where a client stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Status = Literal["connecting", "resuming", "online", "offline", "refused", "closed"]

#: How a connection begins: the first one; one that goes on where the last one ended; or one
#: that starts over, where what others said in between is missing [RES3, RES4].
Beginning = Literal["new", "resumed", "lost"]


@dataclass(frozen=True, slots=True)
class State:
    """Where a client stands.

    - `connecting`, `resuming`: on its way to the gateway; resuming, to go on where it was.
    - `online`: messages flow. `resumed` is None on the first connection, True where nothing was
      lost since the last one, False where what others said in between is missing.
    - `offline`: without a connection; it comes back by itself in `retry_in` seconds.
    - `refused`: the gateway said no and would say it again; see the exception `Refused`.
    - `closed`: `async with` has ended.

    `code` is the WebSocket's close code or the HTTP status where one is the cause.
    """

    status: Status
    resumed: bool | None = None
    reason: str = ""
    code: int | None = None
    retry_in: float | None = None
    needs_token: bool = False

    def __str__(self) -> str:
        """For people, as in a log."""
        told = f"{self.status}: {self.reason}" if self.reason else self.status
        code = "" if self.code is None else f" ({self.code})"
        wait = "" if self.retry_in is None else f"; next try in {self.retry_in:.1f} s"
        return f"{told}{code}{wait}"


def online(beginning: Beginning) -> State:
    if beginning == "new":
        return State("online")
    if beginning == "resumed":
        return State("online", resumed=True)
    reason = "not resumed: what others said since the last connection is missing"
    return State("online", resumed=False, reason=reason)
