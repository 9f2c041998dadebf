"""What a browser is sent for the time without a server: the service worker's script, and a page."""

from __future__ import annotations

import json
import os
import re
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.routing import Mount

from tests.node.test_browser_assets import ENTRY, needs_runtime
from velocious.configuration import Configuration
from velocious.controller import Controller
from velocious.routing import Routes
from velocious_node import NodeEnvironmentHandler
from velocious_node.browser import assets, web_files
from velocious_node.browser.browser_routes import browser_routes
from velocious_node.browser.web_files import WebFiles

if TYPE_CHECKING:
    from pathlib import Path

FILES = {
    ENTRY: "",
    "app/controllers/posts_controller.py": "",
    "app/controllers/admin_controller.py": "",
    "web/index.html": "<h1>Home</h1>",
    "web/style sheets/app.css": "body {}",
    "web/.secret": "no",
    "web/tool.py": "no",
}


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


def an_application(shop: Path, **options: Any) -> Configuration:
    routes = Routes()
    routes.get("/posts/{id:int}", to="posts#show")
    routes.post("/files/{name:path}", to="posts#create")
    routes.get("/admin", to="admin#index")
    given: dict[str, Any] = {
        "browser": ["app/config", "app/controllers/posts_controller.py"],
        "routes": routes,
        **options,
    }
    return Configuration(
        environment_handler=NodeEnvironmentHandler(),
        environment="test",
        directory=str(shop),
        name="shop",
        **given,
    )


def a_client(configuration: Configuration, prefix: str = "") -> httpx.AsyncClient:
    app = Starlette(routes=[Mount(prefix, routes=assets.routes(configuration))])
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://shop.test")


async def settings_of(client: httpx.AsyncClient, prefix: str = "") -> dict[str, Any]:
    answer = await client.get(f"{prefix}/velocious/service_worker.mjs")
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith("text/javascript")
    found = re.fullmatch(
        r'import \{ run \} from "[^"]+";\n\nrun\((.*)\);\n', answer.text, re.DOTALL
    )
    assert found is not None
    return json.loads(found[1])


@needs_runtime
@pytest.mark.parametrize("prefix", ["", "/below"])
async def test_everything_that_the_service_worker_keeps_can_be_had(shop: Path, prefix: str) -> None:
    async with a_client(an_application(shop), prefix) as client:
        settings = await settings_of(client, prefix)
        boot = (await client.get(f"{prefix}/velocious/boot.json")).json()
        assert settings["version"] == boot["version"]
        assert (settings["root"], boot["prefix"]) == (prefix, prefix)
        assert boot["serviceWorker"] == {
            "url": f"{prefix}/velocious/service_worker.mjs",
            "scope": f"{prefix}/",
        }
        for url in [*settings["files"], *settings["fresh"]]:
            assert (await client.get(url)).status_code == 200, url
        assert settings["js"] + "service_worker/main.mjs" in settings["files"]


@needs_runtime
async def test_the_version_changes_with_each_thing_that_is_kept(shop: Path) -> None:
    seen: list[str] = []
    changed = ("web/index.html", ENTRY, "app/controllers/posts_controller.py")
    async with a_client(an_application(shop)) as client:
        for name in (None, *changed):
            if name is not None:
                (shop / name).write_text("# changed, and longer than before")
            first, again = [(await settings_of(client))["version"] for _ in range(2)]
            assert first == again
            seen.append(first)
    assert len(set(seen)) == len(changed) + 1


@needs_runtime
@pytest.mark.parametrize("name", ["web/tasks.html", "app/views/tasks/index.html"])
async def test_files_of_pyscript_are_kept_where_a_page_loads_it(shop: Path, name: str) -> None:
    (shop / "app/views/tasks").mkdir(parents=True)
    configuration = an_application(shop, browser=["app/config", "app/views"])

    async def kept() -> set[str]:
        async with a_client(configuration) as client:
            files = (await settings_of(client))["files"]
            for url in files:
                assert (await client.get(url)).status_code == 200, url
            return {url.partition("/pyscript/")[2] for url in files if "/pyscript/" in url}

    assert await kept() == set()
    (shop / name).write_text('<script type="module" src="velocious/pyscript.mjs"></script>')
    found = await kept()
    assert {"core.js", "core.css"} <= found
    assert not [one for one in found if one.startswith(("codemirror", "xterm"))]


@needs_runtime
async def test_an_application_that_sends_nothing_has_no_service_worker(shop: Path) -> None:
    async with a_client(an_application(shop, browser=[])) as client:
        assert (await client.get("/velocious/service_worker.mjs")).status_code == 404
        boot = (await client.get("/velocious/boot.json")).json()
        assert (boot["serviceWorker"], boot["version"]) == (None, None)


@needs_runtime
async def test_the_page_that_starts_python_has_no_script_of_its_own(shop: Path) -> None:
    async with a_client(an_application(shop), "/below") as client:
        answer = await client.get("/below/velocious/shell.html")
        assert answer.headers["content-type"].startswith("text/html")
        assert (
            '<script type="module" src="/below/velocious/page/shell.mjs"></script>' in answer.text
        )
        script = await client.get("/below/velocious/page/shell.mjs")
        assert script.status_code == 200
        ahead = re.findall(r'rel="modulepreload" href="([^"]+)"', answer.text)
        assert script.text == f'export * from "{ahead[0]}";\n'
        for address in ahead:
            assert (await client.get(address)).status_code == 200


async def test_whoever_asks_learns_that_the_server_can_be_reached(shop: Path) -> None:
    async with a_client(an_application(shop)) as client:
        answer = await client.get("/velocious/reachable")
        assert (answer.status_code, answer.headers["cache-control"]) == (204, "no-store")


def test_only_routes_whose_controller_is_sent_are_named(shop: Path) -> None:
    sent = {"app/controllers/posts_controller.py"}
    assert browser_routes(an_application(shop), sent) == [
        {"methods": ["GET"], "pattern": "^/posts/(?<id>[0-9]+)$", "on": "both"},
        {"methods": ["POST"], "pattern": "^/files/(?<name>.*)$", "on": "both"},
    ]


def test_a_controller_that_a_route_brings_is_looked_up_by_its_module(shop: Path) -> None:
    class HereController(Controller):
        async def index(self) -> None:
            self.head(204)

    routes = Routes()
    routes.get("/here", to=(HereController, "index"))
    configuration = an_application(shop, routes=routes)
    assert browser_routes(configuration, set()) == []
    assert len(browser_routes(configuration, {"tests/node/test_offline_assets.py"})) == 1


def test_the_files_of_the_web_folder_are_listed_as_they_are_asked_for(shop: Path) -> None:
    (shop / "web/link.css").symlink_to(shop / "app/config/configuration.py")
    addresses = ["/", "/index.html", "/style%20sheets/app.css"]
    assert list(WebFiles(str(shop / "web")).paths()) == addresses


def test_a_digest_follows_the_content(shop: Path) -> None:
    files = WebFiles(str(shop / "web"))
    before = files.paths()
    (shop / "web/index.html").write_text("<h1>Else</h1>")
    os.utime(shop / "web/index.html", ns=(1, 1))
    after = files.paths()
    assert before["/"] != after["/"]
    assert before["/style%20sheets/app.css"] == after["/style%20sheets/app.css"]


def test_large_files_are_left_to_the_network(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web_files, "LARGEST", 10)
    assert list(WebFiles(str(shop / "web")).paths()) == ["/style%20sheets/app.css"]


def test_a_missing_web_folder_has_no_files(tmp_path: Path) -> None:
    assert WebFiles(str(tmp_path / "web")).paths() == {}
