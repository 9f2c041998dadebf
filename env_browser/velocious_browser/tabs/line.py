"""The way from a tab to the one that owns the database, whichever that is at the moment.

Law: a request is answered once. When another tab becomes the owner, everything that is unanswered
goes to it, marked as said again; what that means for each request is the owner's to decide.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from velocious_browser.tabs.answer import Answer
from velocious_browser.tabs.wire import packed, unpack_error, unpacked

if TYPE_CHECKING:
    from collections.abc import Callable

type Request = tuple[Any, ...]


class Line:
    """Asks the owner.

    Attributes:
        generation: grows with each owner: what one of them had open is gone with the next.
    """

    def __init__(self) -> None:
        self.generation = 0
        self._post: Callable[[bytes], object] | None = None
        self._last = 0
        self._failure: Exception | None = None
        self._waiting: dict[int, tuple[Request, Answer]] = {}

    def lead_to(self, post: Callable[[bytes], object] | None) -> None:
        """There is another owner, to which *post* sends; None: nobody knows who will be."""
        self._post = post
        if post is None:
            return
        self.generation += 1
        for number, (request, _) in tuple(self._waiting.items()):
            post(packed((number, True, *request)))

    async def ask(self, *request: Any) -> Any:
        """The owner's answer. A cancelled request is given up there too, unless it has begun."""
        number, answer = self._send(request)
        try:
            return await answer
        except asyncio.CancelledError:
            if self._waiting.pop(number, None) is not None and self._post is not None:
                self._post(packed((number, False, "cancel")))
            raise

    async def ask_to_the_end(self, *request: Any) -> tuple[Any, asyncio.CancelledError | None]:
        """As :meth:`ask`, but goes on through a cancellation, which is returned beside the
        answer.
        """
        _, answer = self._send(request)
        answer.is_due = True
        try:
            return await answer, None
        except asyncio.CancelledError as stop:
            return answer.result(), stop

    def tell(self, *request: Any) -> None:
        """Say something that needs no answer, and means nothing to another owner."""
        self._last += 1
        if self._post is not None:
            self._post(packed((self._last, False, *request)))

    def hear(self, content: bytes) -> None:
        """An answer came."""
        number, is_good, value = unpacked(content)
        _, answer = self._waiting.pop(number, (None, None))
        if answer is None or answer.done():
            return
        if is_good:
            answer.set_result(value)
        else:
            answer.set_exception(unpack_error(value))

    def fail(self, error: Exception) -> None:
        """There will be no answers any more: whoever asks is told *error*."""
        self._post = None
        self._failure = error
        waiting, self._waiting = self._waiting, {}
        for _, answer in waiting.values():
            if not answer.done():
                answer.set_exception(error)

    def _send(self, request: Request) -> tuple[int, Answer]:
        if self._failure is not None:
            raise self._failure
        number = self._last = self._last + 1
        content = packed((number, False, *request))
        answer = Answer(asyncio.get_running_loop())
        self._waiting[number] = (request, answer)
        if self._post is not None:
            self._post(content)
        return number, answer
