"""The authorization endpoint's side of channels: may this connection listen there, and as whom?

Law: the same ``authorize`` decides as when a connection asks by itself; what is signed is good for
one connection and one channel, and nobody signs for the connection of somebody else.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from velocious.errors import Fault, MissingSecretError, NotAuthorizedError
from velocious.realtime.connection import Connection
from velocious.realtime.dialects.native import NativeDialect
from velocious.realtime.identity import Identity
from velocious.realtime.names import Privacy, check_name, privacy_of
from velocious.realtime.presence import Member
from velocious.realtime.sink import NOWHERE
from velocious.realtime.subscribing import own_member
from velocious.realtime.upgrade import Admit

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from velocious.realtime.engine import Engine
    from velocious.realtime.upgrade import Upgrade

    #: How a dialect writes a member down.
    type Shown = Callable[[Member], Mapping[str, Any]]

#: No colon: what is signed joins its parts with them.
_SOCKET = re.compile(r"[A-Za-z0-9_.-]{1,128}")
#: Who asks by HTTP speaks no dialect.
_NO_DIALECT = NativeDialect()


@dataclass(frozen=True, slots=True)
class Grant:
    """What the client brings along when it subscribes.

    Attributes:
        auth: ``connection:signature``; None for a channel that is open to all.
        data: JSON of the member that it is there, in presence channels.
    """

    auth: str | None
    data: str | None = None


def check_socket(id: object) -> str:
    """*id*, if it can be a connection's. Raises Fault."""
    if not isinstance(id, str) or _SOCKET.fullmatch(id) is None:
        raise Fault("bad_socket", "This is no id of a connection.")
    return id


async def asker(engine: Engine, upgrade: Upgrade, socket: str) -> Connection:
    """Who asks for *socket*: a connection that nobody can hear, with the identity of the request:
    what the upgrade hook says, or what ``authenticate`` makes of a bearer token.

    Raises:
        Fault: nobody who may ask, or not for this connection.
    """
    admitted = await engine.identify(upgrade)
    if not isinstance(admitted, Admit):
        raise Fault("unauthorized", admitted.body, status=admitted.status)
    connection = Connection(engine, socket, _NO_DIALECT, NOWHERE, upgrade)
    connection.admit(admitted)
    if connection.identity is None and upgrade.bearer is not None:
        found = await engine.authenticate(connection, {"token": upgrade.bearer})
        connection.identify(Identity.of(found))
    here = engine.hub.connections.get(socket)
    if here is not None and here.user_id not in (None, connection.user_id):
        raise NotAuthorizedError("This connection belongs to somebody else.")
    return connection


async def grant(asking: Connection, name: str, params: Mapping[str, Any], shown: Shown) -> Grant:
    """The permission for the connection that *asking* stands for to listen to *name*.

    Raises:
        Fault: it may not.
        MissingSecretError: nothing could be signed.
    """
    privacy = privacy_of(check_name(name))
    if privacy is Privacy.PUBLIC:
        return Grant(None)
    signer = asking.engine.signer
    if signer is None:
        raise MissingSecretError("channels")
    place = asking.hub.channels.place_of(name)
    if not place.declared:
        raise NotAuthorizedError("You may not listen here.")
    channel = place.channel(name, {**params, **place.params}, asking)
    allowed = await channel.authorize()
    if allowed is not True and not isinstance(allowed, Member):
        raise NotAuthorizedError("You may not listen here.")
    data = None
    if privacy is Privacy.PRESENCE:
        member = allowed if isinstance(allowed, Member) else own_member(asking)
        data = json.dumps(shown(member), separators=(",", ":"), ensure_ascii=False)
    return Grant(f"{asking.id}:{signer.sign(asking.id, name, data)}", data)
