"""The engines of other browsers: Firefox's keeps data, WebKit's says what it cannot do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from browser_tests import _firefox, _webkit
from browser_tests._firefox import Firefox
from browser_tests._notes import NOTES
from browser_tests._pages import pages_server
from browser_tests._site import serving
from browser_tests._webkit import WebKit

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

    from browser_tests._firefox import FirefoxPage

firefox = pytest.mark.skipif(_firefox.executable() is None, reason="There is no Firefox here.")
webkit = pytest.mark.skipif(
    _webkit.executable() is None, reason="There is no WebKit with WebDriver and Xvfb here."
)

START = """async (options) => {
    while (!window.loaded) await new Promise((resolve) => setTimeout(resolve, 20));
    const url = new URL('/velocious/boot.json', location).href;
    const boot = await (await fetch(url)).json();
    const { start } = await import('/velocious/client.mjs');
    window.app = await start({ boot: { ...boot, url, ...options } });
    return app.storage.value;
}"""
MIGRATE = "async () => (await velociousCLI.run('db:migrate')).exitCode"
LIST = "async () => app.call('notes.list')"
#: Writes until the page dies; what was confirmed is told to whoever asks.
WRITE = """async () => {
    window.confirmed = 0;
    (async () => {
        while (true) {
            await app.call('notes.add', { text: `note ${confirmed + 1}` });
            window.confirmed += 1;
        }
    })();
}"""
CONFIRMED = """async (least) => {
    while (window.confirmed < least) await new Promise((resolve) => setTimeout(resolve, 20));
    return window.confirmed;
}"""


@pytest.fixture(scope="module")
def origin() -> Generator[str]:
    with serving(NOTES, ("app",)) as address:
        yield address


def started(page: FirefoxPage | WebKit, **options: Any) -> dict[str, Any]:
    return page.evaluate(START, options)


@firefox
def test_firefox_keeps_what_was_confirmed_when_it_is_killed(origin: str, tmp_path: Path) -> None:
    with Firefox(tmp_path / "profile") as first:
        page = first.open(origin)
        storage = started(page)
        assert (storage["state"], storage["flushes"]) == ("best-effort", True)
        assert page.evaluate(MIGRATE) == 0
        page.evaluate(WRITE)
        confirmed: int = page.evaluate(CONFIRMED, 100)
        first.kill()
    with Firefox(tmp_path / "profile") as second:
        page = second.open(origin)
        started(page)
        kept: list[str] = page.evaluate(LIST)
    assert kept == [f"note {number}" for number in range(1, len(kept) + 1)]
    assert len(kept) >= confirmed


@firefox
def test_firefox_goes_on_with_the_server_gone(tmp_path: Path) -> None:
    with pages_server(tmp_path) as server, Firefox(tmp_path / "profile") as running:
        page = running.open(f"{server.origin}/posts")
        controlled = "navigator.serviceWorker.controller !== null"
        page.evaluate(f"async () => {{ while (!({controlled})) await new Promise(setTimeout); }}")
        server.stop()
        page.goto(f"{server.origin}/posts")
        place = page.evaluate("""async () => {
            while (!document.querySelector('#place')) await new Promise(setTimeout);
            return document.querySelector('#place').textContent;
        }""")
        assert place == "browser"


@webkit
def test_webkit_says_why_it_keeps_no_data_and_works_in_memory_where_it_may(origin: str) -> None:
    with WebKit() as page:
        page.goto(origin)
        with pytest.raises(AssertionError, match="this browser cannot keep a database: .*OPFS"):
            started(page)
        assert started(page, allowVolatile=True)["state"] == "volatile"
        assert page.evaluate(MIGRATE) == 0
        page.evaluate("async () => app.call('notes.add', { text: 'in memory' })")
        assert page.evaluate(LIST) == ["in memory"]
