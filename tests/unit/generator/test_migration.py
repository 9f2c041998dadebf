"""What the name of a migration means."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from velocious.errors import WrongUsageError
from velocious.generator.names import class_name
from velocious.generator.steps import steps_for
from velocious.generator.version import next_version

NOW = datetime(2026, 1, 31, 12, 0, 0, tzinfo=UTC)


def test_create_makes_a_table_with_times() -> None:
    steps = steps_for("CreateTasks", ("name:string!",))
    assert steps.up == [
        'async with self.create_table("tasks") as t:',
        '    t.string("name", null=False)',
        "    t.timestamps()",
    ]
    assert steps.down == ['await self.drop_table("tasks")']


def test_add_adds_columns_and_removes_them_again_backwards() -> None:
    columns = ("priority:integer", "owner:references")
    steps = steps_for("AddPriorityAndOwnerToTasks", columns)
    assert steps.up == [
        'await self.add_column("tasks", "priority", "integer")',
        'await self.add_reference("tasks", "owner", foreign_key=True)',
    ]
    assert steps.down == [
        'await self.remove_reference("tasks", "owner")',
        'await self.remove_column("tasks", "priority")',
    ]


def test_remove_is_add_the_other_way_round() -> None:
    columns = ("priority:integer",)
    added = steps_for("AddPriorityToTasks", columns)
    removed = steps_for("RemovePriorityFromTasks", columns)
    assert (removed.up, removed.down) == (added.down, added.up)


def test_columns_without_a_table_are_refused() -> None:
    with pytest.raises(WrongUsageError, match="AddPriorityToTasks"):
        steps_for("Priority", ("priority:integer",))


def test_a_name_without_columns_may_say_anything() -> None:
    assert all(line.startswith("pass") for line in steps_for("TidyUp", []).up)


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("post", "Post"),
        ("blog_post", "BlogPost"),
        ("add priority to tasks", "AddPriorityToTasks"),
        ("add-priority-to-tasks", "AddPriorityToTasks"),
    ],
)
def test_names_become_classes(given: str, name: str) -> None:
    assert class_name(given, "a model", "Post") == name


@pytest.mark.parametrize("given", ["", "1st", "a/b", "../x", "post.py", "été"])
def test_a_name_that_cannot_be_a_class_is_refused(given: str) -> None:
    with pytest.raises(WrongUsageError, match="cannot name a model"):
        class_name(given, "a model", "Post")


def test_a_version_is_the_moment_it_is_written() -> None:
    assert next_version(NOW, []) == "20260131120000"
    assert next_version(NOW, ["20260131115959_older.py", ".gitkeep"]) == "20260131120000"


def test_versions_written_in_one_second_do_not_collide() -> None:
    assert next_version(NOW, ["20260131120000_first.py"]) == "20260131120001"
    names = ["20260131120000_first.py", "20260131120059_second.py"]
    assert next_version(NOW, names) == "20260131120100"


def test_a_new_version_is_the_newest_even_when_the_clock_was_wrong() -> None:
    assert next_version(NOW, ["20991231235959_future.py"]) == "21000101000000"
    assert next_version(NOW, ["20269999999999_by_hand.py"]) == "20270000000000"
