"""Where a client has its tokens from."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

#: A token, or a function that gets one; None where there is none to be had.
TokenSource = str | Callable[[], "str | None | Awaitable[str | None]"]


class NoToken(Exception):
    """The function has no token to give."""


class Credentials:
    def __init__(self, source: TokenSource | None) -> None:
        self._source = source

    @property
    def can_renew(self) -> bool:
        """Whether another one can be had than the one before."""
        return callable(self._source)

    async def get(self) -> str | None:
        """A token; None where none is needed. Raises what the function raises, or `NoToken`."""
        if not callable(self._source):
            return self._source
        found = self._source()
        token = await found if isinstance(found, Awaitable) else found
        if token is None:
            raise NoToken("there is no token")
        return token
