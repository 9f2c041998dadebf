"""Which class a channel's name belongs to.

Law: a name is looked up once, then remembered; names come from clients, so the memory is bounded.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from velocious.errors import ConfigurationError
from velocious.realtime.channel import OpenChannel

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from velocious.realtime.channel import Channel

_HOLE = re.compile(r"\{([A-Za-z_][A-Za-z0-9_]*)\}")


@dataclass(frozen=True, slots=True)
class Place:
    """The class for a name, and what its pattern found there."""

    channel: type[Channel]
    params: Mapping[str, str]
    declared: bool


class Channels:
    """The declared channels.

    Raises:
        ConfigurationError: two classes have the same pattern, or one has none.
    """

    def __init__(self, classes: Iterable[type[Channel]] = ()) -> None:
        self._patterns: dict[str, tuple[re.Pattern[str], type[Channel]]] = {}
        for one in classes:
            self.add(one)
        self.place_of = lru_cache(maxsize=4096)(self._find)

    def add(self, channel: type[Channel]) -> None:
        if not channel.pattern:
            raise ConfigurationError(
                f"{channel.__name__} does not say which channels it is for. Give it a pattern: "
                '`pattern = "board:{id}"`.'
            )
        other = self._patterns.get(channel.pattern)
        if other is not None and other[1] is not channel:
            raise ConfigurationError(
                f"{other[1].__name__} and {channel.__name__} have the same pattern, "
                f"{channel.pattern!r}. Give one of them another."
            )
        self._patterns[channel.pattern] = (_compiled(channel.pattern), channel)

    def __iter__(self):
        return iter([channel for _, channel in self._patterns.values()])

    def _find(self, name: str) -> Place:
        for pattern, channel in self._patterns.values():
            found = pattern.fullmatch(name)
            if found is not None:
                return Place(channel, found.groupdict(), True)
        return Place(OpenChannel, {}, False)


def _compiled(pattern: str) -> re.Pattern[str]:
    parts = _HOLE.split(pattern)
    # Text and names of holes, in turns.
    return re.compile(
        "".join(
            f"(?P<{part}>[A-Za-z0-9_=@-]+)" if position % 2 else re.escape(part)
            for position, part in enumerate(parts)
        )
    )
