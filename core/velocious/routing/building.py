"""Makes the table of what was drawn: each route with the action that it leads to.

Law: the table of one environment has the paths of all: a route that runs elsewhere keeps its place,
but its controller is neither imported nor looked for.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from velocious.controller.csrf.guard import guarded_mount
from velocious.controller.dispatch import action_endpoint
from velocious.errors import MissingControllerError
from velocious.routing.answering import elsewhere_endpoint, redirect_endpoint
from velocious.routing.mounted_lifespan import MountedApp
from velocious.routing.resolving import resolve
from velocious.routing.route import Mount, Redirect, runs_in
from velocious.routing.table import RouteTable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.types import ASGIApp

    from velocious.configuration import Configuration
    from velocious.routing.route import Drawn, Route

logger = logging.getLogger("velocious.routing")


class TableBuilder:
    """The table of an application in its environment.

    Attributes:
        table: what was added so far.
        mounted: the applications in it that start and stop with ours.
    """

    def __init__(self, configuration: Configuration) -> None:
        self.table = RouteTable()
        self.mounted: list[MountedApp] = []
        self._configuration = configuration
        self._environment = configuration.environment_handler.name

    def add(self, drawn: Drawn) -> None:
        """Add what was drawn next.

        Raises:
            RoutingError: it leads to no action.
        """
        here = runs_in(drawn, self._environment)
        if isinstance(drawn, Mount):
            self.table.mount(drawn.path, self._mount_endpoint(drawn, here), drawn.constraints)
            return
        if not here:
            self._leave(drawn, drawn.on)
        elif isinstance(drawn, Redirect):
            self._lead(drawn, redirect_endpoint(drawn))
        else:
            self._add_route(drawn)

    def _add_route(self, route: Route) -> None:
        try:
            found = resolve(route)
        except MissingControllerError:
            if self._environment != "browser" or route.on == "browser":
                raise
            self._leave(route, "server")
            return
        if found is not None:
            action = route.target.action
            endpoint = action_endpoint(self._configuration, found, action)
            self._lead(route, endpoint, route.defaults)

    def _lead(
        self, drawn: Route | Redirect, endpoint: ASGIApp, defaults: Mapping[str, Any] | None = None
    ) -> None:
        self.table.add(drawn.methods, drawn.path, endpoint, drawn.constraints, defaults)

    def _leave(self, drawn: Route | Redirect, place: str) -> None:
        logger.debug("%s %s is left to the %s", "|".join(drawn.methods), drawn.path, place)
        endpoint = elsewhere_endpoint(drawn.path, place)
        self.table.add(drawn.methods, drawn.path, endpoint, drawn.constraints, elsewhere=True)

    def _mount_endpoint(self, drawn: Mount, here: bool) -> ASGIApp:
        if not here:
            return elsewhere_endpoint(drawn.path, drawn.on)
        app = self._living(drawn)
        return guarded_mount(app, self._configuration) if drawn.csrf else app

    def _living(self, drawn: Mount) -> MountedApp:
        for known in self.mounted:
            # Mounted in two places it still starts once.
            if known.app is drawn.app:
                return known
        configured = getattr(drawn.app, "for_configuration", None)
        app = drawn.app if configured is None else configured(self._configuration)
        mounted = MountedApp(app, drawn.path)
        self.mounted.append(mounted)
        return mounted
