"""Complaints about migrations that would keep users waiting."""

from __future__ import annotations

import pytest

from velocious.migration.lint import lint_text


def complaints(*lines: str, head: str = "") -> list[str]:
    text = "class Changes(Migration):\n" + head + "    async def change(self):\n"
    text += "".join(f"        {line}\n" for line in lines)
    return [f"{one.step}: {one.danger} {one.instead}" for one in lint_text(text, "x.py")]


DANGEROUS = [
    ('await self.add_index("tasks", "name")', "concurrently=True"),
    ('await self.add_column("tasks", "x", "string", index=True)', "concurrently=True"),
    ('await self.add_column("tasks", "x", "string", null=False)', "Give it a default"),
    ('await self.add_column("tasks", "x", "uuid", default=sql("gen_random_uuid()"))', "backfill"),
    ('await self.add_column("tasks", "x", "string", generated="lower(name)")', "ordinary column"),
    ('await self.change_column("tasks", "name", "text")', "column of the new type"),
    ('await self.change_column_null("tasks", "name", False)', "IS NOT NULL"),
    ('await self.change_column_null("tasks", "name", null=False)', "IS NOT NULL"),
    ('await self.add_foreign_key("tasks", "projects")', "validate=False"),
    ('await self.add_check_constraint("tasks", "x > 0")', "validate=False"),
    ('await self.add_reference("tasks", "project", foreign_key=True)', "validate=False"),
    ('await self.add_reference("tasks", "project")', "index=False"),
    ('await self.rename_column("tasks", "a", "b")', "write both"),
    ('await self.rename_table("tasks", "jobs")', "write both"),
    ('await self.remove_column("tasks", "a")', "whose code does not use it"),
    ('await self.backfill("tasks", {"a": 1})', "disable_transaction = True"),
    ('async for b in self.in_batches("tasks"): pass', "disable_transaction = True"),
]
SAFE = [
    'await self.add_index("tasks", "name", concurrently=True)',
    'await self.add_column("tasks", "x", "string")',
    'await self.add_column("tasks", "x", "string", null=False, default="")',
    'await self.add_column("tasks", "x", "datetime", default=sql("CURRENT_TIMESTAMP"))',
    'await self.change_column_null("tasks", "name", True)',
    'await self.add_foreign_key("tasks", "projects", validate=False)',
    'await self.add_reference("tasks", "project", index=False)',
    'await self.add_index("tasks", "name")  # safe: it has ten rows',
    'await self.create_table("tasks")',
    "pass",
]


@pytest.mark.parametrize(("line", "instead"), DANGEROUS)
def test_a_step_that_keeps_others_waiting_is_found(line: str, instead: str) -> None:
    (found,) = complaints(line)
    assert instead in found


@pytest.mark.parametrize("line", SAFE)
def test_what_keeps_nobody_waiting_is_let_through(line: str) -> None:
    assert complaints(line) == []


def test_a_new_table_may_be_changed_as_one_likes() -> None:
    assert (
        complaints(
            'async with self.create_table("tasks") as t:',
            '    t.string("name", null=False)',
            '    t.index("name")',
            'await self.add_index("tasks", "name")',
            'await self.change_column_null("tasks", "name", False)',
        )
        == []
    )


def test_what_a_block_changes_is_looked_at() -> None:
    found = complaints(
        'async with self.change_table("tasks") as t:',
        '    t.string("name")',
        '    t.index("name")',
        '    t.references("project", foreign_key=True)',
        '    t.rename("a", "b")',
        '    t.remove("c")',
    )
    steps = [one.partition(":")[0] for one in found]
    assert steps == ["index", "references", "rename", "remove"]


def test_a_block_that_is_assured_to_be_safe_is_let_through() -> None:
    assert (
        complaints(
            'with self.safety_assured("ten rows"):',
            '    await self.add_index("tasks", "name")',
            '    await self.rename_column("tasks", "a", "b")',
        )
        == []
    )


def test_safe_without_a_reason_is_not_safe() -> None:
    assert len(complaints('await self.add_index("tasks", "name")  # safe:')) == 1


def test_batches_outside_of_a_transaction_are_let_through() -> None:
    head = "    disable_transaction = True\n"
    assert complaints('await self.backfill("tasks", {"a": 1})', head=head) == []


def test_a_complaint_says_where_it_is() -> None:
    text = 'class X(Migration):\n    async def up(self):\n        await self.add_index("t", "a")\n'
    (found,) = lint_text(text, "20260101000000_x.py")
    assert found.place == "20260101000000_x.py:3"
    assert found.text.startswith("20260101000000_x.py:3: add_index: nobody can write to 't'")


def test_what_undoes_is_not_looked_at() -> None:
    text = (
        'class X(Migration):\n    async def down(self):\n        await self.add_index("t", "a")\n'
    )
    assert lint_text(text, "x.py") == []
