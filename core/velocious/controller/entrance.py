"""What a request passes before its action: a check against forgery, its parameters, its session."""

from __future__ import annotations

from typing import TYPE_CHECKING

from velocious.controller.body.body import Limits, body_params
from velocious.controller.csrf.guard import forgery_guard
from velocious.controller.csrf.token import check_token
from velocious.controller.params import Params
from velocious.controller.params.nesting import nested, pairs_of
from velocious.controller.time_limit import time_limit

if TYPE_CHECKING:
    from velocious.configuration import Configuration
    from velocious.controller.controller import Controller

#: Methods whose body means nothing.
WITHOUT_BODY = frozenset({"GET", "HEAD", "OPTIONS"})


class Entrance:
    """The entrance of one action; made once, before the first request.

    Attributes:
        time: how long the action may take; None for any time.
    """

    __slots__ = ("_guard", "_limits", "_reads_body", "_sessions_are_fetched", "time")

    def __init__(
        self, configuration: Configuration, controller_class: type[Controller], action: str
    ) -> None:
        self._guard = forgery_guard(configuration, controller_class, action)
        self._limits = Limits.of(controller_class, configuration)
        self._reads_body = controller_class.reads_body
        self._sessions_are_fetched = configuration.http.session.store == "database"
        self.time = time_limit(controller_class, action, configuration.http.timeout)

    async def take(self, controller: Controller) -> None:
        """Give *controller* its parameters (path over body over query), and its session where that
        comes from the database.

        Raises:
            ForgeryError: a page of another site may have sent it; its body is not read then.
            RequestError: its parameters cannot be read.
        """
        scope = controller.request.scope
        has_body = scope["method"] not in WITHOUT_BODY
        needs_token = has_body and self._guard is not None and self._guard.needs_token(scope)
        query: bytes = scope["query_string"]
        params = nested(pairs_of(query, self._limits.parameters)) if query else Params()
        if has_body and self._reads_body:
            body = await body_params(controller.request, self._limits, controller.configuration)
            params.update(body.items())
        params.update(scope["path_params"])
        controller.params = params
        if self._sessions_are_fetched:
            await controller.session.fetch()
        if needs_token:
            check_token(controller)
