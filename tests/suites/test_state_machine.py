"""States, the events between them, and what cannot be bypassed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.suites.samples import SCHEMA
from velocious.errors import (
    ConfigurationError,
    StateTransitionError,
    UnknownOptionError,
    ValidationError,
)
from velocious.record import Record, state_machine, validates

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from velocious.configuration import Configuration
    from velocious.testing.environment import TestEnvironment

happened: list[str] = []


def note(name: str) -> Any:
    def hook(record: Any) -> None:
        happened.append(f"{name} saved={not record.changes()}")

    return hook


async def slow_guard(record: Any) -> bool:
    return bool(record.number)


class Article(Record):
    table_name = "samples"
    text = state_machine(
        initial="draft",
        states={
            "draft": {},
            "published": {"before_enter": note("before_enter"), "after_enter": note("after_enter")},
            "gone": {},
        },
        events={
            "publish": {
                "from_": "draft",
                "to": "published",
                "guard": "is_complete",
                "before": note("before"),
                "after": note("after"),
            },
            "withdraw": {"from_": ["published"], "to": "gone", "guard": slow_guard},
            "revive": {"from_": "*", "to": "draft"},
        },
    )
    validations = [validates("rate", presence=True, if_="is_seventh")]

    def is_seventh(self) -> bool:
        return self.read("number") == 7

    def is_complete(self) -> bool:
        return self.read("number") is not None


model: Any = Article


@pytest.fixture
async def articles(environment: TestEnvironment) -> AsyncIterator[Configuration]:
    happened.clear()
    async with environment.application(models=[Article], schema=SCHEMA) as configuration:
        yield configuration


async def test_new_records_start_in_the_initial_state(articles: Configuration) -> None:
    assert model().text == "draft"
    await model.create(text="draft")
    assert await model.pluck("text") == ["draft"]
    assert await model.where(text="draft").count() == 1


async def test_an_event_assigns_and_a_save_stores(articles: Configuration) -> None:
    article = await model.create(number=1)
    assert article.can_publish()
    article.publish()
    assert (article.text, happened) == ("published", [])
    assert await model.pluck("text") == ["draft"]
    await article.save()
    assert happened == [
        "before saved=False",
        "before_enter saved=False",
        "after_enter saved=True",
        "after saved=True",
    ]
    happened.clear()
    await article.update(number=2)
    assert happened == []


async def test_the_state_cannot_be_set_past_its_machine(articles: Configuration) -> None:
    article = await model.create(number=1)
    for wrong in (
        lambda: setattr(article, "text", "published"),
        lambda: article.assign(text="published"),
        lambda: article.write("text", "published"),
        lambda: model(text="published"),
    ):
        with pytest.raises(StateTransitionError, match=r"publish\(\).*force_text\('published'\)"):
            wrong()
    article.text = "draft"
    article.force_text("published")
    await article.save()
    assert await model.pluck("text") == ["published"]
    assert happened == []
    with pytest.raises(StateTransitionError, match="'publishd'. Did you mean 'published'"):
        article.force_text("publishd")


async def test_an_event_from_another_state_is_refused(articles: Configuration) -> None:
    article = await model.create(number=1)
    assert not article.can_withdraw()
    message = (
        "Cannot transition 'withdraw' from 'draft' on Article. Allowed source states: published"
    )
    with pytest.raises(StateTransitionError, match=message):
        article.withdraw()


async def test_a_guard_rejects(articles: Configuration) -> None:
    article = await model.create()
    assert not article.can_publish()
    with pytest.raises(StateTransitionError, match="Guard rejected transition 'publish'"):
        article.publish()
    with pytest.raises(StateTransitionError, match="Guard rejected"):
        await article.publish_and_save()
    assert article.text == "draft"


async def test_an_async_guard_is_awaited(articles: Configuration) -> None:
    article = await (await model.create(number=1)).publish_and_save()
    with pytest.raises(StateTransitionError, match="is async.*withdraw_and_save"):
        article.withdraw()
    assert await article.can_withdraw_now()
    await article.withdraw_and_save()
    assert await model.pluck("text") == ["gone"]
    await article.revive_and_save()
    assert article.text == "draft"


async def test_an_event_whose_save_fails_can_be_fired_again(articles: Configuration) -> None:
    article = await model.create(number=7, rate=1)
    article.rate = None
    with pytest.raises(ValidationError):
        await article.publish_and_save()
    assert article.text == "draft"
    article.rate = 2
    await article.publish_and_save()
    assert await model.pluck("text") == ["published"]
    assert len(happened) == 4


async def test_a_restored_record_has_not_moved(articles: Configuration) -> None:
    article = await model.create(number=1)
    article.publish().restore()
    await article.update(number=2)
    assert (article.text, happened) == ("draft", [])
    assert model(number=3).publish().restore().text == "draft"


def test_a_machine_can_be_looked_at() -> None:
    machine = Article.state_machines()["text"]
    assert (machine.column, machine.initial) == ("text", "draft")
    assert list(machine.states) == ["draft", "published", "gone"]
    assert machine.events["revive"].sources == ("*",)


@pytest.mark.parametrize(
    ("given", "error", "message"),
    [
        ({"initial": "b"}, ConfigurationError, "initial names the state 'b'"),
        ({"states": {"a": {"on_enter": 1}}}, UnknownOptionError, "'on_enter'.*'before_enter'"),
        ({"events": {"go": {"to": "a"}}}, ConfigurationError, "from where to where"),
        ({"events": {"go": {"from_": "a", "to": "c"}}}, ConfigurationError, "'go' names .* 'c'"),
        ({"events": {"go": {"from": "a", "to": "a"}}}, UnknownOptionError, "'from'.*'from_'"),
    ],
)
def test_a_wrong_machine_is_refused(given: Any, error: type[Exception], message: str) -> None:
    usual: dict[str, Any] = {"initial": "a", "states": ["a"], "events": {}}
    with pytest.raises(error, match=message):
        state_machine(**{**usual, **given})


def test_an_event_cannot_take_the_name_of_a_method() -> None:
    with pytest.raises(ConfigurationError, match="makes 'save'"):

        class Wrong(Record):  # pyright: ignore[reportUnusedClass]
            state = state_machine(
                initial="a", states=["a"], events={"save": {"from_": "a", "to": "a"}}
            )
