"""Another version of a site: fetched whole, waiting for a person, never mixed with the old one."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any, cast

import pytest
from playwright.sync_api import expect

from browser_tests._browser import browser
from browser_tests._pages import APPLICATION, SECONDS, wait_until
from browser_tests._scaffold import run
from browser_tests._static import statically_served, stop
from browser_tests.pages import LEFT_OUT

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

    from playwright.sync_api import BrowserContext, CDPSession, Page

    from browser_tests._static import StaticServer

PREFIX = "/"
HERE = "globalThis[Symbol.for('velocious')].app"
BAR = "#velocious-update-bar"


@pytest.fixture(scope="module")
def versions(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The site twice: its second version says so on the list, and has another style."""
    place = tmp_path_factory.mktemp("versions")
    application = place / "pages"
    shutil.copytree(APPLICATION, application, ignore=LEFT_OUT)
    run(application, "web:build", "--prefix", PREFIX, "--output", str(place / "first"))
    controller = application / "app/controllers/posts_controller.py"
    text = controller.read_text()
    controller.write_text(text.replace('"<ul>', '"<p>The second version</p><ul>'))
    (application / "web/app.css").write_text("body { color: rgb(1, 2, 3); }")
    run(application, "web:build", "--prefix", PREFIX, "--output", str(place / "second"))
    return place / "first", place / "second"


@pytest.fixture(scope="module")
def context(tmp_path_factory: pytest.TempPathFactory) -> Generator[BrowserContext]:
    """One browser: each test has an origin of its own."""
    with browser(tmp_path_factory.mktemp("profile")) as running:
        yield running


@pytest.fixture
def server(versions: tuple[Path, Path], tmp_path: Path) -> Generator[StaticServer]:
    """A server of files that has the first version."""
    (tmp_path / "site").mkdir()
    with statically_served(tmp_path / "site", PREFIX) as running:
        deploy(running, versions[0])
        yield running


def deploy(server: StaticServer, version: Path) -> None:
    shutil.rmtree(server.folder)
    shutil.copytree(version, server.folder)


def posts(context: BrowserContext, server: StaticServer) -> Page:
    """A tab on the list, whose browser has its copy."""
    page = context.new_page()
    page.set_default_timeout(SECONDS)
    page.goto(f"{server.origin}{PREFIX}posts")
    page.wait_for_selector("#place")
    wait_until(page, f"() => {HERE}.offline.value.name === 'ready'")
    return page


def versions_kept(page: Page) -> int:
    return page.evaluate("caches.keys().then((names) => names.length)")


def look_for_an_update(page: Page) -> None:
    page.evaluate(f"{HERE}.update.check()")


def test_a_new_version_waits_for_a_person_while_old_tabs_go_on(
    context: BrowserContext, server: StaticServer, versions: tuple[Path, Path]
) -> None:
    page = posts(context, server)
    plain = context.new_page()
    plain.goto(f"{server.origin}{PREFIX}plain.html")
    first = page.evaluate(f"fetch('{PREFIX}velocious/boot.json').then((answer) => answer.json())")
    deploy(server, versions[1])
    look_for_an_update(page)
    expect(page.locator(BAR)).to_contain_text("A new version is here.", timeout=SECONDS)
    assert page.evaluate("document.activeElement.closest('#velocious-update-bar')") is None

    # It is there, and nothing of it is used: no document, no file, no program.
    page.reload()
    expect(page.locator(BAR)).to_contain_text("A new version is here.", timeout=SECONDS)
    assert page.get_by_text("The second version").count() == 0
    assert page.evaluate("fetch('app.css').then((answer) => answer.text())").startswith(
        "body { font"
    )
    page.locator(BAR).get_by_role("button", name="Later").click()
    assert page.locator(BAR).count() == 0
    again = page.evaluate(f"fetch('{PREFIX}velocious/boot.json').then((answer) => answer.json())")
    assert again == first

    page.evaluate(f"void {HERE}.update.apply()")
    page.get_by_text("The second version").wait_for()
    assert page.evaluate("fetch('app.css').then((answer) => answer.text())").startswith(
        "body { col"
    )

    # The other tab still has what its version needs, although the server has it no more.
    expect(plain.locator(BAR)).to_contain_text("A new version is here.", timeout=SECONDS)
    assert (
        plain.evaluate("url => fetch(url).then((answer) => answer.status)", first["app"]["url"])
        == 200
    )
    assert versions_kept(plain) == 2
    plain.locator(BAR).get_by_role("button", name="Reload").click()
    wait_until(page, "() => caches.keys().then((names) => names.length === 1)")


def test_an_update_that_fails_half_way_leaves_the_version_before_working(
    context: BrowserContext, server: StaticServer, versions: tuple[Path, Path], tmp_path: Path
) -> None:
    nothing = tmp_path / "nothing"
    nothing.mkdir()
    page = posts(context, server)
    deploy(server, versions[1])
    archive = next((server.folder / "velocious/app").glob("*.zip"))
    whole = archive.read_bytes()
    style = server.folder / "app.css"
    for spoil in (
        lambda: archive.unlink(),
        lambda: archive.write_bytes(whole[: len(whole) // 2]),
        lambda: (archive.write_bytes(whole), style.write_text("body { color: red; }")),
    ):
        spoil()
        page.evaluate(f"{HERE}.offline.set({{ name: 'ready', message: 'not told yet' }})")
        look_for_an_update(page)
        wait_until(page, f"() => {HERE}.offline.value.message.includes('could not be kept')")
        assert versions_kept(page) == 1
        assert page.evaluate(f"{HERE}.update.value.name") == "none"
    deploy(server, nothing)
    page.reload()
    page.get_by_role("heading", name="Posts", exact=True).wait_for()
    assert page.get_by_text("The second version").count() == 0

    deploy(server, versions[1])
    wait_until(page, f"() => {HERE}?.offline.value.name === 'ready'")
    look_for_an_update(page)
    page.locator(BAR).get_by_role("button", name="Reload").click()
    page.get_by_text("The second version").wait_for()
    stop(server)
    page.reload()
    page.get_by_text("The second version").wait_for()


def test_chromium_finds_the_site_installable(context: BrowserContext, server: StaticServer) -> None:
    page = posts(context, server)
    session = context.new_cdp_session(page)
    manifest = said(session, "Page.getAppManifest")
    assert manifest["errors"] == []
    assert manifest["manifest"]["name"] == "Pages"
    assert said(session, "Page.getInstallabilityErrors")["installabilityErrors"] == []
    states = page.evaluate(f"[{HERE}.install.value.name, {HERE}.update.value.name]")
    assert states[0] in ("unavailable", "available")
    assert states[1] == "none"


def said(session: CDPSession, method: str) -> dict[str, Any]:
    answer = session.send(method)  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
    return cast("dict[str, Any]", answer)
