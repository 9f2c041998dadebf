"""The port for the way out: what carries frames to one client.

Law: nothing here waits. A sink that has too much waiting says no, and the engine decides what that
means for the connection; one client that never reads delays nobody.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable


class Form:
    """How a frame must look to be written, so that it is brought into that form once for all sinks
    that share it.

    Attributes:
        prepare: text, or bytes of a binary frame, to what :meth:`Sink.write` takes.
    """

    __slots__ = ("prepare",)

    def __init__(self, prepare: Callable[[str | bytes], Any]) -> None:
        self.prepare = prepare


#: Text and bytes as they are.
PLAIN = Form(lambda frame: frame)


class Sink(Protocol):
    """Where the frames of one connection go.

    Attributes:
        on_drained: called when there is room again after :meth:`write` has said no.
        buffered: bytes that wait for the client.
    """

    on_drained: Callable[[], None] | None

    @property
    def form(self) -> Form: ...

    @property
    def buffered(self) -> int: ...

    def write(self, frame: Any, /) -> bool:
        """Take *frame*, in this sink's form, in order; False: too much is waiting, not taken."""
        ...

    def force(self, frame: Any, /) -> None:
        """Take *frame* even above the limit: control frames are never dropped."""
        ...

    def close(self, code: int, reason: str) -> None:
        """Close after what was taken; later calls do nothing."""
        ...


class _Nowhere:
    """A sink for a connection that nobody is at the end of."""

    form = PLAIN
    buffered = 0
    on_drained: Callable[[], None] | None = None

    def write(self, frame: Any, /) -> bool:
        return True

    def force(self, frame: Any, /) -> None:
        pass

    def close(self, code: int, reason: str) -> None:
        pass


NOWHERE: Sink = _Nowhere()
