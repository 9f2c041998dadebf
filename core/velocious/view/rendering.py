"""One rendering: the controller it is for, the templates being rendered, what they captured.

Law: helpers are plain functions; what they need to know of the request they ask
:func:`current_rendering`. Rendering never waits, so one task's rendering is never another's.
"""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, ClassVar, cast

from markupsafe import Markup

from velocious.errors import RenderError
from velocious.view.lookup import view_folders

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Mapping

    from velocious.configuration import Configuration
    from velocious.controller.controller import Controller
    from velocious.controller.request import Request
    from velocious.view.views import Views

_current: ContextVar[Rendering | None] = ContextVar("velocious_rendering", default=None)

#: What templates find without being given it, beside helpers and addresses.
LAZY = ("controller", "request", "params", "flash")


class Rendering:
    """What helpers may know.

    Attributes:
        controller: whose answer it is.
        views: the templates of the application.
        format: what is made (``"html"``).
        contents: what the page captured for its layout, by name.
    """

    #: How a template is given one more name.
    how_to_give: ClassVar[str] = "self.render(…, {name}=…)"

    __slots__ = ("_caching", "_controller", "_stack", "contents", "format", "views")

    def __init__(self, views: Views, controller: Controller | None, format: str) -> None:
        self.views = views
        self._controller = controller
        self.format = format
        self.contents: dict[str, Markup] = {}
        self._stack: list[tuple[str, Mapping[str, Any]]] = []
        self._caching = 0

    @property
    def controller(self) -> Controller:
        # Only a rendering of another kind has none, and says so itself.
        return cast("Controller", self._controller)

    @property
    def configuration(self) -> Configuration:
        return self.views.configuration

    @property
    def request(self) -> Request:
        return self.controller.request

    @property
    def root_path(self) -> str:
        """The path that the application is served below, without a slash at its end."""
        root: str = self.request.scope.get("root_path", "")
        return root.rstrip("/")

    @property
    def folders(self) -> tuple[str, ...]:
        """Where the controller finds templates that are named without a folder."""
        return view_folders(type(self.controller))

    @property
    def template(self) -> str:
        """The template being rendered, below ``app/views`` (``"posts/_form.html"``)."""
        return self._stack[-1][0] if self._stack else ""

    @property
    def locals(self) -> Mapping[str, Any]:
        """What the template being rendered was given."""
        return self._stack[-1][1] if self._stack else {}

    def render(self, path: str, given: Mapping[str, Any]) -> Markup:
        """The template at *path* below ``app/views``, with *given* to see."""
        self._stack.append((path, given))
        try:
            return Markup(self.views.rendered(path, given))
        finally:
            self._stack.pop()

    def value(self, name: str) -> Any:
        """What *name* means in every template. Raises LookupError where it means nothing."""
        if name in LAZY:
            return self.controller if name == "controller" else getattr(self.controller, name)
        if name.endswith(("_path", "_url")):
            return self.url_helper(name)
        raise LookupError(name)

    def url_helper(self, name: str) -> Callable[..., str]:
        """The helper ``task_path`` and its like. Raises LookupError where no route is so called."""
        try:
            return getattr(self.controller.urls, name)
        except AttributeError as error:
            raise LookupError(name) from error

    @contextmanager
    def caching(self) -> Generator[None]:
        """What is rendered in the block is shown to others later."""
        self._caching += 1
        try:
            yield
        finally:
            self._caching -= 1

    def refuse_in_cache(self, what: str) -> None:
        """Raise RenderError where *what*, which is one visitor's own, would be shown to others."""
        if self._caching:
            raise RenderError(
                f"{what} belongs to one visitor, but {{% cache %}} shows it to all. Move it out of "
                "the cached block."
            )


def current_rendering() -> Rendering:
    """The rendering that is going on. Raises RenderError where none is."""
    found = _current.get()
    if found is None:
        raise RenderError(
            "Nothing is being rendered: helpers that need a request work in templates only. "
            "Render one: self.render(…) in an action."
        )
    return found


def rendering_or_none() -> Rendering | None:
    """The rendering that is going on, if one is."""
    return _current.get()


@contextmanager
def use_rendering(rendering: Rendering) -> Generator[None]:
    """Let helpers find *rendering* in the block."""
    token = _current.set(rendering)
    try:
        yield
    finally:
        _current.reset(token)
