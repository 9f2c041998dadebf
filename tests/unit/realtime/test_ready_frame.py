"""Frames that are made once and sent to many."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import pytest
from websockets.frames import Opcode
from websockets.protocol import Protocol, Side

from velocious.realtime.ready_frame import binary_frame, text_frame

if TYPE_CHECKING:
    from websockets.frames import Frame

LENGTHS = (0, 1, 125, 126, 127, 65535, 65536, 70000)


@pytest.mark.parametrize("length", LENGTHS)
def test_a_client_reads_a_text_of_every_length_as_one_message(length: int) -> None:
    payload = ("é" * length).encode()[:length] if length % 2 == 0 else b"e" * length
    assert read(text_frame(payload)) == [(Opcode.TEXT, payload, True)]


@pytest.mark.parametrize("length", LENGTHS)
def test_a_client_reads_bytes_of_every_length_as_one_message(length: int) -> None:
    payload = bytes(number % 256 for number in range(length))
    assert read(binary_frame(payload)) == [(Opcode.BINARY, payload, True)]


def test_frames_one_after_the_other_are_as_many_messages() -> None:
    assert [data for _, data, _ in read(text_frame(b"a") + text_frame(b"b"))] == [b"a", b"b"]


def read(data: bytes) -> list[tuple[Opcode, bytes, bool]]:
    """What a client that somebody else has written makes of *data*."""
    client = Protocol(Side.CLIENT, max_size=None)
    client.receive_data(data)
    assert client.parser_exc is None
    frames = cast("list[Frame]", client.events_received())
    return [(frame.opcode, bytes(frame.data), frame.fin) for frame in frames]
