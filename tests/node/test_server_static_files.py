"""The files of an application's ``web/`` folder."""

from __future__ import annotations

import gzip
import os
import re
import time
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import httpx
import pytest

from velocious.asset_digests import AssetDigests
from velocious.configuration import Configuration
from velocious.controller import Controller
from velocious.routing import Routes
from velocious_node import LogSettings, NodeEnvironmentHandler
from velocious_node.files import NodeFiles

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator
    from pathlib import Path


class PagesController(Controller):
    async def show(self) -> None:
        self.render_text("from the route")


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    root = tmp_path / "shop"
    files = {
        "web/index.html": "<h1>Shop</h1>",
        "web/app.mjs": "export {}",
        "web/help/index.html": "<h1>Help</h1>",
        "web/taken.txt": "from the file",
        "web/.env": "SECRET=1",
        "web/.git/config": "x",
        "web/tool.py": "x",
        "web/data.bin": "0123456789",
        "secret.txt": "s3cret",
        "website/other.txt": "not ours",
    }
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    (root / "web/inside.html").symlink_to("index.html")
    (root / "web/outside.txt").symlink_to("../secret.txt")
    (root / "web/up").symlink_to("..")
    return root


@asynccontextmanager
async def client_of(shop: Path) -> AsyncGenerator[httpx.AsyncClient]:
    routes = Routes()
    routes.get("/taken.txt", to=(PagesController, "show"))
    routes.post("/", to=(PagesController, "show"))
    configuration = Configuration(
        environment_handler=NodeEnvironmentHandler(log=LogSettings(console=False, file=False)),
        environment="test",
        directory=str(shop),
        databases={"default": "sqlite:///:memory:"},
        routes=routes,
    )
    transport = httpx.ASGITransport(configuration.asgi())
    async with httpx.AsyncClient(transport=transport, base_url="http://shop.test") as client:
        yield client


async def status_of(shop: Path, raw_path: bytes) -> int:
    """The status for a path that no client library has tidied up."""
    async with client_of(shop) as client:
        request = client.build_request("GET", "/")
        request.url = request.url.copy_with(raw_path=raw_path)
        return (await client.send(request)).status_code


async def test_the_index_is_the_start_page_and_is_asked_for_anew(shop: Path) -> None:
    async with client_of(shop) as client:
        answer = await client.get("/")
    assert (answer.status_code, answer.text) == (200, "<h1>Shop</h1>")
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["cache-control"] == "no-cache"


async def test_who_has_a_file_is_told_so_until_it_changes(shop: Path) -> None:
    async with client_of(shop) as client:
        tag = (await client.get("/app.mjs")).headers["etag"]
        same = await client.get("/app.mjs", headers={"if-none-match": f'"x", W/{tag}'})
        (shop / "web/app.mjs").write_text("export { changed }")
        changed = await client.get("/app.mjs", headers={"if-none-match": tag})
    assert (same.status_code, same.content, same.headers["etag"]) == (304, b"", tag)
    assert changed.status_code == 200


async def test_modules_have_the_type_that_browsers_insist_on(shop: Path) -> None:
    async with client_of(shop) as client:
        assert (await client.get("/app.mjs")).headers["content-type"].startswith("text/javascript")


async def test_a_folder_leads_to_its_index_with_a_slash(shop: Path) -> None:
    async with client_of(shop) as client:
        answer = await client.get("/help?a=1")
        page = await client.get("/help/")
    assert (answer.status_code, answer.headers["location"]) == (308, "/help/?a=1")
    assert page.text == "<h1>Help</h1>"


async def test_a_part_of_a_file_can_be_asked_for(shop: Path) -> None:
    async with client_of(shop) as client:
        answer = await client.get("/data.bin", headers={"range": "bytes=2-4"})
    assert (answer.status_code, answer.text) == (206, "234")


async def test_head_has_the_headers_and_no_body(shop: Path) -> None:
    async with client_of(shop) as client:
        answer = await client.head("/data.bin")
    assert (answer.status_code, answer.headers["content-length"]) == (200, "10")
    assert answer.content == b""


async def test_a_route_wins_over_a_file_and_another_method_of_it_does_not(shop: Path) -> None:
    async with client_of(shop) as client:
        assert (await client.get("/taken.txt")).text == "from the route"
        assert (await client.post("/")).text == "from the route"
        assert (await client.get("/")).text == "<h1>Shop</h1>"
        refused = await client.post("/app.mjs")
    assert (refused.status_code, refused.headers["allow"]) == (405, "GET, HEAD")


