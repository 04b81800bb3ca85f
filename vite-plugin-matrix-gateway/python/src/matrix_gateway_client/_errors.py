"""What a client raises."""

from __future__ import annotations

from typing import Literal

RequestErrorCode = Literal["timeout", "target_offline", "dropped", "refused", "closed"]


class MatrixError(Exception):
    """Whatever this package raises is one of these, but for mistakes in a call."""


class Closed(MatrixError):
    """The client is not inside `async with`, or not any more."""


class Refused(MatrixError):
    """The gateway said no, and would say it again: the client does not come back.

    `code` is the close code or the HTTP status, where one is the cause. With `needs_token` the
    client has no token that is still good, and no function that could get another one.
    """

    def __init__(self, reason: str, code: int | None = None, needs_token: bool = False) -> None:
        super().__init__(reason if code is None else f"{code} {reason}")
        self.reason = reason
        self.code = code
        self.needs_token = needs_token


class QueueFull(MatrixError):
    """So many messages wait to be sent that this one was not taken. Those that wait still go."""


class MessageTooLarge(MatrixError, ValueError):
    """The message has more bytes than the gateway reads; it was not taken."""


class InboxFull(MatrixError):
    """Nobody took the messages that came, until there was no more room.

    It is raised at their place in the order: `dropped` messages are missing between the one
    before and the one after. Take them faster, do what takes long in a task of its own, or have
    fewer sent by `subscribe`.
    """

    def __init__(self, dropped: int) -> None:
        super().__init__(f"{dropped} messages were dropped, since those before them were not taken")
        self.dropped = dropped


class RequestError(MatrixError):
    """A request has no answer, or it is not known what became of a message.

    `code` says why: `target_offline`: nobody of that name is there. `dropped`: the gateway kept
    the message for an agent that did not come back. `refused`: the gateway refused the message, or
    the client. `closed`: the client was closed. `timeout`: see `RequestTimeout`.
    """

    def __init__(self, code: RequestErrorCode, text: str) -> None:
        super().__init__(text)
        self.code = code


class RequestTimeout(RequestError, TimeoutError):
    """No answer came in time."""

    def __init__(self, seconds: float | None) -> None:
        super().__init__("timeout", f"no answer within {seconds} s")
