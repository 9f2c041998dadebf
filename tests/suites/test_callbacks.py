"""Callbacks: when they run, in which order, and what a failing one does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from velocious.errors import TransactionError, ValidationError
from velocious.record import (
    Record,
    after_commit,
    after_create,
    after_destroy,
    after_rollback,
    after_save,
    after_update,
    after_validation,
    before_create,
    before_destroy,
    before_save,
    before_update,
    before_validation,
    validates,
)

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from velocious.configuration import Configuration
    from velocious.record import Attribute
    from velocious.testing.environment import TestEnvironment

SCHEMA = """
CREATE TABLE notes (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, text TEXT, number INTEGER);
"""
happened: list[str] = []
failing: set[str] = set()


class Note(Record):
    id: Attribute[int]
    text: Attribute[str]
    number: Attribute[Any]
    validations = [validates("text", presence=True)]

    def event(self, name: str) -> None:
        happened.append(name)
        if name in failing:
            raise ValueError(f"{name} failed")

    @before_validation
    def on_before_validation(self) -> None:
        self.event("before_validation")

    @after_validation
    def on_after_validation(self) -> None:
        self.event("after_validation")

    @before_save
    async def on_before_save(self) -> None:
        self.event("before_save")

    @before_create
    def on_before_create(self) -> None:
        self.event("before_create")

    @before_update
    def on_before_update(self) -> None:
        self.event("before_update")

    @after_create
    async def on_after_create(self) -> None:
        assert self.id is not None
        assert await Note.exists(id=self.id)
        self.event("after_create")

    @after_update
    def on_after_update(self) -> None:
        self.event("after_update")

    @after_save
    def on_after_save(self) -> None:
        self.event("after_save")

    @before_destroy
    def on_before_destroy(self) -> None:
        self.event("before_destroy")

    @after_destroy
    def on_after_destroy(self) -> None:
        self.event("after_destroy")

    @after_commit
    async def on_after_commit(self) -> None:
        self.event("after_commit")

    @after_rollback
    def on_after_rollback(self) -> None:
        self.event(f"after_rollback new={self.is_new_record}")


BEFORE = ["before_validation", "after_validation", "before_save"]


@pytest.fixture
async def notes(environment: TestEnvironment) -> AsyncIterator[Configuration]:
    happened.clear()
    failing.clear()
    async with environment.application(models=[Note], schema=SCHEMA) as configuration:
        yield configuration


async def test_the_order_of_a_create(notes: Configuration) -> None:
    await Note.create(text="x")
    assert happened == [*BEFORE, "before_create", "after_create", "after_save", "after_commit"]


async def test_the_order_of_an_update(notes: Configuration) -> None:
    note = await Note.create(text="x")
    happened.clear()
    await note.update(text="y")
    assert happened == [*BEFORE, "before_update", "after_update", "after_save", "after_commit"]


async def test_the_order_of_a_destroy(notes: Configuration) -> None:
    note = await Note.create(text="x")
    happened.clear()
    await note.destroy()
    assert happened == ["before_destroy", "after_destroy", "after_commit"]


async def test_an_invalid_record_runs_only_the_callbacks_of_its_validation(
    notes: Configuration,
) -> None:
    with pytest.raises(ValidationError):
        await Note.create(text="")
    assert happened == ["before_validation", "after_validation"]


@pytest.mark.parametrize("event", [*BEFORE, "before_create", "after_create", "after_save"])
async def test_a_failing_callback_of_a_create_stores_nothing(
    notes: Configuration, event: str
) -> None:
    failing.add(event)
    note = Note(text="x")
    with pytest.raises(ValueError, match=f"{event} failed"):
        await note.save()
    assert await Note.count() == 0
    assert note.is_new_record
    assert note.text == "x"
    if event not in ("before_validation", "after_validation"):
        assert happened[-1] == "after_rollback new=True"
    failing.clear()
    await note.save()
    assert await Note.pluck("id", "text") == [(note.id, "x")]


@pytest.mark.parametrize("event", ["before_update", "after_update", "after_save"])
async def test_a_failing_callback_of_an_update_keeps_the_row_and_the_changes(
    notes: Configuration, event: str
) -> None:
    note = await Note.create(text="x")
    failing.add(event)
    with pytest.raises(ValueError, match=f"{event} failed"):
        await note.update(text="y")
    assert await Note.pluck("text") == ["x"]
    assert note.changes() == {"text": ("x", "y")}
    assert happened[-1] == "after_rollback new=False"
    failing.clear()
    await note.save()
    assert await Note.pluck("text") == ["y"]


@pytest.mark.parametrize("event", ["before_destroy", "after_destroy"])
async def test_a_failing_callback_of_a_destroy_keeps_the_row(
    notes: Configuration, event: str
) -> None:
    note = await Note.create(text="x")
    failing.add(event)
    with pytest.raises(ValueError, match=f"{event} failed"):
        await note.destroy()
    assert await Note.count() == 1
    assert note.is_persisted
    failing.clear()
    await note.destroy()
    assert note.is_destroyed


async def test_after_commit_waits_for_the_outermost_transaction(notes: Configuration) -> None:
    async with Note.transaction():
        async with Note.transaction():
            await Note.create(text="x")
        assert "after_commit" not in happened
    assert happened[-1] == "after_commit"


async def test_after_rollback_runs_when_the_outermost_transaction_fails(
    notes: Configuration,
) -> None:
    note = Note(text="x")
    with pytest.raises(RuntimeError, match="changed my mind"):
        async with Note.transaction():
            await note.save()
            happened.clear()
            raise RuntimeError("changed my mind")
    assert happened == ["after_rollback new=True"]
    assert note.is_new_record


async def test_a_failing_after_commit_is_reported_and_undoes_nothing(notes: Configuration) -> None:
    failing.add("after_commit")
    note = Note(text="x")
    with pytest.raises(TransactionError, match="was committed, but 1 of its 1 after_commit"):
        await note.save()
    assert note.is_persisted
    assert await Note.count() == 1
    failing.clear()
    await note.update(text="y")
    async with Note.transaction():
        await Note.create(text="z")
    assert await Note.order("id").pluck("text") == ["y", "z"]


async def test_a_failing_after_rollback_does_not_hide_the_first_error(
    notes: Configuration,
) -> None:
    failing.update({"after_create", "after_rollback new=True"})
    with pytest.raises(ValueError, match="after_create failed") as caught:
        await Note.create(text="x")
    assert "after_rollback new=True failed" in "".join(caught.value.__notes__)
    failing.clear()
    assert (await Note.create(text="y")).is_persisted


# Declaring


async def own_order(environment: TestEnvironment, model: Any) -> list[str]:
    happened.clear()
    async with environment.application(models=[model], schema=SCHEMA):
        await model.create(text="x")
    return list(happened)


async def test_callbacks_of_parents_run_first_in_the_order_of_definition(
    environment: TestEnvironment,
) -> None:
    class Base(Record):
        abstract = True

        @before_save
        def earliest(self) -> None:
            happened.append("first")

        @before_save
        def second(self) -> None:
            happened.append("second")

    class Child(Base):
        table_name = "notes"

        @before_save
        def third(self) -> None:
            happened.append("third")

    assert await own_order(environment, Child) == ["first", "second", "third"]
    assert Base._definition.callbacks.by_event["before_save"] == ("earliest", "second")


async def test_an_override_takes_the_place_of_its_parent(environment: TestEnvironment) -> None:
    class Base(Record):
        abstract = True

        @before_save
        def stamp(self) -> None:
            happened.append("parent")

    class Child(Base):
        table_name = "notes"

        def stamp(self) -> None:
            super().stamp()
            happened.append("child")

    assert await own_order(environment, Child) == ["parent", "child"]


async def test_a_plain_class_may_carry_callbacks(environment: TestEnvironment) -> None:
    class Stamped:
        __slots__ = ()

        @before_save
        def stamp(self) -> None:
            happened.append("stamped")

    class Child(Stamped, Record):
        table_name = "notes"

    assert await own_order(environment, Child) == ["stamped"]


async def test_one_method_may_serve_several_events(environment: TestEnvironment) -> None:
    class Child(Record):
        table_name = "notes"

        @before_create
        @after_create
        def note(self) -> None:
            happened.append("called")

    assert await own_order(environment, Child) == ["called", "called"]


async def test_what_a_callback_returns_is_no_matter(environment: TestEnvironment) -> None:
    class Child(Record):
        table_name = "notes"

        @before_save  # pyright: ignore[reportArgumentType, reportUntypedFunctionDecorator]
        def tell(self) -> bool:
            happened.append("told")
            return False

    assert await own_order(environment, Child) == ["told"]


async def test_what_a_callback_assigns_is_saved(environment: TestEnvironment) -> None:
    class Child(Record):
        id: Attribute[int]
        text: Attribute[str]
        number: Attribute[int]
        table_name = "notes"

        @before_validation
        def trim(self) -> None:
            self.text = self.text.strip()

        @before_save
        def measure(self) -> None:
            self.number = len(self.text)

    async with environment.application(models=[Child], schema=SCHEMA):
        child = await Child.create(text="  four ")
        assert await Child.pluck("text", "number") == [("four", 4)]
        await child.update(text=" sixteen ")
        assert await Child.pluck("text", "number") == [("sixteen", 7)]
