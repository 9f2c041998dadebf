"""A service worker that the browser stops in the middle of a request: answered or explained, never
done twice. Short here, long by `make drill`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from browser_tests._browser import browser
from browser_tests._pages import (
    fetch_json,
    pages_server,
    stop_service_workers,
    visit_once,
    wait_until,
)

if TYPE_CHECKING:
    from collections.abc import Generator

    from playwright.sync_api import Page

ORDER = """(name) => {
    window.told = null;
    fetch('/echo/orders', { method: 'POST', body: new URLSearchParams({ name }) }).then(
        async (answer) => { window.told = [answer.status, await answer.text()]; },
        (error) => { window.told = [0, String(error)]; },
    );
}"""


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Generator[Page]:
    """A tab whose server is gone and whose Python is awake."""
    place = tmp_path_factory.mktemp("interruptions")
    with pages_server(place) as server, browser(place / "profile") as context:
        page = visit_once(context, server)
        server.stop()
        assert fetch_json(page, "/echo/where")["place"] == "browser"
        wait_until(page, "() => globalThis.velociousCLI !== undefined")
        yield page


def in_python(page: Page, line: str) -> str:
    """What a line of Python says in the worker; it does not go through the service worker."""
    code = f"from app.controllers import echo_controller as echo\n{line}"
    told = page.evaluate("code => velociousCLI.run('runner', code)", code)
    assert told["exitCode"] == 0, told
    return told["output"].strip()


def wait_for_order(page: Page, name: str) -> None:
    wait_until(
        page,
        """async (code) => (await velociousCLI.run('runner', code)).output.includes('True')""",
        f"from app.controllers import echo_controller as echo\n{name!r} in echo.orders",
    )


def interrupted_order(page: Page, name: str) -> list[Any]:
    """What a page is told of an order in the middle of which the service worker was stopped."""
    in_python(page, "echo.gate.clear()")
    page.evaluate(ORDER, name)
    wait_for_order(page, name)
    stop_service_workers(page)
    in_python(page, "echo.gate.set()")
    wait_until(page, "() => window.told !== null")
    return page.evaluate("window.told")


@pytest.mark.parametrize(
    "times", [2, pytest.param(50, marks=pytest.mark.drill)], ids=["short", "long"]
)
def test_an_order_is_never_done_twice(page: Page, times: int) -> None:
    for number in range(times):
        name = f"{times}-{number}"
        status, text = interrupted_order(page, name)
        assert in_python(page, f"echo.orders.count({name!r})") == "1", (status, text)
        assert status in (0, 200, 500), (status, text)
        after = f"after {name}"
        page.evaluate(ORDER, after)
        wait_until(page, "() => window.told !== null")
        assert page.evaluate("window.told[0]") == 200
        assert in_python(page, f"echo.orders.count({after!r})") == "1"
