"""``Urls``: helpers that write the addresses of routes.

Law: what a helper writes is matched by the route that it is called after, and leads to no other
host than the one it was given.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from velocious.command_words import as_typed
from velocious.errors import UrlError, close_matches
from velocious.routing.url_query import query_text
from velocious.routing.url_template import UrlTemplate

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from velocious.routing.names import RouteNames

    type Helper = Callable[..., str]

PATH, URL = "_path", "_url"


class Urls:
    """Helpers by name: ``urls.task_path(task)``, ``urls.task_url(task, page=2)``.

    Parameters of the path are given in their order or by name; a record stands for its id, or for
    what its method ``to_param()`` returns. Other keywords become the query, and ``anchor`` what
    comes after ``#``.

    Arguments:
        prefix: the path that the application is mounted at.
        base: what stands before paths in ``…_url`` (``"https://example.com"``).
    """

    def __init__(self, names: RouteNames, *, prefix: str = "", base: str | None = None) -> None:
        self._names = names
        self._prefix = quote(prefix.rstrip("/"), safe="/")
        self._base = base.rstrip("/") if base is not None else None
        self._templates: dict[str, UrlTemplate] = {}

    def at(self, *, prefix: str = "", base: str | None = None) -> Urls:
        """The same helpers, for the application at another place."""
        found = Urls(self._names, prefix=prefix, base=base)
        found._templates = self._templates
        return found

    def __iter__(self) -> Iterator[str]:
        """The names of all helpers."""
        for name in self._names:
            yield name + PATH
            yield name + URL

    def __getattr__(self, helper: str) -> Helper:
        """The helper of that name.

        Raises:
            AttributeError: no route has that name; with close matches.
        """
        for ending, write in ((PATH, self.path), (URL, self.url)):
            if helper.endswith(ending) and self._names.get(helper.removesuffix(ending)):
                return _Helper(write, helper.removesuffix(ending), helper)
        raise AttributeError(_unknown(helper, list(self)), name=helper, obj=self)

    def path(self, name: str, /, *values: Any, anchor: str = "", **more: Any) -> str:
        """The path of the route called *name*. Raises UrlError."""
        return self._prefix + self._below(name, values, anchor, more)

    def url(self, name: str, /, *values: Any, anchor: str = "", **more: Any) -> str:
        """The whole address of the route called *name*. Raises UrlError."""
        if self._base is None:
            raise UrlError(
                f"{name}{URL}() does not know the host. In a controller it is the request's; "
                'elsewhere say Configuration(http={"base_url": "https://example.com"}) and ask '
                "configuration.urls."
            )
        return self._base + self._below(name, values, anchor, more)

    def _below(self, name: str, values: tuple[Any, ...], anchor: str, more: dict[str, Any]) -> str:
        path, rest = self._template(name).fill(values, more)
        return path + query_text(rest, anchor)

    def _template(self, name: str) -> UrlTemplate:
        found = self._names.get(name)
        if found is None:
            raise UrlError(_unknown(name, list(self._names)))
        known = self._templates.get(name)
        if known is None or known.named != found:
            known = self._templates[name] = UrlTemplate(name, found)
        return known


class _Helper:
    """One helper, bound to its route's name."""

    __slots__ = ("__name__", "_name", "_write")

    def __init__(self, write: Helper, name: str, helper: str) -> None:
        self._write = write
        self._name = name
        self.__name__ = helper

    def __call__(self, *values: Any, anchor: str = "", **more: Any) -> str:
        return self._write(self._name, *values, anchor=anchor, **more)


def _unknown(name: str, known: list[str]) -> str:
    matches = ", ".join(close_matches(name, known))
    advice = f"Did you mean {matches}?" if matches else f"{as_typed('routes')} lists the names."
    return f"No route with a name has {name!r}. {advice}"
