"""Requests on which a proxy and a server might disagree: refused, and the connection closed."""

from __future__ import annotations

import asyncio
import re
from typing import TYPE_CHECKING

import pytest

from tests.node.http_server import PARSERS, echo, serving

if TYPE_CHECKING:
    from tests.node.http_server import Serving

CHUNKED = b"Transfer-Encoding: chunked\r\n"
HOST = b"Host: shop.test\r\n"
NEXT = b"GET /smuggled HTTP/1.1\r\n" + HOST + b"\r\n"


def post(headers: bytes, body: bytes = b"") -> bytes:
    return b"POST / HTTP/1.1\r\n" + HOST + headers + b"\r\n" + body


def get(headers: bytes = b"", path: bytes = b"/", version: bytes = b"1.1") -> bytes:
    return b"GET " + path + b" HTTP/" + version + b"\r\n" + HOST + headers + b"\r\n"


REFUSED = {
    "a length and chunks": post(b"Content-Length: 5\r\n" + CHUNKED, b"0\r\n\r\n"),
    "chunks and a length": post(CHUNKED + b"Content-Length: 5\r\n", b"0\r\n\r\n"),
    "two lengths": post(b"Content-Length: 5\r\nContent-Length: 6\r\n", b"hello!"),
    "the same length twice": post(b"Content-Length: 5\r\nContent-Length: 5\r\n", b"hello"),
    "a list of lengths": post(b"Content-Length: 5, 5\r\n", b"hello"),
    "a negative length": post(b"Content-Length: -5\r\n", b"hello"),
    "a length with a plus": post(b"Content-Length: +5\r\n", b"hello"),
    "a hexadecimal length": post(b"Content-Length: 0x5\r\n", b"hello"),
    "a length with an underscore": post(b"Content-Length: 1_0\r\n", b"0123456789"),
    "an empty length": post(b"Content-Length: \r\n"),
    "a length of 23 digits": post(b"Content-Length: 99999999999999999999999\r\n"),
    "a space before the colon": post(b"Content-Length : 5\r\n", b"hello"),
    "a tab before the colon": post(b"Content-Length\t: 5\r\n", b"hello"),
    "a folded header": get(b"X-One: a\r\n b\r\n"),
    "a folded first header": b"GET / HTTP/1.1\r\n X-One: a\r\n" + HOST + b"\r\n",
    "a folded Transfer-Encoding": post(b"Transfer-Encoding:\r\n chunked\r\n", b"0\r\n\r\n"),
    "line feeds only": b"GET / HTTP/1.1\nHost: shop.test\n\n",
    "a line feed between headers": get(b"X-One: a\nX-Two: b\r\n"),
    "a line feed at the end": b"GET / HTTP/1.1\r\n" + HOST + b"\n",
    "a carriage return in a header": get(b"X-One: a\rX-Two: b\r\n"),
    "a NUL in a header": get(b"X-One: a\x00b\r\n"),
    "a NUL in a name": get(b"X\x00One: a\r\n"),
    "an unknown coding": post(b"Transfer-Encoding: xchunked\r\n", b"0\r\n\r\n"),
    "two codings": post(b"Transfer-Encoding: gzip, chunked\r\n", b"0\r\n\r\n"),
    "chunked, then something": post(b"Transfer-Encoding: chunked, identity\r\n", b"0\r\n\r\n"),
    "chunked twice": post(CHUNKED + CHUNKED, b"0\r\n\r\n"),
    "chunked after a vertical tab": post(b"Transfer-Encoding: \x0bchunked\r\n", b"0\r\n\r\n"),
    "chunks in HTTP/1.0": b"POST / HTTP/1.0\r\n" + HOST + CHUNKED + b"\r\n0\r\n\r\n",
    "a chunk with a hexadecimal prefix": post(CHUNKED, b"0x5\r\nhello\r\n0\r\n\r\n"),
    "a chunk of a negative size": post(CHUNKED, b"-5\r\nhello\r\n0\r\n\r\n"),
    "a chunk that is longer than it says": post(CHUNKED, b"5\r\nhelloXX0\r\n\r\n"),
    "a line feed after an extension": post(CHUNKED, b"5;a\nhello\r\n0\r\n\r\n"),
    "no Host": b"GET / HTTP/1.1\r\n\r\n",
    "two Hosts": get(b"Host: other.test\r\n"),
    "an address of another host": get(path=b"http://other.test/"),
    "a tunnel": b"CONNECT other.test:80 HTTP/1.1\r\n" + HOST + b"\r\n",
    "a control character in the path": get(path=b"/a\x01b"),
    "a space in the path": get(path=b"/a b"),
    "bytes that are no ASCII in the path": get(path=b"/\xff"),
    "no version": b"GET /\r\n\r\n",
    "version 2.0": get(version=b"2.0"),
    "version 1.2": get(version=b"1.2"),
    "a greeting of TLS": b"\x16\x03\x01\x00\xa5\x01\x00\x00\xa1\x03\x03",
}


