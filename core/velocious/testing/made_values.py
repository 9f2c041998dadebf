"""What a factory makes anew for each record."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING, Any, cast

from velocious.errors import TestingError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from velocious.testing.factory import Factory


@dataclass(frozen=True)
class Sequence:
    """Another value each time, counted from 1 on for as long as the process lives.

    Raises:
        TestingError: the text would be the same each time.
    """

    text: str | Callable[[int], Any]
    numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def __post_init__(self) -> None:
        if isinstance(self.text, str) and "{n" not in self.text:
            raise TestingError(
                f"sequence({self.text!r}) has no number in it. Write {{n}} where it belongs: "
                f"sequence({self.text + ' {n}'!r})."
            )

    def next(self) -> Any:
        number = next(self.numbers)
        if isinstance(self.text, str):
            return self.text.format(n=number)
        return self.text(number)


@dataclass(frozen=True)
class Association:
    """A record of another factory."""

    made_by: Factory[Any] | Callable[[], Factory[Any]]
    traits: tuple[str, ...]
    attributes: Mapping[str, Any]

    @property
    def factory(self) -> Factory[Any]:
        from velocious.testing.factory import Factory

        made_by = cast("Any", self.made_by)
        return cast("Any", made_by if isinstance(made_by, Factory) else made_by())


@dataclass(frozen=True)
class Derived:
    """A value made of the others."""

    make: Callable[[Mapping[str, Any]], Any]
