"""The addresses below /velocious/: what a browser is sent, and how."""

from __future__ import annotations

import sys
from io import BytesIO
from typing import TYPE_CHECKING, Any
from zipfile import ZipFile

import httpx
import pytest
from starlette.applications import Starlette
from starlette.routing import Mount

from velocious.configuration import Configuration
from velocious_node import NodeEnvironmentHandler
from velocious_node.browser import assets, runtime_folder
from velocious_node.browser.runtime_folder import RuntimeFolder, RuntimeMissingError

if TYPE_CHECKING:
    from pathlib import Path

    from velocious_node.browser import snapshot

ENTRY = "app/config/configuration.py"


def _runtime_is_built() -> bool:
    try:
        RuntimeFolder()
    except RuntimeMissingError:
        return False
    return True


needs_runtime = pytest.mark.skipif(not _runtime_is_built(), reason="run `make runtime` first")


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    root = tmp_path / "My Shop"
    for name in (ENTRY, "app/models/task.py", "app/db/seed.py", ".env"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(f"# {name}\n")
    return root


def a_client(
    shop: Path,
    *,
    environment: str = "test",
    prefix: str = "",
    devtools: bool | None = None,
    memory_snapshot: bool = False,
) -> httpx.AsyncClient:
    configuration = Configuration(
        environment_handler=NodeEnvironmentHandler(),
        environment=environment,
        directory=str(shop),
        browser=["app/config", "app/models"],
        devtools=devtools,
        memory_snapshot=memory_snapshot,
    )
    app = Starlette(routes=[Mount(prefix, routes=assets.routes(configuration))])
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://shop.test")


async def boot_of(client: httpx.AsyncClient, prefix: str = "") -> dict[str, Any]:
    answer = await client.get(f"{prefix}/velocious/boot.json")
    assert answer.status_code == 200, answer.text
    return answer.json()


@needs_runtime
async def test_every_address_in_the_boot_file_answers_for_ever(shop: Path) -> None:
    async with a_client(shop) as client:
        boot = await boot_of(client)
        base = boot["runtime"]["base"]
        urls = [base + file["path"] for file in boot["runtime"]["files"].values()]
        urls += [archive["url"] for archive in boot["archives"]]
        urls += [boot["app"]["url"], boot["js"] + "client.mjs"]
        for url in urls:
            answer = await client.get(url)
            assert answer.status_code == 200, url
            assert "immutable" in answer.headers["cache-control"], url


@needs_runtime
async def test_the_bundle_that_is_sent_holds_no_file_that_was_not_listed(shop: Path) -> None:
    async with a_client(shop) as client:
        boot = await boot_of(client)
        bundle = ZipFile(BytesIO((await client.get(boot["app"]["url"])).content))
        assert bundle.namelist() == [ENTRY, "app/models/task.py"]
        assert boot["appId"] == "my-shop"
        assert boot["databaseDirectory"] == "/opfs/my-shop"


@needs_runtime
@pytest.mark.parametrize(
    "path",
    [
        "../../../../etc/passwd",
        "..%2f..%2f..%2fetc%2fpasswd",
        "%2e%2e/__init__.py",
        "runtime.json.br/../../folder.py",
        "pyodide/pyodide.asm.wasm.br",
        "",
    ],
)
async def test_a_path_out_of_the_runtime_folder_is_not_found(shop: Path, path: str) -> None:
    async with a_client(shop) as client:
        boot = await boot_of(client)
        for place in (boot["runtime"]["base"], boot["js"], "/velocious/"):
            assert (await client.get(place + path)).status_code == 404


@needs_runtime
async def test_settings_seeds_and_environment_files_have_no_address(shop: Path) -> None:
    async with a_client(shop) as client:
        for path in ("app/db/seed.py", ".env", ENTRY, "app/models/task.py"):
            assert (await client.get(f"/velocious/{path}")).status_code == 404


@needs_runtime
async def test_webassembly_has_its_type_and_its_compressed_form(shop: Path) -> None:
    async with a_client(shop) as client:
        boot = await boot_of(client)
        wasm = boot["runtime"]["base"] + boot["runtime"]["files"]["wasm"]["path"]
        for accepted, encoding in (
            ("gzip, br", "br"),
            ("gzip, br;q=0", "gzip"),
            ("gzip, br;q=0.5", "gzip"),
            ("", None),
        ):
            async with client.stream("GET", wasm, headers={"accept-encoding": accepted}) as answer:
                assert answer.headers["content-type"] == "application/wasm"
                assert answer.headers.get("content-encoding") == encoding
                assert answer.headers["vary"] == "Accept-Encoding"


@needs_runtime
async def test_who_has_the_file_already_gets_no_second_copy(shop: Path) -> None:
    async with a_client(shop) as client:
        for url in ("/velocious/boot.json", (await boot_of(client))["app"]["url"]):
            tag = (await client.get(url)).headers["etag"]
            again = await client.get(url, headers={"if-none-match": tag})
            assert (again.status_code, again.content) == (304, b"")


@needs_runtime
async def test_addresses_carry_the_prefix_that_the_application_is_mounted_under(
    shop: Path,
) -> None:
    async with a_client(shop, prefix="/tools") as client:
        boot = await boot_of(client, "/tools")
        assert boot["js"].startswith("/tools/velocious/js/")
        assert (await client.get(boot["js"] + "worker.mjs")).status_code == 200


@needs_runtime
async def test_stable_names_lead_to_the_address_of_today(shop: Path) -> None:
    async with a_client(shop) as client:
        boot = await boot_of(client)
        answer = await client.get("/velocious/client.mjs")
        # Not a redirect: to a browser, the module would be another one than the one it leads to.
        assert answer.text == f'export * from "{boot["js"]}client.mjs";\n'
        assert answer.headers["content-type"].startswith("text/javascript")
        assert answer.headers["cache-control"] == "no-cache"
        asked = await client.get("/velocious/interpreter.mjs?boot=/there/boot.json")
        assert asked.text.endswith('/interpreter.mjs?boot=/there/boot.json";\n')
        types = await client.get("/velocious/client.d.mts", follow_redirects=True)
        assert types.headers["content-type"].startswith("text/plain")
        assert "export function start(" in types.text


@needs_runtime
@pytest.mark.parametrize(
    ("environment", "devtools", "page", "console"),
    [
        ("development", None, 200, True),
        ("test", None, 200, True),
        ("production", None, 404, True),
        ("production", True, 200, True),
        ("development", False, 404, False),
    ],
)
async def test_developer_tools_are_there_in_development_or_where_they_are_asked_for(
    shop: Path, environment: str, devtools: bool | None, page: int, console: bool
) -> None:
    async with a_client(shop, environment=environment, devtools=devtools, prefix="/my") as client:
        boot = await boot_of(client, "/my")
        assert boot["devtools"] is console
        answer = await client.get("/my/velocious/devtools.html")
        assert answer.status_code == page
        for name in ("devtools/panel.mjs", "devtools/panel.css"):
            assert (await client.get(boot["js"] + name)).status_code == page
        stable = await client.get("/my/velocious/devtools/panel.mjs")
        assert stable.status_code == page
        if page == 200:
            assert 'src="/my/velocious/devtools/page.mjs"' in answer.text
            sheet = await client.get(boot["js"] + "devtools/panel.css")
            assert sheet.headers["content-type"].startswith("text/css")


@needs_runtime
async def test_a_browser_keeps_the_memory_of_python_where_the_application_asks_for_it(
    shop: Path,
) -> None:
    async with a_client(shop) as client:
        assert (await boot_of(client))["memorySnapshot"] is False
    async with a_client(shop, memory_snapshot=True) as client:
        assert (await boot_of(client))["memorySnapshot"] is True


@needs_runtime
async def test_no_browser_fetches_developer_tools_that_nobody_opened(shop: Path) -> None:
    async with a_client(shop) as client:
        script = (await client.get("/velocious/service_worker.mjs")).text
        assert "client.mjs" in script
        assert "devtools/" not in script


@needs_runtime
async def test_an_edited_file_gets_a_new_address_in_development(shop: Path) -> None:
    async with a_client(shop, environment="development") as client:
        before = (await boot_of(client))["app"]["url"]
        (shop / "app/models/task.py").write_text("# edited, and longer\n")
        after = (await boot_of(client))["app"]["url"]
        assert before != after
        assert (await client.get(before)).status_code == 200


@needs_runtime
async def test_archives_travel_squeezed_as_a_whole_and_are_kept_for_good(shop: Path) -> None:
    async with a_client(shop) as client:
        boot = await boot_of(client)
        [archive] = [entry for entry in boot["archives"] if entry["name"] == "stdlib_rest"]
        for coding in ("br", "gzip"):
            headers = {"accept-encoding": coding}
            async with client.stream("GET", archive["url"], headers=headers) as answer:
                sent = sum([len(piece) async for piece in answer.aiter_raw()])
            assert answer.headers["content-encoding"] == coding
            assert "immutable" in answer.headers["cache-control"]
            assert sent < archive["size"] / 2


@needs_runtime
def test_a_runtime_of_another_format_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runtime_folder, "FORMAT", 99)
    with pytest.raises(RuntimeMissingError, match="has the format 2, and this Velocious needs 99"):
        RuntimeFolder()


