"""Which parameters of a client are taken, and of which shape."""

from __future__ import annotations

import logging
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest

from tests.suites.asking import ask
from tests.suites.models import MODELS, SCHEMA, Task
from velocious.controller import Controller, Params
from velocious.controller.body.json_body import parse_json
from velocious.controller.params.nesting import nested, pairs_of
from velocious.errors import (
    InvalidParameterError,
    MissingParameterError,
    UnpermittedParametersError,
)
from velocious.routing import Routes

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable

    from starlette.types import ASGIApp

    from velocious.configuration import Configuration
    from velocious.testing.environment import TestEnvironment

SENT: Params = parse_json(
    b"""{"title": "T", "done": false, "none": null, "admin": true,
    "tags": ["a", 1, {"x": 1}, ["b"]],
    "address": {"street": "S", "geo": {"lat": 1.5, "secret": 1}, "admin": true},
    "items": [{"name": "a", "admin": true}, "text", {"name": "b", "tags": ["x"]}],
    "settings": {"any": {"thing": [1, {"deep": true}]}}}"""
)


CHOICES: list[tuple[list[str], dict[str, Any], dict[str, Any]]] = [
    ([], {}, {}),
    (["title", "done", "none"], {}, {"title": "T", "done": False, "none": None}),
    (["absent"], {}, {}),
    (["tags", "address", "items"], {}, {}),
    ([], {"tags": []}, {"tags": ["a", 1]}),
    ([], {"title": [], "done": ["x"], "none": {}}, {}),
    ([], {"address": ["street"]}, {"address": {"street": "S"}}),
    ([], {"address": ["geo", {"geo": ["lat"]}]}, {"address": {"geo": {"lat": 1.5}}}),
    (
        [],
        {"address": {"street": None, "geo": ["lat"]}},
        {"address": {"street": "S", "geo": {"lat": 1.5}}},
    ),
    ([], {"items": [["name"]]}, {"items": [{"name": "a"}, {"name": "b"}]}),
    (
        [],
        {"items": [["name", {"tags": []}]]},
        {"items": [{"name": "a"}, {"name": "b", "tags": ["x"]}]},
    ),
    ([], {"items": ["name"], "address": [["street"]], "tags": ["x"]}, {}),
    ([], {"settings": {}}, {"settings": SENT["settings"]}),
]


@pytest.mark.parametrize(("names", "shapes", "kept"), CHOICES)
def test_only_what_is_named_is_kept_and_only_in_its_shape(
    names: list[str], shapes: dict[str, Any], kept: dict[str, Any]
) -> None:
    assert SENT.permit(*names, **shapes) == kept


def test_what_is_permitted_may_be_used_as_a_whole_at_any_depth() -> None:
    found = SENT.permit("title", items=[["name"]], settings={}, address=[{"geo": ["lat"]}])
    assert dict(found)["title"] == {**found}["title"] == "T"
    for inner in (*found["items"], found["settings"]["any"]["thing"][1], found["address"]["geo"]):
        assert inner.permitted
        assert dict(inner) == inner


def test_rows_of_a_form_that_were_numbered_with_gaps_are_a_list() -> None:
    form = nested(pairs_of(b"rows[7][n]=b&rows[1700000000000][n]=c&rows[3][n]=a&rows[3][x]=1", 99))
    assert form.permit(rows=[["n"]]) == {"rows": [{"n": "a"}, {"n": "b"}, {"n": "c"}]}


def test_what_is_left_out_is_logged_at_debug(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, "velocious.params")
    SENT["address"].permit("street")
    assert caplog.messages == ["Parameters that were not permitted: 'admin', 'geo'"]


def _as_dictionary(params: Params) -> Any:
    return dict(params)


def _unpacked(params: Params) -> Any:
    return {**params}


def _as_keywords(params: Params) -> Any:
    return dict(**params)


def _merged(params: Params) -> Any:
    return params | dict[str, Any]()


def _names(params: Params) -> Any:
    return params.keys()


@pytest.mark.parametrize(
    "use",
    [
        _as_dictionary,
        _unpacked,
        _as_keywords,
        _merged,
        _names,
    ],
)
def test_what_nobody_permitted_cannot_be_used_as_a_whole(use: Callable[[Any], Any]) -> None:
    for params in (SENT, SENT["address"], SENT["items"][0], nested([("a", 1)])):
        with pytest.raises(UnpermittedParametersError, match=r"params\.permit"):
            use(params)


