"""``Client``: asks an application in this process, as a browser on one of its pages would.

Law: no socket and no thread, so that the same test runs on a server and inside the browser.

Starlette's own test client starts threads, and httpx's transport gives an answer only when it is
whole and cannot go away; neither runs inside the browser.
"""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, Self, Unpack, cast
from urllib.parse import urljoin, urlsplit

from starlette.datastructures import Headers

from velocious.errors import TestingError
from velocious.testing.answer import REDIRECTS, Answer, AnswerHead
from velocious.testing.asked import Asked, asked
from velocious.testing.cookie_jar import CookieJar
from velocious.testing.deadline import within
from velocious.testing.exchange import Exchange
from velocious.testing.streamed_answer import StreamedAnswer
from velocious.testing.visitor import read_flash, read_session, write_session

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Mapping, Sequence

    from starlette.types import ASGIApp, Message, Scope

    from velocious.configuration import Configuration
    from velocious.database.transaction import Transaction
    from velocious.testing.asked import RequestOptions
    from velocious.testing.socket import Socket

BASE_URL = "http://app.test"
MOST_REDIRECTS = 10

#: A browser on a page of the same application.
BROWSER = {
    "accept": "text/html,application/xhtml+xml,*/*;q=0.8",
    "user-agent": "velocious-test",
    "sec-fetch-site": "same-origin",
}
_ACCEPT = {"json": "application/json", "html": "text/html", "text": "text/plain", "xml": "text/xml"}


