"""Models with rows in a database and behind a backend at once, and methods that run where the rows
are.
"""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import pytest

from tests.suites.homes import ADDRESS, InProcess
from velocious import current
from velocious.configuration import Configuration
from velocious.errors import (
    AccessDeniedError,
    AttributeNotSelectedError,
    RecordError,
    UnknownAttributeError,
)
from velocious.migration import Migration
from velocious.record import Record, at_home, broadcasts_to
from velocious.resource import Resource, command

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator
    from datetime import date

    from velocious.record import Attribute
    from velocious.testing.environment import TestEnvironment


class CreateBoats(Migration):
    async def up(self) -> None:
        async with self.create_table("boats") as t:
            t.string("name", null=False)
            t.boolean("afloat", null=False, default=False)
            t.string("secret")
            t.date("built_on")
            t.integer("length")
            t.timestamps()


#: The configurations that told of a boat.
told_by: list[Configuration] = []


class Boat(Record):
    """The same class on both sides, as in a page that is opened without a server, too."""

    if TYPE_CHECKING:
        id: Attribute[int]
        name: Attribute[str]
        afloat: Attribute[bool]
        secret: Attribute[str | None]
        built_on: Attribute[date | None]
        length: Attribute[int | None]

    told = broadcasts_to(lambda _: told_by.append(current.configuration()), attributes=["id"])
    ran_here = 0

    @at_home
    async def launch(self, length: int, *, name: str | None = None) -> Boat:
        """Runs on both sides, in the end where the row is."""
        Boat.ran_here += 1
        await self.update(afloat=True, length=length, name=name or self.name)
        return self

    @classmethod
    @at_home
    async def lengths(cls) -> dict[str, Any]:
        """A sum by SQL, which no backend is asked for."""
        longest = await cls.order("-length").first()
        return {"sum": await cls.query().sum("length"), "longest": longest}


class BoatResource(Resource):
    model = Boat
    # In another order than in the table, and not all of them.
    attributes = ("length", "built_on", "id", "afloat", "name", "shout")
    writable = ("name", "built_on", "length")
    filterable = ("id", "name", "afloat")

    def abilities(self) -> None:
        self.can("manage")
        self.cannot("launch", afloat=True, reason="It is afloat already.")

    async def shout_attribute(self, boat: Boat) -> str:
        return boat.name.upper()

    @command(on="member")
    async def launch(self, boat: Boat, length: int, name: str | None = None) -> Boat:
        return await boat.launch(length, name=name)

    @command(on="collection", action="read")
    async def lengths(self) -> dict[str, Any]:
        return await Boat.lengths()


@asynccontextmanager
async def two_homes(
    environment: TestEnvironment,
) -> AsyncGenerator[tuple[Configuration, InProcess]]:
    """An application with a database, current; and a configuration behind whose backend the rows
    of that application are.
    """
    async with environment.application(
        models=[Boat],
        schema=[CreateBoats],
        resources=[BoatResource],
        # In a page, too, where the suites run.
        frontend_models={"on": "both"},
    ) as here:
        road = InProcess(here)
        there = Configuration(
            environment_handler=here.environment_handler,
            environment="test",
            models=[Boat],
            databases={"default": {"backend": ADDRESS, "request": road}},
        )
        yield there, road


async def test_a_class_has_rows_in_both_homes(environment: TestEnvironment) -> None:
    async with two_homes(environment) as (there, road):
        mine = await Boat.create(name="Argo", built_on="2026-01-31", secret="gold", length=7)
        with current.use(there):
            told = await Boat.find(mine.id)
            assert (told.name, told.afloat, told.length) == ("Argo", False, 7)
            assert told.built_on is not None and told.built_on.isoformat() == "2026-01-31"
            with pytest.raises(AttributeNotSelectedError):
                told.secret  # noqa: B018
            assert told.read("shout") == "ARGO"
        # The class knows the name by now; a row of the table has no place for it.
        with pytest.raises(UnknownAttributeError, match="shout"):
            mine.read("shout")
        with current.use(there):
            await told.update(name="Ark")
        assert (mine.name, mine.secret, mine.length) == ("Argo", "gold", 7)
        assert (told.name, told.length) == ("Ark", 7)
        before = len(road.requests)
        assert (await mine.reload()).name == "Ark"
        assert len(road.requests) == before


async def test_both_homes_are_asked_at_the_same_time(environment: TestEnvironment) -> None:
    async with two_homes(environment) as (there, _):
        for number in range(5):
            await Boat.create(name=f"Boat {number}", built_on="2026-01-31", length=number)

        async def read() -> list[Any]:
            boats = await Boat.where(afloat=False).to_list()
            return sorted((one.name, one.afloat, one.length, str(one.built_on)) for one in boats)

        async def read_there() -> list[Any]:
            with current.use(there):
                return await read()

        expected = await read()
        assert expected[1] == ("Boat 1", False, 1, "2026-01-31")
        for found in await asyncio.gather(
            *(read_there() if number % 3 else read() for number in range(30))
        ):
            assert found == expected


async def test_a_method_at_home_runs_where_the_rows_are(environment: TestEnvironment) -> None:
    async with two_homes(environment) as (there, road):
        await Boat.create(name="Argo")
        with current.use(there):
            boat = await Boat.find(1)
            before, ran = len(road.requests), Boat.ran_here
            launched = await boat.launch(9, name="Ark")
            assert (launched.name, launched.afloat, launched.length) == ("Ark", True, 9)
            # One command, and what runs is what the resource calls over there.
            assert (len(road.requests), Boat.ran_here) == (before + 1, ran + 1)
            lengths = await Boat.lengths()
            assert (lengths["sum"], lengths["longest"].name) == (9, "Ark")
            with pytest.raises(AccessDeniedError, match="It is afloat already"):
                await boat.launch(5)
            with pytest.raises(TypeError, match="length"):
                await boat.launch()  # pyright: ignore[reportCallIssue]
            with pytest.raises(RecordError, match="was never saved"):
                await Boat(name="New").launch(5)
        assert (await Boat.lengths())["sum"] == 9


async def test_a_method_at_home_is_a_coroutine_with_named_arguments() -> None:
    with pytest.raises(RecordError, match="no `async def`"):

        @at_home  # pyright: ignore[reportArgumentType]
        def move(self: Any) -> None: ...

    with pytest.raises(RecordError, match="takes any arguments"):

        @at_home
        async def shift(self: Any, *places: int) -> None: ...


async def test_a_record_behind_a_backend_is_broadcast_over_there_alone(
    environment: TestEnvironment,
) -> None:
    async with two_homes(environment) as (there, _):
        told_by.clear()
        with current.use(there):
            await Boat.create(name="Argo")
        assert told_by == [current.configuration()]
