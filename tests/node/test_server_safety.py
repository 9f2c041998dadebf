"""A real server: what it believes of a request, and what it remembers of a visitor."""

from __future__ import annotations

import stat
from typing import TYPE_CHECKING

import httpx
import pytest

from tests.node.running_server import PATIENCE, server, write_shop

if TYPE_CHECKING:
    from pathlib import Path

ROUTES = """
from velocious.routing import Routes

routes = Routes()
routes.get("/visits", to="visits#show")
routes.post("/visits", to="visits#create")
routes.delete("/visits", to="visits#destroy")
"""
CONTROLLER = """
import os
from velocious.controller import Controller

class VisitsController(Controller):
    async def show(self):
        request = self.request
        self.render(json=[self.session["count"], request.url.scheme, request.client.host])

    async def create(self):
        self.session["count"] = (self.session["count"] or 0) + 1
        self.render(json=[self.session["count"], os.getpid()])

    async def destroy(self):
        self.reset_session()
        self.head(204)
"""
OURS = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("VELOCIOUS_SECRET", raising=False)
    write_shop(tmp_path)
    (tmp_path / "app/config/routes.py").write_text(ROUTES)
    (tmp_path / "app/controllers/visits_controller.py").write_text(CONTROLLER)
    return tmp_path


async def test_it_believes_nobody_that_no_setting_names(shop: Path) -> None:
    async with (
        server(shop) as running,
        httpx.AsyncClient(base_url=running.url, timeout=PATIENCE) as client,
    ):
        forwarded = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "203.0.113.7"}
        answer = await client.get("/visits", headers=forwarded)
        assert answer.json() == [None, "http", "127.0.0.1"]
        assert answer.headers["x-content-type-options"] == "nosniff"
        answer = await client.get("/visits", headers={"Host": "rebound.evil.example"})
        assert answer.json()["error"]["code"] == "host_not_allowed"
        answer = await client.post("/visits", headers={"Sec-Fetch-Site": "cross-site"})
        assert (answer.status_code, client.cookies) == (403, httpx.Cookies())
        for expected in (1, 2):
            assert (await client.post("/visits", headers=OURS)).json()[0] == expected
        answer = await client.post("/visits", data={"_method": "delete"}, headers=OURS)
        assert (answer.status_code, dict(client.cookies)) == (204, {})
    made = shop / "tmp/.secret"
    assert stat.S_IMODE(made.stat().st_mode) == 0o600
    assert made.read_text() not in running.printed


async def test_all_workers_know_a_visitor_though_nobody_gave_them_a_secret(shop: Path) -> None:
    async with server(shop, "--workers", "2") as running:
        processes: set[int] = set()
        cookies = httpx.Cookies()
        for count in range(1, 60):
            # A connection of its own may lead to the other worker.
            async with httpx.AsyncClient(
                base_url=running.url, cookies=cookies, timeout=PATIENCE
            ) as client:
                seen, process = (await client.post("/visits", headers=OURS)).json()
                cookies = client.cookies
            assert seen == count
            processes.add(process)
            if len(processes) == 2:
                break
    assert len(processes) == 2
