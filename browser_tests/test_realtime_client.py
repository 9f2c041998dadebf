"""The client in a worker: real sockets of a real browser."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

import pytest

from browser_tests._browser import browser
from browser_tests._notes import NOTES, call, done, opened
from browser_tests._site import serving
from browser_tests._sockets import sockets

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Page

    from browser_tests._sockets import Sockets


@pytest.fixture(scope="module")
def server() -> Iterator[Sockets]:
    with sockets() as running:
        yield running


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory, server: Sockets) -> Iterator[Page]:
    """A tab whose Python has a client that listens to ``board:1``."""
    root = tmp_path_factory.mktemp("site") / "notes"
    shutil.copytree(NOTES, root, ignore=shutil.ignore_patterns("__pycache__"))
    profile = tmp_path_factory.mktemp("realtime") / "profile"
    with (
        serving(root, ("app",)) as origin,
        browser(profile) as context,
        opened(context, origin) as tab,
    ):
        done(tab, "db:migrate")
        assert call(tab, "talk.connect", url=server.url) == "connected"
        yield tab


def hears(page: Page, last: Any) -> list[Any]:
    """Everything that was heard, once *last* was."""
    return page.evaluate(
        """async (last) => {
            for (let turn = 0; turn < 500; turn += 1) {
                const heard = await app.call('talk.heard');
                if (heard.at(-1) === last) return heard;
                await new Promise((resolve) => setTimeout(resolve, 20));
            }
            return app.call('talk.heard');
        }""",
        last,
    )


def test_calls_and_hears(page: Page, server: Sockets) -> None:
    text = "ä" * 5000
    assert call(page, "talk.ask", data={"a": text}) == {"a": text}
    server.do(server.engine.hub.publish("board:1", "n", 1))
    assert hears(page, 1) == [1]


def test_comes_back_to_what_it_missed(page: Page, server: Sockets) -> None:
    server.do(server.cut())
    server.do(server.engine.hub.publish("board:1", "n", 2))
    assert hears(page, 2) == [1, 2]
    assert len(server.engine.connections) == 1


def test_a_close_and_a_connect_at_once_leave_one_socket(page: Page, server: Sockets) -> None:
    assert call(page, "talk.again", times=3) == "connected"
    assert call(page, "talk.ask", data=7) == 7
    server.do(server.engine.hub.publish("board:1", "n", 3))
    assert hears(page, 3) == [1, 2, 3]
    assert len(server.engine.hub.connections) == 1


def test_a_server_that_is_not_there_is_waited_for(page: Page) -> None:
    told = call(page, "talk.alone", url="ws://127.0.0.1:9/")
    assert told[:2] == ["connecting", "waiting"]
    assert "the server is not there, or refuses" in told[-1]
