"""``web:build`` and ``web:manifest``: a folder for any web server, and what is in it."""

from __future__ import annotations

import ast
import json
import re
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zipfile import ZipFile, is_zipfile

import pytest
from velocious_runtime.source_digest import SERVER_PARTS, source_files

from tests.node.test_browser_assets import needs_runtime
from velocious_node.browser.own_sources import browser_packages

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.node.application import GeneratedApplication

pytestmark = needs_runtime

CONTROLLER = """from velocious.controller import Controller


class {}Controller(Controller):
    async def index(self):
        pass
"""


def built(blog: GeneratedApplication, output: str = "dist/web") -> dict[str, bytes]:
    """Every file of the folder, by its path in it."""
    place = blog.directory / output
    return {
        path.relative_to(place).as_posix(): path.read_bytes()
        for path in sorted(place.rglob("*"))
        if path.is_file()
    }


def everything(files: dict[str, bytes]) -> Iterator[tuple[str, bytes]]:
    """Each file, what is in archives, and all names."""
    for name, content in files.items():
        yield name, name.encode() + b"\n" + content
        if is_zipfile(BytesIO(content)):
            with ZipFile(BytesIO(content)) as archive:
                for inner in archive.namelist():
                    yield f"{name}!{inner}", inner.encode() + b"\n" + archive.read(inner)


def settings_of(files: dict[str, bytes]) -> dict[str, Any]:
    found = re.search(r"run\((.*)\);\n", files["velocious-worker.mjs"].decode(), re.DOTALL)
    assert found is not None
    return json.loads(found[1])


# The folder


async def test_every_address_that_a_browser_is_told_is_a_file_below_the_prefix(
    generated: GeneratedApplication,
) -> None:
    await generated.done("web:build", "--prefix", "/app/")
    files = built(generated)
    settings, boot = settings_of(files), json.loads(files["velocious/boot.json"])
    told = [*settings["files"], *settings["fresh"], boot["serviceWorker"]["url"]]
    told += [settings["root"] + path for path in settings["web"]]
    for address in told:
        assert address.startswith("/app/"), address
        path = address.removeprefix("/app/").partition("?")[0]
        assert (path + "index.html" if path.endswith("/") or not path else path) in files
    assert (boot["prefix"], settings["root"], settings["alone"]) == ("/app", "/app", True)
    # The widest scope that a server without a header of its own allows.
    assert boot["serviceWorker"] == {"url": "/app/velocious-worker.mjs", "scope": "/app/"}
    for name in (
        "client.mjs",
        "page.mjs",
        "interpreter.mjs",
        "page/shell.mjs",
        "pyscript.mjs",
        "pyscript/core.js",
    ):
        stub = files[f"velocious/{name}"].decode()
        target = re.search(r'"(.+)"', stub)
        assert target is not None
        there = (Path("/velocious") / name).parent / target[1]
        assert str(there.resolve())[1:] in files, stub


async def test_a_build_leaves_the_developer_tools_out(generated: GeneratedApplication) -> None:
    await generated.done("web:build")
    assert not [name for name in built(generated) if "devtools" in name]
    assert "velocious/devtools.html" in await generated.done("web:manifest")


async def test_a_build_has_the_developer_tools_that_the_configuration_asks_for(
    generated: GeneratedApplication,
) -> None:
    path = generated.directory / "app/config/configuration.py"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("browser=BROWSER,", "browser=BROWSER, devtools=True,"))
    await generated.done("web:build", "--prefix", "/app/")
    files = built(generated)
    assert b'"/app/velocious/devtools/page.mjs"' in files["velocious/devtools.html"]
    for name in ("page.mjs", "panel.mjs"):
        target = re.search(r'"(.+)"', files[f"velocious/devtools/{name}"].decode())
        assert target is not None
        assert str((Path("/velocious/devtools") / target[1]).resolve())[1:] in files


async def test_the_types_of_what_pages_import_are_beside_it_and_not_kept(
    generated: GeneratedApplication,
) -> None:
    await generated.done("web:build")
    files = built(generated)
    for name in ("client", "use_velocious"):
        assert f"velocious/{name}.mjs" in files
        assert b"export " in files[f"velocious/{name}.d.mts"]
    settings = settings_of(files)
    assert [one for one in settings["files"] if one.endswith("/use_velocious.mjs")]
    assert [one for one in settings["files"] if one.endswith(".d.mts")] == []


