"""``Answering``: a request, its one answer, and what is said of that answer before it is there.

Law: there is one answer; a second one is an error, not a replacement.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.datastructures import MutableHeaders

from velocious.controller.answer import Answer
from velocious.controller.answer.status import status_code
from velocious.controller.request_id import request_id
from velocious.errors import RenderError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from starlette.responses import Response

    from velocious.configuration import Configuration
    from velocious.controller.params import Params
    from velocious.controller.request import Request

    #: Gets the answer before it is sent.
    type BeforeSending = Callable[[Response], Awaitable[None] | None]


class Answering:
    """The part of :class:`Controller` that holds the request and its answer."""

    #: What :meth:`before_sending` was given; None where nobody asked, so that it costs nothing.
    _callbacks: list[BeforeSending] | None = None
    #: Headers that were set before there was an answer to set them on.
    _pending: MutableHeaders | None = None

    def __init__(
        self, request: Request, params: Params, configuration: Configuration, action: str
    ) -> None:
        self.request = request
        self.params = params
        self.configuration = configuration
        self.action = action
        self.response: Response | None = None

    @property
    def request_id(self) -> str:
        """What this request is called in the log, and in the answer's ``X-Request-Id``."""
        return request_id(self.request.scope)

    @property
    def headers(self) -> MutableHeaders:
        """The headers of the answer: ``self.headers["Cache-Control"] = "no-store"``.

        They may be set before there is an answer; what ``render(headers=…)`` says is stronger.
        """
        if self.response is not None:
            return self.response.headers
        if self._pending is None:
            self._pending = MutableHeaders(raw=[])
        return self._pending

    def before_sending(self, callback: BeforeSending) -> None:
        """Call *callback*, plain or async, with the answer when all filters are through."""
        if self._callbacks is None:
            self._callbacks = []
        self._callbacks.append(callback)

    def head(self, status: int | str, *, headers: Mapping[str, str] | None = None) -> None:
        """Answer with a status and no body."""
        self._answer_with(b"", status, None, headers)

    def _answer_with(
        self,
        body: bytes,
        status: int | str,
        media_type: str | None,
        headers: Mapping[str, str] | None,
    ) -> None:
        answer = Answer(body, status_code(status), media_type)
        if headers is not None:
            answer.set_headers(headers)
        self._answer(answer)

    def _answer(self, response: Response) -> None:
        """Answer with a response of Starlette. Raises RenderError where there is one already."""
        if self.response is not None:
            raise RenderError(
                f"{type(self).__name__}#{self.action} answered twice. Return after the first "
                "render, head or redirect_to."
            )
        self.response = response
        if self._pending is not None:
            _add_missing(response, self._pending)


def _add_missing(response: Response, pending: MutableHeaders) -> None:
    given = {name for name, _ in response.raw_headers} - {b"set-cookie"}
    response.raw_headers.extend(header for header in pending.raw if header[0] not in given)
