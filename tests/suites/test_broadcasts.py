"""Models whose changes are published."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from velocious.errors import ConfigurationError, UnknownOptionError
from velocious.realtime import Keep
from velocious.realtime.channel import Channel
from velocious.record import Record, broadcasts_to
from velocious.routing import Routes
from velocious.testing.client import Client

if TYPE_CHECKING:
    from velocious.configuration import Configuration
    from velocious.record import Attribute
    from velocious.testing.environment import TestEnvironment
    from velocious.testing.socket import Socket

SCHEMA = """
CREATE TABLE tasks (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, board INTEGER, name TEXT NOT NULL,
  note TEXT
);
"""


class Task(Record):
    id: Attribute[int]
    board: Attribute[int | None]
    name: Attribute[str]
    told = broadcasts_to("board:{board}", attributes=["id", "name"])


class Remark(Record):
    table_name = "tasks"
    board: Attribute[int | None]
    told = broadcasts_to(
        lambda remark: None if remark.board is None else [f"board:{remark.board}", "all"],
        attributes=["name"],
        name="note",
        on="create",
    )


class BoardChannel(Channel):
    pattern = "board:{id}"
    history = Keep()


def application(environment: TestEnvironment) -> Any:
    routes = Routes()
    routes.realtime("/realtime", on="both")
    return environment.application(
        models=[Task, Remark], schema=SCHEMA, routes=routes, channels=[BoardChannel]
    )


def listening(configuration: Configuration) -> Any:
    return Client(configuration).socket("/realtime")


async def listen(socket: Socket, *channels: str) -> None:
    for channel in channels:
        await socket.says(type="sub", ch=channel)
        await socket.hears("sub.ok")


async def heard(socket: Socket) -> tuple[str, str, Any]:
    frame = await socket.hears("event")
    return frame["ch"], frame["event"], frame["data"]


async def test_listeners_hear_of_records_and_see_what_is_listed(
    environment: TestEnvironment,
) -> None:
    async with application(environment) as configuration, listening(configuration) as socket:
        await listen(socket, "board:1")
        task = await Task.create(board=1, name="Launch", note="secret")
        await task.update(name="Land")
        await task.save()
        await task.destroy()
        data = {"id": task.id, "name": "Land"}
        assert await heard(socket) == ("board:1", "task.created", {**data, "name": "Launch"})
        assert await heard(socket) == ("board:1", "task.updated", data)
        assert await heard(socket) == ("board:1", "task.destroyed", data)


async def test_a_record_that_moves_is_told_of_in_both_places(environment: TestEnvironment) -> None:
    async with application(environment) as configuration, listening(configuration) as socket:
        task = await Task.create(board=1, name="Launch")
        await listen(socket, "board:1", "board:2")
        await task.update(board=2)
        assert {(await heard(socket))[0] for _ in range(2)} == {"board:1", "board:2"}


async def test_nobody_hears_of_what_belongs_nowhere_or_is_rolled_back(
    environment: TestEnvironment,
) -> None:
    async with application(environment) as configuration:
        await Task.create(name="Nowhere")
        await Remark.create(name="Nowhere")
        with pytest.raises(ArithmeticError):
            async with Task.transaction():
                await Task.create(board=1, name="Launch")
                raise ArithmeticError
        assert configuration.channels.statistics.publications == 0


async def test_a_function_names_channels(environment: TestEnvironment) -> None:
    async with application(environment) as configuration, listening(configuration) as socket:
        await listen(socket, "board:7", "all")
        remark = await Remark.create(board=7, name="Hello")
        await remark.update(name="Changed")
        assert await heard(socket) == ("board:7", "note.created", {"name": "Hello"})
        assert await heard(socket) == ("all", "note.created", {"name": "Hello"})
        assert configuration.channels.statistics.publications == 2


async def test_who_comes_back_gets_what_was_missed(environment: TestEnvironment) -> None:
    async with application(environment) as configuration:
        async with listening(configuration) as socket:
            await socket.says(type="sub", ch="board:1")
            position = (await socket.hears("sub.ok"))["pos"]
        await Task.create(board=1, name="Launch")
        async with listening(configuration) as socket:
            await socket.says(type="sub", ch="board:1", since=position)
            assert (await socket.hears("sub.ok"))["recovered"] is True
            assert (await heard(socket))[2]["name"] == "Launch"


def test_attributes_are_listed_and_actions_known() -> None:
    with pytest.raises(ConfigurationError, match="list the attributes"):
        broadcasts_to("board", attributes=[])
    with pytest.raises(UnknownOptionError, match="create"):
        broadcasts_to("board", attributes=["id"], on="saved")
