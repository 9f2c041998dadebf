"""``Resource``: what ``routes.resources("tasks")`` gives, for more routes of its members.

Law: a resource says where in the paths and names its routes belong; the sheet draws them.
"""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Unpack

from velocious.routing.constraints import parse_constraints
from velocious.routing.drawing_scope import named
from velocious.routing.names import word
from velocious.routing.path import join
from velocious.routing.target import parse_target
from velocious.routing.verbs import Verbs

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Self

    from velocious.routing.drawing import Drawing
    from velocious.routing.drawing_scope import DrawingScope
    from velocious.routing.resources import ResourceRoute
    from velocious.routing.target import To
    from velocious.routing.verbs import RouteOptions


@dataclass(frozen=True, slots=True)
class ResourcePlan:
    """What was said about a resource.

    Attributes:
        scope: where it is drawn.
        path: its own part of the path.
        controller: the name of its controller.
        plural: what names of its collection end with.
        singular: what names of its members end with.
        parameter: the name of the parameter of a member; empty where there is only one member.
        type: the parameter's type.
    """

    scope: DrawingScope
    path: str
    controller: str
    plural: str
    singular: str
    parameter: str = ""
    type: str = "str"

    @property
    def collection_path(self) -> str:
        return join(self.scope.path, self.path)

    @property
    def member_path(self) -> str:
        return join(self._path, _braces(self.parameter, self.type))

    @property
    def collection_name(self) -> str:
        if not self.parameter or self.plural != self.singular:
            return named(self.scope.name, self.plural)
        # "news" is one and many: the helper of one keeps the name.
        return named(self.scope.name, self.plural, "index")

    @property
    def member_name(self) -> str:
        return named(self._name, self.singular)

    def name(self, route: ResourceRoute) -> str:
        """The name of one of the seven."""
        if route.of_member:
            return named(route.name, self.member_name)
        if route.name:
            return named(route.name, self.scope.name, self.singular)
        return self.collection_name

    def inner_scope(self) -> DrawingScope:
        """The scope of what is drawn below one of its members."""
        parent = named(self.singular, self.parameter) if self.parameter else ""
        path = join(self._path, _braces(parent, self.type))
        return replace(self.scope, path=path, name=self.member_name)

    @property
    def _path(self) -> str:
        return join(self.scope.shallow_path if self.scope.shallow else self.scope.path, self.path)

    @property
    def _name(self) -> str:
        return self.scope.shallow_name if self.scope.shallow else self.scope.name


class Resource:
    """A resource that was drawn.

    ::

        with routes.resources("tasks") as tasks:
            tasks.member.post("move")  # POST /tasks/{id}/move → tasks#move
            tasks.collection.get("search")  # GET /tasks/search → tasks#search
            routes.resources("comments")  # /tasks/{task_id}/comments

    Attributes:
        member: draws routes of one of it (of it, where there is only one).
        collection: draws routes of all of it.
    """

    def __init__(self, drawing: Drawing, plan: ResourcePlan) -> None:
        self._drawing = drawing
        self._plan = plan
        self._blocks = ExitStack()
        self.member = ResourceVerbs(drawing, plan, of_member=True)
        self.collection = ResourceVerbs(drawing, plan, of_member=False)

    def __enter__(self) -> Self:
        self._blocks.enter_context(self._drawing.inside(self._plan.inner_scope()))
        return self

    def __exit__(self, *_: object) -> None:
        self._blocks.close()


class ResourceVerbs(Verbs):
    """Draws routes of one member of a resource, or of all of them.

    ``tasks.member.post("move")`` leads to the action ``move`` of the resource's controller, and is
    called ``move_task``. Dashes of the path are underscores there.
    """

    def __init__(self, drawing: Drawing, plan: ResourcePlan, *, of_member: bool) -> None:
        self._drawing = drawing
        self._scope = plan.scope
        self._controller = plan.controller
        self._path = plan.member_path if of_member else plan.collection_path
        self._name = plan.member_name if of_member else plan.collection_name

    def match(
        self,
        path: str,
        methods: Iterable[str],
        *,
        to: To | None = None,
        **options: Unpack[RouteOptions],
    ) -> None:
        action = word(path)
        target = parse_target(to or f"{self._controller}#{action}", self._scope.module)
        self._drawing.route(
            self._scope,
            methods,
            join(self._path, path),
            target,
            named(action, self._name) if "{" not in path else "",
            options,
        )


def resource_scope(
    scope: DrawingScope, options: RouteOptions, shallow: bool | None = None
) -> DrawingScope:
    """*scope* with what the options of a resource say about all that is drawn for it."""
    inner = scope.inside(
        constraints=parse_constraints(options.get("constraints")),
        defaults=options.get("defaults"),
        on=options.get("on"),
    )
    return inner if shallow is None else replace(inner, shallow=shallow)


def draw_resource(
    drawing: Drawing,
    plan: ResourcePlan,
    actions: Iterable[ResourceRoute],
    *,
    optional: bool,
) -> Resource:
    """Draw *actions* of a resource; *optional*: those that its controller has."""
    for action in actions:
        base = plan.member_path if action.of_member else plan.collection_path
        drawing.route(
            plan.scope,
            action.methods,
            join(base, action.path),
            parse_target(f"{plan.controller}#{action.action}", plan.scope.module),
            plan.name(action),
            {},
            optional=optional,
        )
    return Resource(drawing, plan)


def _braces(name: str, kind: str) -> str:
    if not name:
        return ""
    return f"{{{name}}}" if kind == "str" else f"{{{name}:{kind}}}"
