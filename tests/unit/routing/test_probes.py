"""What load balancers are told: whether the process lives, and whether it can answer."""

from __future__ import annotations

import logging
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import httpx

from velocious.configuration import Configuration
from velocious.routing import Routes
from velocious.routing.probes import STOPPING
from velocious_node import LogSettings, NodeEnvironmentHandler

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator
    from pathlib import Path

    import pytest
    from starlette.types import Receive, Scope, Send


@asynccontextmanager
async def client_of(
    *, state: dict[str, Any] | None = None, **options: Any
) -> AsyncGenerator[httpx.AsyncClient]:
    settings: dict[str, Any] = {"databases": {"default": "sqlite:///:memory:"}, **options}
    configuration = Configuration(
        environment_handler=NodeEnvironmentHandler(log=LogSettings(console=False)),
        environment="test",
        routes=Routes(),
        **settings,
    )
    app = configuration.asgi()

    async def with_state(scope: Scope, receive: Receive, send: Send) -> None:
        await app({**scope, "state": state or {}}, receive, send)

    transport = httpx.ASGITransport(with_state)
    async with configuration, httpx.AsyncClient(transport=transport) as client:
        yield client


async def test_a_process_that_lives_says_so_to_whoever_asks_by_address_and_logs_nothing(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO)
    async with client_of(http={"hosts": ["shop.test"]}) as client:
        up = await client.get("http://10.0.0.7:3006/up")
        ready = await client.get("http://10.0.0.7:3006/ready")
        head = await client.head("http://10.0.0.7:3006/up")
    assert (up.status_code, up.text) == (200, "up\n")
    assert (ready.status_code, ready.text) == (200, "ready\n")
    assert (head.status_code, head.text) == (200, "")
    assert up.headers["cache-control"] == "no-store"
    assert [one for one in caplog.records if one.name.startswith("velocious")] == []


async def test_a_database_that_does_not_answer_is_named_and_nothing_more(tmp_path: Path) -> None:
    broken = f"sqlite:///{tmp_path}/secret-place/broken.sqlite3?mode=ro"
    (tmp_path / "secret-place").write_text("in the way")
    databases = {"default": "sqlite:///:memory:", "archive": broken.partition("?")[0]}
    async with client_of(databases=databases) as client:
        ready = await client.get("http://shop.test/ready")
        up = await client.get("http://shop.test/up")
    assert (ready.status_code, ready.text) == (503, "not ready: archive\n")
    assert up.status_code == 200


async def test_a_server_that_stops_is_no_longer_ready() -> None:
    async with client_of(state={STOPPING: True}) as client:
        ready = await client.get("http://shop.test/ready")
        up = await client.get("http://shop.test/up")
    assert (ready.status_code, ready.text, up.status_code) == (503, "stopping\n", 200)


async def test_the_paths_are_the_application_s_to_choose() -> None:
    async with client_of(http={"health": "/alive", "readiness": None}) as client:
        answers = [await client.get(f"http://a/{path}") for path in ("alive", "up", "ready")]
        posted = await client.post("http://a/alive")
    assert [answer.status_code for answer in answers] == [200, 404, 404]
    assert (posted.status_code, posted.headers["allow"]) == (405, "GET, HEAD")
