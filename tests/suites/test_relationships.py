"""Relationships: reading, unloaded ones, building, creating, assigning."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.suites.models import Project, ProjectDetail, Task
from tests.suites.statements import recorded_statements
from velocious.errors import (
    RecordError,
    RecordNotPersistedError,
    RelationshipNotLoadedError,
    UnknownRelationshipError,
    UnsupportedValueError,
    ValidationError,
)
from velocious.record import Record, belongs_to, has_many

if TYPE_CHECKING:
    from velocious.configuration import Configuration
    from velocious.record import Attribute
    from velocious.testing.environment import TestEnvironment


# Reading


@pytest.mark.parametrize("name", ["project", "comments"])
async def test_reading_an_unloaded_relationship_names_both_ways_to_load_it(
    tracker: Configuration, name: str
) -> None:
    project = await Project.create(name="Apollo")
    task = await Task.find((await Task.create(name="Write docs", project=project)).id)
    expected = rf"Task#{name} hasn't been loaded.*preload\(\"{name}\"\).*record.load\(\"{name}\"\)"
    with pytest.raises(RelationshipNotLoadedError, match=expected):
        len(task.comments) if name == "comments" else task.project


async def test_load_returns_the_value_and_keeps_it(tracker: Configuration) -> None:
    project = await Project.create(name="Apollo")
    task = await Task.find((await Task.create(name="Write docs", project=project)).id)
    assert await task.load("project") == project
    assert task.project == project
    assert await project.load("tasks") == [task]
    assert list(project.tasks) == [task]
    assert await project.load("detail") is None
    assert project.detail is None


async def test_load_reads_again_each_time(tracker: Configuration) -> None:
    project = await Project.create(name="Apollo")
    assert await project.load("tasks") == []
    await Task.create(name="Write docs", project_id=project.id)
    assert len(project.tasks) == 0
    assert len(await project.load("tasks")) == 1


async def test_load_refuses_unknown_names_with_close_matches(tracker: Configuration) -> None:
    task = await Task.create(name="Write docs")
    with pytest.raises(UnknownRelationshipError, match="'projekt'. Did you mean 'project'"):
        await task.load("projekt")


async def test_a_belongs_to_without_a_key_is_none_and_needs_no_load(tracker: Configuration) -> None:
    task = await Task.find((await Task.create(name="Write docs")).id)
    with recorded_statements(tracker) as statements:
        assert task.project is None
    assert statements == []


async def test_a_new_record_has_empty_relationships(tracker: Configuration) -> None:
    assert Task(name="x").project is None
    assert list(Task(name="x").comments) == []
    assert Project(name="x").detail is None


async def test_a_new_record_with_a_key_can_load_what_it_points_at(tracker: Configuration) -> None:
    project = await Project.create(name="Apollo")
    task = Task(name="x", project_id=project.id)
    with pytest.raises(RelationshipNotLoadedError, match="Task#project"):
        _ = task.project
    assert await task.load("project") == project
    with pytest.raises(RecordNotPersistedError, match="Save it first"):
        await task.load("comments")


async def test_of_a_relationship_and_its_key_given_to_a_new_record_the_last_one_counts(
    tracker: Configuration,
) -> None:
    apollo, gemini = await Project.create(name="Apollo"), await Project.create(name="Gemini")
    by_key = Task(name="x", project=apollo, project_id=str(gemini.id))
    assert by_key.project_id == gemini.id
    assert await by_key.load("project") == gemini
    by_record = Task(name="x", project_id=gemini.id, project=apollo)
    assert by_record.project_id == apollo.id
    assert by_record.project is apollo
    same = Task(name="x", project=apollo, project_id=apollo.id)
    assert same.project is apollo


async def test_a_collection_is_awaited_iterated_counted_and_queried(tracker: Configuration) -> None:
    project = await Project.create(name="Apollo")
    first = await project.tasks.create(name="a", position=1)
    second = await project.tasks.create(name="b", position=2, done=True)
    await Task.create(name="elsewhere")
    assert await project.tasks == [first, second]
    assert [task.name async for task in project.tasks] == ["a", "b"]
    assert len(project.tasks) == 2
    assert project.tasks[0] == first
    assert second in project.tasks
    assert project.tasks
    assert await project.tasks.count() == 2
    assert await project.tasks.where(done=True).to_list() == [second]
    assert await project.tasks.order("-position").pluck("name") == ["b", "a"]
    assert await project.tasks.find(first.id) == first
    assert await project.open_tasks == [first]
    assert repr(project.tasks) == "<tasks of <Project id=1>, 2 loaded>"


async def test_a_misspelt_method_of_a_collection_is_refused_with_close_matches(
    tracker: Configuration,
) -> None:
    project = await Project.create(name="Apollo")
    with pytest.raises(AttributeError, match="'cuont'. Did you mean 'count'"):
        project.tasks.cuont()


# Assigning


async def test_assigning_a_stored_record_sets_the_key_at_once(tracker: Configuration) -> None:
    project = await Project.create(name="Apollo")
    task = Task(name="Write docs")
    task.project = project
    assert task.project_id == project.id
    assert task.project is project


async def test_assigning_to_a_record_whose_relationship_was_never_loaded_saves(
    tracker: Configuration,
) -> None:
    project = await Project.create(name="Apollo")
    task = await Task.find((await Task.create(name="Write docs")).id)
    task.project = project
    await task.save()
    assert (await Task.find(task.id)).project_id == project.id


async def test_assigning_none_clears_the_key(tracker: Configuration) -> None:
    task = await Task.create(name="Write docs", project=await Project.create(name="Apollo"))
    task.project = None
    assert task.project_id is None
    await task.save()
    assert (await Task.find(task.id)).project_id is None
    assert task.project is None


async def test_a_new_foreign_key_drops_the_record_of_the_old_one(tracker: Configuration) -> None:
    apollo, gemini = await Project.create(name="Apollo"), await Project.create(name="Gemini")
    task = await Task.create(name="Write docs", project=apollo)
    task.project_id = gemini.id
    with pytest.raises(RelationshipNotLoadedError):
        _ = task.project
    await task.save()
    assert await task.load("project") == gemini


async def test_the_same_foreign_key_keeps_the_loaded_record(tracker: Configuration) -> None:
    apollo = await Project.create(name="Apollo")
    task = await Task.create(name="Write docs", project=apollo)
    task.assign(project_id=str(apollo.id))
    assert task.project is apollo


async def test_a_foreign_key_given_as_none_takes_an_unsaved_record_away(
    tracker: Configuration,
) -> None:
    task = Task(name="Write docs", project=Project(name="Apollo"))
    task.project_id = None
    await task.save()
    assert await Project.count() == 0


@pytest.mark.parametrize("wrong", [5, "Apollo", object()])
async def test_assigning_something_else_is_refused(tracker: Configuration, wrong: Any) -> None:
    with pytest.raises(UnsupportedValueError, match="takes a Project or None.*project_id"):
        Task(name="x", project=wrong)
    with pytest.raises(UnsupportedValueError, match="takes Task records"):
        Project(name="x", tasks=[wrong])
    with pytest.raises(UnsupportedValueError, match="takes ProjectDetail records"):
        Project(name="x", detail=wrong)


async def test_a_stored_owner_does_not_let_its_collection_be_replaced(
    tracker: Configuration,
) -> None:
    project = await Project.create(name="Apollo")
    with pytest.raises(RecordError, match="cannot be replaced as a whole.*create"):
        project.tasks = []


async def test_a_has_one_takes_a_record_and_saves_it_with_its_owner(tracker: Configuration) -> None:
    project = await Project.create(name="Apollo")
    project.detail = ProjectDetail(body="Moon")
    await project.save()
    assert (await ProjectDetail.find_by_or_fail(project=project)).body == "Moon"
    assert project.detail.project is project


async def test_a_has_one_takes_over_a_stored_record(tracker: Configuration) -> None:
    detail = await ProjectDetail.create(body="Moon")
    project = await Project.create(name="Apollo")
    project.detail = detail
    await project.save()
    assert (await detail.reload()).project_id == project.id


async def test_a_has_one_of_a_stored_owner_is_not_set_to_none(tracker: Configuration) -> None:
    project = await Project.create(name="Apollo")
    with pytest.raises(UnsupportedValueError, match="Destroy that record"):
        project.detail = None


# Building and creating


async def test_build_makes_a_new_record_that_is_saved_with_its_owner(
    tracker: Configuration,
) -> None:
    project = Project(name="Apollo")
    task = project.tasks.build(name="Write docs")
    assert task.is_new_record
    assert task.project is project
    assert list(project.tasks) == [task]
    await project.save()
    assert (await Task.find(task.id)).project_id == project.id


@pytest.mark.parametrize("loaded", [True, False])
async def test_build_on_a_stored_owner_is_saved_with_it_too(
    tracker: Configuration, loaded: bool
) -> None:
    project = await Project.create(name="Apollo")
    await project.tasks.create(name="First")
    if loaded:
        await project.load("tasks")
    built = project.tasks.build(name="Second")
    assert built.project_id == project.id
    assert project.tasks.loaded is loaded
    await project.save()
    assert await project.tasks.where().pluck("name") == ["First", "Second"]
    assert [task.name for task in await project.tasks] == ["First", "Second"]


async def test_a_load_keeps_what_was_built_and_reads_nothing_twice(
    tracker: Configuration,
) -> None:
    project = await Project.create(name="Apollo")
    await project.tasks.create(name="First")
    built = project.tasks.build(name="Second")
    assert [task.name for task in await project.load("tasks")] == ["First", "Second"]
    assert [task.name for task in await project.load("tasks")] == ["First", "Second"]
    await project.save()
    assert built.is_persisted
    assert [task.name for task in await project.load("tasks")] == ["First", "Second"]


async def test_create_through_a_collection_joins_the_loaded_records(tracker: Configuration) -> None:
    project = await Project.create(name="Apollo")
    await project.load("tasks")
    task = await project.tasks.create(name="Write docs")
    assert list(project.tasks) == [task]
    assert task.project is project


async def test_create_through_a_collection_raises_for_what_is_invalid(
    tracker: Configuration,
) -> None:
    project = await Project.create(name="Apollo")
    await project.load("tasks")
    with pytest.raises(ValidationError, match="Name can't be blank"):
        await project.tasks.create(name=" ")
    assert list(project.tasks) == []
    assert await Task.count() == 0


async def test_a_record_found_or_made_through_a_collection_belongs_to_its_owner(
    tracker: Configuration,
) -> None:
    project = await Project.create(name="Apollo")
    await Task.create(name="a")
    made = await project.tasks.find_or_create_by({"name": "a"})
    assert made.project_id == project.id
    assert await project.tasks.find_or_create_by({"name": "a"}) == made
    assert (await project.tasks.find_or_initialize_by({"name": "b"})).project_id == project.id
    assert await Task.count() == 2


async def test_keys_of_every_type_relate(environment: TestEnvironment) -> None:
    class Token(Record):
        id: Attribute[Any]
        uses = has_many("Use")

    class Use(Record):
        token_id: Attribute[Any]
        token = belongs_to("Token")

    schema = """
    CREATE TABLE tokens (id UUID PRIMARY KEY NOT NULL);
    CREATE TABLE uses (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, token_id UUID)"""
    async with environment.application(models=[Token, Use], schema=schema):
        token = await Token.create(uses=[Use(), Use()])
        assert [use.token_id for use in await Use.to_list()] == [token.id, token.id]
        assert len((await Token.preload("uses").first_or_fail()).uses) == 2
        assert (await Use.preload("token").first_or_fail()).token == token
        assert await Use.where(token=token).count() == 2
        assert await Use.where(token=str(token.id)).count() == 2
        assert await Use.where(token={"id": token.id}).count() == 2
        assert await Use.pluck("token", "token_id") == [(token.id, token.id)] * 2


async def test_an_unsaved_owner_can_neither_query_nor_create(tracker: Configuration) -> None:
    project = Project(name="Apollo")
    with pytest.raises(RecordNotPersistedError, match="save it before you query"):
        await project.tasks.count()
    with pytest.raises(RecordNotPersistedError, match="save it before you create"):
        await project.tasks.create(name="x")
