"""``TextTemplate``: a template that is a text, rendered where no controller answers a request.

Law: it knows what every template knows, but for what belongs to a request; values are escaped.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, override

from jinja2 import TemplateSyntaxError, UndefinedError

from velocious.errors import RenderError, TemplateError
from velocious.view.rendering import LAZY, Rendering, use_rendering

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from velocious.controller.controller import Controller
    from velocious.controller.request import Request
    from velocious.view.views import Views


class TextTemplate:
    """*text* as a template of the application, compiled once::

        rows = TextTemplate(configuration.views, "{% for task in tasks %}…{% endfor %}", "the rows")
        html = rows.render({"tasks": await Task.order("id").to_list()})

    Arguments:
        name: what messages call it.
        root: the path that the application is served below.

    Raises:
        TemplateError: it is no template, with the line.
    """

    def __init__(self, views: Views, text: str, name: str, *, root: str = "") -> None:
        self._views = views
        self._name = name
        self._root = root
        environment = views.environment
        try:
            code = environment.compile(text, filename=name)
        except TemplateSyntaxError as error:
            raise TemplateError(name, error.lineno, str(error.message)) from error
        globals = environment.make_globals(None)
        self._template = environment.template_class.from_code(environment, code, globals)

    def render(self, given: Mapping[str, Any]) -> str:
        """The text, with *given* to see. Raises TemplateError where something is not there."""
        rendering = StandaloneRendering(self._views, self._name, given, self._root)
        with use_rendering(rendering):
            try:
                return self._template.render(given)
            except RenderError:
                raise
            except UndefinedError as error:
                message = str(error.message)
                raise TemplateError(self._name, self._line(error), message) from error
            except Exception as error:
                error.add_note(f"while rendering {self._name}, line {self._line(error)}")
                raise

    def _line(self, error: BaseException) -> int:
        """The innermost line of this text that *error* came through."""
        line, trace = 0, error.__traceback__
        while trace is not None:
            if trace.tb_frame.f_code.co_filename == self._name:
                line = trace.tb_lineno
            trace = trace.tb_next
        return line


class StandaloneRendering(Rendering):
    """A rendering for nobody's request: partials, texts and addresses work, a session does not."""

    how_to_give = 'return {{"{name}": …}} from the function whose result it shows'

    __slots__ = ("_root",)

    def __init__(self, views: Views, name: str, given: Mapping[str, Any], root: str) -> None:
        super().__init__(views, None, "html")
        self._stack.append((name, given))
        self._root = root

    @property
    @override
    def controller(self) -> Controller:
        raise RenderError(
            f"{self.template} is rendered without a request, so that there is no controller, "
            "session, flash or page number. Give the template what it needs of its own."
        )

    @property
    @override
    def request(self) -> Request:
        return self.controller.request

    @property
    @override
    def root_path(self) -> str:
        return self._root

    @property
    @override
    def folders(self) -> tuple[str, ...]:
        return ()

    @override
    def value(self, name: str) -> Any:
        if name in LAZY:
            raise LookupError(name)
        return super().value(name)

    @override
    def url_helper(self, name: str) -> Callable[..., str]:
        configuration = self.views.configuration
        try:
            return getattr(configuration.routes.urls.at(prefix=self._root, base=None), name)
        except AttributeError as error:
            raise LookupError(name) from error
