"""What the developer tools ask Python, asked on a server's SQLite."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.unit.browser._host import RecordedHost
from velocious.configuration import Configuration
from velocious.errors import CommandError, ConstraintError, UnsupportedValueError
from velocious_browser.devtools.cells import given, key_text, key_values, shown
from velocious_browser.devtools.devtools import Devtools, UnknownQuestionError
from velocious_browser.devtools.rows import OPERATORS, RowGoneError
from velocious_browser.handler import BrowserEnvironmentHandler
from velocious_browser.interop import Host, json_text

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

SCHEMA = """
CREATE TABLE projects (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    name VARCHAR(20) NOT NULL, budget DECIMAL_TEXT(10, 2)
);
CREATE UNIQUE INDEX projects_on_name ON projects (name);
CREATE TABLE tasks (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    project_id INTEGER NOT NULL REFERENCES projects ON DELETE CASCADE,
    name TEXT, done BOOLEAN NOT NULL DEFAULT 0, due_at DATETIME, notes JSON_TEXT, picture BLOB
);
CREATE TABLE labels (
    project TEXT, name TEXT, colour TEXT, PRIMARY KEY (project, name)
) WITHOUT ROWID;
CREATE TABLE "odd ""name" (value);
CREATE VIEW names AS SELECT name FROM projects;
INSERT INTO projects (name, budget)
    VALUES ('Apollo', '10.50'), ('Gemini', '9.00'), ('Mercury', NULL);
