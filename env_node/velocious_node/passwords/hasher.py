"""The password hasher of a server: argon2id, or scrypt where argon2-cffi is not installed.

Law: digests of both kinds are checked, so that an application may change its mind; the better kind
is made anew when its owner signs in. Digests are made in threads of their own, a few at a time:
each takes 64 MiB.
"""

from __future__ import annotations

import os
from functools import partial
from importlib.util import find_spec
from typing import TYPE_CHECKING, Protocol

from velocious.errors import UnreadableDigestError
from velocious_node.database.threads import Threads
from velocious_node.passwords import scrypt
from velocious_node.settings import PasswordSettings

if TYPE_CHECKING:
    from collections.abc import Mapping

ARGON2 = "argon2id"


class Algorithm(Protocol):
    """One kind of digest."""

    kind: str

    def hash(self, password: bytes) -> str: ...

    def verify(self, digest: str, password: bytes) -> bool: ...

    def is_outdated(self, digest: str) -> bool: ...


class NodePasswordHasher:
    """See :class:`velocious.password_hasher.PasswordHasher`.

    Arguments:
        settings: what a digest costs.
        algorithms: those it knows by their names, the one that makes digests first; by default
            what is installed.
    """

    def __init__(
        self,
        settings: PasswordSettings | None = None,
        algorithms: Mapping[str, Algorithm] | None = None,
    ) -> None:
        settings = settings or PasswordSettings()
        self._algorithms = dict(algorithms or installed(settings))
        self._best = next(iter(self._algorithms.values()))
        self._threads = Threads(settings.threads, "velocious-password")
        self._nobody: str | None = None

    async def hash(self, password: bytes) -> str:
        return await self._threads.run(partial(self._best.hash, password))

    async def verify(self, digest: str | None, password: bytes) -> bool:
        if digest is None:
            await self._threads.run(partial(self._verify_nobody, password))
            return False
        return await self._threads.run(partial(self._of(digest).verify, digest, password))

    def is_outdated(self, digest: str) -> bool:
        algorithm = self._of(digest)
        return algorithm is not self._best or algorithm.is_outdated(digest)

    def _verify_nobody(self, password: bytes) -> None:
        # Making a digest takes as long as checking one.
        if self._nobody is None:
            self._nobody = self._best.hash(os.urandom(16))
        else:
            self._best.verify(self._nobody, password)

    def _of(self, digest: str) -> Algorithm:
        parts = digest.split("$", 2)
        kind = parts[1] if len(parts) == 3 and not parts[0] else ""
        if kind not in self._algorithms:
            remedy = (
                "Install argon2-cffi: `pip install 'velocious[password]'`."
                if kind == ARGON2
                else f"Known here: {', '.join(self._algorithms)}. Let its owner choose a new one."
            )
            raise UnreadableDigestError(kind[:20], remedy)
        return self._algorithms[kind]


def installed(settings: PasswordSettings) -> dict[str, Algorithm]:
    """The algorithms that this process has, the best one first."""
    found: dict[str, Algorithm] = {}
    if find_spec("argon2") is not None:
        from velocious_node.passwords.argon2id import Argon2id

        found[ARGON2] = Argon2id(settings)
    found[scrypt.KIND] = scrypt.Scrypt(settings.memory, settings.iterations)
    return found