@needs_runtime
async def test_a_stale_archive_is_replaced_by_the_sources(
    shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(RuntimeFolder, "compiled_digest", "of other sources")
    async with a_client(shop) as client:
        boot = await boot_of(client)
        [archive] = [entry for entry in boot["archives"] if entry["name"] == "velocious"]
        assert "/velocious/source/" in archive["url"]
        assert "velocious_rest" not in {entry["name"] for entry in boot["archives"]}
        sources = ZipFile(BytesIO((await client.get(archive["url"])).content))
        wanted = {"velocious/errors/__init__.py", "velocious_browser/worker.py"}
        assert wanted <= set(sources.namelist())
        assert not [name for name in sources.namelist() if "velocious_node" in name]


@needs_runtime
async def test_the_compiled_archive_is_sent_while_it_fits_the_sources(
    shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fitting(folder: RuntimeFolder, packages: list[Path]) -> str:
        return folder.compiled_digest

    monkeypatch.setattr(RuntimeFolder, "source_digest", fitting)
    async with a_client(shop) as client:
        boot = await boot_of(client)
        assert [entry for entry in boot["archives"] if "archives/velocious.zip?v=" in entry["url"]]


async def test_without_the_runtime_package_the_answer_says_what_to_install(
    shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "velocious_runtime", None)
    async with a_client(shop) as client:
        answer = await client.get("/velocious/boot.json")
        assert answer.status_code == 503
        error = answer.json()["error"]
        assert error["code"] == "runtime_missing"
        assert "pip install velocious-runtime" in error["message"]
        # The page itself loads, so that it can show that text.
        client = await client.get("/velocious/client.mjs", follow_redirects=True)
        assert (client.status_code, b"export" in client.content) == (200, True)


@needs_runtime
async def test_a_bundle_without_the_configuration_says_which_path_to_add(shop: Path) -> None:
    (shop / ENTRY).rename(shop / "app/config/other.py")
    async with a_client(shop) as client:
        answer = await client.get("/velocious/boot.json")
        assert answer.status_code == 503
        assert ENTRY in answer.json()["error"]["message"]


@needs_runtime
async def test_production_looks_at_the_files_once(
    shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks: list[object] = []

    def counted(configuration: Configuration) -> snapshot.Signature:
        looks.append(configuration)
        return ()

    monkeypatch.setattr(assets, "signature", counted)
    async with a_client(shop, environment="production") as client:
        assert await boot_of(client) == await boot_of(client)
    assert len(looks) == 1
