"""Events on a stream: written, read in any pieces, and taken up again."""

from __future__ import annotations

import pytest

from velocious.errors import RenderError
from velocious.realtime.sse.encoding import encode_event
from velocious.realtime.sse.parser import EventParser, Received
from velocious.realtime.sse.positions import LONGEST, LOST, Positions

TEXTS = ["hello", "two\nlines", "", " a space", "a\r\nb\rc", "ü€😀", ":no comment", "data: x"]


@pytest.mark.parametrize("text", TEXTS)
def test_what_is_written_is_read_in_whatever_pieces_it_comes(text: str) -> None:
    sent = encode_event(text, event="moved", id="a=1", retry=3000) + b":\n\n" + encode_event("end")
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    expected = [Received(lines, "moved", "a=1"), Received("end", "message", "a=1")]
    for size in (1, 2, 3, 7, len(sent)):
        parser = EventParser()
        found = [
            event
            for start in range(0, len(sent), size)
            for event in parser.feed(sent[start : start + size])
        ]
        assert found == expected
        assert (parser.last_id, parser.retry) == ("a=1", 3000)


@pytest.mark.parametrize(
    ("sent", "found"),
    [
        (b"\xef\xbb\xbfdata: x\n\n", [Received("x")]),
        (b"data\n\n", [Received("")]),
        (b"data:x\ndata\n\n", [Received("x\n")]),
        (b"event: x\n\n", []),
        (b"data: x\n", []),
        (b"id: 1\ndata: x\n\nid\ndata: y\n\n", [Received("x", id="1"), Received("y")]),
        (b"id: 1\0\ndata: x\n\n", [Received("x")]),
        (b"retry: soon\nretry: \xd9\xa1\ndata: x\n\n", [Received("x")]),
        (b"data: x\r\n\r\ndata: y\r\rdata: z\n\n", [Received("x"), Received("y"), Received("z")]),
        (b"DATA: x\nother: y\n\n", []),
    ],
)
def test_streams_of_others_are_read_as_the_standard_says(
    sent: bytes, found: list[Received]
) -> None:
    parser = EventParser()
    assert [event for byte in sent for event in parser.feed(bytes([byte]))] == found
    assert EventParser().feed(sent) == found
    assert parser.retry is None


@pytest.mark.parametrize("broken", ["a\nb", "a\rb", "a\0b"])
def test_no_field_ends_its_line(broken: str) -> None:
    with pytest.raises(RenderError):
        encode_event("x", event=broken)
    with pytest.raises(RenderError):
        encode_event("x", id=broken)


def test_an_id_says_where_the_stream_stands_in_each_channel() -> None:
    positions = Positions({"board:1": "e-5", "a&b=c\n": "f-7", "news": ""})
    text = positions.write()
    assert text.isascii()
    assert "\n" not in text
    assert Positions.read(text) == positions
    assert [positions.since(name) for name in ("board:1", "news", "other")] == ["e-5", "", None]


@pytest.mark.parametrize("sent", ["7", LOST, "a=1&b", "\0", "&&"])
def test_whoever_brings_an_id_that_says_nothing_has_missed_something(sent: str) -> None:
    assert Positions.read(sent).since("board:1") == ""


def test_an_id_never_becomes_too_long_for_a_header() -> None:
    positions = Positions({f"board:{number}": "epoch-5" for number in range(500)})
    assert positions.write() == LOST
    assert len(LOST) < LONGEST