async def test_two_builds_are_the_same_to_the_byte(generated: GeneratedApplication) -> None:
    await generated.done("web:build")
    first = built(generated)
    await generated.done("web:build", "--output", "elsewhere")
    assert first == built(generated, "elsewhere")


async def test_a_build_takes_the_place_of_the_one_before(generated: GeneratedApplication) -> None:
    generated.write("web/old.txt", "old")
    await generated.done("web:build")
    before = built(generated)
    assert before["old.txt"] == b"old"
    (generated.directory / "web/old.txt").unlink()
    generated.write("app/models/post.py", "# another bundle\n")
    await generated.done("web:build")
    after = built(generated)
    assert "old.txt" not in after
    bundles = [name for name in after if name.startswith("velocious/app/")]
    assert len(bundles) == 1 and bundles[0] not in before
    assert [path.name for path in (generated.directory / "dist").iterdir()] == ["web"]


async def test_a_build_that_fails_leaves_the_one_before(
    generated: GeneratedApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    await generated.done("web:build")
    before = built(generated)
    generated.write("web/another.txt", "new")
    written: list[Path] = []
    write_bytes = Path.write_bytes

    def fail_in_the_middle(path: Path, content: bytes) -> int:
        written.append(path)
        if len(written) > 20:
            raise OSError(28, "No space left on device")
        return write_bytes(path, content)

    monkeypatch.setattr(Path, "write_bytes", fail_in_the_middle)
    code, text = await generated.line("web:build")
    assert code == 1 and "No space left on device" in text
    assert built(generated) == before
    assert [path.name for path in (generated.directory / "dist").iterdir()] == ["web"]


@pytest.mark.parametrize("output", [".", "app", "web/site"])
async def test_a_folder_that_holds_anything_else_is_not_replaced(
    generated: GeneratedApplication, output: str
) -> None:
    code, text = await generated.line("web:build", "--output", output)
    assert code == 1 and "--output" in text
    assert (generated.directory / "app/config/configuration.py").is_file()


@pytest.mark.parametrize("prefix", ["app", "/a//b", "/../x", "/a?b", '/"x'])
async def test_a_prefix_that_is_no_path_is_refused(
    generated: GeneratedApplication, prefix: str
) -> None:
    code, text = await generated.line("web:build", "--prefix", prefix)
    assert code == 2 and "Write it like /app/" in text


# The pages


async def test_each_page_has_a_file_that_starts_the_application(
    generated: GeneratedApplication,
) -> None:
    routes = (
        'routes.get("/posts", to="posts#index")\nroutes.get("/posts/{id:int}", to="posts#index")'
    )
    generated.write("app/controllers/posts_controller.py", CONTROLLER.format("Posts"))
    place = generated.directory / "app/config/routes.py"
    place.write_text(f"{place.read_text()}\n{routes}\n")
    text = await generated.done("web:build", "--prefix", "/app")
    files = built(generated)
    assert "/app/posts" in text
    for name in ("index.html", "posts.html", "posts/index.html", "404.html"):
        assert b"/app/velocious/page/shell.mjs" in files[name], name
    assert b'data-velocious-page="/app/posts"' in files["posts/index.html"]
    await generated.done("web:build", "--pages", "/posts/7")
    files = built(generated)
    assert "posts/7.html" in files and "index.html" not in files
    code, text = await generated.line("web:build", "--pages", "/,/pots")
    assert code == 1
    assert "'/pots' cannot be answered by a browser" in text and "/posts" in text


async def test_the_site_runs_in_production_unless_somebody_says_otherwise(
    generated: GeneratedApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("VELOCIOUS_ENV", raising=False)
    await generated.done("web:build")
    assert json.loads(built(generated)["velocious/boot.json"])["environment"] == "production"
    monkeypatch.setenv("VELOCIOUS_ENV", "test")
    await generated.done("web:build")
    assert json.loads(built(generated)["velocious/boot.json"])["environment"] == "test"


# What nobody may get

MARK = "planted-{}-5f2c9d41"


def plant(blog: GeneratedApplication) -> list[str]:
    """Mark everything that stays on the server; the marks."""
    places = {
        "tests": "tests/test_marked.py",
        "server-controller": "server/admin_controller.py",
        "seed": "app/db/seed.py",
        "jobs": "app/jobs/invoice_job.py",
        "environment-file": ".env",
        "hidden-model": "app/models/.draft.py",
        "git": ".git/config",
        "log": "log/development.log",
        "database": "db/development.sqlite3",
        "structure": "db/structure-default.sql",
        "backup": "backups/default.sqlite3",
        "web-python": "web/tool.py",
        "web-hidden": "web/.htpasswd",
        "web-git": "web/.git/config",
        "cache": "app/models/__pycache__/post.cpython-312.pyc",
        "upload": "storage/ab/upload",
        "own-secret": "tmp/.secret",
        "environment-production": ".env.production",
        "settings": "app/config/settings.py",
        "realtime-settings": "app/config/realtime.py",
        "testing": "app/config/testing.py",
        "channel": "app/channels/board_channel.py",
        "mailer": "app/mailers/invoice_mailer.py",
        "resource": "app/resources/account_resource.py",
        "provider": "config/redis.toml",
        "key": "config/master.key",
    }
    for name, path in places.items():
        blog.write(path, f"{MARK.format(name)} " + "x" * 40)
    # A secret is the whole file.
    blog.write("tmp/.secret", MARK.format("own-secret") + "x" * 40)
    return [MARK.format(name) for name in places]


async def test_nothing_of_the_server_is_in_any_byte_of_the_folder(
    generated: GeneratedApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    marks = plant(generated)
    secret = MARK.format("secret") * 2
    password = MARK.format("password")
    elsewhere = MARK.format("elsewhere")
    monkeypatch.setenv("VELOCIOUS_SECRET", secret)
    for name in ("MAIL_PASSWORD", "REDIS_URL", "VELOCIOUS_REALTIME", "VELOCIOUS_SECRET_OLD"):
        monkeypatch.setenv(name, f"redis://:{elsewhere}@cache.internal.test/0")
    monkeypatch.setenv("DATABASE_URL", f"postgresql://app:{password}@db.internal.test/app")
    place = generated.directory / "app/config/configuration.py"
    text = place.read_text().replace(
        "        browser=BROWSER,\n",
        "        browser=BROWSER,\n        databases=DATABASES,\n",
    )
    text = text.replace(
        "def configuration(",
        'URL = os.environ.get("DATABASE_URL")\n'
        'DATABASES = {"default": URL} if URL else None\n\n\ndef configuration(',
    ).replace("from os.path", "import os\nfrom os.path")
    place.write_text(text)
    await generated.done("web:build")
    files = built(generated)
    seen = dict(everything(files))
    assert any("app/config/configuration.py" in name for name in seen)
    for mark in [*marks, secret, password, elsewhere, "db.internal.test", "cache.internal.test"]:
        for spelling in (mark.encode(), mark.encode("utf-16-le")):
            assert [name for name, content in seen.items() if spelling in content] == [], mark
    directory = str(generated.directory).encode()
    assert [name for name, content in seen.items() if directory in content] == []


@pytest.mark.parametrize("where", ["app/models/post.py", "web/app.mjs"])
@pytest.mark.parametrize("command", ["web:build", "web:manifest"])
async def test_a_file_that_holds_the_secret_is_refused(
    generated: GeneratedApplication, monkeypatch: pytest.MonkeyPatch, where: str, command: str
) -> None:
    secret = "k" * 40
    monkeypatch.setenv("VELOCIOUS_SECRET", secret)
    generated.write(where, f'KEY = "{secret}"\n')
    code, text = await generated.line(command)
    assert code == 1
    assert where in text and "secret" in text and secret not in text
    assert not (generated.directory / "dist").exists()


async def test_the_installation_s_own_secret_is_refused(generated: GeneratedApplication) -> None:
    generated.write("tmp/.secret", "s" * 64)
    generated.write("app/models/post.py", f'KEY = "{"s" * 64}"\n')
    code, text = await generated.line("web:manifest")
    assert code == 1 and "app/models/post.py" in text


# The list


async def test_the_list_has_every_file_of_the_folder_with_its_size(
    generated: GeneratedApplication,
) -> None:
    await generated.done("web:build")
    files = built(generated)
    # In development the developer tools would be among them.
    listed = json.loads(await generated.done("web:manifest", "--json", "--environment=production"))
    sizes = {file["path"]: file for file in listed["files"]}
    originals = {name for name in files if not name.endswith((".br", ".gz"))}
    assert sizes.keys() == originals
    for name, file in sizes.items():
        if name not in ("velocious/boot.json", "velocious-worker.mjs"):  # they name an environment
            assert file["bytes"] == len(files[name]), name
            assert file["gzip"] == (len(files[f"{name}.gz"]) if f"{name}.gz" in files else None)
    groups = listed["groups"]
    assert set(groups) == {
        "pages", "application", "velocious", "runtime", "libraries", "javascript", "web",
    }  # fmt: skip
    for what in ("files", "bytes", "sent"):
        assert listed["total"][what] == sum(group[what] for group in groups.values())
    assert listed["first_visit"]["sent"] < listed["total"]["sent"]


async def test_a_first_visit_is_what_the_browser_keeps_and_what_leads_there(
    generated: GeneratedApplication,
) -> None:
    await generated.done("web:build")
    settings = settings_of(built(generated))
    listed = json.loads(await generated.done("web:manifest", "--json"))
    first = {file["path"] for file in listed["files"] if file["first_visit"]}
    kept = [*settings["files"], *settings["fresh"], *settings["web"]]
    told = {address[1:].partition("?")[0] for address in kept}
    assert first == {*told, "index.html", "velocious-worker.mjs", "velocious/page/shell.mjs"}


async def test_the_list_shows_what_is_in_the_archives_of_the_application_and_of_velocious(
    generated: GeneratedApplication,
) -> None:
    listed = json.loads(await generated.done("web:manifest", "--json"))
    contained = {
        one["path"]: one["bytes"] for file in listed["files"] for one in file.get("contains", [])
    }
    sent = [
        path.relative_to(generated.directory).as_posix()
        for path in generated.directory.rglob("*.py")
        if path.relative_to(generated.directory).as_posix() in contained
    ]
    assert {"app/config/configuration.py", "app/config/routes.py"} <= set(sent)
    for name in sent:
        assert contained[name] == (generated.directory / name).stat().st_size
    assert contained.keys() & {"app/db/seed.py", "app/config/testing.py"} == set()
    ours = {name.partition(".")[0] for name in contained if name.startswith("velocious/")}
    assert "velocious/configuration/configuration" in ours


async def test_no_browser_gets_what_only_servers_need(generated: GeneratedApplication) -> None:
    listed = json.loads(await generated.done("web:manifest", "--json"))
    packages = [file for file in listed["files"] if file["group"] == "velocious"]
    names = [one["path"] for file in packages for one in file["contains"]]
    assert names
    assert [one for one in names if one.startswith((*SERVER_PARTS, "velocious_node"))] == []


def test_nothing_that_a_browser_gets_imports_what_only_servers_need() -> None:
    absent = ("velocious_node", *(part.replace("/", ".") for part in SERVER_PARTS))
    wrong = [
        name
        for package in browser_packages()
        for name, path in source_files(package)
        if path.suffix == ".py"
        for imported in _imports(path.read_text(encoding="utf-8"))
        if any(imported == one or imported.startswith(f"{one}.") for one in absent)
    ]
    assert wrong == []


def _imports(source: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


async def test_the_list_reads_well(generated: GeneratedApplication) -> None:
    text = await generated.done("web:manifest")
    assert re.search(r"^In it +Bytes$", text, re.MULTILINE)
    assert re.search(r"^app/config/configuration\.py +[\d,]+$", text, re.MULTILINE)
    assert re.search(r"^velocious/boot\.json +[\d,]+ ", text, re.MULTILINE)
    assert re.search(r"^A first visit: \d+ files, [\d,]+ bytes, sent as [\d,]+\.$", text, re.M)


@pytest.mark.parametrize(
    ("listed", "said"),
    [("db/development.sqlite3", "database"), (".env", "hidden"), ("app/modles", "app/models")],
)
async def test_the_list_fails_where_a_server_would_refuse_the_bundle(
    generated: GeneratedApplication, listed: str, said: str
) -> None:
    generated.write("db/development.sqlite3", "")
    generated.write(".env", "")
    place = generated.directory / "app/config/configuration.py"
    place.write_text(place.read_text().replace("BROWSER = [", f'BROWSER = [\n    "{listed}",'))
    code, text = await generated.line("web:manifest")
    assert code == 1
    assert listed in text and said.rpartition("/")[2] in text


async def test_an_application_that_sends_nothing_is_not_built(
    generated: GeneratedApplication,
) -> None:
    place = generated.directory / "app/config/configuration.py"
    place.write_text(place.read_text().replace("browser=BROWSER", "browser=[]"))
    code, text = await generated.line("web:build")
    assert code == 1 and "lists nothing" in text