INSERT INTO tasks (project_id, name, done) VALUES (1, 'Fly', 0), (1, '100% sure', 1), (2, NULL, 0);
INSERT INTO labels VALUES ('Apollo', 'new', 'red'), ('Apollo', 'old', 'grey');
INSERT INTO "odd ""name" VALUES (1);
"""


class Asking:
    """Asks as the page does: parameters and answers travel as JSON."""

    def __init__(self, configuration: Configuration) -> None:
        self.configuration = configuration
        self._devtools = Devtools(configuration)

    async def __call__(self, question: str, **parameters: Any) -> Any:
        answer = await self._devtools.answer(question, json.loads(json_text(parameters)))
        return json.loads(json_text(answer))

    async def rows(self, table: str, **parameters: Any) -> list[list[Any]]:
        answer = await self("rows", database="default", table=table, **parameters)
        return [row["cells"] for row in answer["rows"]]

    async def key(self, table: str, place: int = 0) -> str:
        answer = await self("rows", database="default", table=table)
        return answer["rows"][place]["key"]


@pytest.fixture
async def ask(tmp_path: Path) -> AsyncIterator[Asking]:
    handler = BrowserEnvironmentHandler(str(tmp_path), Host(RecordedHost()))
    async with Configuration(environment_handler=handler, environment="test") as configuration:
        await configuration.database().execute_script(SCHEMA)
        yield Asking(configuration)


# Tables


async def test_tables_are_listed_with_their_rows_and_sizes(ask: Asking) -> None:
    (database,) = await ask("databases")
    assert (database["name"], database["read_only"]) == ("default", False)
    tables = {table["name"]: table for table in database["tables"]}
    assert {name: (one["kind"], one["rows"]) for name, one in tables.items()} == {
        "labels": ("table", 2),
        "names": ("view", 3),
        'odd "name': ("table", 1),
        "projects": ("table", 3),
        "tasks": ("table", 3),
    }
    sizes = tables["projects"]["bytes"], tables["names"]["bytes"]
    # The table and its index take a page each; not every SQLite can tell.
    assert sizes in ((8192, None), (None, None))
    assert database["bytes"] % 4096 == 0
    assert (
        await ask("size", database="default", table="labels") == len("ApollonewredApolloldgrey") + 1
    )


async def test_a_table_is_described_with_columns_indexes_and_foreign_keys(ask: Asking) -> None:
    tasks = await ask("table", database="default", table="tasks")
    kinds = {column["name"]: column["kind"] for column in tasks["columns"]}
    assert kinds["done"] == "boolean"
    assert kinds["notes"] == "json"
    assert tasks["primary_key"] == ["id"]
    assert tasks["editable"]
    assert [key["to_table"] for key in tasks["foreign_keys"]] == ["projects"]
    projects = await ask("table", database="default", table="projects")
    assert projects["indexes"] == [
        {"name": "projects_on_name", "columns": ["name"], "unique": True, "where": None}
    ]
    assert [sql.split(" (")[0] for sql in projects["sql"]] == [
        "CREATE TABLE projects",
        "CREATE UNIQUE INDEX projects_on_name ON projects",
    ]


async def test_a_table_without_a_key_and_a_view_are_read_only(ask: Asking) -> None:
    for name in ("names", 'odd "name'):
        assert not (await ask("table", database="default", table=name))["editable"]
        answer = await ask("rows", database="default", table=name)
        assert {row["key"] for row in answer["rows"]} == {None}
    with pytest.raises(CommandError, match="no primary key"):
        await ask("insert", database="default", table='odd "name', values={"value": 2})


# Rows


async def test_rows_come_in_pages_that_do_not_overlap(ask: Asking) -> None:
    first = await ask("rows", database="default", table="tasks", sort="done", limit=2)
    second = await ask("rows", database="default", table="tasks", sort="done", limit=2, offset=2)
    assert first["count"] == second["count"] == 3
    assert [row["cells"][0] for row in [*first["rows"], *second["rows"]]] == [1, 3, 2]


async def test_decimals_sort_as_numbers_and_null_comes_first(ask: Asking) -> None:
    names = [row[1] for row in await ask.rows("projects", sort="budget")]
    assert names == ["Mercury", "Gemini", "Apollo"]
    names = [row[1] for row in await ask.rows("projects", sort="budget", descending=True)]
    assert names == ["Apollo", "Gemini", "Mercury"]


@pytest.mark.parametrize(
    ("column", "operator", "value", "found"),
    [
        (None, "contains", "100%", [2]),
        (None, "contains", "%", [2]),
        (None, "contains", "fly", [1]),
        ("name", "is NULL", None, [3]),
        ("name", "is not NULL", None, [1, 2]),
        ("id", "≥", "2", [2, 3]),
        ("id", "<", "2", [1]),
        ("done", "=", "true", [2]),
        ("done", "≠", "true", [1, 3]),
    ],
)
async def test_a_filter_finds(
    ask: Asking, column: str | None, operator: str, value: str | None, found: list[int]
) -> None:
    filters = [{"column": column, "operator": operator, "value": value}]
    assert [row[0] for row in await ask.rows("tasks", filters=filters)] == found


async def test_filters_add_up(ask: Asking) -> None:
    filters = [
        {"column": "project_id", "operator": "=", "value": "1"},
        {"column": "done", "operator": "=", "value": "no"},
    ]
    assert [row[0] for row in await ask.rows("tasks", filters=filters)] == [1]


async def test_a_filter_that_there_is_not_names_those_that_there_are(ask: Asking) -> None:
    with pytest.raises(CommandError, match="There is no filter 'like'") as caught:
        await ask.rows("tasks", filters=[{"column": "name", "operator": "like", "value": "x"}])
    assert all(operator in str(caught.value) for operator in OPERATORS)
    with pytest.raises(CommandError, match="no column 'nmae'.*Did you mean 'name'"):
        await ask.rows("tasks", sort="nmae")


# Changes


async def test_a_value_is_changed_as_its_column_stores_it_and_taken_back(ask: Asking) -> None:
    key = await ask.key("tasks")
    new = {"done": "true", "due_at": "2026-11-21T07:00:00+01:00", "notes": {"a": 1}, "name": None}
    with pytest.raises(CommandError, match="stands for no value"):
        await ask("update", database="default", table="tasks", key=key, values=new)
    new["notes"] = '{"a": 1}'
    changed = await ask("update", database="default", table="tasks", key=key, values=new)
    row = changed["row"]["cells"]
    assert row[2:5] == [None, 1, "2026-11-21 06:00:00.000000"]
    assert json.loads(row[5]) == {"a": 1}
    await ask("undo", number=changed["undo"])
    assert (await ask.rows("tasks"))[0] == [1, 1, "Fly", 0, None, None, None]
    with pytest.raises(CommandError, match="cannot be taken back"):
        await ask("undo", number=changed["undo"])


async def test_a_value_that_does_not_fit_changes_nothing(ask: Asking) -> None:
    key = await ask.key("tasks")
    with pytest.raises(CommandError, match="no JSON"):
        await ask("update", database="default", table="tasks", key=key, values={"notes": "{a: 1}"})
    for values in ({"due_at": "soon"}, {"name": "New", "done": "perhaps"}):
        with pytest.raises(UnsupportedValueError):
            await ask("update", database="default", table="tasks", key=key, values=values)
    with pytest.raises(CommandError, match="hexadecimal"):
        await ask("update", database="default", table="tasks", key=key, values={"picture": "zz"})
    with pytest.raises(ConstraintError):
        await ask("update", database="default", table="tasks", key=key, values={"project_id": 9})
    assert (await ask.rows("tasks"))[0] == [1, 1, "Fly", 0, None, None, None]


async def test_bytes_are_written_as_hexadecimal_digits(ask: Asking) -> None:
    key = await ask.key("tasks")
    for text in ("00 FF", "x'00ff'"):
        changed = await ask(
            "update", database="default", table="tasks", key=key, values={"picture": text}
        )
        assert changed["row"]["cells"][6] == {"type": "bytes", "hex": "00ff", "size": 2}


async def test_a_row_may_get_another_key_and_have_one_of_several_columns(ask: Asking) -> None:
    key = await ask.key("labels", 1)
    changed = await ask(
        "update", database="default", table="labels", key=key, values={"name": "ancient"}
    )
    assert changed["row"]["cells"] == ["Apollo", "ancient", "grey"]
    with pytest.raises(RowGoneError):
        await ask("update", database="default", table="labels", key=key, values={"name": "x"})
    await ask("undo", number=changed["undo"])
    assert await ask.rows("labels") == [["Apollo", "new", "red"], ["Apollo", "old", "grey"]]


async def test_a_row_is_added_with_the_defaults_of_its_columns(ask: Asking) -> None:
    added = await ask(
        "insert", database="default", table="tasks", values={"project_id": "2", "name": "Land"}
    )
    assert added["row"]["cells"] == [4, 2, "Land", 0, None, None, None]
    await ask("undo", number=added["undo"])
    assert len(await ask.rows("tasks")) == 3
    with pytest.raises(ConstraintError):
        await ask("insert", database="default", table="tasks", values={})


async def test_deleted_rows_come_back_as_they_were(ask: Asking) -> None:
    before = await ask.rows("tasks")
    keys = [await ask.key("tasks", place) for place in range(2)]
    assert await ask("dependents", database="default", table="tasks", keys=keys) == []
    deleted = await ask("delete", database="default", table="tasks", keys=keys)
    assert [row[0] for row in await ask.rows("tasks")] == [3]
    await ask("undo", number=deleted["undo"])
    assert await ask.rows("tasks") == before


async def test_rows_that_go_with_a_deleted_one_are_named_and_it_cannot_be_taken_back(
    ask: Asking,
) -> None:
    key = await ask.key("projects")
    following = await ask("dependents", database="default", table="projects", keys=[key])
    assert following == [{"table": "tasks", "happens": "deleted", "rows": 2}]
    deleted = await ask("delete", database="default", table="projects", keys=[key])
    assert deleted == {"deleted": 1, "undo": None}
    assert [row[0] for row in await ask.rows("tasks")] == [3]


async def test_of_several_rows_all_are_deleted_or_none(ask: Asking) -> None:
    keys = [await ask.key("tasks"), key_text([99])]
    with pytest.raises(RowGoneError):
        await ask("delete", database="default", table="tasks", keys=keys)
    assert len(await ask.rows("tasks")) == 3


async def test_names_and_values_are_never_part_of_the_sql(ask: Asking) -> None:
    hostile = "'); DROP TABLE tasks; --"
    key = await ask.key("tasks")
    await ask("update", database="default", table="tasks", key=key, values={"name": hostile})
    assert (await ask.rows("tasks"))[0][2] == hostile
    filters = [{"column": None, "operator": "contains", "value": hostile}]
    assert [row[0] for row in await ask.rows("tasks", filters=filters)] == [1]
    assert await ask.rows('odd "name') == [[1]]
    with pytest.raises(CommandError):
        await ask("update", database="default", table="tasks", key=key, values={hostile: 1})


async def test_a_long_value_is_shown_in_part_and_fetched_whole(ask: Asking) -> None:
    key, long = await ask.key("tasks"), "ä" * 1000
    await ask("update", database="default", table="tasks", key=key, values={"name": long})
    assert (await ask.rows("tasks"))[0][2] == {"type": "text", "text": "ä" * 300, "size": 1000}
    whole = await ask("value", database="default", table="tasks", key=key, column="name")
    assert whole == {"value": long}


# Statements


async def test_a_statement_answers_with_rows_or_with_what_it_changed(ask: Asking) -> None:
    found = await ask("sql", sql="SELECT id, name FROM tasks WHERE id < ?;", parameters=[3])
    assert (found["columns"], found["rows"]) == (["id", "name"], [[1, "Fly"], [2, "100% sure"]])
    assert (found["count"], found["changed"]) == (2, None)
    changed = await ask("sql", sql="UPDATE tasks SET done = ?", parameters=[True])
    assert (changed["changed"], changed["rows"]) == (3, [])
    returned = await ask("sql", sql="DELETE FROM tasks WHERE id = 1 RETURNING name")
    assert (returned["changed"], returned["rows"]) == (1, [["Fly"]])


async def test_a_statement_that_changes_tables_shows_at_once(ask: Asking) -> None:
    await ask("sql", sql="ALTER TABLE labels ADD COLUMN size INTEGER")
    labels = await ask("table", database="default", table="labels")
    assert [column["name"] for column in labels["columns"]][-1] == "size"


async def test_a_plan_shows_its_steps(ask: Asking) -> None:
    plan = await ask("explain", sql="SELECT * FROM projects WHERE name = 'Apollo'")
    assert [step["depth"] for step in plan] == [0]
    assert "projects_on_name" in plan[0]["text"]


# The rest


async def test_commands_have_a_line_each_and_know_their_words(ask: Asking) -> None:
    commands = {command["name"]: command for command in await ask("commands")}
    assert commands["db:migrate"]["group"] == "Databases"
    assert commands["storage:status"]["summary"].startswith("Show how safe the data of this page")
    assert "--steps" in commands["db:rollback"]["options"]
    assert commands["db:sql"]["arguments"] == ["SQL"]
    assert all(command["summary"] for command in commands.values())


async def test_an_unknown_question_is_answered_with_what_comes_close(ask: Asking) -> None:
    with pytest.raises(UnknownQuestionError, match="Did you mean 'rows'"):
        await ask("row")
    with pytest.raises(UnknownQuestionError, match="missing a required argument: 'table'"):
        await ask("rows", database="default")


@pytest.mark.parametrize(
    "value",
    [None, 1, 2**63 - 1, -(2**53), 1.5, float("inf"), float("-inf"), "", "ä", b"", b"\x00\xff"],
)
def test_a_value_travels_to_the_page_and_back(value: Any) -> None:
    cell = json.loads(json.dumps(shown(value, whole=True), allow_nan=False))
    assert given(cell) == value
    assert key_values(key_text([value, 1])) == [value, 1]


async def test_commands_and_statements_run_one_after_another() -> None:
    from velocious_browser.worker import Worker

    worker, order = Worker(), list[str]()

    async def work(name: str) -> str:
        order.append(f"{name} begins")
        await asyncio.sleep(0)
        order.append(f"{name} ends")
        return name

    answers = await asyncio.gather(*(worker.in_turn(work(name)) for name in "abc"))
    assert answers == ["a", "b", "c"]
    assert order == [f"{name} {what}" for name in "abc" for what in ("begins", "ends")]
