"""What every SQL node is: an immutable value of named parts.

Law: as cheap to define as to make. The nodes are on the way to the first query of every page, and
generating code for each class, as dataclasses do, costs a browser some 40 ms before it.
"""

from __future__ import annotations

from typing import Any, Self, dataclass_transform


@dataclass_transform(frozen_default=True)
class Node:
    """A value of its annotated parts, given in order or by name; defaults are class attributes.

    Nodes with equal parts are equal. Nothing ever assigns to one.
    """

    def __init_subclass__(cls) -> None:
        cls.__match_args__ = tuple(cls.__annotations__)

    def __init__(self, *parts: Any, **named: Any) -> None:
        self.__dict__.update(zip(self.__match_args__, parts, strict=False), **named)

    def replaced(self, **parts: Any) -> Self:
        """The same node with other *parts*."""
        return type(self)(**{**dict(zip(self.__match_args__, self._parts(), strict=True)), **parts})

    def _parts(self) -> tuple[Any, ...]:
        return tuple([getattr(self, name) for name in self.__match_args__])

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and self._parts() == other._parts()  # type: ignore[attr-defined]

    def __hash__(self) -> int:
        return hash((type(self), self._parts()))

    def __repr__(self) -> str:
        parts = ", ".join(f"{name}={getattr(self, name)!r}" for name in self.__match_args__)
        return f"{type(self).__name__}({parts})"
