"""Matches a request to a route: the whole path exactly, then the method.

Law: a path of ours answers 405 to a method it has no route for, with all that it has.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import unquote

from velocious.routing.constraints import NONE
from velocious.routing.entry import Entry
from velocious.routing.path import parameters
from velocious.routing.tree import Node

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from starlette.types import ASGIApp, Scope

    from velocious.routing.constraints import Constraints
    from velocious.routing.tree import Leaf, Texts


class RouteTable:
    """All routes of an application, for finding the one that a request asks for."""

    def __init__(self, routes: Iterable[tuple[tuple[str, ...], str, ASGIApp]] = ()) -> None:
        # Most paths without parameters are one look into a dictionary, and another for the method.
        self._plain: dict[str, dict[str, ASGIApp]] = {}
        self._fixed: dict[str, Leaf] = {}
        self._tree = Node()
        self._has_mounts = False
        for methods, path, endpoint in routes:
            self.add(methods, path, endpoint)

    def add(
        self,
        methods: tuple[str, ...],
        path: str,
        endpoint: ASGIApp,
        constraints: Constraints = NONE,
        defaults: Mapping[str, Any] | None = None,
        *,
        elsewhere: bool = False,
    ) -> None:
        """Lead *methods* of *path* to *endpoint*, after the routes that came earlier; *elsewhere*
        says that it only tells where else the answer is.
        """
        entry = Entry(endpoint, parameters(path), constraints, defaults, elsewhere=elsewhere)
        leaf = self._tree.leaf_of(path) if "{" in path else self._fixed.setdefault(path, {})
        given = (*methods, "HEAD") if "GET" in methods and "HEAD" not in methods else methods
        for method in given:
            leaf[method] = _in_order((*leaf.get(method, ()), entry))
            self._remember(path, method, leaf[method][0])

    def _remember(self, path: str, method: str, first: Entry) -> None:
        """Lead *method* of *path* to *first* at once, if that needs no second look."""
        if first.is_plain:
            self._plain.setdefault(path, {})[method] = first.endpoint
        elif path in self._plain:
            # What was first before only told where else the answer is.
            self._plain[path].pop(method, None)

    def mount(self, path: str, endpoint: ASGIApp, constraints: Constraints = NONE) -> None:
        """Lead everything at *path* and below it, that no route answers, to *endpoint*."""
        node = self._tree if path == "/" else self._tree.below(path)
        node.mounts = (*node.mounts, Entry(endpoint, parameters(path), constraints))
        self._has_mounts = True

    def find(self, scope: Scope) -> ASGIApp | None:
        """What answers the request of *scope*, which gets the parameters of its path; None where
        nothing does.
        """
        raw: bytes = scope.get("raw_path") or b""
        path: str = route_path(scope) if scope.get("root_path") else scope["path"]
        encoded = b"%2" in raw and _encoded_segments(scope, raw)
        if not encoded:
            plain = self._plain.get(path)
            if plain is not None and (endpoint := plain.get(scope["method"])) is not None:
                scope["path_params"] = {}
                return endpoint
        for leaf, texts in self._leaves(path, encoded):
            for entry in leaf.get(scope["method"], ()):
                found = entry.parameters(texts, scope)
                if found is not None:
                    scope["path_params"] = found
                    return entry.endpoint
        return None

    def find_mount(self, scope: Scope) -> tuple[ASGIApp, Scope] | None:
        """The application that is mounted above the path of *scope*, and the scope as it sees it:
        ``root_path`` says where it is mounted.
        """
        if not self._has_mounts:
            return None
        path = route_path(scope)
        segments = path.split("/")[1:]
        for entry, texts, depth in self._tree.find_mounts(segments):
            found = entry.parameters(texts, scope)
            if found is not None:
                below = "/".join(["", *segments[:depth]])
                return entry.endpoint, _scope_below(scope, path, below, found)
        return None

    def allowed(self, scope: Scope) -> set[str]:
        """The methods that the path of *scope* answers."""
        encoded = _encoded_segments(scope, scope.get("raw_path") or b"")
        return {
            method
            for leaf, texts in self._leaves(route_path(scope), encoded)
            for method, entries in leaf.items()
            if any(entry.parameters(texts, scope) is not None for entry in entries)
        }

    def _leaves(
        self, path: str, encoded: Sequence[str] | Literal[False] | None
    ) -> Sequence[tuple[Leaf, Texts]]:
        """The leaves that *path* leads to, the best one first."""
        if encoded:
            return self._tree.find(encoded)
        found = self._tree.find(path.split("/")[1:])
        fixed = self._fixed.get(path)
        return found if fixed is None else [(fixed, ()), *found]


def _in_order(entries: tuple[Entry, ...]) -> tuple[Entry, ...]:
    return tuple(sorted(entries, key=lambda entry: entry.elsewhere))


def route_path(scope: Scope) -> str:
    """The path below the one that the application is mounted at."""
    path: str = scope["path"]
    mounted: str = scope.get("root_path", "")
    if not mounted:
        return path
    below = path.removeprefix(mounted.rstrip("/"))
    return below if below.startswith("/") else path


def _encoded_segments(scope: Scope, raw: bytes) -> list[str] | None:
    """The parts of a path in which a slash is encoded, where it is text and ends no part; None
    for other paths, and where somebody gave the request another path on the way.
    """
    if b"%2F" not in raw.upper():
        return None
    text = raw.partition(b"?")[0].decode("latin-1")
    if unquote(text) != scope["path"]:
        return None
    mounted = scope["path"].removesuffix(route_path(scope))
    return [unquote(segment) for segment in text.split("/")[1 + mounted.count("/") :]]


def _scope_below(scope: Scope, path: str, below: str, parameters: dict[str, Any]) -> Scope:
    mounted: str = scope.get("root_path", "").rstrip("/")
    inner = {key: value for key, value in scope.items() if key not in _OF_OUTER_ROUTERS}
    inner["root_path"] = mounted + below
    # A proxy may have cut off its prefix: the inner application looks for its own in the path.
    inner["path"] = mounted + path
    inner["path_params"] = parameters
    return inner


#: What a router further out said about itself: the inner application makes its own addresses.
_OF_OUTER_ROUTERS = frozenset({"router", "app_root_path", "endpoint", "route"})
