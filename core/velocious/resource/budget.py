"""How much one query of a client may ask for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from velocious.errors import ResourceLimitError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sized

    from velocious.resource.settings import ResourceSettings


class Budget:
    """Counts what one query has asked for so far."""

    __slots__ = ("_parts", "_settings")

    def __init__(self, settings: ResourceSettings) -> None:
        self._settings = settings
        self._parts = 0

    def part(self) -> None:
        """One condition, sort key, relationship or the like. Raises ResourceLimitError."""
        self._parts += 1
        most = self._settings.conditions
        if self._parts > most:
            raise ResourceLimitError(
                "conditions",
                most,
                f"The query has more than {most} conditions, sort keys and relationships. Ask for "
                "less at a time.",
            )

    def each[Part](self, parts: Iterable[Part]) -> Iterator[Part]:
        """*parts*, each a :meth:`part`: whoever sends too many has none of the others read."""
        for one in parts:
            self.part()
            yield one

    def values(self, members: Sized) -> None:
        """A list to compare with. Raises ResourceLimitError."""
        most = self._settings.values
        if len(members) > most:
            raise ResourceLimitError(
                "values",
                most,
                f"An attribute is compared with {len(members):,} values; {most:,} are taken. Ask "
                "in several queries.",
            )

    def path(self, steps: Sized) -> None:
        """A path of relationships. Raises ResourceLimitError."""
        most = self._settings.path_length
        if len(steps) > most:
            raise ResourceLimitError(
                "path_length",
                most,
                f"The query follows {len(steps)} relationships one after another; {most} are "
                "taken.",
            )
