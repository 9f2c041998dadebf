"""``told = broadcasts_to("board.{board}", attributes=[…])``: a model whose changes are published.

Law: listeners get what is listed and nothing else, after the commit and never without one.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, cast

from velocious import current
from velocious.errors import ConfigurationError
from velocious.naming import underscore
from velocious.record.conditions import conditions
from velocious.record.declaration import Declaration, add_member

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from velocious.record.definition import Definition
    from velocious.record.record import Record

#: One channel, several, or None; may be ``async``.
type ChannelFunction = Callable[[Any], Any]

WORDS = {"create": "created", "update": "updated", "destroy": "destroyed"}

_HOLE = re.compile(r"\{([A-Za-z_][A-Za-z0-9_]*)\}")


class Broadcasting(Declaration):
    """See :func:`broadcasts_to`."""

    def __init__(
        self,
        channel: str | ChannelFunction,
        attributes: Sequence[str],
        name: str | None,
        on: Sequence[str],
    ) -> None:
        self.channel = channel
        self.attributes = tuple(attributes)
        self.name = name
        self.on = tuple(on)

    def declare(self, definition: Definition, name: str) -> None:
        for action in self.on:
            member = f"_{name}_{WORDS[action]}"
            add_member(definition, member, self._teller(action), name)
            asked = conditions({"on": action}, WORDS)
            definition.callbacks.add("after_commit", member, asked)

    def _teller(self, action: str) -> Callable[[Any], Awaitable[None]]:
        async def tell(record: Record) -> None:
            if type(record)._definition.remote_home() is not None:
                # Told where the rows are.
                return
            changed = record.saved_changes() if action == "update" else {}
            if action == "update" and not changed:
                return
            data = self._data(record)
            event = f"{self.name or underscore(type(record).__name__)}.{WORDS[action]}"
            channels = current.configuration().channels
            for channel in await self._channels(record, changed):
                await channels.publish(channel, event, data)

        return tell

    def _data(self, record: Record) -> dict[str, Any]:
        secret = type(record)._definition.secrets.intersection(self.attributes)
        if secret:
            raise ConfigurationError(
                f"{type(record).__name__} broadcasts {min(secret)!r}, which is a secret. Take it "
                "out of attributes=[…]."
            )
        return {name: getattr(record, name) for name in self.attributes}

    async def _channels(self, record: Record, changed: Mapping[str, Any]) -> Collection[str]:
        """Where *record* is told of: where it is now, and where it was before it was *changed*."""
        if isinstance(self.channel, str):
            before = {name: pair[0] for name, pair in changed.items()}
            found = [_filled(self.channel, record, {}), _filled(self.channel, record, before)]
            return [*dict.fromkeys(one for one in found if one is not None)]
        given = self.channel(record)
        if isinstance(given, Awaitable):
            given = await cast("Awaitable[Any]", given)
        if given is None:
            return []
        return [given] if isinstance(given, str) else cast("Collection[str]", given)


def broadcasts_to(
    channel: str | ChannelFunction,
    *,
    attributes: Sequence[str],
    name: str | None = None,
    on: Sequence[str] | str = tuple(WORDS),
) -> Any:
    """Publish what happens to records, once it is committed::

        class Task(Record):
            told = broadcasts_to("private-board.{project_id}", attributes=["id", "name", "done"])

    Listeners of ``private-board.5`` hear ``task.created``, ``task.updated`` (where something
    changed) and ``task.destroyed``, with the values of *attributes*. A record whose attribute in
    the channel's name is None is told to nobody; one that moves is told of in both places.

    Statements that write many rows at once (``update_all``, ``insert_multiple``) tell nobody.

    Arguments:
        channel: a name with attributes in braces, or a function of the record that returns a name,
            several, or None.
        attributes: what listeners may see; anything that has a form in JSON.
        name: what stands before the dot, where it is not the model's name.
        on: ``"create"``, ``"update"``, ``"destroy"``, or several of them.

    Raises:
        ConfigurationError: there are no attributes, or one of *on* is none of the three.
    """
    if isinstance(attributes, str) or not attributes:
        raise ConfigurationError(
            f"broadcasts_to(attributes={attributes!r}): list the attributes that listeners may "
            'see, such as ["id", "name"].'
        )
    actions = (on,) if isinstance(on, str) else tuple(on)
    # Says which ones there are.
    conditions({"on": actions}, WORDS)
    return Broadcasting(channel, attributes, name, actions)


def _filled(pattern: str, record: Record, before: Mapping[str, Any]) -> str | None:
    """*pattern* with the values of *record*, or those it had *before*; None where one is None."""
    values = {
        hole: before[hole] if hole in before else getattr(record, hole)
        for hole in _HOLE.findall(pattern)
    }
    if None in values.values():
        return None
    return _HOLE.sub(lambda found: str(values[found[1]]), pattern)
