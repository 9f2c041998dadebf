"""``Engine(handshake=…)``: the encryption of a mount, agreed on while a client signs in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from velocious.errors.encryption import UnusableKeyError
from velocious.realtime.encryption import ignis, native
from velocious.realtime.encryption.crypto import Curve
from velocious.realtime.encryption.sealing import Agreement

if TYPE_CHECKING:
    from collections.abc import Container, Mapping

    from velocious.realtime.connection import Connection
    from velocious.realtime.encryption.crypto import Crypto

#: What both dialects call the client's public key.
_KEY = "publicKey"


class NativeHandshake:
    """Both directions, each frame once and in order.

    ::

        crypto = configuration.environment_handler.crypto()
        engine = Engine(handshake=NativeHandshake(crypto), authenticate=by_token)

    Arguments:
        curves: those that clients may choose from.
        required: with False, clients that send no key are let in without encryption; whoever can
            change what they send can then take the key away.
    """

    def __init__(
        self,
        crypto: Crypto,
        *,
        curves: Container[Curve] = frozenset(Curve),
        required: bool = True,
    ) -> None:
        self._crypto = crypto
        self._curves = curves
        self._required = required

    async def __call__(
        self, connection: Connection, credentials: Mapping[str, Any]
    ) -> Agreement | None:
        """What was agreed on; None: the client is sent away."""
        key = credentials.get(_KEY)
        if key is None and not self._required:
            return Agreement({})
        try:
            answer, session = await native.accept(
                self._crypto, key, connection.id, curves=self._curves
            )
        except UnusableKeyError:
            return None
        return Agreement(answer.to_data(), session.sealer, session.opener)


class IgnisHandshake:
    """What the server sends, as clients of ignis read it.

    Arguments:
        info: what keys are derived for; the clients' ``hkdfInfo``.
        context: the clients' ``additionalData``; none by default.
        required: as for :class:`NativeHandshake`.
    """

    def __init__(
        self, crypto: Crypto, *, info: str = ignis.INFO, context: str = "", required: bool = True
    ) -> None:
        self._crypto = crypto
        self._info = info
        self._context = context
        self._required = required

    async def __call__(
        self, connection: Connection, credentials: Mapping[str, Any]
    ) -> Agreement | None:
        """What was agreed on; None: the client is sent away."""
        key = credentials.get(_KEY)
        if key is None and not self._required:
            return Agreement({})
        try:
            answer, sealer = await ignis.accept(
                self._crypto, key, info=self._info, context=self._context
            )
        except UnusableKeyError:
            return None
        return Agreement(answer.to_data(), sealer)
