"""What both an application's routes and a resource's own can draw: one path for each method."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, TypedDict, Unpack

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from velocious.routing.constraints import Given
    from velocious.routing.route import Place
    from velocious.routing.target import To


class RouteOptions(TypedDict, total=False):
    """What may be said about any route.

    Attributes:
        as_: the name of its helpers (``as_="search"`` for ``search_path()``).
        constraints: what else must hold (see :mod:`velocious.routing.constraints`).
        defaults: parameters that it has besides those of the path.
        on: where it runs: ``"server"``, ``"browser"`` or ``"both"``.
    """

    as_: str | None
    constraints: Given | None
    defaults: Mapping[str, Any] | None
    on: Place | None


class Verbs(ABC):
    """One method for each method of HTTP; all take the options of :class:`RouteOptions`."""

    @abstractmethod
    def match(
        self,
        path: str,
        methods: Iterable[str],
        *,
        to: To | None = None,
        **options: Unpack[RouteOptions],
    ) -> None:
        """Each of *methods* of *path* leads to the action *to* (``"tasks#index"``)."""

    def get(self, path: str, *, to: To | None = None, **options: Unpack[RouteOptions]) -> None:
        """GET and HEAD of *path* lead to the action *to* (``"tasks#index"``)."""
        self.match(path, ("GET",), to=to, **options)

    def post(self, path: str, *, to: To | None = None, **options: Unpack[RouteOptions]) -> None:
        """POST to *path* leads to the action *to*."""
        self.match(path, ("POST",), to=to, **options)

    def put(self, path: str, *, to: To | None = None, **options: Unpack[RouteOptions]) -> None:
        """PUT to *path* leads to the action *to*."""
        self.match(path, ("PUT",), to=to, **options)

    def patch(self, path: str, *, to: To | None = None, **options: Unpack[RouteOptions]) -> None:
        """PATCH to *path* leads to the action *to*."""
        self.match(path, ("PATCH",), to=to, **options)

    def delete(self, path: str, *, to: To | None = None, **options: Unpack[RouteOptions]) -> None:
        """DELETE of *path* leads to the action *to*."""
        self.match(path, ("DELETE",), to=to, **options)

    def options(self, path: str, *, to: To | None = None, **options: Unpack[RouteOptions]) -> None:
        """OPTIONS of *path* lead to the action *to*, instead of being answered by themselves."""
        self.match(path, ("OPTIONS",), to=to, **options)
