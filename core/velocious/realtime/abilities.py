"""What a connection may do, as the application's resolver says.

Law: nobody is asked before somebody needs the answer, and the answer is never kept: roles change
while sockets stay open.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from velocious import current

if TYPE_CHECKING:
    from velocious.authorization.ability import Ability
    from velocious.realtime.connection import Connection


async def ability_of(connection: Connection, subscription: Any = None) -> Ability | None:
    """The ability of *connection*, in the channel of *subscription* (or that channel itself); None
    where the application has no resolver.
    """
    channel = getattr(subscription, "channel", subscription)
    return await current.configuration().ability_for(
        request=connection.upgrade,
        params={} if channel is None else channel.params,
        user=connection.user,
        connection=connection,
        subscription=channel,
    )
