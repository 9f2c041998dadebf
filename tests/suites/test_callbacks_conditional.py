"""Callbacks with conditions, and those that halt."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.suites.samples import SCHEMA
from velocious.errors import Halt, RecordNotSavedError, UnknownOptionError
from velocious.record import (
    Record,
    after_commit,
    after_save,
    before_destroy,
    before_save,
    before_validation,
)

if TYPE_CHECKING:
    from velocious.record import (
        Attribute,
    )
    from velocious.testing.environment import TestEnvironment

happened: list[str] = []


class Sample(Record):
    id: Attribute[int]
    text: Attribute[str | None]
    number: Attribute[int | None]

    @before_save(if_="is_long", unless=lambda record: record.number == 1)
    def shorten(self) -> None:
        happened.append("shorten")

    def is_long(self) -> bool:
        return len(self.text or "") > 3

    @after_save(on="update")
    def updated(self) -> None:
        happened.append("updated")

    @after_commit(on="create")
    def created(self) -> None:
        happened.append("created")

    @after_commit(on=["update", "destroy"])
    def changed(self) -> None:
        happened.append("changed")

    @before_validation(on="publish")
    def publishing(self) -> None:
        happened.append("publishing")

    @before_save
    def guard(self) -> None:
        if self.text == "halt":
            raise Halt("it says so")

    @before_destroy
    def keep(self) -> None:
        if self.text == "kept":
            raise Halt


@pytest.fixture(autouse=True)
def nothing_happened() -> None:
    happened.clear()


async def test_conditions_decide_whether_a_callback_runs(environment: TestEnvironment) -> None:
    async with environment.application(models=[Sample], schema=SCHEMA):
        await Sample.create(text="ab")
        await Sample.create(text="abcd", number=1)
        assert happened == ["created", "created"]
        await Sample.create(text="abcd")
        assert happened == ["created", "created", "shorten", "created"]


async def test_on_tells_what_was_done(environment: TestEnvironment) -> None:
    async with environment.application(models=[Sample], schema=SCHEMA):
        sample = await Sample.create(text="a")
        await sample.update(text="b")
        await sample.destroy()
        assert happened == ["created", "updated", "changed", "changed"]
        happened.clear()
        assert await Sample().is_valid("publish")
        assert happened == ["publishing"]


async def test_a_transaction_reports_each_record_as_what_was_done_with_it(
    environment: TestEnvironment,
) -> None:
    async with environment.application(models=[Sample], schema=SCHEMA):
        async with Sample.transaction():
            sample = await Sample.create(text="a")
            await sample.update(text="b")
        assert happened == ["updated", "created", "changed"]


async def test_halting_writes_nothing(environment: TestEnvironment) -> None:
    async with environment.application(models=[Sample], schema=SCHEMA):
        sample = Sample(text="halt")
        with pytest.raises(RecordNotSavedError, match=r"'guard' halted \(it says so\)") as caught:
            await sample.save()
        assert (caught.value.record, caught.value.event) == (sample, "before_save")
        assert isinstance(caught.value.__cause__, Halt)
        assert sample.is_new_record
        assert await Sample.count() == 0
        await sample.update(text="go on")
        assert await Sample.count() == 1


async def test_halting_keeps_a_record_from_being_destroyed(environment: TestEnvironment) -> None:
    async with environment.application(models=[Sample], schema=SCHEMA):
        sample = await Sample.create(text="kept")
        with pytest.raises(RecordNotSavedError, match="was not destroyed.*'keep'"):
            await sample.destroy()
        assert sample.is_persisted
        assert await Sample.count() == 1


def test_an_unknown_action_is_refused() -> None:
    wrong: Any = before_save
    with pytest.raises(UnknownOptionError, match="'updat'.*'update'"):
        wrong(on="updat")
    with pytest.raises(TypeError, match="when"):
        wrong(when="x")
