"""Conditional requests: what is the same is not sent, what changed meanwhile not overwritten."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from velocious.controller import Controller
from velocious.controller.caching.validators import http_date, is_expected, is_fresh, is_same_part
from velocious.controller.caching.versions import version_of
from velocious.errors import RenderError
from velocious.record import Record
from velocious.routing import Routes
from velocious.testing.client import Client

if TYPE_CHECKING:
    from velocious.record import Attribute
    from velocious.testing.environment import TestEnvironment

SCHEMA = """
CREATE TABLE leaflets (id INTEGER PRIMARY KEY, name VARCHAR(255), updated_at TIMESTAMP(6) NULL);
CREATE TABLE untimed (id INTEGER PRIMARY KEY);
"""
MOMENT = datetime(2026, 1, 2, 3, 4, 5, 678_000, UTC)


class Leaflet(Record):
    id: Attribute[int]
    updated_at: Attribute[datetime]


class Untimed(Record):
    table_name = "untimed"


class LeafletsController(Controller):
    async def index(self) -> None:
        if await self.stale(Leaflet.order("id")):
            self.render(json=await Leaflet.order("id").to_list(), attributes=["name"])

    async def show(self) -> None:
        leaflet = await Leaflet.find(self.params["id"])
        if not await self.fresh_when(leaflet):
            self.render(json=leaflet, attributes=["name"])

    async def update(self) -> None:
        leaflet = await Leaflet.find(self.params["id"])
        await self.check_unchanged(leaflet)
        await leaflet.update(name=self.params["name"])
        self.head(204)

    async def kept(self) -> None:
        self.expires_in(60, public=True, immutable=True, stale_while_revalidate=5)
        self.render(json=1)

    async def secret(self) -> None:
        self.no_store()
        self.render(json=1)


def routes() -> Routes:
    drawn = Routes()
    drawn.get("/leaflets", to=(LeafletsController, "index"))
    drawn.get("/leaflets/{id:int}", to=(LeafletsController, "show"))
    drawn.patch("/leaflets/{id:int}", to=(LeafletsController, "update"))
    drawn.get("/kept", to=(LeafletsController, "kept"))
    drawn.get("/secret", to=(LeafletsController, "secret"))
    return drawn


async def test_what_a_client_has_is_not_sent_again(environment: TestEnvironment) -> None:
    async with environment.application(
        models=[Leaflet, Untimed], schema=SCHEMA, routes=routes()
    ) as configuration:
        client: Any = Client(configuration)
        leaflet = await Leaflet.create(name="First")
        for path in ("/leaflets", f"/leaflets/{leaflet.id}"):
            first = await client.get(path)
            known = {"If-None-Match": first.headers["etag"]}
            again = await client.get(path, headers=known)
            assert (first.status, again.status, again.body) == (200, 304, b"")
            assert again.headers["etag"] == first.headers["etag"]
            assert first.headers["cache-control"] == "no-cache"
            await leaflet.update(name=path)
            assert (await client.get(path, headers=known)).status == 200


async def test_a_change_that_somebody_else_made_is_not_overwritten(
    environment: TestEnvironment,
) -> None:
    async with environment.application(
        models=[Leaflet, Untimed], schema=SCHEMA, routes=routes()
    ) as configuration:
        client: Any = Client(configuration, raises=False)
        leaflet = await Leaflet.create(name="First")
        path = f"/leaflets/{leaflet.id}"
        known = {"If-Match": (await client.get(path)).headers["etag"]}
        await leaflet.update(name="Second")
        refused = await client.patch(path, json={"name": "Third"}, headers=known)
        assert refused.status == 412
        known = {"If-Match": (await client.get(path)).headers["etag"]}
        assert (await client.patch(path, json={"name": "Third"}, headers=known)).status == 204
        assert (await client.patch(path, json={"name": "Fourth"})).status == 204


async def test_who_may_keep_an_answer_is_said_in_its_headers(
    environment: TestEnvironment,
) -> None:
    async with environment.application(
        models=[Leaflet, Untimed], schema=SCHEMA, routes=routes()
    ) as configuration:
        client: Any = Client(configuration)
        kept, secret = await client.get("/kept"), await client.get("/secret")
        assert kept.headers["cache-control"] == (
            "public, max-age=60, stale-while-revalidate=5, immutable"
        )
        assert secret.headers["cache-control"] == "no-store"


async def test_versions_change_with_what_they_are_of(environment: TestEnvironment) -> None:
    async with environment.application(models=[Leaflet, Untimed], schema=SCHEMA):
        first = await Leaflet.create(name="First")
        before = await version_of(Leaflet.all(), [first], "en")
        assert before == await version_of(Leaflet.all(), [first], "en")
        assert before.tag.startswith('W/"') and before.modified is not None
        assert before.tag != (await version_of(Leaflet.all(), [first], "de")).tag
        await Leaflet.create(name="Second", updated_at=first.updated_at)
        assert before.tag != (await version_of(Leaflet.all(), [first], "en")).tag
        untimed = await Untimed.create()
        for thing in (untimed, Untimed.all()):
            with pytest.raises(RenderError, match="Untimed has n"):
                await version_of(thing)


def headers(**given: str) -> Any:
    from starlette.datastructures import Headers

    return Headers({name.replace("_", "-"): value for name, value in given.items()})


@pytest.mark.parametrize(
    ("given", "fresh"),
    [
        ({"if_none_match": '"a"'}, True),
        ({"if_none_match": 'W/"a"'}, True),
        ({"if_none_match": '"b", W/"a"'}, True),
        ({"if_none_match": "*"}, True),
        ({"if_none_match": '"b"'}, False),
        ({"if_none_match": "a"}, False),
        ({"if_modified_since": http_date(MOMENT)}, True),
        ({"if_modified_since": "Fri, 02 Jan 2026 03:04:04 GMT"}, False),
        ({"if_modified_since": "yesterday"}, False),
        # A tag decides alone, whatever the dates say.
        ({"if_none_match": '"b"', "if_modified_since": http_date(MOMENT)}, False),
        ({}, False),
    ],
)
def test_a_copy_is_fresh_by_its_tag_or_its_date(given: dict[str, str], fresh: bool) -> None:
    assert is_fresh(headers(**given), '"a"', MOMENT) is fresh


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"if_match": '"a"'}, True),
        ({"if_match": "*"}, True),
        ({"if_match": 'W/"a"'}, False),
        ({"if_match": '"b"'}, False),
        ({"if_unmodified_since": http_date(MOMENT)}, True),
        ({"if_unmodified_since": "Fri, 02 Jan 2026 03:04:04 GMT"}, False),
        ({}, True),
    ],
)
def test_a_change_is_expected_by_strong_tags_alone(given: dict[str, str], expected: bool) -> None:
    tag = '"a"' if given.get("if_match") != 'W/"a"' else 'W/"a"'
    assert is_expected(headers(**given), tag, MOMENT) is expected


def test_a_part_fits_by_a_strong_tag_or_the_exact_date() -> None:
    assert is_same_part('"a"', '"a"', MOMENT)
    assert not is_same_part('W/"a"', 'W/"a"', MOMENT)
    assert is_same_part(http_date(MOMENT), '"a"', MOMENT)
    assert not is_same_part("Fri, 02 Jan 2026 03:04:06 GMT", '"a"', MOMENT)
