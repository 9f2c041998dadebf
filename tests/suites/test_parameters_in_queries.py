"""What a client sends never makes another query than the program means, nor an error of ours."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import pytest

from tests.suites.asking import ask
from tests.suites.models import MODELS, SCHEMA, Project, Task
from velocious.controller import Controller
from velocious.controller.body.json_body import parse_json
from velocious.controller.params.nesting import nested, pairs_of
from velocious.errors import InvalidParameterError, UnpermittedParametersError
from velocious.routing import Routes

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable

    from starlette.types import ASGIApp

    from velocious.configuration import Configuration
    from velocious.testing.environment import TestEnvironment

LISTS = [
    parse_json(b'{"p": ["a", "b"]}')["p"],
    parse_json(b'{"p": [null]}')["p"],
    parse_json(b'{"p": [[1]]}')["p"],
    parse_json(b'{"p": [["a"]]}')["p"][0],
    parse_json(b'["a"]'),
    nested(pairs_of(b"p[]=a&p[]=b", 9))["p"],
    nested(pairs_of(b"p[0]=a&p[1]=b", 9))["p"],
]
OBJECTS = [
    parse_json(b'{"p": {"not": "a"}}')["p"],
    parse_json(b'{"p": {"name": "Apollo"}}')["p"],
    nested(pairs_of(b"p[name]=Apollo", 9))["p"],
]

CONDITIONS: list[Callable[[Any], Any]] = [
    lambda value: Task.where(name=value),
    lambda value: Task.where({"name": value}),
    lambda value: Task.where(project=value),
    lambda value: Task.where(project={"name": value}),
    lambda value: Task.where(project={"account": value}),
    lambda value: Task.where_not(name=value),
    lambda value: Task.where(Task.name == value),
    lambda value: Task.where(Task.name != value),
]


async def test_no_condition_takes_a_list_or_an_object_that_nobody_permitted(
    tracker: Configuration,
) -> None:
    for condition in CONDITIONS:
        for value in (*LISTS, *OBJECTS):
            with pytest.raises(InvalidParameterError, match="must be a single value") as caught:
                condition(value)
            assert caught.value.status == 400


async def test_a_list_that_is_permitted_is_several_values(tracker: Configuration) -> None:
    for name in ("a", "b", "c"):
        await Task.create(name=name)
    sent = parse_json(b'{"names": ["a", "b"]}')
    assert await Task.where(name=sent.expect(names=[])).count() == 2
    assert await Task.where(Task.name.in_(sent["names"])).count() == 2
    assert await Task.where(name=list(sent["names"])).count() == 2


async def test_an_object_that_is_permitted_goes_along_a_relationship(
    tracker: Configuration,
) -> None:
    await Task.create(name="a", project=await Project.create(name="Apollo"))
    sent = parse_json(b'{"project": {"name": "Apollo", "account_id": 7}}')
    assert await Task.where(project=sent.expect(project=["name"])).count() == 1


def test_conditions_as_a_whole_are_named_by_the_program() -> None:
    sent: Any = parse_json(b'{"name": "a", "project_id": 7}')
    for use in (
        lambda: Task.where(sent),
        lambda: Task.where_not(sent),
    ):
        with pytest.raises(UnpermittedParametersError, match="'name', 'project_id'"):
            use()


class TasksController(Controller):
    async def index(self) -> None:
        self.render(json=await Task.where(position=self.params["p"]).pluck("name"))

    async def named(self) -> None:
        found = await Task.find_by(name=self.params["p"])
        self.render(json=None if found is None else found.name)

    async def later(self) -> None:
        self.render(json=await Task.where(Task.position > self.params["p"]).pluck("name"))

    async def page(self) -> None:
        self.render(json=await Task.order("id").limit(self.params["p"]).pluck("name"))

    async def raw(self) -> None:
        self.render(json=await Task.where("tasks.name = ?", self.params["p"]).pluck("name"))

    async def search(self) -> None:
        found = Task.search(self.params["p"], allow=["name", "position"])
        self.render(json=await found.pluck("name"))

    async def assigned(self) -> None:
        self.render(json=await Task.create(name="x", project=self.params["p"]))

    async def ours(self) -> None:
        self.render(json=await Task.where(position="we did this").pluck("name"))


@asynccontextmanager
async def tracking(environment: TestEnvironment) -> AsyncGenerator[ASGIApp]:
    routes = Routes()
    for name in ("index", "named", "later", "page", "raw", "search", "assigned", "ours"):
        routes.post(f"/{name}", to=(TasksController, name))
    async with environment.application(models=MODELS, schema=SCHEMA, routes=routes) as made:
        await Task.create(name="kept")
        yield made.asgi()


ODD = [
    ("index", b'"abc"'),
    ("index", b"99999999999999999999999"),
    ("index", b"1.5"),
    ("index", b"[1]"),
    ("index", b'["x"]'),
    ("index", b'{"not": 1}'),
    ("named", b"true"),
    ("named", b'["kept"]'),
    ("named", b'{"or": {"name": "kept"}}'),
    ("later", b"null"),
    ("later", b'"abc"'),
    ("later", b"[1]"),
    ("later", b"{}"),
    ("page", b'"2"'),
    ("page", b"-1"),
    ("page", b"{}"),
    ("raw", b"[]"),
    ("raw", b'{"a": 1}'),
    ("search", b'"abc"'),
    ("search", b"[1]"),
    ("search", b'{"secret_eq": 1}'),
    ("search", b'{"position_eq": "abc"}'),
    ("search", b'{"position_in": "1, abc"}'),
    ("search", b'{"position_eq": {"a": 1}}'),
    ("search", b'{"name_null": "perhaps"}'),
    ("search", b'{"s": "secret desc"}'),
    ("search", b'{"s": "name; drop"}'),
    ("search", b'{"s": [{"name": 1}]}'),
    ("search", b'{"s": {"name": 1}}'),
    ("assigned", b'{"id": 1}'),
    ("assigned", b"7"),
]


async def test_a_value_that_fits_nowhere_is_the_clients_mistake(
    environment: TestEnvironment,
) -> None:
    async with tracking(environment) as app:
        answers = {
            (name, value): await ask(
                app, "POST", f"/{name}", b'{"p": %s}' % value, content_type="application/json"
            )
            for name, value in ODD
        }
    assert {key: answer.status for key, answer in answers.items()} == dict.fromkeys(answers, 400)
    said = answers["index", b'"abc"'].error
    assert said["errors"] == {
        "p": [{"code": "unfit", "message": "does not fit what it is used for"}]
    }


async def test_a_value_of_the_program_that_fits_nowhere_is_ours(
    environment: TestEnvironment,
) -> None:
    async with tracking(environment) as app:
        answer = await ask(app, "POST", "/ours", b'{"p": 1}', content_type="application/json")
        assert (answer.status, answer.error["code"]) == (500, "internal_error")
