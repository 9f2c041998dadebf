"""What a request must be like for a route to be its."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.unit.routing.asking import EchoController, client_of_routes
from velocious.errors import RoutingError
from velocious.routing import Routes

SHOW, INDEX = (EchoController, "show"), (EchoController, "index")


async def test_the_text_of_a_parameter_must_match_as_a_whole() -> None:
    routes = Routes()
    routes.get("/codes/{code}", to=SHOW, constraints={"code": r"[a-f]{2}"})
    routes.get("/codes/{number}", to=INDEX, constraints={"number": re.compile(r"\d+")})
    async with client_of_routes(routes) as client:
        assert (await client.get("/codes/af")).json() == {"action": "show", "code": "af"}
        assert (await client.get("/codes/12")).json() == {"action": "index", "number": "12"}
        for path in ("/codes/aff", "/codes/xaf", "/codes/af%0A"):
            assert (await client.get(path)).status_code == 404


async def test_a_route_whose_constraints_do_not_hold_is_not_there() -> None:
    routes = Routes()
    routes.post("/x/{id}", to=SHOW, constraints={"id": r"\d+"})
    async with client_of_routes(routes) as client:
        assert (await client.get("/x/7")).headers["allow"] == "OPTIONS, POST"
        assert (await client.get("/x/seven")).status_code == 404
        assert (await client.options("/x/seven")).status_code == 404


@pytest.mark.parametrize(
    ("constraints", "host", "status"),
    [
        ({"host": "shop.test"}, "SHOP.test:8080", 200),
        ({"host": "shop.test"}, "shopXtest", 404),
        ({"host": "shop.test"}, "a.shop.test", 404),
        ({"host": ".shop.test"}, "a.b.shop.test", 200),
        ({"host": ".shop.test"}, "shop.test.", 200),
        ({"host": ".shop.test"}, "evilshop.test", 404),
        ({"host": re.compile(r"[a-z]+\.test")}, "shop.test", 200),
        ({"host": re.compile(r"[a-z]+\.test")}, "shop.test.evil", 404),
        ({"host": "::1"}, "[::1]:80", 200),
        ({"subdomain": "api"}, "api.shop.test", 200),
        ({"subdomain": "api"}, "api.localhost:3006", 200),
        ({"subdomain": "api"}, "shop.test", 404),
        ({"subdomain": ""}, "shop.test", 200),
        ({"subdomain": ""}, "10.0.0.1", 200),
    ],
)
async def test_the_host_may_be_one_only(
    constraints: dict[str, Any], host: str, status: int
) -> None:
    routes = Routes()
    routes.get("/x", to=SHOW, constraints=constraints)
    async with client_of_routes(routes) as client:
        assert (await client.get("/x", headers={"host": host})).status_code == status


async def test_a_function_of_the_request_may_decide() -> None:
    def is_beta(request: Any) -> bool:
        return request.headers.get("x-beta") == "1" and request.path_params == {"id": "7"}

    routes = Routes()
    routes.get("/x/{id}", to=SHOW, constraints=[is_beta, {"id": r"\d"}])
    routes.get("/x/{id}", to=INDEX)
    async with client_of_routes(routes) as client:
        beta = await client.get("/x/7", headers={"x-beta": "1"})
        assert beta.json()["action"] == "show"
        assert (await client.get("/x/7")).json()["action"] == "index"


async def test_a_scope_s_constraints_hold_for_what_it_has_and_are_replaced_inside() -> None:
    routes = Routes()
    with routes.scope(path="/{year}", constraints={"year": r"\d{4}", "id": r"\d+"}):
        routes.get("/list", to=INDEX)
        routes.get("/{id}", to=SHOW, constraints={"id": "[a-z]+"})
    async with client_of_routes(routes) as client:
        assert (await client.get("/2026/list")).status_code == 200
        assert (await client.get("/26/list")).status_code == 404
        assert (await client.get("/2026/abc")).json()["id"] == "abc"
        assert (await client.get("/2026/7")).status_code == 404


async def test_defaults_are_parameters_that_a_request_cannot_replace() -> None:
    routes = Routes()
    routes.post("/x", to=SHOW, defaults={"format": "json", "level": 3})
    async with client_of_routes(routes) as client:
        answer = await client.post("/x?format=xml&q=1", json={"level": 9})
        assert answer.json() == {"action": "show", "format": "json", "level": 3, "q": "1"}


@pytest.mark.parametrize(
    ("constraints", "said"),
    [
        ({"idd": r"\d"}, "'idd', which is no parameter of the path. Did you mean 'id'"),
        ({"id": "["}, "'[', which is no regular expression"),
        ({"id": 7}, "is 7, which is no regular expression"),
        ({"host": 7}, "constraint of 'host' is 7; give a text"),
    ],
)
def test_constraints_that_make_no_sense_are_refused(constraints: dict[str, Any], said: str) -> None:
    with pytest.raises(RoutingError, match=re.escape(said)):
        Routes().get("/x/{id}", to="x#show", constraints=constraints)
