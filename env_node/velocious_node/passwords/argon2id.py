"""argon2id digests, through argon2-cffi."""

from __future__ import annotations

from typing import TYPE_CHECKING

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError, VerifyMismatchError

from velocious.errors import UnreadableDigestError

if TYPE_CHECKING:
    from velocious_node.settings import PasswordSettings

KIND = "argon2id"


class Argon2id:
    """Makes and checks ``$argon2id$v=19$m=…,t=…,p=…$<salt>$<hash>``."""

    kind = KIND

    def __init__(self, settings: PasswordSettings) -> None:
        self._hasher = PasswordHasher(
            time_cost=settings.iterations,
            memory_cost=settings.memory,
            parallelism=settings.parallelism,
        )

    def hash(self, password: bytes) -> str:
        """A digest with a new salt."""
        return self._hasher.hash(password)

    def verify(self, digest: str, password: bytes) -> bool:
        """Whether *digest* is of *password*. Raises UnreadableDigestError."""
        try:
            return self._hasher.verify(digest, password)
        except VerifyMismatchError:
            return False
        except (InvalidHashError, VerificationError) as error:
            raise UnreadableDigestError(
                KIND, "It is damaged. Let its owner choose a new password."
            ) from error

    def is_outdated(self, digest: str) -> bool:
        """Whether *digest* has other costs."""
        return self._hasher.check_needs_rehash(digest)
