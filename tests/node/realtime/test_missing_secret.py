"""Channels of an application without a secret."""

from __future__ import annotations

from typing import TYPE_CHECKING

from velocious.configuration import Configuration
from velocious.realtime import Admit, Channel, Identity
from velocious.routing import Routes
from velocious.testing.client import Client
from velocious_node import LogSettings, NodeEnvironmentHandler

if TYPE_CHECKING:
    import pytest

    from velocious.realtime import Upgrade


class RoomChannel(Channel):
    pattern = "presence-room"

    async def authorize(self) -> bool:
        return True


async def anybody(_: Upgrade) -> Admit:
    return Admit(Identity("anybody"))


async def test_nothing_is_signed_without_a_secret(caplog: pytest.LogCaptureFixture) -> None:
    routes = Routes()
    routes.realtime("/realtime", upgrade=anybody)
    async with Configuration(
        environment_handler=NodeEnvironmentHandler(log=LogSettings(console=False)),
        environment="production",
        databases={},
        routes=routes,
        channels=[RoomChannel],
        http={"hosts": ["app.test"]},
    ) as configuration:
        body = {"socketId": "s", "channel": "presence-room"}
        client = Client(configuration)
        answer = await client.post("/realtime/auth", json=body)
        answer.assert_status(500)
        assert answer.json() == {"error": "Channel authorization is not configured"}
        assert "g:secret" in caplog.text
        # Whoever may listen by who it is needs no signature.
        async with client.socket("/realtime") as socket:
            await socket.says(type="sub", ch="presence-room")
            await socket.hears("sub.ok")
            await socket.says(type="unsub", ch="presence-room")
            await socket.says(type="sub", ch="presence-room", token="s:digits", member="{}")
            assert (await socket.hears("error"))["code"] == "internal"
