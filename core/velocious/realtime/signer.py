"""Signatures that let one connection into one channel.

Law: a signature is good for one connection and one channel, compared in constant time, and never
made with a secret that somebody could guess. The signed text of the classic form is that of
Pusher's protocol: ``connection:channel[:data]``.
"""

from __future__ import annotations

import hmac
import json
from typing import TYPE_CHECKING

from velocious.errors import ChannelNameError, ChannelSecretError

if TYPE_CHECKING:
    from collections.abc import Sequence

#: Characters of a secret, at least.
SHORTEST = 16


class ChannelSigner:
    """Signs and checks.

    Arguments:
        secrets: the first one signs, all of them are accepted.

    Raises:
        ChannelSecretError: there is none, or one is shorter than 16 characters.
    """

    __slots__ = ("_secrets",)

    def __init__(self, secrets: Sequence[str | bytes]) -> None:
        keys = [one.encode() if isinstance(one, str) else one for one in secrets]
        if not keys or min(map(len, keys)) < SHORTEST:
            raise ChannelSecretError(
                f"Channels are signed with a secret of {SHORTEST} characters at least. Make one "
                "with `velocious g:secret`."
            )
        self._secrets = keys

    # The classic form

    def sign(self, connection: str, channel: str, data: str | None = None) -> str:
        """64 hexadecimal digits. *data*: text that the client must bring along (a member).

        Raises:
            ChannelNameError: the name has a colon, so that its signature could be read as that of
                another channel and data.
        """
        if ":" in channel:
            raise ChannelNameError("The name of a channel that is signed has no colon.")
        return _digest(self._secrets[0], _classic(connection, channel, data))

    def verify(
        self, signature: str, connection: str, channel: str, data: str | None = None
    ) -> bool:
        """Whether :meth:`sign` made *signature* of the same things."""
        return self._is_signed(signature, _classic(connection, channel, data))

    # The native form, which ends

    def token(
        self, connection: str, channel: str, data: str | None = None, *, expires: int | None = None
    ) -> str:
        """``v1.<seconds since 1970, or nothing>.<digits>``"""
        signature = _digest(self._secrets[0], _native(connection, channel, data, expires))
        return f"v1.{'' if expires is None else expires}.{signature}"

    def verify_token(
        self, token: str, connection: str, channel: str, data: str | None, now: float
    ) -> bool:
        """Whether :meth:`token` made *token* of the same things, and it has not ended yet."""
        version, _, rest = token.partition(".")
        text, _, signature = rest.partition(".")
        if version != "v1" or not (text == "" or (text.isascii() and text.isdecimal())):
            return False
        if len(text) > 15:
            return False
        expires = int(text) if text else None
        if not self._is_signed(signature, _native(connection, channel, data, expires)):
            return False
        return expires is None or now < expires

    def _is_signed(self, signature: str, message: bytes) -> bool:
        given = signature.encode("utf-8", "replace")
        # All of them, so that the time does not tell which secret it was.
        found = [
            hmac.compare_digest(given, _digest(key, message).encode()) for key in self._secrets
        ]
        return any(found)


def _digest(key: bytes, message: bytes) -> str:
    return hmac.digest(key, message, "sha256").hex()


def _classic(connection: str, channel: str, data: str | None) -> bytes:
    return ":".join([connection, channel] + ([] if data is None else [data])).encode()


def _native(connection: str, channel: str, data: str | None, expires: int | None) -> bytes:
    # A list in JSON can be read in one way only, whatever is in the names.
    return json.dumps([connection, channel, data, expires], separators=(",", ":")).encode()
