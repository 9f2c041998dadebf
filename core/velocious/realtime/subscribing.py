"""Into a channel, and out of it.

Law: whoever is confirmed hears everything from then on; whoever may not listen hears nothing, and
learns nothing but that.
"""

from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING, Any, cast

from velocious.errors import Fault, NotAuthorizedError
from velocious.realtime import commands, outputs
from velocious.realtime.announcement import announcement
from velocious.realtime.names import Privacy, check_name, privacy_of
from velocious.realtime.presence import Member
from velocious.realtime.subscription import Subscription

if TYPE_CHECKING:
    from velocious.realtime.channel import Channel
    from velocious.realtime.connection import Connection
    from velocious.realtime.history import Missed
    from velocious.realtime.presence import Transition


async def subscribe(connection: Connection, command: commands.Subscribe) -> None:
    """What a client asked for; the answer is a confirmation or a refusal."""
    alias = command.alias if command.alias is not None else command.channel
    try:
        if not connection.throttles.subscribes.takes(connection.engine.schedule.monotonic()):
            raise Fault("rate_limited", "Too many subscriptions at once.", status=429)
        await _subscribe(connection, command, alias)
    except Fault as fault:
        connection.hub.statistics.refused += 1
        _refuse(connection, command, alias, fault.fault, str(fault), fault.status)
    except Exception:
        connection.engine.log_failure(connection, f"Subscribing to {command.channel!r}")
        connection.hub.statistics.refused += 1
        _refuse(connection, command, alias, "internal", "Internal error", 500)


def _refuse(
    connection: Connection,
    command: commands.Subscribe,
    alias: str,
    code: str,
    message: str,
    status: int,
) -> None:
    connection.say(outputs.Refused(command.channel, alias, code, message, status, command.id))


async def subscribe_to(
    connection: Connection, name: str, *, quiet: bool = False, fixed: bool = False
) -> None:
    """The server puts *connection* into a channel: nobody is asked.

    Arguments:
        quiet: the client is not told either.
        fixed: the client cannot leave it.

    Raises:
        ChannelNameError: *name* cannot be a channel's.
    """
    check_name(name, loose=True)
    alias = connection.dialect.alias_of(name)
    if alias in connection.subscriptions:
        return
    place = connection.hub.channels.place_of(name)
    channel = place.channel(name, dict(place.params), connection)
    subscription = Subscription(connection, name, alias, channel)
    subscription.fixed = fixed
    await _join(connection, subscription, commands.Subscribe(name, alias=alias), quiet=quiet)


async def unsubscribe_of(connection: Connection, name: str) -> None:
    """The server takes *connection* out of a channel, whatever the client calls it."""
    for alias, subscription in list(connection.subscriptions.items()):
        if subscription.name == name:
            await unsubscribe_from(connection, alias)


async def _subscribe(connection: Connection, command: commands.Subscribe, alias: str) -> None:
    dialect = connection.dialect
    name = dialect.check_channel(check_name(command.channel, loose=dialect.loose_names))
    known = connection.subscriptions.get(alias)
    if known is not None:
        if known.name != name:
            raise Fault("alias_in_use", "Another subscription has this id already.", status=409)
        # Asked twice: answered twice, and nobody else hears of it.
        await _confirm(connection, known, command)
        return
    if len(connection.subscriptions) >= connection.engine.settings.channels:
        most = connection.engine.settings.channels
        raise Fault("too_many_channels", f"A connection may be in {most} channels.", status=429)
    place = connection.hub.channels.place_of(name)
    channel = place.channel(name, {**command.params, **place.params}, connection)
    if not place.declared and not _is_open_to_all(connection, name, command):
        raise NotAuthorizedError("This channel is not open.")
    member = await _permitted(connection, channel, command)
    subscription = Subscription(connection, name, alias, channel, member)
    await _join(connection, subscription, command)


def _is_open_to_all(connection: Connection, name: str, command: commands.Subscribe) -> bool:
    if privacy_of(name) is Privacy.PUBLIC:
        return connection.engine.settings.public_channels and connection.dialect.open_channels
    return command.token is not None


async def _permitted(
    connection: Connection, channel: Channel, command: commands.Subscribe
) -> Member | None:
    """Who the connection is in the channel; None where that is nobody's business.

    Raises:
        Fault: it may not listen.
    """
    privacy = privacy_of(channel.name)
    if command.token is not None and privacy is not Privacy.PUBLIC:
        if not connection.engine.is_signed(connection, command):
            raise NotAuthorizedError("The signature is not valid for this connection.")
        member = _signed_member(command.member)
    else:
        allowed = await channel.authorize()
        if allowed is not True and not isinstance(allowed, Member):
            raise NotAuthorizedError("You may not listen here.")
        member = allowed if isinstance(allowed, Member) else None
    if privacy is not Privacy.PRESENCE:
        return None
    return member or own_member(connection)


