"""An application with templates, rendered as an action does, without a request's journey."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from starlette.requests import empty_receive

from velocious.controller import Controller, Params
from velocious.controller.request import Request
from velocious.routing import Routes

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from velocious.configuration import Configuration
    from velocious.testing.environment import TestEnvironment


class ApplicationController(Controller):
    async def shared(self) -> None: ...


class PostsController(ApplicationController):
    async def index(self) -> None: ...


class Pages:
    """Writes templates of an open application, and renders them.

    Attributes:
        root_path: the path that the application is served below.
    """

    def __init__(self, configuration: Configuration) -> None:
        self.configuration = configuration
        self.root_path = ""

    def write(self, **templates: str) -> Pages:
        """Write templates: ``posts__index="…"`` is ``app/views/posts/index.html``."""
        for name, text in templates.items():
            self.write_at(f"{name.replace('__', '/')}.html", text)
        return self

    def write_at(self, path: str, text: str) -> None:
        self.configuration.files.write_text(f"app/views/{path}", text)

    def controller(
        self,
        of: type[Controller] = PostsController,
        action: str = "index",
        path: str = "/posts",
        query: bytes = b"",
    ) -> Controller:
        scope = {
            "type": "http",
            "method": "GET",
            "path": self.root_path + path,
            "root_path": self.root_path,
            "query_string": query,
            "headers": [(b"host", b"app.test")],
            "scheme": "http",
            "server": ("app.test", 80),
        }
        return of(Request(scope, empty_receive), Params(), self.configuration, action)

    def render(self, template: str | None = None, **given: Any) -> str:
        """The body that an action of PostsController answers with."""
        controller = self.controller()
        controller.render(template, **given)
        assert controller.response is not None
        return bytes(controller.response.body).decode()

    def shown(self, text: str, **given: Any) -> str:
        """What a template of this *text* makes, without a layout."""
        self.configuration.views.lookup.forget()
        self.configuration.views.environment.cache.clear()  # pyright: ignore[reportOptionalMemberAccess]
        self.write(posts__shown=text)
        return self.render("shown", layout=False, **given)


def _settings(directory: str, options: dict[str, Any]) -> dict[str, Any]:
    return {"directory": directory, "routes": Routes(), "environment": "test", **options}


@asynccontextmanager
async def pages_of(environment: TestEnvironment, /, **options: Any) -> AsyncGenerator[Pages]:
    """An application with a folder of its own."""
    async with (
        environment.directory() as directory,
        environment.application(**_settings(directory, options)) as configuration,
    ):
        yield Pages(configuration)
