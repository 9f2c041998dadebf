"""What each form of a migration's name means."""

from __future__ import annotations

import pytest

from velocious.errors import WrongUsageError
from velocious.generator.steps import steps_for


@pytest.mark.parametrize(
    ("name", "words", "up", "down"),
    [
        (
            "AddIndexToTasks",
            ("project_id", "name:unique"),
            'await self.add_index("tasks", ["project_id", "name"], unique=True)',
            'await self.remove_index("tasks", ["project_id", "name"])',
        ),
        (
            "RemoveIndexFromTasks",
            ("name",),
            'await self.remove_index("tasks", ["name"])',
            'await self.add_index("tasks", ["name"])',
        ),
        (
            "RenameTitleToNameInBlogPosts",
            (),
            'await self.rename_column("blog_posts", "title", "name")',
            'await self.rename_column("blog_posts", "name", "title")',
        ),
        (
            "RenameTasksToJobs",
            (),
            'await self.rename_table("tasks", "jobs")',
            'await self.rename_table("jobs", "tasks")',
        ),
        (
            "AddSubjectRefToTasks",
            ("subject:references{polymorphic}",),
            'await self.add_reference("tasks", "subject", polymorphic=True)',
            'await self.remove_reference("tasks", "subject", polymorphic=True)',
        ),
        (
            "AddStateToTasks",
            ("state:enum:open:done:index",),
            'await self.add_column("tasks", "state", "string", null=False, default="open", '
            "index=True)",
            'await self.remove_column("tasks", "state")',
        ),
    ],
)
def test_a_name_says_what_is_done_and_undone(
    name: str, words: tuple[str, ...], up: str, down: str
) -> None:
    steps = steps_for(name, words)
    assert (steps.up, steps.down) == ([up], [down])


def test_a_join_table_has_both_keys_and_each_pair_once() -> None:
    steps = steps_for("CreateJoinTable", ("tags", "projects"))
    assert steps.up == [
        'async with self.create_table("projects_tags", id=False) as t:',
        '    t.references("project", foreign_key="projects", null=False)',
        '    t.references("tag", foreign_key="tags", null=False)',
        '    t.index(["project_id", "tag_id"], unique=True)',
    ]
    assert steps.down == ['await self.drop_table("projects_tags")']
    assert steps_for("CreateJoinTableProjectsTags", ("projects", "tags")) == steps


def test_a_dropped_table_comes_back_with_its_columns() -> None:
    steps = steps_for("DropTasks", ("name:string!",))
    assert steps == steps_for("CreateTasks", ("name:string!",)).reversed()


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("AddIndexToTasks", ()),
        ("AddIndexToTasks", ("na me",)),
        ("CreateJoinTable", ("projects",)),
        ("CreateJoinTable", ("projects", 'x"y')),
        ("RenameTitleToNameInTasks", ("name:string",)),
        ("TidyUp", ("name",)),
    ],
)
def test_words_without_a_meaning_are_refused(name: str, words: tuple[str, ...]) -> None:
    with pytest.raises(WrongUsageError):
        steps_for(name, words)
