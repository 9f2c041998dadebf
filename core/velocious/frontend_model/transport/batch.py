"""Commands that travel together.

Law: a command is answered once, by what the backend said to it alone; one that nobody waits for any
more is not sent, and a batch that nobody waits for is given up.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, cast

from velocious.errors import BackendAnswerError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from velocious.errors import BackendUnreachableError
    from velocious.frontend_model.command import Command


class Waiting:
    """A command and who waits for its answer."""

    __slots__ = ("answer", "command", "tries")

    def __init__(self, command: Command) -> None:
        self.command = command
        self.answer: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()
        self.tries = 0

    @property
    def is_waited_for(self) -> bool:
        return not self.answer.done()

    def fail(self, error: BaseException) -> None:
        """Raise *error* where the answer is waited for."""
        if self.is_waited_for:
            self.answer.set_exception(error)


def entries_of(batch: Iterable[Waiting]) -> dict[str, Any]:
    """*batch* as it is sent."""
    # Names as Python has them, and values that only Python knows.
    requests = [one.command.to_data(str(id)) for id, one in enumerate(batch, 1)]
    return {"form": "python", "requests": requests}


def deal(batch: list[Waiting], said: Any, backend: str) -> None:
    """Give each of *batch* its part of what the backend *said*."""
    by_id = _by_id(said, backend)
    for id, one in enumerate(batch, 1):
        response = by_id.get(str(id))
        if not isinstance(response, dict):
            problem = f"it says nothing to {one.command.kind} of {one.command.model}"
            one.fail(BackendAnswerError(backend, problem))
        elif one.is_waited_for:
            one.answer.set_result(cast("dict[str, Any]", response))


def _by_id(said: Any, backend: str) -> dict[str, Any]:
    known: Any = cast("Mapping[str, Any]", said) if isinstance(said, dict) else {}
    if known.get("status") == "error" and "responses" not in known:
        raise RefusedBatchError(cast("dict[str, Any]", said))
    responses = known.get("responses")
    if not isinstance(responses, list):
        raise BackendAnswerError(backend, "there are no responses in its answer")
    found: dict[str, Any] = {}
    for one in cast("list[Any]", responses):
        if isinstance(one, dict):
            entry = cast("dict[str, Any]", one)
            found[str(entry.get("requestId"))] = entry.get("response")
    return found


class RefusedBatchError(Exception):
    """The backend refuses a whole batch, for a reason that holds for each command."""

    def __init__(self, response: dict[str, Any]) -> None:
        self.response = response
        super().__init__(response.get("errorMessage"))


def may_be_tried_again(one: Waiting, error: BackendUnreachableError, retries: int) -> bool:
    """Whether asking again does no harm: nothing arrived, or it changes nothing."""
    return one.is_waited_for and one.tries <= retries and (not error.sent or one.command.is_safe)