class Client:
    """Asks *configuration*'s application, which must be open.

    ::

        answer = await client.post("/tasks", json={"name": "Launch"})
        answer.assert_status(201)
        assert await Task.count() == 1

    Cookies are kept from request to request. What an application fails with (an answer of 500) is
    raised into the test, unless ``client.raises`` is False. Every request runs as a task of its
    own, as on a server.

    Attributes:
        base_url: the origin of the application; paths are below it.
        headers: sent with every request; None leaves out what a browser would send.
        cookies: by name, those that the application set and those that a test sets.
        raises: whether an unexpected error of the application is raised here.
        follow_redirects: whether redirects are followed where a request does not say.
        timeout: seconds an answer may take.
        transaction: a transaction of the test that requests run in.
        page: the last page that was answered, whose forms and links can be used.
    """

    def __init__(
        self,
        configuration: Configuration,
        *,
        base_url: str = BASE_URL,
        headers: Mapping[str, str | None] | None = None,
        raises: bool = True,
        follow_redirects: bool = False,
        timeout: float = 10.0,
        address: tuple[str, int] = ("127.0.0.1", 50000),
    ) -> None:
        self.configuration = configuration
        self.base_url = base_url.rstrip("/")
        self.headers: dict[str, str | None] = dict(headers or {})
        self.raises = raises
        self.follow_redirects = follow_redirects
        self.timeout = timeout
        self.address = address
        self.cookies = CookieJar(urlsplit(base_url).hostname or "", configuration.clock.now)
        self.transaction: Transaction | None = None
        self.page: Answer | None = None
        self._last: Answer | None = None
        self._app: ASGIApp = configuration.asgi()

    def as_(self, kind: str) -> Self:
        """This client, cookies included, asking for *kind*: ``"json"``, ``"html"``, or a type such
        as ``"text/csv"``.
        """
        accept = kind if "/" in kind else _ACCEPT.get(kind)
        if accept is None:
            raise TestingError(f"{kind!r} is none of {', '.join(_ACCEPT)}, and no type like a/b.")
        other = object.__new__(type(self))
        other.__dict__.update(self.__dict__, headers={**self.headers, "accept": accept})
        return other

    # Requests

    async def get(self, address: str, **options: Unpack[RequestOptions]) -> Answer:
        """The answer to a GET of *address*: a path with or without a query, or a whole URL."""
        return await self.request("GET", address, **options)

    async def head(self, address: str, **options: Unpack[RequestOptions]) -> Answer:
        """The answer to a HEAD."""
        return await self.request("HEAD", address, **options)

    async def options(self, address: str, **options: Unpack[RequestOptions]) -> Answer:
        """The answer to an OPTIONS."""
        return await self.request("OPTIONS", address, **options)

    async def post(self, address: str, **options: Unpack[RequestOptions]) -> Answer:
        """The answer to a POST."""
        return await self.request("POST", address, **options)

    async def put(self, address: str, **options: Unpack[RequestOptions]) -> Answer:
        """The answer to a PUT."""
        return await self.request("PUT", address, **options)

    async def patch(self, address: str, **options: Unpack[RequestOptions]) -> Answer:
        """The answer to a PATCH."""
        return await self.request("PATCH", address, **options)

    async def delete(self, address: str, **options: Unpack[RequestOptions]) -> Answer:
        """The answer to a DELETE."""
        return await self.request("DELETE", address, **options)

    async def request(self, method: str, address: str, **options: Unpack[RequestOptions]) -> Answer:
        """The whole answer to one request, or to the last one of a chain of redirects.

        Raises:
            TestingError: it takes longer than ``timeout``, or redirects have no end.
            Exception: what the application failed with, where ``raises`` is True.
        """
        follow = options.get("follow_redirects", self.follow_redirects)
        answer = await self._answer(self._asked(method, address, options))
        passed: list[Answer] = []
        while follow and (following := self._following(answer)):
            passed.append(answer)
            if len(passed) > MOST_REDIRECTS:
                way = " → ".join(one.asked.path for one in passed)
                raise TestingError(f"These redirects have no end: {way} → …")
            answer = await self._answer(following)
        answer.redirects = tuple(passed)
        if answer.content_type == "text/html":
            self.page = answer
        return answer

    @asynccontextmanager
    async def stream(
        self, method: str, address: str, **options: Unpack[RequestOptions]
    ) -> AsyncGenerator[StreamedAnswer]:
        """The answer as it comes, piece by piece; leaving the block is going away.

        ::

            async with client.stream("GET", "/events") as answer:
                async for line in answer.lines(): ...
        """
        request = self._asked(method, address, options)
        exchange = self._exchange(request)
        try:
            async with within(self.timeout, _late(request, self.timeout)):
                start = await exchange.begin()
            yield StreamedAnswer(self._head(request, start), exchange, self.timeout)
            await exchange.close(self.timeout)
        finally:
            await exchange.cancel()
        self._raise_failure(exchange)

    @asynccontextmanager
    async def socket(
        self, address: str, *, subprotocols: Sequence[str] = (), **options: Unpack[RequestOptions]
    ) -> AsyncGenerator[Socket]:
        """A websocket, opened as by a page of the application, with the client's cookies.

        ::

            async with client.socket("/realtime") as socket:
                await socket.says(type="sub", ch="board:1")
                await socket.hears("sub.ok")
        """
        from velocious.testing.socket import Socket

        request = self._asked("GET", address, {})
        headers = {"origin": request.origin, "sec-fetch-site": None, **options.get("headers", {})}
        request = self._asked("GET", address, {**options, "headers": headers})
        scope = request.scope(self.address)
        scope["type"] = "websocket"
        scope["scheme"] = "wss" if scope["scheme"] == "https" else "ws"
        scope["subprotocols"] = [*subprotocols]
        scope["extensions"] = {"websocket.http.response": {}}
        async with Socket(self._app, scope, self.timeout) as socket:
            yield socket

    # What is remembered

    async def session(self) -> dict[str, Any]:
        """What the application remembers of this client, as ``self.session`` of an action."""
        return await read_session(self.configuration, self._visit())

    async def set_session(self, **values: Any) -> None:
        """Let the application remember *values*: ``await client.set_session(user_id=user.id)``."""
        said = await write_session(self.configuration, self._visit(), values)
        self.cookies.learn(self.base_url, said)

    async def flash(self) -> dict[str, Any]:
        """The messages that wait for the next page, by their kind."""
        return await read_flash(self.configuration, self._visit())

    async def assert_flash(self, kind: str, expected: str | None = None) -> None:
        """A message of *kind* waits for the next page, this very one if it is given."""
        waiting = await self.flash()
        if kind not in waiting or expected not in (None, waiting[kind]):
            wanted = kind if expected is None else f"{kind} {expected!r}"
            raise AssertionError(f"No flash {wanted} waits for the next page, but {waiting!r}.")

    def _visit(self) -> Scope:
        return self._asked("GET", "/", {}).scope(self.address)

    # Pages

    async def submit(
        self,
        selector: str | None = None,
        fields: Mapping[str, Any] | None = None,
        /,
        *,
        button: str | None = None,
        **options: Unpack[RequestOptions],
    ) -> Answer:
        """Fill in *fields* of a form of the last page, and send it.

        ::

            await client.get("/tasks/new")
            answer = await client.submit("form", {"Name": "Launch", "task[done]": True})

        Arguments:
            selector: a CSS one of a form; None for the only form there is.
            fields: by name, label or id. True and False for a tick; an option's text or value.
            button: which one is pressed, by text, name or value; by default the first.
        """
        from velocious.testing.forms import find_form, submission

        page = self._page()
        sent = submission(find_form(page.html, selector), fields or {}, button)
        address = urljoin(page.asked.address, sent.address)
        if sent.method == "GET":
            bare = address.partition("?")[0]
            return await self.get(bare, **{**options, "params": sent.pairs})
        body: RequestOptions = {**options, "form": sent.pairs}
        if sent.files is not None:
            body["files"] = sent.files
        return await self.request(sent.method, address, **body)

    async def follow(self, link: str, **options: Unpack[RequestOptions]) -> Answer:
        """Get what a link of the last page leads to: by its text, or a CSS selector."""
        from velocious.testing.page import find_link

        page = self._page()
        target = find_link(page.html, link)
        return await self.get(urljoin(page.asked.address, target), **options)

    async def follow_redirect(self, **options: Unpack[RequestOptions]) -> Answer:
        """Get what the last answer, a redirect, leads to."""
        if self._last is None:
            raise TestingError("There is no answer yet whose redirect could be followed.")
        following = self._following(self._last.assert_redirect())
        if following is None:
            raise TestingError(f"{self._last!r} leads to another site: {self._last.location}.")
        return await self.request(following.method, following.address, **options)

    def _page(self) -> Answer:
        if self.page is None:
            raise TestingError("No page was answered yet. Get one first: await client.get('/')")
        return self.page

    def _asked(self, method: str, address: str, options: RequestOptions) -> Asked:
        if not address.startswith(("/", "http://", "https://")):
            raise TestingError(f"{address!r} is neither a path like '/tasks' nor a whole URL.")
        whole = address if not address.startswith("/") else self.base_url + address
        return asked(method, whole, self._defaults(whole, options), options)

    def _defaults(self, address: str, options: RequestOptions) -> dict[str, str | None]:
        named = {name.lower() for name in (*self.headers, *options.get("headers", {}))}
        defaults: dict[str, str | None] = {**BROWSER, "cookie": self.cookies.header(address)}
        if "origin" in named:
            # A test that says where it comes from is believed.
            del defaults["sec-fetch-site"]
        if "json" in options:
            defaults["accept"] = "application/json, */*;q=0.1"
        return {**defaults, **{name.lower(): value for name, value in self.headers.items()}}

    async def _answer(self, request: Asked) -> Answer:
        exchange = self._exchange(request)
        try:
            async with within(self.timeout, _late(request, self.timeout)):
                head = self._head(request, await exchange.begin())
                body = b"".join([piece async for piece in exchange.pieces()])
        finally:
            await exchange.cancel()
        self._raise_failure(exchange)
        failure = exchange.failures[0] if exchange.failures else None
        self._last = Answer(head, body, failure=failure)
        return self._last

    def _exchange(self, request: Asked) -> Exchange:
        return Exchange(self._app, request.scope(self.address), request.body, self.transaction)

    def _head(self, request: Asked, start: Message) -> AnswerHead:
        headers = Headers(raw=list(start.get("headers", ())))
        cookies = self.cookies.learn(request.address, headers.getlist("set-cookie"))
        return AnswerHead(request, start["status"], headers, cookies)

    def _raise_failure(self, exchange: Exchange) -> None:
        if self.raises and exchange.failures:
            raise exchange.failures[0]

    def _following(self, answer: Answer) -> Asked | None:
        """The request that a browser makes after *answer*; None where there is none to make here:
        a redirect to another host is for the test to look at.
        """
        if answer.status not in REDIRECTS or "location" not in answer.headers:
            return None
        before = answer.asked
        address = urljoin(before.address, answer.headers["location"])
        if urlsplit(address).netloc != urlsplit(before.address).netloc:
            return None
        if answer.status in (307, 308):
            headers = {**before.headers, "cookie": self.cookies.header(address)}
            kept = {name: value for name, value in headers.items() if value is not None}
            return Asked(before.method, address, kept, before.body)
        method = "HEAD" if before.method == "HEAD" else "GET"
        return self._asked(method, address, {"headers": _kept(before)})


def _late(request: Asked, seconds: float) -> str:
    return (
        f"{request.method} {request.path} was not answered within {seconds:g} s. An answer without "
        "an end is read with `async with client.stream(…) as answer:`; otherwise raise "
        "client.timeout."
    )


def _kept(request: Asked) -> dict[str, str | None]:
    """What a GET after a redirect keeps of the headers; nothing about the body."""
    dropped = ("cookie", "content-type", "content-length", "transfer-encoding", "origin")
    return cast(
        "dict[str, str | None]",
        {name: value for name, value in request.headers.items() if name not in dropped},
    )
