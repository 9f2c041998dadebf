"""What a test says in a request, and how it looks on the wire."""

from __future__ import annotations

import json
from collections.abc import AsyncIterable
from typing import TYPE_CHECKING, Any, NamedTuple, NotRequired, TypedDict
from urllib.parse import quote, unquote, urlencode, urlsplit

from velocious.errors import TestingError
from velocious.testing.form_data import form_pairs, multipart

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from starlette.types import Scope

    from velocious.testing.exchange import Body
    from velocious.testing.form_data import Files


class RequestOptions(TypedDict):
    """What every method of :class:`velocious.testing.client.Client` takes.

    Attributes:
        params: added to the address's query; nested ones as ``filter[done]=1``, ``tags[]=a``.
        headers: on top of the client's; None leaves one out.
        json: the body, as JSON; the answer is asked for as JSON, too.
        form: the body, as a form; nested names as in *params*.
        files: name → file (``bytes``, ``(filename, bytes)`` or ``(filename, bytes, type)``): a
            multipart form, together with *form*.
        body: the body as it is: ``bytes``, text, or pieces that arrive one by one. An
            asynchronous generator that raises a ConnectionError is a client that goes away.
        follow_redirects: in place of the client's own setting.
    """

    params: NotRequired[Mapping[str, Any] | Iterable[tuple[str, str]]]
    headers: NotRequired[Mapping[str, str | None]]
    json: NotRequired[Any]
    form: NotRequired[Mapping[str, Any] | Iterable[tuple[str, str]]]
    files: NotRequired[Files]
    body: NotRequired[bytes | str | AsyncIterable[bytes]]
    follow_redirects: NotRequired[bool]


class Asked(NamedTuple):
    """A request as it is sent: the address is absolute, names of headers are lower case."""

    method: str
    address: str
    headers: dict[str, str]
    body: Body

    @property
    def path(self) -> str:
        """What a person calls the address: path and query."""
        parts = urlsplit(self.address)
        return f"{parts.path or '/'}{'?' if parts.query else ''}{parts.query}"

    @property
    def origin(self) -> str:
        parts = urlsplit(self.address)
        return f"{parts.scheme}://{parts.netloc}"

    def scope(self, client: tuple[str, int]) -> Scope:
        """The connection, as an ASGI server describes it."""
        parts = urlsplit(self.address)
        raw_path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~").encode("ascii")
        https = parts.scheme == "https"
        return {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.3"},
            "http_version": "1.1",
            "server": (parts.hostname, parts.port or (443 if https else 80)),
            "client": client,
            "scheme": parts.scheme,
            "method": self.method,
            "root_path": "",
            "path": unquote(raw_path.decode("ascii")),
            "raw_path": raw_path,
            "query_string": quote(parts.query, safe="%=&+:@!$'()*,;/?~[]").encode("ascii"),
            "headers": [
                (b"host", parts.netloc.encode("idna" if not parts.netloc.isascii() else "ascii")),
                *(
                    (name.encode("latin-1"), value.encode("latin-1"))
                    for name, value in self.headers.items()
                ),
            ],
            "state": {},
        }


def asked(
    method: str, address: str, defaults: Mapping[str, str | None], options: RequestOptions
) -> Asked:
    """The request that *options* describe; *address* is absolute.

    Raises:
        TestingError: there are two bodies.
    """
    body, own = _body(options)
    headers = {name.lower(): value for name, value in {**defaults, **own}.items()}
    headers |= {name.lower(): value for name, value in options.get("headers", {}).items()}
    given = {name: value for name, value in headers.items() if value is not None}
    if query := urlencode(form_pairs(options.get("params", ()))):
        before, mark, fragment = address.partition("#")
        address = f"{before}{'&' if '?' in before else '?'}{query}{mark}{fragment}"
    return Asked(method.upper(), address, given, body)


def _body(options: RequestOptions) -> tuple[Body, dict[str, str]]:
    """The body, and the headers that it brings along."""
    given = [name for name in ("json", "form", "body") if name in options]
    if len(given) > 1 or ("files" in options and given not in ([], ["form"])):
        names = [*given, *(["files"] if "files" in options else [])]
        raise TestingError(f"A request has one body, but {' and '.join(names)} were given.")
    if "json" in options:
        text = json.dumps(options["json"]).encode("utf-8")
        kind = {"content-type": "application/json", "accept": "application/json, */*;q=0.1"}
        return _whole(text, kind)
    pairs = form_pairs(options.get("form", ()))
    if "files" in options:
        data, kind = multipart(pairs, options["files"])
        return _whole(data, {"content-type": kind})
    if "form" in options:
        data = urlencode(pairs).encode("ascii")
        return _whole(data, {"content-type": "application/x-www-form-urlencoded"})
    return _given(options.get("body", b""))


def _given(body: bytes | str | AsyncIterable[bytes]) -> tuple[Body, dict[str, str]]:
    if isinstance(body, AsyncIterable):
        return aiter(body), {"transfer-encoding": "chunked"}
    return _whole(body.encode("utf-8") if isinstance(body, str) else body, {})


def _whole(body: bytes, headers: dict[str, str]) -> tuple[bytes, dict[str, str]]:
    return body, ({**headers, "content-length": str(len(body))} if body or headers else {})