def test_programs_may_look_at_everything() -> None:
    params = Params(a=1, b=2)
    assert sorted(params) == [name for name, _ in params.items()] == ["a", "b"]
    assert (params == {"a": 1, "b": 2}, "a" in params, params.copy() == params) == (True,) * 3


def test_expected_parameters_are_given_as_values() -> None:
    assert SENT.expect("title") == "T"
    assert SENT.expect("done") is False
    assert SENT.expect("title", address=["street"]) == ("T", {"street": "S"})
    assert SENT.expect(tags=[]) == ["a", 1]


@pytest.mark.parametrize(
    ("names", "shapes", "error", "said"),
    [
        (["nothing"], {}, MissingParameterError, "'nothing' is missing"),
        (["none"], {}, MissingParameterError, "'none' is missing"),
        (["address"], {}, InvalidParameterError, "'address' must be a single value, not an object"),
        (["tags"], {}, InvalidParameterError, "'tags' must be a single value, not a list"),
        ([], {"title": ["a"]}, InvalidParameterError, "'title' must be an object, not a single"),
        ([], {"title": []}, InvalidParameterError, "'title' must be a list, not a single value"),
        ([], {"items": ["name"]}, InvalidParameterError, "'items' must be an object, not a list"),
        (
            [],
            {"address": [["x"]]},
            InvalidParameterError,
            "'address' must be a list, not an object",
        ),
        ([], {"address": ["admin_"]}, MissingParameterError, "'address' is missing"),
    ],
)
def test_what_is_expected_but_missing_or_of_another_shape_is_400(
    names: list[str], shapes: dict[str, Any], error: type[Any], said: str
) -> None:
    with pytest.raises(error, match=said) as caught:
        SENT.expect(*names, **shapes)
    assert caught.value.status == 400


def test_a_required_object_may_be_permitted_from() -> None:
    assert SENT.require("address").permit("street") == {"street": "S"}
    with pytest.raises(InvalidParameterError, match="'title' must be an object"):
        SENT.require("title")
    with pytest.raises(MissingParameterError):
        Params(post=Params()).require("post")


def test_digging_finds_what_is_there_and_nothing_else() -> None:
    assert SENT.dig("address", "geo", "lat") == 1.5
    assert SENT.dig("items", 0, "name") == "a"
    for path in [
        ("x",),
        ("title", "x"),
        ("items", 9),
        ("items", -1),
        ("items", "x"),
        ("none", "x"),
    ]:
        assert SENT.dig(*path) is None


@pytest.mark.parametrize(
    ("kind", "options", "value", "found"),
    [
        ("integer", {}, "12", 12),
        ("integer", {}, " -3 ", -3),
        ("integer", {}, 7.0, 7),
        ("integer", {"default": 1}, "", 1),
        ("integer", {"default": None}, "", None),
        ("integer", {"minimum": 1, "maximum": 3}, "3", 3),
        ("decimal", {}, "1.10", Decimal("1.10")),
        ("boolean", {}, "on", True),
        ("boolean", {}, "0", False),
        ("boolean", {}, True, True),
        ("boolean", {"default": False}, "", False),
        ("date", {}, "2026-03-31", date(2026, 3, 31)),
        (
            "datetime",
            {},
            "2026-03-31T12:00+02:00",
            datetime(2026, 3, 31, 10, tzinfo=UTC),
        ),
        (
            "datetime",
            {},
            "2026-03-31T12:00:05Z",
            datetime(2026, 3, 31, 12, 0, 5, tzinfo=UTC),
        ),
        (
            "uuid",
            {},
            "0" * 8 + "-0000-4000-8000-" + "0" * 12,
            UUID(int=0x40008000 << 48),
        ),
        ("text", {}, "", ""),
        ("text", {"choices": ["a", "b"], "maximum": 1}, "a", "a"),
        ("text", {"default": "z"}, "", ""),
    ],
)
def test_a_parameter_is_read_as_a_type(
    kind: str, options: dict[str, Any], value: Any, found: Any
) -> None:
    got = getattr(Params(x=value), kind)("x", **options)
    assert (got, type(got)) == (found, type(found))