@pytest.mark.parametrize("parser", PARSERS)
async def test_what_could_be_read_in_two_ways_is_refused_and_nothing_after_it_is_read(
    parser: str,
) -> None:
    async with serving(echo, parser) as running:
        answers = await _answers(running, {name: data + NEXT for name, data in REFUSED.items()})
    let_through = {
        name: answer
        for name, answer in answers.items()
        if not re.match(rb"HTTP/1\.1 (400|505) .*Connection: close", answer, re.DOTALL)
        or b"<" in answer
        or answer.count(b"HTTP/1.1 ") != 1
    }
    assert let_through == {}


@pytest.mark.parametrize("parser", PARSERS)
async def test_a_size_that_no_body_has_reaches_no_action(parser: str) -> None:
    sizes = {
        "line feeds between chunks": post(CHUNKED, b"5\nhello\n0\n\n"),
        "a chunk of 2**68 bytes": post(CHUNKED, b"FFFFFFFFFFFFFFFFF\r\nhello\r\n0\r\n\r\n"),
    }
    async with serving(echo, parser) as running:
        answers = await _answers(running, sizes)
    assert [answer for answer in answers.values() if b"<" in answer] == []


@pytest.mark.parametrize("parser", PARSERS)
async def test_what_can_be_read_in_one_way_only_is_answered(parser: str) -> None:
    fine = {
        "no space after the colon": (post(b"Content-Length:5\r\n", b"hello"), b"hello"),
        "chunks with extensions": (
            post(CHUNKED, b"3;a=b\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n"),
            b"hello",
        ),
        "HTTP/1.0": (b"GET / HTTP/1.0\r\n\r\n", b""),
        "a trailer": (post(CHUNKED, b"5\r\nhello\r\n0\r\nX-Late: y\r\n\r\n"), b"hello"),
    }
    async with serving(echo, parser) as running:
        answers = await _answers(running, {name: data for name, (data, _) in fine.items()})
    for name, (_, body) in fine.items():
        # The last also says that a trailer has become no header.
        assert re.search(rb"<\w+ / " + body + rb">$", answers[name]), (name, answers[name])


@pytest.mark.parametrize("parser", PARSERS)
async def test_requests_that_come_at_once_are_answered_in_order(parser: str) -> None:
    async with serving(echo, parser) as running:
        got = await running.ask(get(path=b"/wait/0.2") + get(path=b"/wait/0") + get(path=b"/3"))
    assert re.findall(rb"<GET (\S+) >", got) == [b"/wait/0.2", b"/wait/0", b"/3"]


@pytest.mark.parametrize("parser", PARSERS)
async def test_a_broken_request_does_not_get_ahead_of_the_answer_to_the_one_before(
    parser: str,
) -> None:
    async with serving(echo, parser) as running:
        client = await running.connect()
        client.write(get(path=b"/wait/0.2") + b"GET /2 HTTP/1.1\r\nnonsense\r\n\r\n" + NEXT)
        got = await client.rest()
    assert client.is_closed
    assert got.startswith(b"HTTP/1.1 200 ")
    assert re.findall(rb"<GET (\S+) >", got) == [b"/wait/0.2"]


@pytest.mark.parametrize("parser", PARSERS)
async def test_the_line_after_an_upload_s_last_boundary_is_no_new_request(parser: str) -> None:
    # The original took it for one, and answered every ordinary upload with 400.
    field = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\nhello\r\n'
    body = field + b"--x--\r\n"
    kind = b"Content-Type: multipart/form-data; boundary=x\r\n"
    upload = post(kind + b"Content-Length: %d\r\n" % len(body), body)
    async with serving(echo, parser) as running:
        got = await running.ask(upload, get(path=b"/next"), pause=0.05)
    assert re.findall(rb"HTTP/1.1 (\d+)", got) == [b"200", b"200"]
    assert got.endswith(b"<GET /next >")


@pytest.mark.parametrize("parser", PARSERS)
async def test_an_upgrade_that_nobody_offers_is_a_plain_request(parser: str) -> None:
    async with serving(echo, parser) as running:
        got = await running.ask(get(b"Connection: Upgrade\r\nUpgrade: h2c\r\n"))
    assert got.endswith(b"<GET / >")


async def _answers(running: Serving, requests: dict[str, bytes]) -> dict[str, bytes]:
    got = await asyncio.gather(*(running.ask(data) for data in requests.values()))
    return dict(zip(requests, got, strict=True))
