"""The developer tools: the page that every application has, the panel in one's own, the console."""

from __future__ import annotations

import re
import sqlite3
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from browser_tests._browser import browser
from browser_tests.pages import SECONDS_TO_START, demo_server, open_tab

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import BrowserContext, Locator, Page

    from browser_tests.pages import DemoServer, Tab

PAGE = "/velocious/devtools.html"
NARROW = 390


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DemoServer]:
    with demo_server(tmp_path_factory.mktemp("demo")) as running:
        yield running


@pytest.fixture(scope="module")
def context(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BrowserContext]:
    with browser(tmp_path_factory.mktemp("profile")) as running:
        running.grant_permissions(["clipboard-read", "clipboard-write"])
        yield running


@pytest.fixture(scope="module")
def opened(server: DemoServer, context: BrowserContext) -> Tab:
    """The page, started once on an empty database for all tests of this file."""
    tab = open_tab(context, server)
    tab.open(PAGE)
    tab.page.get_by_role("button", name="Run db:migrate").click(timeout=SECONDS_TO_START)
    tab.page.get_by_role("heading", name="projects").wait_for()
    return tab


@pytest.fixture
def page(opened: Tab) -> Page:
    """The page with the table of projects in front: Apollo and Gemini, with a task each."""
    page = opened.page
    page.keyboard.press("Escape")
    page.evaluate(
        """async () => {
            await velociousCLI.sql('DELETE FROM tasks');
            await velociousCLI.sql('DELETE FROM projects');
            const code = `for name in ("Apollo", "Gemini"):
                project = await Project.create(name=name)
                await project.tasks.create(name="Plan " + name, position=1)`;
            await velociousCLI.run('runner', code);
        }"""
    )
    opened.complaints.clear()
    view(page, "Tables")
    choose(page, "projects")
    expect(rows(page)).to_have_count(2)
    return page


def view(page: Page, name: str) -> None:
    page.get_by_role("tab", name=name).click()


def choose(page: Page, table: str) -> None:
    page.get_by_role("navigation", name="Tables").get_by_role("button", name=table).click()
    page.get_by_role("heading", name=table, exact=True).wait_for()


def rows(page: Page) -> Locator:
    return page.get_by_role("grid").locator("tbody tr")


def cell(page: Page, text: str) -> Locator:
    return page.get_by_role("gridcell", name=text, exact=True)


def sql(page: Page, statement: str, *parameters: Any) -> Any:
    return page.evaluate(
        "([statement, parameters]) => velociousCLI.sql(statement, parameters)",
        [statement, list(parameters)],
    )


def newest(page: Page) -> Locator:
    return page.get_by_role("list", name="Output").locator("> li").first


# Tables


def test_a_value_is_edited_in_place_and_taken_back(page: Page) -> None:
    cell(page, "Apollo").dblclick()
    page.get_by_label("New value of name").fill("Artemis")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").filter(has_text="Changed name.")).to_be_visible()
    # The keyboard goes on where it was.
    expect(cell(page, "Artemis")).to_be_focused()
    assert sql(page, "SELECT name FROM projects ORDER BY id") == [
        {"name": "Artemis"},
        {"name": "Gemini"},
    ]
    page.keyboard.press("Control+z")
    expect(cell(page, "Apollo")).to_be_visible()


def test_the_keyboard_alone_finds_edits_and_leaves_a_value(page: Page) -> None:
    choose(page, "tasks")
    cell(page, "Plan Apollo").focus()
    page.keyboard.press("ArrowRight")
    expect(cell(page, "false").first).to_be_focused()
    page.keyboard.press("Enter")
    page.get_by_label("New value of done").select_option("true")
    page.keyboard.press("Enter")
    expect(cell(page, "true")).to_be_focused()
    page.keyboard.press("F2")
    page.keyboard.press("Escape")
    expect(cell(page, "true")).to_be_focused()
    assert sql(page, "SELECT done FROM tasks ORDER BY id") == [{"done": 1}, {"done": 0}]


def test_a_value_that_does_not_fit_stays_in_its_field_with_the_reason(page: Page) -> None:
    choose(page, "tasks")
    cell(page, "NULL").first.dblclick()
    page.get_by_label("New value of due_on").evaluate("field => { field.type = 'text'; }")
    page.get_by_label("New value of due_on").fill("tomorrow")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("'tomorrow' does not fit a column of type")
    page.get_by_label("New value of due_on").fill("2026-11-21")
    page.get_by_role("button", name="Save").click()
    expect(cell(page, "2026-11-21")).to_be_focused()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="NULL").click()
    expect(cell(page, "2026-11-21")).to_have_count(0)


