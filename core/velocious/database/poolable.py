"""What a pool needs of a connection."""

from __future__ import annotations

from typing import Protocol


class Poolable(Protocol):
    """A connection that a pool can keep. It is hashable, as plain objects are.

    Raises (all methods): :class:`velocious.errors.DatabaseError` subclasses.
    """

    @property
    def is_closed(self) -> bool:
        """Whether it can no longer be used: closed, broken, or cancelled in the middle of an
        answer. It is asked often and must be cheap.
        """
        ...

    @property
    def in_transaction(self) -> bool:
        """Whether something was begun on it that has not ended; False once it is closed."""
        ...

    async def ping(self) -> None:
        """Ask the server for an answer; raise where there is none."""
        ...

    async def reset(self) -> None:
        """Roll back what is open, and forget what the last user has set on the session."""
        ...

    async def close(self) -> None:
        """Say goodbye to the server."""
        ...

    def terminate(self) -> None:
        """Cut the connection off at once, whatever it is doing; safe to call twice."""
        ...
