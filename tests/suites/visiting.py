"""Asks an application, without a socket and in any environment; keeps cookies as a browser does."""

from __future__ import annotations

import json
from contextlib import asynccontextmanager
from http.cookies import SimpleCookie
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urlsplit

from velocious.configuration import Configuration
from velocious.routing import Routes
from velocious.routing.resolving import action_names

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Mapping

    from velocious.controller import Controller
    from velocious.testing.environment import TestEnvironment

SECRET = "a secret that only these tests know"
FORM = "application/x-www-form-urlencoded"


class Answer:
    """What came back."""

    def __init__(self, status: int, headers: list[tuple[bytes, bytes]], body: bytes) -> None:
        self.status = status
        self.pairs = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in headers]
        self.body = body

    def all(self, name: str) -> list[str]:
        """Every header called *name*."""
        return [value for key, value in self.pairs if key == name]

    def header(self, name: str) -> str | None:
        """The headers called *name*, joined; None without any."""
        return ", ".join(self.all(name)) or None

    @property
    def set_cookies(self) -> list[str]:
        return self.all("set-cookie")

    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def text(self) -> str:
        return self.body.decode()


class Visitor:
    """A browser, as far as its cookies go."""

    def __init__(self, configuration: Configuration, **scope: Any) -> None:
        self.configuration = configuration
        self.cookies: dict[str, str] = {}
        self._app = configuration.asgi()
        self._scope = {"scheme": "http", "client": ("127.0.0.1", 50_000), **scope}

    async def get(self, address: str, **headers: str) -> Answer:
        return await self.ask("GET", address, headers)

    async def post(
        self, address: str, form: Mapping[str, str] | None = None, **headers: str
    ) -> Any:
        """Post a form as a browser does from a page of ours, unless *headers* say otherwise."""
        given = {"sec_fetch_site": "same-origin", **headers}
        return await self.ask("POST", address, given, urlencode(form or {}).encode())

    async def ask(
        self,
        method: str,
        address: str,
        headers: Mapping[str, str] | None = None,
        body: bytes = b"",
        kind: str = FORM,
    ) -> Answer:
        """The answer; an empty header is left out, ``_`` in names stands for ``-``."""
        given = {"host": "app.test", "content-type": kind if body or method == "POST" else ""}
        if self.cookies:
            given["cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        given |= {name.lower().replace("_", "-"): text for name, text in (headers or {}).items()}
        return await self.raw(
            method,
            address,
            [(name.encode(), text.encode("latin-1")) for name, text in given.items() if text],
            body,
        )

    async def raw(
        self, method: str, address: str, headers: list[tuple[bytes, bytes]], *pieces: bytes
    ) -> Answer:
        """The answer to exactly this."""
        parts = urlsplit(address)
        scope = {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.4"},
            "http_version": "1.1",
            "method": method,
            "path": parts.path,
            "raw_path": parts.path.encode(),
            "query_string": parts.query.encode(),
            "headers": headers,
            "server": ("app.test", 80),
            **self._scope,
        }
        waiting = list(pieces or [b""])
        sent: list[Any] = []

        async def receive() -> dict[str, Any]:
            piece = waiting.pop(0)
            return {"type": "http.request", "body": piece, "more_body": bool(waiting)}

        async def send(message: Any) -> None:
            sent.append(message)

        await self._app(scope, receive, send)
        answer = Answer(
            sent[0]["status"],
            list(sent[0]["headers"]),
            b"".join(message.get("body", b"") for message in sent[1:]),
        )
        self._remember(answer)
        return answer

    def _remember(self, answer: Answer) -> None:
        for line in answer.set_cookies:
            for name, morsel in SimpleCookie(line).items():
                if morsel["max-age"] == "0":
                    self.cookies.pop(name, None)
                else:
                    self.cookies[name] = morsel.value


@asynccontextmanager
async def visiting(
    environment: TestEnvironment,
    controller: type[Controller],
    /,
    *,
    scope: Mapping[str, Any] | None = None,
    **options: Any,
) -> AsyncGenerator[Visitor]:
    """A visitor of an application where every action of *controller* answers at ``/<action>`` to
    every method.
    """
    settings: dict[str, Any] = {"environment": "test", "secret": SECRET, **options}
    handler, routes = environment.handler(), routes_of(controller)
    async with Configuration(environment_handler=handler, routes=routes, **settings) as made:
        yield Visitor(made, **(scope or {}))


def routes_of(controller: type[Controller]) -> Routes:
    """Every action of *controller* at ``/<action>``, to every method."""
    routes = Routes()
    for name in action_names(controller):
        for verb in (routes.get, routes.post, routes.put, routes.patch, routes.delete):
            verb(f"/{name}", to=(controller, name))
    return routes
