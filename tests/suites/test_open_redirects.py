"""No address that a client sends leads to another site, nor to an error of ours."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest

from tests.suites.visiting import visiting
from velocious.controller import Controller

if TYPE_CHECKING:
    from velocious.testing.environment import TestEnvironment

AWAY = [
    "//evil.example",
    "///evil.example",
    "/\\evil.example",
    "\\/evil.example",
    "\\\\evil.example",
    "https://evil.example",
    "HTTPS:evil.example",
    "https:/evil.example",
    "evil.example",
    "javascript:alert(1)",
    "data:text/html,x",
    " //evil.example",
    "\t//evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "/\r/evil.example",
    "/\\\t/evil.example",
    "/ok\r\nSet-Cookie: a=1",
    "?next=1",
    "#x",
]
HOME = ["/", "/tasks?page=2#row-7", "/%2f/evil.example", "/a//b", "/é"]
BACK = [
    "http://evil.example/",
    "http://app.test.evil.example/",
    "http://app.test@evil.example/",
    "http://app.test:8080/",
    "https://app.test/",
    "//app.test/",
    "http://app.test//evil.example",
    "http://app.test/\\evil.example",
    "javascript:alert(1)",
    "http://[::1",
]


class DoorsController(Controller):
    async def there(self) -> None:
        self.redirect_to(self.params["to"])

    async def anywhere(self) -> None:
        self.redirect_to(self.params["to"], allow_other_host=True)

    async def ours(self) -> None:
        self.redirect_to("//elsewhere.example")

    async def back(self) -> None:
        self.redirect_back(fallback="/start")


def doors(environment: TestEnvironment) -> Any:
    return visiting(environment, DoorsController)


@pytest.mark.parametrize("address", AWAY)
async def test_an_address_of_the_client_s_that_leads_away_is_400(
    environment: TestEnvironment, address: str
) -> None:
    async with doors(environment) as visitor:
        answer = await visitor.get(f"/there?to={quote(address, safe='')}")
        assert (answer.status, answer.header("location")) == (400, None)
        assert list(answer.json()["error"]["errors"]) == ["to"]


@pytest.mark.parametrize("query", ["to[]=/a", "to[x]=/a"])
async def test_an_address_that_is_no_text_is_400(environment: TestEnvironment, query: str) -> None:
    async with doors(environment) as visitor:
        for action in ("there", "anywhere"):
            assert (await visitor.get(f"/{action}?{query}")).status == 400


@pytest.mark.parametrize("address", HOME)
async def test_an_address_of_ours_is_gone_to(environment: TestEnvironment, address: str) -> None:
    async with doors(environment) as visitor:
        answer = await visitor.get(f"/there?to={quote(address, safe='')}")
        assert answer.status == 302
        assert answer.header("location") == quote(address, safe="/?#=%&")


@pytest.mark.parametrize("address", ["javascript:alert(1)", "data:text/html,x", "https://a\tb"])
async def test_even_another_host_is_an_address_of_the_web(
    environment: TestEnvironment, address: str
) -> None:
    async with doors(environment) as visitor:
        answer = await visitor.get(f"/anywhere?to={quote(address, safe='')}")
        assert (answer.status, answer.header("location")) == (400, None)


async def test_an_address_of_the_program_s_that_leads_away_is_ours(
    environment: TestEnvironment,
) -> None:
    async with doors(environment) as visitor:
        answer = await visitor.get("/ours")
        assert (answer.status, answer.json()["error"]["code"]) == (500, "internal_error")


@pytest.mark.parametrize("referer", BACK)
async def test_the_way_back_is_never_another_site(
    environment: TestEnvironment, referer: str
) -> None:
    async with doors(environment) as visitor:
        answer = await visitor.get("/back", referer=referer)
        assert answer.header("location") == "/start"
