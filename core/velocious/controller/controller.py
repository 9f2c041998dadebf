"""``Controller``: a class whose async methods answer requests."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from starlette.responses import PlainTextResponse, RedirectResponse, Response

from velocious.controller.encoding import to_json
from velocious.controller.redirecting import own_address
from velocious.errors import RenderError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from starlette.requests import Request

    from velocious.configuration import Configuration
    from velocious.controller.params import Params

#: Marks that nothing was given, where None is something that may be rendered.
NOTHING: Any = object()


class Controller:
    """One request's answer; every request gets a controller of its own.

    ::

        class TasksController(Controller):
            async def show(self) -> None:
                task = await Task.find(self.params["id"])
                self.render(json=task, attributes=["id", "name"])

    Attributes:
        request: Starlette's request.
        params: path, body and query in one dictionary; the path wins over the body, the body over
            the query.
        configuration: the application's.
        response: what was rendered; None before.
    """

    #: How many bytes a body that is read into ``params`` may have.
    body_limit: ClassVar[int] = 1024 * 1024

    def __init__(
        self, request: Request, params: Params, configuration: Configuration, action: str
    ) -> None:
        self.request = request
        self.params = params
        self.configuration = configuration
        self.action = action
        self.response: Response | None = None

    def render(
        self,
        *,
        json: Any = NOTHING,
        attributes: Sequence[str] | None = None,
        status: int = 200,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        """Answer with *json*: any value, empty and false ones too.

        Arguments:
            attributes: what of each record in *json* is rendered.

        Raises:
            RenderError: *json* is missing, or holds what JSON has no form for.
        """
        if json is NOTHING:
            raise RenderError(
                "self.render was given nothing to render. Pass json=…, or call self.head(204) for "
                "an answer without a body."
            )
        body = to_json(json, attributes)
        self._answer(Response(body, status, headers, media_type="application/json"))

    def render_text(
        self, text: str, *, status: int = 200, headers: Mapping[str, str] | None = None
    ) -> None:
        """Answer with plain *text*."""
        self._answer(PlainTextResponse(text, status, headers))

    def head(self, status: int, *, headers: Mapping[str, str] | None = None) -> None:
        """Answer with a status and no body."""
        self._answer(Response(status_code=status, headers=headers))

    def redirect_to(
        self, address: str, *, status: int | None = None, allow_other_host: bool = False
    ) -> None:
        """Send the browser to *address*, a path of this application.

        The status is 302 after a GET, else 303, so that the browser follows with a GET.

        Raises:
            RenderError: *address* leads to another host and *allow_other_host* is not set.
        """
        target = address if allow_other_host else own_address(address)
        default = 302 if self.request.method in ("GET", "HEAD") else 303
        self._answer(RedirectResponse(target, status or default))

    def _answer(self, response: Response) -> None:
        if self.response is not None:
            raise RenderError(
                f"{type(self).__name__}#{self.action} answered twice. Return after the first "
                "render, head or redirect_to."
            )
        self.response = response