async def test_a_link_within_the_folder_is_followed(shop: Path) -> None:
    async with client_of(shop) as client:
        assert (await client.get("/inside.html")).text == "<h1>Shop</h1>"


@pytest.mark.parametrize(
    "path",
    [
        b"/.env",
        b"/.git/config",
        b"/%2eenv",
        b"/tool.py",
        b"/TOOL.PY",
        b"/outside.txt",
        b"/up/secret.txt",
        b"/../secret.txt",
        b"/help/../../secret.txt",
        b"/%2e%2e/secret.txt",
        b"/..%2fsecret.txt",
        b"/..%5csecret.txt",
        b"/../website/other.txt",
        b"//etc/passwd",
        b"/%2fetc/passwd",
        b"/help//index.html",
        b"/index.html/",
        b"/index.html%00",
        b"/" + b"a" * 5000,
        b"/%ff",
        b"/%252e%252e/secret.txt",
        b"/%2e%2e%2fsecret.txt",
        b"/..%255csecret.txt",
        b"/help/..;/secret.txt",
        b"/.%00./secret.txt",
        b"/%c0%ae%c0%ae/secret.txt",
        b"/C:/secret.txt",
        b"/index.html::$DATA",
        b"/index.html%20",
        b"/index.html.",
    ],
)
async def test_nothing_else_is_ever_sent(shop: Path, path: bytes) -> None:
    assert await status_of(shop, path) == 404


async def test_an_absolute_path_into_the_folder_is_no_way_in(shop: Path) -> None:
    assert await status_of(shop, f"/{shop}/web/help".encode()) == 404


async def test_an_application_without_the_folder_has_no_pages(tmp_path: Path) -> None:
    (tmp_path / "shop").mkdir()
    async with client_of(tmp_path / "shop") as client:
        assert (await client.get("/")).status_code == 405
        assert (await client.get("/index.html")).status_code == 404


async def test_an_address_with_the_digest_of_the_file_is_kept_for_ever(shop: Path) -> None:
    digests = AssetDigests(NodeFiles(str(shop)))
    address = digests.address("app.mjs")
    async with client_of(shop) as client:
        kept = await client.get(address)
        plain = await client.get("/app.mjs")
        (shop / "web/app.mjs").write_text("export { changed }")
        outdated = await client.get(address)
        anew = await client.get(digests.address("app.mjs"))
    assert re.fullmatch(r"/app\.mjs\?v=[0-9a-f]{16}", address)
    assert kept.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert plain.headers["cache-control"] == outdated.headers["cache-control"] == "no-cache"
    assert anew.headers["cache-control"] == kept.headers["cache-control"]
    assert (outdated.text, anew.text) == ("export { changed }", "export { changed }")


def test_the_address_of_a_file_that_is_not_there_has_no_digest(shop: Path) -> None:
    assert AssetDigests(NodeFiles(str(shop))).address("no such.css") == "/no%20such.css"


async def test_a_file_that_lies_squeezed_beside_its_original_is_sent_so(shop: Path) -> None:
    squeezed = gzip.compress(b"export {}")
    (shop / "web/app.mjs.gz").write_bytes(squeezed)
    async with client_of(shop) as client:
        answer = await client.get("/app.mjs", headers={"accept-encoding": "br;q=0, gzip"})
        plain = await client.get("/app.mjs", headers={"accept-encoding": "identity"})
        part = await client.get("/app.mjs", headers={"range": "bytes=0-5"})
        (shop / "web/app.mjs").write_text("export { changed }")
        later = time.time() + 10
        os.utime(shop / "web/app.mjs", (later, later))
        changed = await client.get("/app.mjs")
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.headers["content-length"] == str(len(squeezed))
    assert answer.headers["content-type"] == plain.headers["content-type"]
    assert answer.headers["etag"] != plain.headers["etag"]
    assert answer.headers["vary"] == plain.headers["vary"] == "Accept-Encoding"
    assert answer.text == plain.text == "export {}"
    assert (part.status_code, part.text) == (206, "export")
    assert changed.text == "export { changed }"
    assert "content-encoding" not in changed.headers


async def test_a_squeezed_file_that_is_a_link_is_not_sent(shop: Path) -> None:
    (shop / "web/app.mjs.gz").symlink_to("../secret.txt")
    later = time.time() + 60
    os.utime(shop / "web/app.mjs.gz", (later, later), follow_symlinks=False)
    async with client_of(shop) as client:
        answer = await client.get("/app.mjs", headers={"Accept-Encoding": "gzip"})
        assert (answer.text, answer.headers.get("content-encoding")) == ("export {}", None)
