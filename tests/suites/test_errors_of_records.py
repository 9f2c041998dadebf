"""Errors of records say what was wrong, what would be right, and what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.suites.models import Project, Task
from velocious.errors import (
    CurrentConfigurationNotSetError,
    DeleteRestrictedError,
    ForeignKeyConstraintError,
    NotNullConstraintError,
    QueryError,
    RecordError,
    RecordNotFoundError,
    StatementError,
    UnknownModelError,
    ValidationError,
    VelociousError,
)
from velocious.record import Record, belongs_to
from velocious.record.model_type import ModelType

if TYPE_CHECKING:
    from velocious.configuration import Configuration
    from velocious.record import Attribute
    from velocious.testing.environment import TestEnvironment

THINGS = "CREATE TABLE things (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, name TEXT)"


async def test_an_abstract_class_has_no_table(tracker: Configuration) -> None:
    class Base(Record):
        abstract = True

    with pytest.raises(RecordError, match="Base is abstract.*Query one of its subclasses"):
        await Base.count()


async def test_every_error_has_a_code_and_says_whether_it_may_be_shown(
    tracker: Configuration,
) -> None:
    with pytest.raises(VelociousError) as caught:
        await Task.find(5)
    error = caught.value
    assert isinstance(error, RecordNotFoundError)
    assert (error.code, error.safe_to_expose) == ("record_not_found", True)
    assert (error.model, error.conditions) == ("Task", {"id": 5})
    assert ValidationError.safe_to_expose
    assert not QueryError.safe_to_expose
    assert DeleteRestrictedError.code == "delete_restricted"


async def test_a_constraint_names_the_column_and_keeps_the_record(tracker: Configuration) -> None:
    task = Task()
    with pytest.raises(NotNullConstraintError, match="tasks.name must have a value") as caught:
        await task.save(validate=False)
    assert (caught.value.table, caught.value.columns) == ("tasks", ("name",))
    assert task.is_new_record
    dangling = Task(name="x", project_id=99)
    with pytest.raises(ForeignKeyConstraintError, match="points at one that does not exist"):
        await dangling.save()
    assert dangling.changes() == {"name": (None, "x"), "project_id": (None, 99)}


async def test_an_error_never_shows_the_values_of_a_statement(tracker: Configuration) -> None:
    project = await Project.create(name="secret plan")
    with pytest.raises(ForeignKeyConstraintError) as caught:
        await project.update(account_id=4711)
    assert "secret" not in str(caught.value)
    assert "4711" not in str(caught.value)


async def test_an_unknown_model_lists_those_that_come_close(environment: TestEnvironment) -> None:
    class Thing(Record):
        id: Attribute[int]
        other = belongs_to("Thingg", foreign_key="name")

    async with environment.application(models=[Thing], schema=THINGS):
        with pytest.raises(UnknownModelError, match="Thing needs a model named 'Thingg'.*'Thing'"):
            await Thing.joins("other").count()


async def test_models_of_two_databases_preload_but_do_not_join(
    environment: TestEnvironment,
) -> None:
    class Near(Record):
        id: Attribute[int]
        name: Attribute[str]
        table_name = "things"

    class Far(Record):
        id: Attribute[int]
        name: Attribute[str]
        table_name = "things"
        database_identifier = "far"
        near = belongs_to("Near", foreign_key="name", primary_key="name")

    async def prepare(configuration: Configuration) -> None:
        for database in configuration.databases.values():
            await database.execute_script(THINGS)

    async with environment.directory() as directory:
        databases = {name: f"sqlite:///{directory}/{name}.sqlite3" for name in ("default", "far")}
        async with environment.application(models=[Near, Far], schema=prepare, databases=databases):
            await Near.create(name="near")
            await Far.create(name="near")
            assert [far.near.name for far in await Far.preload("near")] == ["near"]
            with pytest.raises(QueryError, match="cannot be joined. Use .preload"):
                await Far.joins("near").count()


PAIRS = """
CREATE TABLE pairs (a INTEGER, b INTEGER, text TEXT, PRIMARY KEY (a, b));
CREATE TABLE logs (text TEXT);
CREATE TABLE codes (code TEXT PRIMARY KEY, text TEXT);
CREATE TABLE notes (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, text TEXT);
CREATE VIEW texts AS SELECT id, text FROM notes;
"""


@pytest.mark.parametrize(("table", "has"), [("pairs", r"the key \(a, b\)"), ("logs", "no key")])
async def test_a_table_whose_rows_have_no_key_of_one_column_is_refused(
    environment: TestEnvironment, table: str, has: str
) -> None:
    members = {"__module__": __name__, "table_name": table}
    model = ModelType("Keyless", (Record,), members)
    with pytest.raises(RecordError, match=f"Keyless needs a primary key.*{table}.*has {has}"):
        async with environment.application(models=[model], schema=PAIRS):  # pyright: ignore[reportArgumentType]
            pass


async def test_a_column_named_as_the_key_makes_such_a_table_usable(
    environment: TestEnvironment,
) -> None:
    class Pair(Record):
        a: Attribute[int]
        text: Attribute[str]
        primary_key = "a"

    async with environment.application(models=[Pair], schema=PAIRS):
        pair = await Pair.create(a=1, b=2, text="x")
        assert (await Pair.find(1)).text == "x"
        await pair.update(text="y")
        assert await Pair.pluck("a", "text") == [(1, "y")]


async def test_a_row_without_a_key_is_refused_before_it_is_stored(
    environment: TestEnvironment,
) -> None:
    class Code(Record):
        text: Attribute[str]

    async with environment.application(models=[Code], schema=PAIRS):
        # Where the column must have a value, the database says so.
        refused = (RecordError, NotNullConstraintError)
        with pytest.raises(
            refused, match=r"Code cannot be created without code.*code=…|codes.code"
        ):
            await Code.create(text="x")
        assert await Code.count() == 0
        assert (await Code.create(code="a", text="x")).text == "x"


async def test_a_view_is_read_like_a_table_and_never_written_in_vain(
    environment: TestEnvironment,
) -> None:
    class Note(Record):
        id: Attribute[int]

    class Text(Record):
        id: Attribute[int]
        text: Attribute[str]

    async with environment.application(models=[Note, Text], schema=PAIRS):
        await Note.create(text="x")
        assert (await Text.where(text="x").first_or_fail()).text == "x"
        with pytest.raises(RecordError, match="Text cannot be created without id"):
            await Text.create(text="y")
        # Other databases write through views as simple as this one.
        environment.needs("sqlite_files")
        with pytest.raises(StatementError, match="it is a view"):
            await Text.create(id=5, text="y")
        with pytest.raises(StatementError, match="it is a view"):
            await (await Text.find(1)).update(text="y")


async def test_without_a_configuration_everything_says_so(environment: TestEnvironment) -> None:
    from velocious import current

    opened = list(current._opened)
    current._opened.clear()
    try:
        with pytest.raises(CurrentConfigurationNotSetError, match="Open one first"):
            await Task.count()
        with pytest.raises(CurrentConfigurationNotSetError, match="Open one first"):
            Task(name="x")
    finally:
        current._opened.extend(opened)
