"""A small application that requests are tested with: every kind of answer, and what it was told."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from starlette.responses import HTMLResponse, Response, StreamingResponse

from velocious.controller import Controller
from velocious.routing import Routes
from velocious.testing.client import Client

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from velocious.testing.environment import TestEnvironment

FORM = """
<!doctype html><title>New</title><h1 class="title">New task</h1>
<a href="/page?name=help">Help</a> <a href="/page?name=help" class="again">Help</a>
<form id="new" action="/told" method="post">
  <input type="hidden" name="hidden" value="kept">
  <label for="name">Name *</label> <input id="name" name="task[name]" value="Draft">
  <label>Done <input type="checkbox" name="task[done]" value="1"></label>
  <label>Urgent <input type="checkbox" name="task[urgent]" value="1" checked></label>
  <input type="radio" name="size" value="s" checked> <input type="radio" name="size" value="l">
  <select name="kind"><option value="a">First</option><option>second</option></select>
  <textarea name="note">
one
two</textarea>
  <input name="gone" disabled value="x">
  <input type="submit" name="then" value="Save"><button name="then" value="more">Save more</button>
</form>
<form id="find" action="/told?old=1"><input name="q" value=""></form>
<form id="photo" action="/told" method="post" enctype="multipart/form-data">
  <input type="file" name="photo"><button>Send</button>
</form>
"""


class ShopController(Controller):
    async def told(self) -> None:
        """Everything that came, as JSON."""
        body = await self.request.body() if self.request.headers.get("x-body") else b""
        self.render(
            json={
                "method": self.request.method,
                "query": self.request.url.query,
                "headers": dict(self.request.headers),
                "cookies": self.request.cookies,
                "body": body.decode(),
                "params": {name: await said(value) for name, value in self.params.items()},
            }
        )

    async def form(self) -> Response:
        return HTMLResponse(FORM)

    async def page(self) -> Response:
        return HTMLResponse(f"<h1>{self.params['name']}</h1><p>A  page\n<b>of words</b></p>")

    async def enter(self) -> Response:
        response = Response(status_code=303, headers={"Location": "/told?from=enter"})
        response.set_cookie("visit", "1", max_age=60, httponly=True, samesite="lax")
        response.set_cookie("below", "yes", path="/told")
        response.set_cookie("safe", "s", secure=True)
        return response

    async def go(self) -> Response:
        """A redirect, as the query says."""
        return Response(
            status_code=int(self.request.query_params["status"]),
            headers={"Location": self.request.query_params["to"]},
        )

    async def circle(self) -> None:
        self.redirect_to("/circle")

    async def set(self) -> Response:
        """The very Set-Cookie header that was asked for."""
        return Response(headers={"Set-Cookie": self.request.query_params["header"]})

    async def saved(self) -> None:
        """Remembers who came, and a message."""
        self.session["visits"] = (self.session["visits"] or 0) + 1
        self.flash["notice"] = f"Saved by {self.session['name']}."
        self.redirect_to("/shown")

    async def shown(self) -> None:
        self.render_text(str(self.flash["notice"]))

    async def fails(self) -> None:
        raise ArithmeticError("the sum is wrong")

    async def breaks(self) -> Response:
        async def pieces() -> AsyncGenerator[bytes]:
            yield b"one"
            raise ArithmeticError("no two")

        return StreamingResponse(pieces())

    async def short(self) -> Response:
        response = Response(b"short")
        response.headers["content-length"] = "9"
        return response

    async def sleeps(self) -> None:
        await asyncio.sleep(60)

    async def counts(self) -> Response:
        """Server-sent events without an end; the application sees what was taken."""
        made: list[int] = []
        self.configuration.__dict__["made"] = made

        async def events() -> AsyncGenerator[bytes]:
            try:
                while True:
                    made.append(len(made))
                    yield f"event: count\ndata: {made[-1]}\ndata: more\n\n".encode()
            finally:
                made.append(-1)

        return StreamingResponse(events(), media_type="text/event-stream")


async def said(value: Any) -> Any:
    """A value of a parameter, where it is a file: its name and its bytes."""
    if hasattr(value, "filename"):
        return [value.filename, value.content_type, (await value.read()).decode()]
    return value


@asynccontextmanager
async def shop(environment: TestEnvironment, **options: Any) -> AsyncGenerator[Client]:
    """A client of the shop, in the place that tests run in."""
    routes = Routes()
    for name in vars(ShopController):
        if not name.startswith("_"):
            for verb in (routes.get, routes.post, routes.put, routes.patch, routes.delete):
                verb(f"/{name}", to=(ShopController, name))
    async with environment.application(routes=routes, secret="s" * 32) as configuration:
        yield Client(configuration, **options)
