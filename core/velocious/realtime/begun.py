"""A coroutine that has begun to run, to be awaited to its end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Coroutine, Generator


class Begun:
    """The rest of *coroutine*, whose first step was taken by ``send(None)`` and gave *waits*."""

    __slots__ = ("_coroutine", "_waits")

    def __init__(self, coroutine: Coroutine[Any, Any, Any], waits: Any) -> None:
        self._coroutine = coroutine
        self._waits = waits

    def __await__(self) -> Generator[Any, Any, Any]:
        coroutine, waits = self._coroutine, self._waits
        try:
            while True:
                try:
                    sent = yield waits
                except GeneratorExit:
                    coroutine.close()
                    raise
                except BaseException as error:
                    waits = coroutine.throw(error)
                else:
                    waits = coroutine.send(sent)
        except StopIteration as done:
            return done.value
