"""What happens where uvicorn or `websockets` is not as the fast websocket needs it."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import pytest
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.asyncio.client import connect
from websockets.server import ServerProtocol

from tests.node.http_server import serving
from velocious.realtime.wire_port import frame_writer
from velocious_node.http.config import websocket_protocol
from velocious_node.realtime.compatibility import missing_for_direct_websockets
from velocious_node.realtime.direct_websocket import DirectWebsocket

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send


def test_the_installed_versions_have_everything() -> None:
    assert missing_for_direct_websockets() is None
    assert websocket_protocol() is DirectWebsocket


async def test_without_what_it_needs_sockets_are_served_by_uvicorn_with_one_warning(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.delattr(WebSocketsSansIOProtocol, "handle_close")
    offered: list[object] = []

    async def greeting(scope: Scope, receive: Receive, send: Send) -> None:
        offered.append(frame_writer(scope))
        await receive()
        await send({"type": "websocket.accept"})
        await send({"type": "websocket.send", "text": "hello"})
        monkeypatch.undo()
        await receive()

    with caplog.at_level(logging.WARNING, "velocious.http"):
        async with serving(greeting) as running:
            async with connect(f"ws://127.0.0.1:{running.port}/") as client:
                assert await client.recv() == "hello"
    assert offered == [None]
    (record,) = (one for one in caplog.records if one.name == "velocious.http")
    assert "lack WebSocketsSansIOProtocol.handle_close. Install the versions" in record.message


@pytest.mark.parametrize("name", ["fail", "send_close"])
def test_what_is_missing_of_the_package_websockets_is_named(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    owner = next(one for one in ServerProtocol.__mro__ if name in vars(one))
    monkeypatch.delattr(owner, name)
    assert missing_for_direct_websockets() == f"ServerProtocol.{name}"
