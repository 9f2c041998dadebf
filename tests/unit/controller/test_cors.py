"""CORS: which pages of other sites may read what."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.controller.answers import client_of
from velocious.controller import Controller
from velocious.controller.cors import Cors
from velocious.controller.cors.origins import Origins
from velocious.errors import ConfigurationError, UnknownOptionError

APP, EVIL = "https://app.example", "https://evil.example"
RULE = {"origins": [APP], "methods": ["DELETE"], "headers": ["X-Key"], "expose": ["X-Total"]}


class DataController(Controller):
    async def data(self) -> None:
        self.render(json=5)

    async def text(self) -> None:
        self.render_text("five")

    async def broken(self) -> None:
        raise LookupError("inside")


def ask(cors: Any, **options: Any) -> Any:
    return client_of(DataController, http={"cors": cors, **options})


async def answer_to(client: Any, origin: str | None, path: str = "/data", **headers: str) -> Any:
    given = headers if origin is None else {"Origin": origin, **headers}
    return await client.get(path, headers=given)


async def preflight(
    client: Any, origin: str = APP, method: str = "DELETE", headers: str = "", path: str = "/data"
) -> Any:
    given = {"Origin": origin, "Access-Control-Request-Method": method}
    if headers:
        given["Access-Control-Request-Headers"] = headers
    return await client.options(path, headers=given)


def allowed(answer: Any) -> str | None:
    return answer.headers.get("access-control-allow-origin")


@pytest.mark.parametrize("path", ["/data", "/text", "/broken", "/nowhere"])
async def test_a_listed_page_may_read_every_answer_errors_too(path: str) -> None:
    async with ask(RULE) as client:
        answer = await answer_to(client, APP, path)
    assert allowed(answer) == APP
    assert answer.headers["access-control-expose-headers"] == "X-Total"
    assert answer.headers.get_list("vary") == ["Origin"]
    assert "access-control-allow-credentials" not in answer.headers


@pytest.mark.parametrize("origin", [EVIL, "null", "", "https://app.example.evil.example", None])
async def test_other_pages_read_nothing_and_caches_are_told(origin: str | None) -> None:
    async with ask(RULE) as client:
        answer = await answer_to(client, origin)
    assert answer.status_code == 200
    assert allowed(answer) is None
    assert answer.headers["vary"] == "Origin"


async def test_without_rules_there_is_nothing_to_read() -> None:
    async with client_of(DataController) as client:
        answer = await answer_to(client, APP)
        assert allowed(answer) is None
        assert "vary" not in answer.headers
        assert allowed(await preflight(client)) is None


async def test_credentials_are_said_to_the_listed_page_alone() -> None:
    async with ask({"origins": [APP], "credentials": True}) as client:
        answer = await answer_to(client, APP)
        assert answer.headers["access-control-allow-credentials"] == "true"
        answer = await answer_to(client, EVIL)
        assert "access-control-allow-credentials" not in answer.headers


async def test_any_page_may_read_what_is_for_everybody() -> None:
    async with ask({"origins": ["*"]}) as client:
        answer = await answer_to(client, EVIL)
        assert allowed(answer) == "*"
        assert "vary" not in answer.headers
        assert allowed(await answer_to(client, "null")) is None


@pytest.mark.parametrize(
    ("origin", "taken"),
    [
        ("https://a.shop.test", True),
        ("https://a.b.shop.test", True),
        ("https://shop.test", False),
        ("https://evilshop.test", False),
        ("http://a.shop.test", False),
        ("https://a.shop.test:8443", False),
        ("https://a.shop.test.evil.test", False),
        ("https://evil.test/.shop.test", False),
        ("https://evil.test#.shop.test", False),
        ("https://.shop.test", False),
    ],
)
def test_a_pattern_takes_names_below_a_domain(origin: str, taken: bool) -> None:
    assert Origins(["https://*.shop.test"]).take(origin) is taken


def test_a_page_without_an_origin_is_taken_only_where_it_is_listed() -> None:
    assert not Origins(["*"]).take("null")

    def everybody(_: str) -> bool:
        return True

    assert not Origins(everybody).take("null")
    assert Origins(["null"]).take("null")


async def test_a_function_may_say_which_origins() -> None:
    asked: list[str] = []

    def ours(origin: str) -> bool:
        asked.append(origin)
        return origin.endswith(".example")

    async with ask({"origins": ours}) as client:
        assert allowed(await answer_to(client, APP)) == APP
        assert allowed(await answer_to(client, "https://app.test")) is None
    assert asked == [APP, "https://app.test"]


async def test_a_function_may_say_which_rule() -> None:
    def rule(scope: Any) -> Any:
        return RULE if scope["path"] == "/data" else None

    async with ask(rule) as client:
        assert allowed(await answer_to(client, APP, "/data")) == APP
        assert allowed(await answer_to(client, APP, "/text")) is None


async def test_the_first_rule_that_covers_a_path_is_the_one() -> None:
    rules = [{"origins": [APP], "paths": ["/data", "/api/*"]}, {"origins": ["*"]}]
    async with ask(rules) as client:
        assert allowed(await answer_to(client, EVIL, "/data")) is None
        assert allowed(await answer_to(client, EVIL, "/api/x")) is None
        assert allowed(await answer_to(client, EVIL, "/apix")) == "*"
        assert allowed(await answer_to(client, EVIL, "/text")) == "*"


# Preflights


async def test_a_preflight_is_told_what_the_page_may_do() -> None:
    async with ask(RULE) as client:
        answer = await preflight(client, headers="x-key")
    assert (answer.status_code, answer.content) == (204, b"")
    assert allowed(answer) == APP
    assert answer.headers["access-control-allow-methods"] == "GET, HEAD, POST, DELETE"
    assert answer.headers["access-control-allow-headers"] == "X-Key"
    assert answer.headers["access-control-max-age"] == "600"
    assert "access-control-request-headers" in answer.headers["vary"]
    assert "Origin" in answer.headers["vary"]


@pytest.mark.parametrize(
    "asked",
    [
        {"origin": EVIL},
        {"origin": "null"},
        {"method": "PUT"},
        {"method": "delete"},
        {"headers": "x-other"},
        {"headers": "x-key, x-other"},
    ],
)
async def test_a_preflight_for_more_is_refused(asked: dict[str, str]) -> None:
    async with ask(RULE) as client:
        answer = await preflight(client, **asked)
    assert answer.status_code == 403
    assert answer.json()["error"]["code"] == "origin_not_allowed"
    if "origin" in asked:
        assert allowed(answer) is None


async def test_a_preflight_reaches_no_action_and_needs_no_route() -> None:
    async with ask(RULE) as client:
        assert (await preflight(client, path="/broken")).status_code == 204
        assert (await preflight(client, path="/nowhere")).status_code == 204


async def test_an_options_request_that_is_no_preflight_is_the_routes_business() -> None:
    async with ask(RULE) as client:
        for headers in ({}, {"Origin": APP}, {"Sec-Fetch-Mode": "cors"}):
            answer = await client.options("/data", headers=headers)
            assert "POST" in answer.headers["allow"]
            assert "access-control-allow-methods" not in answer.headers


# Rules that make no sense


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        ({}, "names no origins"),
        ({"origins": APP}, "give a list"),
        ({"origins": [f"{APP}/"]}, "which is none"),
        ({"origins": ["app.example"]}, "which is none"),
        ({"origins": ["https://*"]}, "which is none"),
        ({"origins": ["https://a*.example"]}, "which is none"),
        ({"origins": ["https://A.example"]}, "small letters"),
        ({"origins": ["*"], "credentials": True}, "any site could act"),
        ({"origins": [APP], "methods": "PUT"}, "methods is 'PUT'; give a list"),
        ("*", "give a rule"),
        (["*"], "give a rule"),
    ],
)
def test_a_rule_that_makes_no_sense_is_refused(rule: Any, message: str) -> None:
    with pytest.raises(ConfigurationError, match=message):
        Cors(rule)


def test_an_unknown_key_is_refused() -> None:
    with pytest.raises(UnknownOptionError, match="credentials"):
        Cors({"origins": [APP], "credential": True})
