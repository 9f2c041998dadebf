"""``Controller``: a class whose async methods answer requests."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from velocious.controller.answer import JSON, Answer
from velocious.controller.answer.redirecting import (
    any_address,
    own_address,
    own_referer,
    redirect_status,
)
from velocious.controller.answer.status import status_code
from velocious.controller.encoding import to_json
from velocious.controller.request_urls import request_urls
from velocious.controller.serving import Serving
from velocious.errors import RenderError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from velocious.controller.encoding.record_data import Attributes
    from velocious.controller.time_limit import Timeout
    from velocious.query.query import Query
    from velocious.routing.urls import Urls

#: Marks that nothing was given, where None is something that may be rendered.
NOTHING: Any = object()


class Controller(Serving):
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

    #: How many bytes a body that is read into ``params`` may have without its files, and one of
    #: the files; None: what ``Configuration(http=…)`` says.
    body_limit: ClassVar[int | None] = None
    upload_limit: ClassVar[int | None] = None
    #: Whether ``params`` hold what the body says; False: the actions read it themselves.
    reads_body: ClassVar[bool] = True
    #: Seconds that an action may take, where it is not ``http.timeout``: a number, None for any
    #: time, or a mapping for single actions (``{"export": 300}``).
    timeout: ClassVar[Timeout]

    #: What templates are rendered into: a name below ``app/views/layouts``, False for nothing;
    #: True is ``application``, where there is one.
    layout: ClassVar[str | bool] = True
    #: The folder of its templates below ``app/views``, where it is not named like the controller.
    view_path: ClassVar[str | None] = None

    _urls: Urls | None = None

    def render(
        self,
        template: str | None = None,
        /,
        *,
        json: Any = NOTHING,
        attributes: Attributes | None = None,
        status: int | str = 200,
        headers: Mapping[str, str] | None = None,
        layout: str | bool = True,
        content_type: str | None = None,
        **given: Any,
    ) -> None:
        """Answer with a template, which sees what it is *given*, or with *json*.

        ``self.render("edit", status=422, task=task)`` renders ``app/views/tasks/edit.html``,
        ``self.render(task=task)`` the template of the action.

        Arguments:
            json: any value, empty and false ones too.
            attributes: what of each record in *json* is rendered.
            status: by number, or by name (``"created"``).
            layout: what is around the template: a name below ``app/views/layouts``, False for
                nothing; by default what the controller's own :attr:`layout` says.

        Raises:
            MissingTemplateError: there is no such template, with every file that was looked for.
            RenderError: *json* holds what JSON has no form for.
        """
        if json is NOTHING:
            text, kind = self.configuration.views.render(self, template, given, layout)
            self._answer_with(text.encode(), status, content_type or kind, headers)
            return
        if template is not None or given:
            raise RenderError(
                f"self.render was given json and {template or ', '.join(given)!r}: an answer is "
                "either JSON or a template. Put all of it into json=…, or leave json out."
            )
        answer = Answer(to_json(json, attributes), 200, content_type or JSON)
        if status != 200:
            answer.status_code = status_code(status)
        if headers is not None:
            answer.set_headers(headers)
        self._answer(answer)

    async def render_query(
        self,
        query: Query[Any],
        *,
        attributes: Attributes,
        status: int | str = 200,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        """Answer with what *query* finds as a JSON list: as ``render(json=await query.to_list(),
        attributes=…)``, and in less time, for it reads no other columns and makes no records.

        Raises:
            RenderError: *attributes* names what is no attribute.
        """
        from velocious.controller.encoding import query_json

        answer = Answer(await query_json(query, attributes), status_code(status), JSON)
        if headers is not None:
            answer.set_headers(headers)
        self._answer(answer)

    def render_text(
        self, text: str, *, status: int | str = 200, headers: Mapping[str, str] | None = None
    ) -> None:
        """Answer with plain *text*."""
        self._answer_with(text.encode(), status, "text/plain; charset=utf-8", headers)

    def render_html(
        self, html: str, *, status: int | str = 200, headers: Mapping[str, str] | None = None
    ) -> None:
        """Answer with a page that is *html* already: nothing in it is escaped here."""
        self._answer_with(html.encode(), status, "text/html; charset=utf-8", headers)

    def redirect_to(
        self, address: str, *, status: int | str | None = None, allow_other_host: bool = False
    ) -> None:
        """Send the browser to *address*, a path of this application.

        The status is 302 after a GET, else 303, so that the browser follows with a GET.

        Raises:
            RedirectError: *address* leads to another host and *allow_other_host* is not set. Where
                it came from the request, the answer is 400.
        """
        location = any_address(address) if allow_other_host else own_address(address)
        if status is None:
            status = 302 if self.request.method in ("GET", "HEAD") else 303
        self._answer_with(b"", redirect_status(status), None, {"location": location})

    def redirect_back(self, *, fallback: str, status: int | str | None = None) -> None:
        """Send the browser to the page that it came from, where that is one of this application;
        else to *fallback*.
        """
        back = own_referer(self.request)
        self.redirect_to(fallback if back is None else back, status=status)

    @property
    def urls(self) -> Urls:
        """Addresses of routes: ``self.urls.task_path(task)``, ``self.urls.task_url(task)``."""
        if self._urls is None:
            self._urls = request_urls(self.configuration, self.request)
        return self._urls
