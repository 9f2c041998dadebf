"""The port for password digests: slow on purpose, and only where a server keeps them.

Law: what comes in is bytes and what comes out is a PHC string (``$argon2id$v=19$m=…``), which says
by itself how it was made. Nothing here blocks the event loop.
"""

from __future__ import annotations

from typing import Protocol


class PasswordHasher(Protocol):
    """Makes and checks digests of passwords."""

    async def hash(self, password: bytes) -> str:
        """A digest of *password*, with a new salt and today's costs."""
        ...

    async def verify(self, digest: str | None, password: bytes) -> bool:
        """Whether *digest* was made from *password*. Without a digest the answer is False after
        the same work, so that nobody can tell from the time whether there was one.

        Raises:
            UnreadableDigestError: *digest* is of a kind that cannot be checked here.
        """
        ...

    def is_outdated(self, digest: str) -> bool:
        """Whether :meth:`hash` would make a digest of another kind or other costs now."""
        ...