def test_a_row_is_added_with_what_its_columns_bring(page: Page) -> None:
    page.get_by_role("button", name="Add a row").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="Add the row").click()
    expect(dialog.get_by_role("alert")).to_contain_text("must have a value")
    dialog.get_by_label(re.compile("^name")).fill("Mercury")
    dialog.get_by_role("button", name="Add the row").click()
    expect(cell(page, "Mercury")).to_be_visible()
    page.get_by_role("button", name="Undo").last.click()
    expect(cell(page, "Mercury")).to_have_count(0)


def test_rows_are_deleted_after_a_question_and_come_back(page: Page) -> None:
    choose(page, "tasks")
    cell(page, "Plan Apollo").focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name="Delete 1 row").click()
    page.get_by_role("dialog").get_by_role("button", name="Cancel").click()
    expect(rows(page)).to_have_count(2)
    page.get_by_role("button", name="Delete 1 row").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(rows(page)).to_have_count(1)
    page.get_by_role("button", name="Undo").last.click()
    expect(rows(page)).to_have_count(2)


def test_rows_are_searched_filtered_sorted_and_paged(page: Page) -> None:
    sql(
        page,
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 120) "
        "INSERT INTO projects (id, name, created_at, updated_at) "
        "SELECT 1000 + i, 'Project ' || i, '2026-01-01', '2026-01-01' FROM n",
    )
    page.get_by_role("button", name="Load again").click()
    expect(page.get_by_role("status").filter(has_text="1–50 of 122 rows")).to_be_visible()
    page.get_by_role("button", name="Next page").click()
    expect(page.get_by_role("status").filter(has_text="51–100 of 122 rows")).to_be_visible()
    page.get_by_role("button", name=re.compile("^name")).click()
    page.get_by_role("button", name=re.compile("^name")).click()
    expect(rows(page).first).to_contain_text("Project 99")
    page.get_by_label("Search in all columns").fill("Project 11")
    expect(rows(page)).to_have_count(11)
    page.get_by_role("button", name="Filter").click()
    page.get_by_label("Column", exact=True).select_option("id")
    page.get_by_label("Comparison").select_option("≥")
    page.get_by_label("Value").fill("1115")
    expect(rows(page)).to_have_count(5)
    page.get_by_label("Value").fill("2000")
    page.get_by_role("button", name="Show all rows").click()
    expect(page.get_by_role("status").filter(has_text="of 122 rows")).to_be_visible()


def test_what_the_application_commits_shows_by_itself(page: Page) -> None:
    code = "await Project.create(name='From elsewhere')"
    page.evaluate("code => velociousCLI.run('runner', code)", code)
    expect(cell(page, "From elsewhere")).to_be_visible()
    expect(page.get_by_role("status").filter(has_text="1–3 of 3 rows")).to_be_visible()


def test_the_structure_leads_to_the_table_that_a_key_points_at(page: Page) -> None:
    choose(page, "tasks")
    page.get_by_role("button", name="Structure").click()
    expect(page.get_by_role("row").filter(has_text="due_on")).to_contain_text("DATE")
    expect(page.get_by_text("CREATE TABLE")).to_be_visible()
    page.get_by_role("table").get_by_role("button", name="projects").click()
    page.get_by_role("heading", name="projects", exact=True).wait_for()
    page.get_by_role("button", name="Rows", exact=True).click()


# SQL and commands


def test_sql_shows_rows_changes_plans_and_errors(page: Page) -> None:
    view(page, "SQL")
    field = page.get_by_label("SQL statement")
    field.fill("SELECT name, NULL AS missing, x'00ff' AS bytes FROM projects ORDER BY id")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("region", name="Result").get_by_role("row").nth(1)).to_have_text(
        "ApolloNULL00ff 2 bytes"
    )
    field.fill("UPDATE projects SET name = name || '!'")
    page.get_by_role("button", name="Run").click()
    expect(page.get_by_role("status").filter(has_text="2 rows changed")).to_be_visible()
    field.fill("SELECT * FROM projects WHERE id = 1")
    page.get_by_role("button", name="Explain").click()
    expect(page.get_by_role("listitem").filter(has_text="SEARCH projects")).to_be_visible()
    field.fill("SELECT * FROM projetcs")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("alert")).to_contain_text("Did you mean 'projects'")
    page.keyboard.press("Control+ArrowUp")
    page.keyboard.press("Control+ArrowUp")
    expect(field).to_have_value("UPDATE projects SET name = name || '!'")
    view(page, "Tables")
    expect(cell(page, "Apollo!")).to_be_visible()


