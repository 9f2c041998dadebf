"""``Routes``: what ``app/config/routes.py`` writes.

Law: drawing routes imports no controller and no web framework: the same file is read by commands
and in the browser.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Unpack

from velocious.errors import RoutingError
from velocious.naming import pluralize, singularize
from velocious.routing.constraints import parse_constraints
from velocious.routing.drawing import Drawing
from velocious.routing.including import include
from velocious.routing.methods import check_methods
from velocious.routing.names import word
from velocious.routing.path import parameters
from velocious.routing.redirects import check_redirect
from velocious.routing.resource import ResourcePlan, draw_resource, resource_scope
from velocious.routing.resources import SEVEN, SINGULAR_ACTIONS, SIX, chosen_actions
from velocious.routing.route import Mount, Redirect, Route, check_place
from velocious.routing.target import parse_target, target_of_path
from velocious.routing.urls import Urls
from velocious.routing.verbs import Verbs

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence

    from starlette.types import ASGIApp

    from velocious.realtime.dialects.base import Dialect
    from velocious.realtime.entrance import EntranceOptions
    from velocious.routing.constraints import Given
    from velocious.routing.resource import Resource
    from velocious.routing.route import Drawn, Place
    from velocious.routing.target import To
    from velocious.routing.verbs import RouteOptions


class Routes(Verbs):
    """The routes of an application. Fixed text of a path comes before parameters; among these, and
    where both say the same, what is drawn first.

    ::

        routes = Routes()
        routes.root(to="pages#home")
        routes.resources("tasks", id="int")
        with routes.namespace("api"):
            routes.get("/ping", to="status#ping")  # /api/ping → app/controllers/api/status_…

    Iterating gives the routes that lead to actions; :attr:`drawn` has redirects and mounted
    applications, too.

    Attributes:
        urls: helpers that write the paths of routes with a name.
    """

    def __init__(self) -> None:
        self._drawing = Drawing()
        self.urls = Urls(self._drawing.names)

    @property
    def drawn(self) -> Sequence[Drawn]:
        """Everything, in the order in which it was drawn."""
        return self._drawing.drawn

    def __iter__(self) -> Iterator[Route]:
        return (one for one in self.drawn if isinstance(one, Route))

    def __len__(self) -> int:
        return sum(1 for _ in self)

    # One path

    def match(
        self,
        path: str,
        methods: Iterable[str],
        *,
        to: To | None = None,
        **options: Unpack[RouteOptions],
    ) -> None:
        """Each of *methods* of *path* leads to the action *to* (``"tasks#index"``). Without *to*
        the path says it: ``"/tasks/search"`` leads to ``tasks#search``.

        Raises:
            RoutingError: it makes no sense, or can never be reached.
        """
        pad = self._drawing
        target = parse_target(to or target_of_path(path), pad.scope.module)
        pad.route(pad.scope, methods, pad.path(path), target, pad.own_name(path), options)

    def root(self, *, to: To, **options: Unpack[RouteOptions]) -> None:
        """GET of ``/`` (or of the namespace itself) leads to the action *to*."""
        self.get("/", to=to, **{"as_": "root", **options})

    def redirect(
        self,
        path: str,
        address: str,
        *,
        status: int = 301,
        methods: Iterable[str] = ("GET",),
        as_: str | None = None,
        constraints: Given | None = None,
        on: Place | None = None,
    ) -> None:
        """Send whoever asks for *path* to *address*, with the parameters that it names and the
        query of the request::

            routes.redirect("/posts/{id}", "/articles/{id}")

        *address* is a path of this application, or has a host that is written out: no request can
        choose where it leads.

        Raises:
            RoutingError: *address* has a parameter that *path* does not have, or *status* is none
                of 301, 302, 303, 307 and 308.
        """
        pad, full = self._drawing, self._drawing.path(path)
        check_redirect(full, address, status)
        checked = pad.constraints(full, constraints)
        name = pad.name(full, checked, as_, pad.own_name(path))
        place = check_place(on or pad.scope.on)
        pad.add(Redirect(check_methods(methods), full, address, status, name, place, checked))

    def mount(
        self,
        path: str,
        app: ASGIApp,
        *,
        as_: str | None = None,
        constraints: Given | None = None,
        on: Place = "server",
        csrf: bool = True,
    ) -> None:
        """*path* and everything below it is answered by *app*, any ASGI application, websockets
        and the events of its life included; routes drawn below *path* come first.

        Changes that another site's page asks *app* for are refused; ``csrf=False`` leaves that to
        *app*.
        """
        pad, full = self._drawing, self._drawing.path(path)
        if any(one.type == "path" for one in parameters(full)):
            raise RoutingError(
                f"{full!r} has a parameter of the type 'path', and everything below a mount is the "
                "application's own. Leave the parameter out."
            )
        checked = pad.constraints(full, constraints)
        name = pad.name(full, checked, as_, pad.own_name(path))
        pad.add(Mount(full, app, name, check_place(on), checked, csrf))

    def realtime(
        self,
        path: str,
        *,
        dialects: Sequence[str | Dialect] = ("native",),
        as_: str | None = None,
        constraints: Given | None = None,
        on: Place = "server",
        **rules: Unpack[EntranceOptions],
    ) -> None:
        """Websockets come in at *path*; below it are ``/auth``, which signs for channels,
        ``/events``, for those who cannot open websockets, and ``/metrics``.

        ::

            async def upgrade(request):
                session = await request.session()
                user = await User.find_by(id=session["user_id"])
                return Admit(Identity(user)) if user else Reject()

            routes.realtime("/realtime", upgrade=upgrade)

        Arguments:
            dialects: how clients may talk; the first one is for those that ask for none.
            upgrade: who a request is from: it returns ``Admit`` or ``Reject``.
            authenticate: who a client is by its first message.
            messages: handlers of messages, by type.
            routers: routers of messages.

        Raises:
            RoutingError: the path makes no sense.
        """
        # Imported here: most applications have none.
        from velocious.realtime.entrance import Entrance
        from velocious.routing.realtime.mount import RealtimeMount

        app = RealtimeMount(Entrance(dialects=dialects, **rules))
        self.mount(path, app, as_=as_, constraints=constraints, on=on, csrf=False)

    # Many paths

    def resources(
        self,
        name: str,
        *,
        only: Iterable[str] | None = None,
        except_: Iterable[str] | None = None,
        controller: str | None = None,
        path: str | None = None,
        param: str = "id",
        id: str = "str",
        shallow: bool | None = None,
        **options: Unpack[RouteOptions],
    ) -> Resource:
        """The routes of a resource: index, create, new, edit, show, update and destroy.

        Without *only*, those are drawn whose action the controller has; *only* insists on its own.
        In a block of it (``with routes.resources("projects"):``) everything stands below one
        project, whose parameter is called ``project_id``.

        Arguments:
            name: what stands in the path, and the controller's name.
            only: no other actions than these.
            except_: all actions but these.
            controller: the controller's name, where it is another.
            path: what stands in the path, where it is something else.
            param: the name of a member's parameter.
            id: its type (``"int"``, ``"uuid"``).
            shallow: whether members stand without the parents that the collection has
                (``/projects/{project_id}/tasks`` and ``/tasks/{id}``).
            as_: what the helpers are called by, where it is not *name*.

        Raises:
            RoutingError: for an action that is none of the seven.
        """
        wanted = chosen_actions(only, except_)
        plural = word(options.get("as_") or name)
        plan = ResourcePlan(
            resource_scope(self._drawing.scope, options, shallow),
            name if path is None else path,
            controller or name.strip("/").replace("-", "_"),
            plural,
            singularize(plural),
            param,
            id,
        )
        actions = [route for route in SEVEN if route.action in wanted]
        return draw_resource(self._drawing, plan, actions, optional=only is None)

    def resource(
        self,
        name: str,
        *,
        only: Iterable[str] | None = None,
        except_: Iterable[str] | None = None,
        controller: str | None = None,
        path: str | None = None,
        **options: Unpack[RouteOptions],
    ) -> Resource:
        """The routes of something that there is one of (``/profile``): :meth:`resources` without an
        index and without a parameter. Its controller has the name of many (``profiles``).
        """
        wanted = chosen_actions(only, except_, SINGULAR_ACTIONS)
        singular = word(options.get("as_") or name)
        plan = ResourcePlan(
            resource_scope(self._drawing.scope, options),
            name if path is None else path,
            controller or pluralize(name.strip("/").replace("-", "_")),
            singular,
            singular,
        )
        actions = [route for route in SIX if route.action in wanted]
        return draw_resource(self._drawing, plan, actions, optional=only is None)

    def include(self, others: Routes, *, path: str = "", as_: str = "") -> None:
        """Draw all that a library drew, below *path* and with *as_* before the names."""
        with self._drawing.inside(self._drawing.scope.inside(path=path, name=as_)):
            for one in others.drawn:
                include(self._drawing, one)

    # Blocks

    @contextmanager
    def namespace(
        self,
        name: str,
        *,
        path: str | None = None,
        constraints: Given | None = None,
        defaults: Mapping[str, Any] | None = None,
        on: Place | None = None,
    ) -> Generator[Routes]:
        """Routes of the block get *name* before their path, their controller's and their own."""
        place = name if path is None else path
        more: dict[str, Any] = {"constraints": constraints, "defaults": defaults, "on": on}
        with self.scope(path=place, module=name, as_=word(name), **more):
            yield self

    @contextmanager
    def scope(
        self,
        *,
        path: str = "",
        module: str = "",
        as_: str = "",
        constraints: Given | None = None,
        defaults: Mapping[str, Any] | None = None,
        on: Place | None = None,
    ) -> Generator[Routes]:
        """Routes of the block get what is given: *path* before theirs, *module* before their
        controller's name, *as_* before their own; constraints, parameters, where they run.
        """
        inner = self._drawing.scope.inside(
            path=path,
            module=module,
            name=as_,
            constraints=parse_constraints(constraints),
            defaults=defaults,
            on=None if on is None else check_place(on),
        )
        with self._drawing.inside(inner):
            yield self
