"""Redirects that are drawn."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.unit.routing.asking import client_of_routes
from velocious.errors import RoutingError
from velocious.routing import Routes


@pytest.mark.parametrize(
    ("asked", "location"),
    [
        ("/old", "/new"),
        ("/old?page=2&q=a%20b", "/new?page=2&q=a%20b"),
        ("/posts/7", "/articles/7#top"),
        ("/posts/7?x=1", "/articles/7?x=1#top"),
        ("/words/a%2Fb%3Fc%0D%0Ax", "/w/a%2Fb%3Fc%0D%0Ax"),
        ("/fixed?x=1", "/there?from=here"),
        ("/docs/guide", "https://docs.example.com/guide"),
        ("/files/a/b", "/a/b"),
        # What a request fills in is never a host.
        ("/files//evil.test", "/evil.test"),
        ("/files/%2F%2Fevil.test", "/evil.test"),
        ("/files/%5Cevil.test", "/%5Cevil.test"),
        ("/words/%2F%2Fevil.test", "/w/%2F%2Fevil.test"),
        ("/words/.evil.test", "/w/.evil.test"),
    ],
)
async def test_a_redirect_leads_to_its_address_with_parameters_and_query(
    asked: str, location: str
) -> None:
    routes = Routes()
    routes.redirect("/old", "/new")
    routes.redirect("/posts/{id:int}", "/articles/{id}#top")
    routes.redirect("/words/{word}", "/w/{word}")
    routes.redirect("/fixed", "/there?from=here")
    routes.redirect("/docs/{page}", "https://docs.example.com/{page}")
    routes.redirect("/files/{rest:path}", "/{rest:path}")
    async with client_of_routes(routes) as client:
        answer = await client.get(asked)
    assert (answer.status_code, answer.headers["location"]) == (301, location)
    assert answer.content == b""


async def test_status_and_methods_may_be_others_and_the_prefix_of_the_server_is_kept() -> None:
    routes = Routes()
    with routes.namespace("api"):
        routes.redirect("/v1/{id}", "/api/v2/{id}", status=308, methods=["GET", "POST"], as_="v1")
    async with client_of_routes(routes, root_path="/shop") as client:
        answer = await client.post("/shop/api/v1/7")
        assert (answer.status_code, answer.headers["location"]) == (308, "/shop/api/v2/7")
        assert (await client.delete("/shop/api/v1/7")).headers[
            "allow"
        ] == "GET, HEAD, OPTIONS, POST"
    assert routes.urls.api_v1_path(7) == "/api/v1/7"


@pytest.mark.parametrize(
    ("path", "address", "options", "said"),
    [
        ("/x", "new", {}, "does not say where it leads"),
        ("/x", "", {}, "does not say where it leads"),
        ("/x/{host}", "https://{host}/", {}, "does not say where it leads"),
        ("/x/{host}", "https://a{host}/", {}, "does not say where it leads"),
        ("/x", "javascript:alert(1)", {}, "does not say where it leads"),
        ("/x/{id}", "/y/{idd}", {}, "'idd' that '/x/{id}' does not have. Did you mean 'id'"),
        ("/x", "/y", {"status": 200}, "status 200. Take one of 301, 302, 303, 307, 308"),
    ],
)
def test_a_redirect_that_could_lead_anywhere_is_refused(
    path: str, address: str, options: dict[str, Any], said: str
) -> None:
    with pytest.raises(RoutingError, match=re.escape(said)):
        Routes().redirect(path, address, **options)