def test_commands_and_python_run_in_turn_with_output_and_exit_code(page: Page) -> None:
    view(page, "Commands")
    line = page.get_by_label("Command line")
    line.press_sequentially("db:stat")
    page.keyboard.press("Tab")
    expect(line).to_have_value("db:status ")
    page.keyboard.press("Enter")
    expect(newest(page)).to_contain_text(re.compile(r"up\s+20261121070100\s+create_tasks"))
    expect(newest(page)).to_contain_text("exit 0")
    page.get_by_label("Python code").fill("await Task.where(dnoe=False).count()")
    page.keyboard.press("Control+Enter")
    expect(newest(page)).to_contain_text("Task has no attribute 'dnoe'. Did you mean 'done'?")
    expect(newest(page)).to_contain_text("exit 1")
    page.get_by_label("Python code").fill("print(await Task.count())")
    page.keyboard.press("Control+Enter")
    expect(newest(page)).to_contain_text("exit 0")
    expect(newest(page).locator("pre")).to_have_text("2")
    line.focus()
    page.keyboard.press("ArrowUp")
    expect(line).to_have_value("db:status")


def test_migrations_are_undone_after_a_question_and_run_again(page: Page) -> None:
    view(page, "Migrations")
    expect(page.get_by_text("The database is up to date.")).to_be_visible()
    page.get_by_role("button", name="Undo create_tasks").click()
    page.get_by_role("dialog").get_by_role("button", name="Undo it").click()
    expect(page.get_by_text("1 of 2 have not run.")).to_be_visible()
    page.get_by_role("button", name="Run create_tasks").click()
    expect(page.get_by_text("The database is up to date.")).to_be_visible()
    assert sql(page, "SELECT count(*) AS tasks FROM tasks") == [{"tasks": 0}]


# Storage and log


