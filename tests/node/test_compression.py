"""Which answers are squeezed, for whom, and what their headers then say."""

from __future__ import annotations

import gzip
from contextlib import asynccontextmanager
from importlib import import_module
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from starlette.responses import Response, StreamingResponse

from velocious_node.http.codings import Brotli, Gzip, chosen_coding
from velocious_node.http.delivery import Delivery
from velocious_node.http.stopping import Stopping

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from starlette.types import ASGIApp

LONG = "a line of some length\n" * 200
HTML = {"content-type": "text/html; charset=utf-8"}


@asynccontextmanager
async def client_of(app: ASGIApp) -> AsyncGenerator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(Delivery(app, Stopping()))
    async with httpx.AsyncClient(transport=transport, base_url="http://shop.test") as client:
        yield client


async def answer_of(response: Response, accepted: str = "gzip", **options: Any) -> httpx.Response:
    async with client_of(response) as client:
        method = options.pop("method", "GET")
        return await client.request(method, "/", headers={"accept-encoding": accepted})


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("gzip, deflate, br", "br"),
        ("gzip", "gzip"),
        ("x-gzip", "gzip"),
        ("GZIP;Q=0.5", "gzip"),
        ("br;q=0.2, gzip;q=0.9", "gzip"),
        ("br;q=0, gzip;q=0", None),
        ("*", "br"),
        ("*;q=0", None),
        ("br;q=0, *", "gzip"),
        ("identity", None),
        ("identity, gzip;q=0.5", None),
        ("", None),
        ("gzip;q=nonsense", None),
        ("gzip;q=2", "gzip"),
        ("deflate", None),
    ],
)
def test_the_coding_is_the_one_that_the_client_likes_best(
    accepted: str, coding: str | None
) -> None:
    assert chosen_coding(accepted.encode(), ("br", "gzip")) == coding


@pytest.mark.parametrize("coding", ["gzip", "br"])
async def test_a_long_text_is_squeezed_and_says_so(coding: str) -> None:
    tagged = Response(LONG, headers={**HTML, "etag": '"1"', "vary": "Cookie"})
    answer = await answer_of(tagged, coding)
    assert answer.text == LONG
    assert answer.headers["content-encoding"] == coding
    assert int(answer.headers["content-length"]) < len(LONG) / 10
    assert answer.headers["vary"] == "Cookie, Accept-Encoding"
    assert answer.headers["etag"] == 'W/"1"'


@pytest.mark.parametrize(
    ("response", "varies"),
    [
        (Response("short", headers=HTML), True),
        (Response(LONG, media_type="image/png"), False),
        (Response(LONG, media_type="text/event-stream"), False),
        (Response(LONG, headers={**HTML, "content-encoding": "zstd"}), False),
        (Response(LONG, headers={**HTML, "cache-control": "no-transform"}), False),
        (Response(LONG, 206, headers={**HTML, "content-range": "bytes 0-9/10"}), False),
        (Response(status_code=204), False),
    ],
)
async def test_what_would_not_gain_or_must_not_change_stays_as_it_is(
    response: Response, varies: bool
) -> None:
    answer = await answer_of(response)
    assert answer.headers.get("content-encoding") != "gzip"
    assert ("Accept-Encoding" in answer.headers.get("vary", "")) is varies


async def test_who_reads_no_coding_gets_the_text_and_caches_learn_that_others_do_not() -> None:
    answer = await answer_of(Response(LONG, headers=HTML), "identity")
    assert (answer.text, answer.headers["vary"]) == (LONG, "Accept-Encoding")
    assert "content-encoding" not in answer.headers


async def test_head_has_no_body_to_squeeze() -> None:
    answer = await answer_of(Response(LONG, headers=HTML), method="HEAD")
    assert "content-encoding" not in answer.headers


async def test_a_very_long_text_is_squeezed_while_others_go_on() -> None:
    very_long = LONG * 200
    answer = await answer_of(Response(very_long, headers=HTML), "br")
    assert (answer.headers["content-encoding"], answer.text) == ("br", very_long)


async def test_a_stream_is_squeezed_piece_by_piece() -> None:
    async def pieces() -> AsyncGenerator[str]:
        for number in range(50):
            yield f"piece {number}\n"

    answer = await answer_of(StreamingResponse(pieces(), media_type="text/plain"))
    assert answer.headers["content-encoding"] == "gzip"
    assert "content-length" not in answer.headers
    assert answer.text.splitlines()[-1] == "piece 49"


@pytest.mark.parametrize("made", [Gzip, Brotli])
def test_what_was_given_can_be_read_before_the_rest_comes(made: type[Gzip] | type[Brotli]) -> None:
    compressor = made()
    first = compressor.chunk(b"first ")
    assert first
    whole = first + compressor.last(b"last")
    read: Any = gzip.decompress if made is Gzip else import_module("brotli").decompress
    assert read(whole) == b"first last"
