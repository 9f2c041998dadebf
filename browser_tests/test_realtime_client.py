"""The client in a worker: real sockets of a real browser."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

import pytest

from browser_tests._browser import browser
from browser_tests._notes import NOTES, call, done, opened
from browser_tests._site import serving
from browser_tests._sockets import sockets
from velocious.realtime.sse import stream

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


def hears(page: Page, last: Any, what: str = "talk.heard") -> list[Any]:
    """Everything that was heard, once *last* was."""
    return page.evaluate(
        """async ([last, what]) => {
            for (let turn = 0; turn < 500; turn += 1) {
                const heard = await app.call(what);
                if (heard.at(-1) === last) return heard;
                await new Promise((resolve) => setTimeout(resolve, 20));
            }
            return app.call(what);
        }""",
        [last, what],
    )


def stands(page: Page, state: str) -> None:
    """Wait until the client's state is *state*."""
    for _ in range(500):
        if call(page, "talk.state") == state:
            return
        page.wait_for_timeout(20)
    raise AssertionError(f"It is {call(page, 'talk.state')!r}, never {state!r}")


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


def test_waits_for_the_network_and_is_back_as_soon_as_it_is(page: Page, server: Sockets) -> None:
    page.context.set_offline(True)
    try:
        server.do(server.cut())
        stands(page, "offline")
        server.do(server.engine.hub.publish("board:1", "n", 4))
        page.wait_for_timeout(300)
        assert call(page, "talk.state") == "offline"
        assert not server.engine.connections
    finally:
        page.context.set_offline(False)
    stands(page, "connected")
    assert hears(page, 4)[-2:] == [3, 4]


def test_a_stream_of_events_goes_on_where_it_broke(
    page: Page, server: Sockets, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream, "RETRY", 50)
    channels = server.configuration.channels
    assert call(page, "talk.stream", url=server.events_url) == ["connected", "sse-"]
    server.do(channels.publish("board:2", "n", 1))
    assert hears(page, 1, "talk.streamed") == [1]
    server.do(server.cut())
    server.do(channels.publish("board:2", "n", 2))
    assert hears(page, 2, "talk.streamed") == [1, 2]
    server.do(channels.publish("board:2", "n", 3))
    assert hears(page, 3, "talk.streamed") == [1, 2, 3]
    assert call(page, "talk.ended") == "disconnected"
    for _ in range(100):
        if not any(one.connections for one in server.configuration.realtime.engines):
            return
        page.wait_for_timeout(20)
    raise AssertionError("the stream of a client that has gone is still there")


def test_a_stream_that_is_refused_says_why(page: Page, server: Sockets) -> None:
    many = ",".join(f"board:{number}" for number in range(200))
    told = call(page, "talk.refused", url=f"{server.events_url}?channels={many}")
    assert "400" in told