def test_the_storage_is_explained_exported_and_imported(page: Page, tmp_path: Path) -> None:
    view(page, "Storage")
    expect(page.get_by_role("row").filter(has_text="demo.sqlite3").first).to_be_visible()
    expect(page.get_by_role("meter", name="Used of the quota")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("button", name="Export").click()
    copy = tmp_path / download.value.suggested_filename
    assert copy.name == "velocious-demo-default.sqlite3"
    download.value.save_as(copy)
    connection = sqlite3.connect(copy)
    try:
        names = connection.execute("SELECT name FROM projects ORDER BY id").fetchall()
        assert names == [("Apollo",), ("Gemini",)]
    finally:
        connection.close()
    sql(page, "DELETE FROM tasks")
    for given, agrees in ((copy, True), (tmp_path / "broken.sqlite3", False)):
        if not given.exists():
            given.write_bytes(b"SQLite format 3\0 and nothing else")
        with page.expect_file_chooser() as chooser:
            page.get_by_role("button", name="Import…").click()
        chooser.value.set_files(given)
        page.get_by_role("dialog").get_by_role("button", name="Replace it").click()
        said = page.locator(".message").last
        expect(said).to_contain_text("Imported" if agrees else "not", ignore_case=True)
        assert sql(page, "SELECT count(*) AS tasks FROM tasks") == [{"tasks": 2}]


def test_the_log_is_live_filtered_paused_and_copied(page: Page) -> None:
    def say(*words: str) -> None:
        code = "import logging; log = logging.getLogger('velocious.demo')\n"
        code += "\n".join(
            f"log.{level}('{text}')" for level, _, text in (w.partition(" ") for w in words)
        )
        page.evaluate("code => velociousCLI.run('runner', code)", code)

    view(page, "Log")
    page.get_by_role("button", name="Clear").click()
    say("info one", "warning two", "error three")
    log = page.get_by_role("log").get_by_role("listitem")
    expect(log).to_have_count(3)
    page.get_by_label("Least severe level").select_option("warning")
    expect(log).to_have_count(2)
    page.get_by_label("Only lines with").fill("THREE")
    expect(log).to_contain_text(["three"])
    page.get_by_role("button", name="Copy").click()
    expect(page.get_by_role("status").filter(has_text="Copied 1 lines.")).to_be_visible()
    assert "error velocious.demo: three" in page.evaluate("navigator.clipboard.readText()")
    page.get_by_role("button", name="Pause").click()
    say("error three again")
    expect(log).to_have_count(1)
    page.get_by_role("button", name="Pause").click()
    expect(log).to_have_count(2)
    page.get_by_label("Only lines with").fill("")
    page.get_by_label("Least severe level").select_option("debug")
    page.get_by_role("button", name="SQL").click()
    expect(page.get_by_role("button", name="SQL")).to_have_attribute("aria-pressed", "true")
    page.evaluate("velociousCLI.run('runner', 'await Project.find_by(name=\"Apollo\")')")
    found = log.filter(has_text="'Apollo'")
    expect(found).to_contain_text([re.compile("ms · 1 row · SELECT .* FROM")])
    page.get_by_role("button", name="SQL").click()


# The console of the browser


def test_the_console_answers_with_values_and_prints_them(page: Page) -> None:
    printed: list[str] = []
    page.on("console", lambda message: printed.append(message.text))
    answer = page.evaluate("velociousCLI.run('runner', 'print(await Task.count())')")
    assert answer == {"output": "2\n", "exitCode": 0}
    values = "SELECT ? AS big, ? AS bytes, ? AS day, ? AS missing, 9e999 AS endless"
    assert page.evaluate(
        """async (sql) => {
            const values = [2n ** 60n, new Uint8Array([0, 255]), new Date(0), undefined];
            const [row] = await velociousCLI.sql(sql, values);
            return { ...row, big: row.big === 2n ** 60n, bytes: [...row.bytes] };
        }""",
        values,
    ) == {
        "big": True,
        "bytes": [0, 255],
        "day": "1970-01-01 00:00:00.000000",
        "missing": None,
        "endless": float("inf"),
    }
    assert sql(page, "UPDATE tasks SET done = ?", True) == {"changed": 2}
    assert "2 rows changed." in printed
    with pytest.raises(Exception, match="Did you mean 'tasks'"):
        sql(page, "SELECT * FROM taks")
    commands = page.evaluate("velociousCLI.help()")
    assert "db:migrate" in [command["name"] for command in commands]
    assert any("Databases\n" in text and "velociousCLI.sql" in text for text in printed)
    assert "--dry-run" in page.evaluate("velociousCLI.help('db:migrate')")
    tables = page.evaluate("velociousCLI.tables()")
    assert {"tasks": 2, "projects": 2}.items() <= {
        one["name"]: one["rows"] for one in tables
    }.items()
    assert page.evaluate("velociousCLI.storage()")["flushes"]


def test_commands_of_the_console_run_one_after_another(page: Page) -> None:
    code = "import asyncio; await asyncio.sleep(0.05); print(await Task.count())"
    counts = page.evaluate(
        """code => Promise.all([
            velociousCLI.run('runner', code),
            velociousCLI.sql('DELETE FROM tasks'),
            velociousCLI.run('runner', code),
        ])""",
        code,
    )
    assert [counts[0]["output"], counts[1]["changed"], counts[2]["output"]] == ["2\n", 2, "0\n"]


# The page


@pytest.mark.parametrize("colours", ["light", "dark"])
def test_every_view_fits_a_phone(page: Page, opened: Tab, colours: Any) -> None:
    page.emulate_media(color_scheme=colours)
    page.set_viewport_size({"width": NARROW, "height": 844})
    try:
        for name in ("Tables", "SQL", "Commands", "Migrations", "Storage", "Log"):
            view(page, name)
            tab = page.get_by_role("tab", name=name)
            expect(tab).to_have_attribute("aria-selected", "true")
            widths = page.evaluate(
                """() => {
                    const { shadowRoot } = document.querySelector('#devtools');
                    const pane = shadowRoot.querySelector('.pane:not([hidden])');
                    return [document.documentElement.scrollWidth, pane.scrollWidth];
                }"""
            )
            assert max(widths) <= NARROW, name
        colour = page.evaluate("getComputedStyle(document.querySelector('#devtools')).color")
        assert (colour == "rgb(236, 238, 242)") == (colours == "dark")
    finally:
        page.set_viewport_size({"width": 1280, "height": 800})
    assert opened.complaints == []
    assert opened.foreign == []


def test_the_panel_is_part_of_a_page_of_the_application(
    server: DemoServer, opened: Tab, context: BrowserContext
) -> None:
    # The other tab gives the database up.
    opened.page.close()
    tab = open_tab(context, server)
    page = tab.ready("/devtools.html")
    choose(page, "projects")
    # The panel says how safe the data is; the page around it does not say it again.
    expect(page.get_by_text(re.compile("^(durable|best-effort)$"))).to_have_count(1)
    page.get_by_role("button", name=re.compile("^(durable|best-effort)$")).click()
    expect(page.get_by_role("tab", name="Storage")).to_have_attribute("aria-selected", "true")
    expect(page.get_by_role("tabpanel", name="Storage")).to_contain_text("Room")
    tab.is_clean()