@pytest.mark.parametrize(
    ("kind", "options", "value", "said"),
    [
        ("integer", {}, "1.5", "'x' must be a whole number"),
        ("integer", {}, "١", "must be a whole number"),
        ("integer", {}, "9" * 5000, "must be a whole number"),
        ("integer", {}, True, "must be a whole number"),
        ("integer", {}, ["1"], "must be a whole number"),
        ("integer", {"minimum": 1}, "0", "'x' must be 1 or more"),
        ("integer", {"maximum": 1}, "2", "'x' must be 1 or less"),
        ("decimal", {}, "1e9", "must be a number"),
        ("decimal", {}, "NaN", "must be a number"),
        ("boolean", {}, "maybe", "must be true or false"),
        ("boolean", {}, Params(), "must be true or false"),
        ("date", {}, "2026-02-31", "must be a date"),
        ("date", {}, "20260231", "must be a date"),
        ("datetime", {}, "yesterday", "must be an instant"),
        ("datetime", {}, "0001-01-01T00:00:00+14:00", "must be an instant"),
        ("uuid", {}, "no", "must be a UUID"),
        ("text", {}, 5, "must be a text"),
        ("text", {"maximum": 2}, "abc", "at most 2 characters"),
        ("text", {"choices": ["a"]}, "b", "must be one of a"),
    ],
)
def test_a_parameter_of_another_type_is_422(
    kind: str, options: dict[str, Any], value: Any, said: str
) -> None:
    with pytest.raises(InvalidParameterError, match=said) as caught:
        getattr(Params(x=value), kind)("x", **options)
    assert (caught.value.status, list(caught.value.errors)) == (422, ["x"])


@pytest.mark.parametrize("name", ["integer", "decimal", "boolean", "date", "datetime", "uuid"])
def test_an_empty_text_is_a_missing_number(name: str) -> None:
    for params in (Params(), Params(x=""), Params(x=None)):
        with pytest.raises(MissingParameterError):
            getattr(params, name)("x")


# Records


class TasksController(Controller):
    async def unsafe(self) -> None:
        await Task.create(self.params)

    async def permitted(self) -> None:
        task = await Task.create(self.params.expect(task=["name", "done"]))
        self.render(json=task, attributes=["name", "done"])

    async def page(self) -> None:
        self.render(json=self.params.integer("page", default=1, minimum=1))


@asynccontextmanager
async def tracking(environment: TestEnvironment) -> AsyncGenerator[ASGIApp]:
    routes = Routes()
    for name in ("unsafe", "permitted", "page"):
        routes.post(f"/{name}", to=(TasksController, name))
    async with environment.application(models=MODELS, schema=SCHEMA, routes=routes) as made:
        yield made.asgi()


async def test_a_record_takes_no_parameters_that_nobody_permitted(tracker: Configuration) -> None:
    params: Any = Params(name="x", done=True)
    task = await Task.create(name="kept")
    for use in (
        lambda: Task.create(params),
        lambda: Task.create(**params),
        lambda: task.update(params),
        lambda: task.update(**params),
        lambda: Task.where(id=task.id).update_all(params),
        lambda: Task.find_or_create_by(params),
        lambda: Task.upsert_all([params]),
    ):
        with pytest.raises(UnpermittedParametersError, match="'done', 'name'"):
            await use()
    for use in (lambda: task.assign(params), lambda: Task(**params), lambda: Task.where(**params)):
        with pytest.raises(UnpermittedParametersError):
            use()
    assert await Task.pluck("name") == ["kept"]


async def test_a_client_sets_only_what_the_action_permits(environment: TestEnvironment) -> None:
    async with tracking(environment) as app:
        sent = b'{"task": {"name": "x", "done": true, "id": 99, "project_id": 1}}'
        answer = await ask(app, "POST", "/permitted", sent, content_type="application/json")
        assert answer.json == {"name": "x", "done": True}
        assert 99 not in await Task.pluck("id")
        answer = await ask(app, "POST", "/unsafe", sent, content_type="application/json")
        assert (answer.status, await Task.count()) == (500, 1)
        for body in (b"{}", b'{"task": "x"}', b'{"task": {}}', b'{"task": [1]}', b"[1]"):
            answer = await ask(app, "POST", "/permitted", body, content_type="application/json")
            assert answer.status == 400


async def test_a_wrong_parameter_is_told_by_its_name(environment: TestEnvironment) -> None:
    async with tracking(environment) as app:
        answer = await ask(app, "POST", "/page", query="page=0")
    assert answer.status == 422
    assert answer.error == {
        "code": "invalid_parameter",
        "message": "The parameter 'page' must be 1 or more.",
        "errors": {"page": [{"code": "too_small", "message": "must be 1 or more"}]},
    }