def _signed_member(data: str | None) -> Member | None:
    """The member that the authorization endpoint put under its signature."""
    if data is None:
        return None
    try:
        found: Any = json.loads(data)
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise Fault("bad_member", "The signed member is no JSON object.")
    words = cast("dict[str, Any]", found)
    id = words.get("id", words.get("user_id"))
    if not isinstance(id, str | int) or isinstance(id, bool):
        raise Fault("bad_member", "The signed member has no id.")
    return Member(str(id), words.get("info", words.get("user_info")))


def own_member(connection: Connection) -> Member:
    """Who *connection* is in a presence channel. Raises NotAuthorizedError for a stranger."""
    identity = connection.identity
    if identity is None or identity.id is None:
        raise NotAuthorizedError("Only somebody with an identity can be in a presence channel.")
    return Member(identity.id, identity.info)


async def _join(
    connection: Connection,
    subscription: Subscription,
    command: commands.Subscribe,
    *,
    quiet: bool = False,
) -> None:
    hub = connection.hub
    connection.subscriptions[subscription.alias] = subscription
    try:
        await hub.listen(subscription)
        if subscription.member is not None:
            await _come(connection, subscription)
        # Whoever went away while we asked is gone: nothing may be left behind.
        if connection.is_ending:
            raise Fault("closed", "The connection has ended.")
        await _confirm(connection, subscription, command, quiet=quiet)
    except BaseException:
        await unsubscribe_from(connection, subscription.alias)
        raise
    await subscription.channel.subscribed()


async def _confirm(
    connection: Connection,
    subscription: Subscription,
    command: commands.Subscribe,
    *,
    quiet: bool = False,
) -> None:
    hub = connection.hub
    missed = await hub.missed(subscription.name, type(subscription.channel), command.since)
    members = None
    if subscription.member is not None:
        members = await hub.members(subscription.name)
    if not quiet:
        connection.say(_answer(subscription, command, missed, members))
    hub.confirm(subscription, missed)


def _answer(
    subscription: Subscription,
    command: commands.Subscribe,
    missed: Missed | None,
    members: Any,
) -> outputs.Subscribed:
    recovered = None
    if command.since is not None:
        recovered = missed is not None and missed.recovered
    return outputs.Subscribed(
        subscription.name,
        subscription.alias,
        command.id,
        members,
        subscription.member,
        None if missed is None else missed.position,
        recovered,
    )


async def unsubscribe(connection: Connection, command: commands.Unsubscribe) -> None:
    """What a client asked for."""
    alias = command.alias if command.alias is not None else command.channel
    subscription = connection.subscriptions.get(alias)
    if subscription is None:
        connection.say(
            outputs.Failure("not_subscribed", "There is no such subscription.", 404, command.id)
        )
        return
    if subscription.fixed:
        failure = outputs.Failure(
            "forbidden", "Nobody can leave this channel.", 403, command.id, channel=alias
        )
        connection.say(failure)
        return
    await unsubscribe_from(connection, alias)
    connection.say(outputs.Unsubscribed(command.channel, alias, command.id))


async def unsubscribe_from(connection: Connection, alias: str) -> None:
    """End the subscription *alias*; does nothing where there is none."""
    subscription = connection.subscriptions.pop(alias, None)
    if subscription is None:
        return
    was_confirmed = subscription.held is None
    connection.gaps.pop(subscription, None)
    connection.hub.forget(subscription)
    if subscription.member is not None:
        _go(connection, subscription)
    if was_confirmed:
        try:
            await subscription.channel.unsubscribed()
        except Exception:
            connection.engine.log_failure(connection, f"Leaving {subscription.name!r}")


# Coming and going


async def _come(connection: Connection, subscription: Subscription) -> None:
    assert subscription.member is not None
    name = subscription.name
    transition = await connection.hub.provider.presence.join(
        name, subscription.member, connection.id
    )
    back = connection.engine.leaving.take(name, subscription.member.id)
    if back is not None and back != connection.id:
        # The connection whose leave was held back for a reload goes now, unnoticed.
        await connection.hub.provider.presence.leave(name, back)
    if transition is not None:
        await announce(connection, name, transition, exclude=connection.id)


def _go(connection: Connection, subscription: Subscription) -> None:
    assert subscription.member is not None
    leave = partial(leave_channel, connection, subscription.name)
    connection.engine.leaving.add(
        subscription.name,
        subscription.member.id,
        connection.id,
        subscription.channel.leave_grace,
        leave,
    )


async def leave_channel(connection: Connection, name: str) -> None:
    """The connection's member has gone from *name*; the others are told if it was its last."""
    transition = await connection.hub.provider.presence.leave(name, connection.id)
    if transition is not None:
        await announce(connection, name, transition)


async def announce(
    connection: Connection, name: str, transition: Transition, exclude: str | None = None
) -> None:
    """Tell everybody in *name* of *transition*, if nobody has."""
    hub = connection.hub
    if not transition.told:
        await hub.send(
            announcement(
                name, transition, epoch_ms=hub.epoch_ms(), id=hub.new_id(), exclude=exclude
            )
        )
