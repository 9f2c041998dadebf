"""The secret of an application, from which everything that it signs gets a key of its own.

Law: there is no default. A secret is never printed, and never used itself: each purpose derives
another key, so that what was signed for one purpose is worthless for any other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from velocious.command_words import as_typed
from velocious.errors import ConfigurationError, MissingSecretError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

SHORTEST = 32


class Secret:
    """One secret, or several: the first one signs, and what the others signed is still taken.

    Arguments:
        own: asked for the installation's own secret when one is needed and none was given.

    Raises:
        ConfigurationError: for a secret that is too short to be one. The message never shows it.
    """

    __slots__ = ("_keys", "_own", "_values")

    def __init__(self, given: object, own: Callable[[], str | None] | None = None) -> None:
        values = [given] if isinstance(given, str) else given
        if values is not None and not isinstance(values, list | tuple):
            raise ConfigurationError(
                f"secret= is {type(given).__name__}; give text, or a list of texts."
            )
        self._values = tuple(
            _checked(one) for one in cast("Sequence[object]", () if values is None else values)
        )
        self._own = own
        self._keys: dict[str, list[bytes]] = {}

    def keys(self, purpose: str) -> list[bytes]:
        """The keys for *purpose*, 32 bytes each: sign with the first, accept any.

        Raises:
            MissingSecretError: nobody gave the application a secret.
        """
        keys = self._keys.get(purpose)
        if keys is None:
            # Purposes are names in a program, so there are few.
            keys = self._keys[purpose] = self._derived(purpose)
        return keys

    def is_in(self, content: bytes) -> bool:
        """Whether *content* holds a secret that was given: it must not be sent to anybody."""
        return any(value in content for value in self._values)

    def _derived(self, purpose: str) -> list[bytes]:
        # Imported when something is signed: a page that never does need not load it.
        import hmac

        if not self._values:
            own = None if self._own is None else self._own()
            if own is None:
                raise MissingSecretError(purpose)
            self._values = (_checked(own),)
        message = f"velocious\0{purpose}".encode()
        return [hmac.digest(value, message, "sha256") for value in self._values]

    def __repr__(self) -> str:
        return f"<Secret of {len(self._values)}>" if self._values else "<Secret missing>"


def _checked(value: object) -> bytes:
    if not isinstance(value, str) or len(value) < SHORTEST:
        raise ConfigurationError(
            f"The secret is too short: it needs {SHORTEST} characters at least. Make one with "
            f"{as_typed('g:secret')}."
        )
    return value.encode()
