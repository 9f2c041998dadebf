"""The board: what a person does with it, and what must survive."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from browser_tests._browser import browser
from browser_tests._profiles import copied_profile, visited_profile
from browser_tests.pages import (
    add_project,
    add_tasks,
    demo_server,
    names,
    open_tab,
    tab_of,
    wait_for_names,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import BrowserContext, Locator, Page

    from browser_tests.pages import (
        DemoServer,
    )

NARROW = 360


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DemoServer]:
    with demo_server(tmp_path_factory.mktemp("demo"), seeded=True) as running:
        yield running


@pytest.fixture(scope="module")
def visited(server: DemoServer, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The profile of a browser that was on the board once, and left it empty."""
    place = tmp_path_factory.mktemp("visited") / "profile"
    return visited_profile(place, lambda context: _visit(context, server))


def _visit(context: BrowserContext, server: DemoServer) -> None:
    open_tab(context, server).board()


@pytest.fixture
def profile(visited: Path, tmp_path: Path) -> Path:
    return copied_profile(visited, tmp_path / "profile")


def row(page: Page, name: str) -> Locator:
    return page.get_by_role("row").filter(has_text=name)


def import_examples(page: Page) -> None:
    page.get_by_role("button", name="Import 20,000 example tasks").click()
    page.get_by_role("heading", name="Import finished").wait_for(timeout=120_000)


def test_the_first_visit_migrates_by_itself_and_an_evening_of_work_survives_a_reload(
    server: DemoServer, tmp_path: Path
) -> None:
    with tab_of(tmp_path / "profile", server) as tab:
        page = tab.board()
        page.get_by_role("heading", name="Your board is empty").wait_for()
        page.get_by_role("button", name="Add your first project").click()
        add_project(page, "Apollo")
        add_tasks(page, "Land", "Plant a flag", "Come home")
        row(page, "Land").get_by_role("checkbox").check()
        expect(row(page, "Land")).to_have_class(re.compile("done"))
        row(page, "Plant").dblclick(position={"x": 120, "y": 20})
        page.get_by_label("Name of the task").fill("Plant two flags")
        page.keyboard.press("Enter")
        wait_for_names(page, "Land", "Plant two flags", "Come home")
        expect(page.locator("#projects [aria-current] .open")).to_have_text("2")
        tab.page.reload()
        page = tab.shown()
        expect(page.get_by_role("heading", name="Apollo", exact=True)).to_be_visible()
        wait_for_names(page, "Land", "Plant two flags", "Come home")
        expect(row(page, "Land").get_by_role("checkbox")).to_be_checked()
        tab.is_clean()


def test_starting_shows_steps_and_bytes(server: DemoServer, tmp_path: Path) -> None:
    with tab_of(tmp_path / "profile", server) as tab:
        page = tab.open()
        expect(page.get_by_text(re.compile(r"\d\.\d MB of \d+\.\d MB"))).to_be_visible(
            timeout=30_000
        )
        expect(page.get_by_text(re.compile(r"Step \d of 4"))).to_be_visible()
        tab.shown()


def test_a_deleted_task_can_be_brought_back(server: DemoServer, profile: Path) -> None:
    with tab_of(profile, server) as tab:
        page = tab.board()
        add_project(page, "Apollo")
        add_tasks(page, "one", "two", "three")
        row(page, "two").hover()
        row(page, "two").get_by_role("button", name="Delete").click()
        wait_for_names(page, "one", "three")
        page.get_by_role("button", name="Undo").click()
        wait_for_names(page, "one", "two", "three")
        tab.is_clean()


def test_what_a_validation_refuses_is_said_and_nothing_changes(
    server: DemoServer, profile: Path
) -> None:
    with tab_of(profile, server) as tab:
        page = tab.board()
        add_project(page, "Apollo")
        add_tasks(page, "one")
        page.get_by_label("Name of the new project").fill("Apollo")
        page.keyboard.press("Enter")
        expect(page.get_by_role("alert")).to_have_text(re.compile("Name has already been taken"))
        row(page, "one").focus()
        page.keyboard.press("F2")
        page.get_by_label("Name of the task").fill("")
        page.keyboard.press("Enter")
        expect(page.get_by_role("alert")).to_have_text(re.compile("Name can't be blank"))
        wait_for_names(page, "one")


def test_twenty_thousand_tasks_arrive_with_progress_and_stay_smooth(
    server: DemoServer, profile: Path
) -> None:
    with tab_of(profile, server) as tab:
        page = tab.board()
        import_examples(page)
        expect(page.get_by_role("dialog")).to_contain_text(
            "20,000 tasks and 200 projects added, 0 were there already, 40 rows refused."
        )
        page.get_by_text("Rows that were refused, and why").click()
        expect(page.get_by_role("dialog")).to_contain_text(
            "row 1003 (line 1005): Name can't be blank."
        )
        page.get_by_role("button", name="Show the board").click()
        expect(page.locator("#task-count")).to_have_text("20,000")
        page.evaluate("document.querySelector('#rows').scrollTop = 1e7")
        page.wait_for_selector('.row:not(.waiting)[aria-rowindex="20000"]')
        assert page.locator(".row").count() < 60
        page.get_by_label("Search in the names").fill("DROP TABLE")
        page.wait_for_function("document.querySelector('#task-count').textContent !== '20,000'")
        assert set(names(page)) == {"Robert'); DROP TABLE tasks;--"}
        page.get_by_label("Search in the names").fill("no task is called that")
        expect(page.get_by_role("heading", name="No task matches")).to_be_visible()
        page.get_by_role("button", name="Show all tasks").click()
        expect(page.locator("#task-count")).to_have_text("20,000")
        page.locator("#show").get_by_label("Done").check()
        expect(page.locator("#task-count")).to_have_text("6,966")
        tab.is_clean()


def test_a_csv_file_of_ones_own_is_imported(server: DemoServer, profile: Path) -> None:
    with tab_of(profile, server) as tab:
        page = tab.board()
        with page.expect_file_chooser() as chooser:
            page.get_by_role("button", name="Import a CSV of yours").click()
        content = 'project,name,due_on\nHome,"Water, twice",\nHome,Pay rent,2026-02-30\n'
        chooser.value.set_files(
            {"name": "mine.csv", "mimeType": "text/csv", "buffer": content.encode()}
        )
        expect(page.get_by_role("dialog")).to_contain_text("1 tasks and 1 projects added")
        page.get_by_text("Rows that were refused").click()
        expect(page.get_by_role("dialog")).to_contain_text("row 3: Due on cannot be stored")
        page.get_by_role("button", name="Show the board").click()
        wait_for_names(page, "Water, twice")


def test_a_restart_of_the_browser_keeps_everything(server: DemoServer, profile: Path) -> None:
    with tab_of(profile, server) as tab:
        page = tab.board()
        add_project(page, "Apollo")
        add_tasks(page, "one", "two")
    with tab_of(profile, server) as tab:
        page = tab.board()
        wait_for_names(page, "one", "two")
        tab.is_clean()


def test_everything_can_be_done_by_keyboard(server: DemoServer, profile: Path) -> None:
    with tab_of(profile, server) as tab:
        page = tab.board()
        add_project(page, "Apollo")
        press, type_ = page.keyboard.press, page.keyboard.type
        for name in ("one", "two", "three"):
            type_(name)
            press("Enter")
            row(page, name).wait_for()
        press("Tab")  # the button of the form
        press("Tab")
        expect(row(page, "one")).to_be_focused()
        press("ArrowDown")
        expect(row(page, "two")).to_be_focused()
        press("Space")
        expect(row(page, "two").get_by_role("checkbox")).to_be_checked()
        press("Alt+ArrowUp")
        wait_for_names(page, "two", "one", "three")
        expect(row(page, "two")).to_be_focused()
        press("F2")
        type_("second")
        press("Enter")
        wait_for_names(page, "second", "one", "three")
        expect(row(page, "second")).to_be_focused()
        press("End")
        expect(row(page, "three")).to_be_focused()
        press("Delete")
        wait_for_names(page, "second", "one")
        press("m")
        page.get_by_label("Place in the project").select_option("First")
        page.get_by_role("button", name="Save").press("Enter")
        wait_for_names(page, "one", "second")
        # The row has moved before the dialog has closed, and keys belong to an open dialog.
        expect(page.get_by_role("dialog")).to_have_count(0)
        press("?")
        expect(page.get_by_role("dialog")).to_contain_text("move to another project")
        press("Escape")
        expect(page.get_by_role("dialog")).to_have_count(0)
        press("/")
        expect(page.get_by_label("Search in the names")).to_be_focused()
        tab.is_clean()


def test_a_task_is_dragged_to_another_place_and_to_another_project(
    server: DemoServer, profile: Path
) -> None:
    with tab_of(profile, server) as tab:
        page = tab.board()
        add_project(page, "Gemini")
        add_project(page, "Apollo")
        add_tasks(page, "one", "two", "three")
        row(page, "three").hover()
        row(page, "three").locator(".grip").drag_to(
            row(page, "one"), target_position={"x": 200, "y": 5}
        )
        wait_for_names(page, "three", "one", "two")
        row(page, "one").hover()
        row(page, "one").locator(".grip").drag_to(page.get_by_role("button", name="Gemini"))
        wait_for_names(page, "three", "two")
        page.get_by_role("button", name="Gemini").click()
        wait_for_names(page, "one")
        tab.is_clean()


def test_a_project_is_renamed_and_deleted_after_a_question(
    server: DemoServer, profile: Path
) -> None:
    with tab_of(profile, server) as tab:
        page = tab.board()
        add_project(page, "Apollo")
        add_tasks(page, "one")
        page.get_by_role("button", name="Rename or delete this project").click()
        page.get_by_label("Name", exact=True).fill("Gemini")
        page.get_by_role("button", name="Save").click()
        page.get_by_role("heading", name="Gemini", exact=True).wait_for()
        page.get_by_role("button", name="Rename or delete this project").click()
        page.get_by_role("button", name="Delete", exact=True).click()
        expect(page.get_by_role("dialog")).to_contain_text("“Gemini” and its 1 task are deleted")
        page.get_by_role("dialog").get_by_role("button", name="Delete").click()
        page.get_by_role("heading", name="Your board is empty").wait_for()
        tab.is_clean()


def at_home(page: Page, label: str) -> None:
    """Choose a home, and wait until it is shown."""
    home = {"This browser": "browser"}.get(label, label.lower())
    page.get_by_label(label, exact=True).check()
    page.wait_for_selector(f"#board[data-shown='{home}'], #board[data-phase='empty']")


def be(page: Page, person: str) -> None:
    page.get_by_label(person, exact=True).check()
    expect(page.locator("#who .rights")).to_contain_text(f"{person} may")


@pytest.mark.parametrize("home", ["This browser", "Server", "Live"])
def test_each_home_lists_adds_ticks_moves_and_deletes(tmp_path: Path, home: str) -> None:
    with demo_server(tmp_path) as server, tab_of(tmp_path / "profile", server) as tab:
        page = tab.board()
        at_home(page, home)
        add_project(page, "Gemini")
        add_project(page, "Apollo")
        add_tasks(page, "one", "two", "three")
        row(page, "two").get_by_role("checkbox").check()
        expect(row(page, "two")).to_have_class(re.compile("done"))
        expect(page.locator("#projects [aria-current] .open")).to_have_text("2")
        row(page, "three").focus()
        page.keyboard.press("Alt+ArrowUp")
        wait_for_names(page, "one", "three", "two")
        expect(page.locator("#live")).to_have_text("Moved up, now 2 of 3")
        page.keyboard.press("m")
        page.locator("dialog select[name=project]").select_option(label="Gemini")
        page.get_by_role("button", name="Save").click()
        wait_for_names(page, "one", "two")
        page.locator("#show").get_by_label("Done").check()
        wait_for_names(page, "two")
        page.locator("#show").get_by_label("All").check()
        page.get_by_label("Search in the names").fill("ON")
        wait_for_names(page, "one")
        page.get_by_label("Search in the names").fill("")
        wait_for_names(page, "one", "two")
        row(page, "one").hover()
        row(page, "one").get_by_role("button", name="Delete").click()
        wait_for_names(page, "two")
        page.get_by_role("button", name="Undo").click()
        wait_for_names(page, "one", "two")
        page.reload()
        wait_for_names(tab.shown(), "one", "two")
        page.get_by_role("button", name="Gemini").click()
        wait_for_names(page, "three")
        tab.is_clean()


def test_what_the_other_homes_need_is_fetched_when_one_is_chosen(
    server: DemoServer, profile: Path
) -> None:
    code = (
        "import sys; print(sorted(one for one in sys.modules"
        " if one.startswith(('velocious.frontend_model', 'velocious.authorization',"
        " 'app.homes.'))))"
    )
    with tab_of(profile, server) as tab:
        page = tab.board()
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        say = "async (code) => (await velociousCLI.run('runner', code)).output"
        assert page.evaluate(say, code).strip() == "[]"
        at_home(page, "Server")
        assert any(url.endswith("/who.mjs") for url in asked)
        assert "app.homes.server" in page.evaluate(say, code)
        # Commands work on the database of this browser, whatever the board shows.
        assert page.evaluate(say, "print(await Task.count())").strip() == "0"
        expect(page.locator("#task-count")).to_have_text("20,000")
        tab.is_clean()


def test_the_server_s_home_is_the_database_of_the_server(server: DemoServer, profile: Path) -> None:
    with tab_of(profile, server) as tab:
        page = tab.board()
        page.get_by_role("heading", name="Your board is empty").wait_for()
        at_home(page, "Server")
        expect(page.locator("#task-count")).to_have_text("20,000")
        add_project(page, "Only on the server")
        add_tasks(page, "one")
        page.reload()
        page.wait_for_selector('#board[data-shown="server"]', timeout=60_000)
        wait_for_names(page, "one")
        page.get_by_label("This browser", exact=True).check()
        page.get_by_role("heading", name="Your board is empty").wait_for(timeout=60_000)
        expect(page.locator("#who")).to_be_hidden()
        tab.is_clean()


def test_people_see_each_other_and_what_they_do_at_the_live_home(tmp_path: Path) -> None:
    with (
        demo_server(tmp_path) as server,
        tab_of(tmp_path / "ann", server) as ann,
        tab_of(tmp_path / "bob", server) as bob,
    ):
        pages = [tab.board() for tab in (ann, bob)]
        for page in pages:
            at_home(page, "Live")
        for page in pages:
            expect(page.locator("#people")).to_have_text("2 are here")
        add_project(pages[0], "Apollo")
        add_tasks(pages[0], "one", "two")
        pages[1].get_by_role("button", name="Apollo").click()
        wait_for_names(pages[1], "one", "two")
        row(pages[0], "one").get_by_role("checkbox").check()
        expect(row(pages[1], "one").get_by_role("checkbox")).to_be_checked()
        # Who one is goes for the others, too.
        be(pages[1], "Ben")
        expect(pages[1].locator("#people")).to_have_text("2 are here")
        expect(pages[0].locator("#people")).to_have_attribute("title", re.compile("Ben"))
        # A reload is seen by nobody.
        pages[0].reload()
        expect(pages[0].locator("#people")).to_have_text("2 are here", timeout=60_000)
        expect(pages[1].locator("#people")).to_have_text("2 are here")
        pages[0].get_by_label("This browser", exact=True).check()
        expect(pages[1].locator("#people")).to_have_text("Only you are here", timeout=30_000)
        expect(pages[0].locator("#who")).to_be_hidden()
        ann.is_clean()
        bob.is_clean()
        server.stop()
        expect(pages[1].locator("#people")).to_be_hidden()
        server.start()
        expect(pages[1].locator("#people")).to_have_text("Only you are here", timeout=60_000)


def test_what_is_typed_while_a_task_is_added_stays(tmp_path: Path) -> None:
    with demo_server(tmp_path) as server, tab_of(tmp_path / "profile", server) as tab:
        page = tab.board()
        at_home(page, "Server")
        add_project(page, "Apollo")
        name = page.get_by_label("Name of the new task")
        name.fill("one")
        name.press("Enter")
        name.fill("two")
        row(page, "one").wait_for()
        page.wait_for_timeout(500)
        expect(name).to_have_value("two")


@pytest.mark.parametrize("home", ["Server", "Live"])
def test_what_a_rule_refuses_is_said_and_nothing_changes(tmp_path: Path, home: str) -> None:
    with demo_server(tmp_path) as server, tab_of(tmp_path / "profile", server) as tab:
        page = tab.board()
        at_home(page, home)
        add_project(page, "Apollo")
        add_tasks(page, "one", "two")
        be(page, "Ben")
        delete = row(page, "one").get_by_role("button", name="Delete")
        row(page, "one").hover()
        expect(delete).to_have_class(re.compile("forbidden"))
        delete.click()
        expect(page.get_by_role("alert")).to_have_text(
            re.compile("Ben may not delete tasks. Ada may.")
        )
        wait_for_names(page, "one", "two")
        check = row(page, "two").get_by_role("checkbox")
        check.check()
        expect(row(page, "two")).to_have_class(re.compile("done"))
        expect(check).to_have_class(re.compile("forbidden"))
        row(page, "two").focus()
        page.keyboard.press("Space")
        expect(page.get_by_role("alert")).to_have_text(
            re.compile("Ben may not change a task that is done. Ada may.")
        )
        expect(check).to_be_checked()
        # What the page thinks of it does not count.
        page.evaluate(
            "document.querySelectorAll('.forbidden').forEach((one) => one.className = '')"
        )
        page.get_by_role("button", name="Rename or delete this project").click()
        page.get_by_role("button", name="Delete", exact=True).click()
        page.get_by_role("dialog").get_by_role("button", name="Delete").click()
        expect(page.get_by_role("alert")).to_have_text(
            re.compile("Ben may not delete projects. Ada may.")
        )
        page.reload()
        wait_for_names(tab.shown(), "one", "two")
        expect(page.get_by_label("Ben", exact=True)).to_be_checked()
        be(page, "Ada")
        row(page, "one").hover()
        expect(delete).not_to_have_class(re.compile("forbidden"))
        delete.click()
        wait_for_names(page, "two")
        tab.is_clean()


def test_the_home_of_this_browser_works_without_a_network(
    server: DemoServer, profile: Path
) -> None:
    with browser(profile) as context:
        tab = open_tab(context, server)
        page = tab.board()
        context.set_offline(True)
        add_project(page, "Offline")
        add_tasks(page, "one", "two")
        row(page, "one").get_by_role("checkbox").check()
        page.get_by_label("Live", exact=True).check()
        page.get_by_role("heading", name="The server does not answer").wait_for()
        page.get_by_label("This browser", exact=True).check()
        page.get_by_role("button", name="Offline").click()
        wait_for_names(page, "one", "two")
        context.set_offline(False)
        at_home(page, "Live")
        expect(page.locator("#people")).to_have_text("Only you are here")


def test_a_server_that_is_gone_is_said_and_the_browser_goes_on(tmp_path: Path) -> None:
    with demo_server(tmp_path) as server, tab_of(tmp_path / "profile", server) as tab:
        page = tab.board()
        server.stop()
        add_project(page, "Offline")
        add_tasks(page, "one")
        page.get_by_label("Server", exact=True).check()
        page.get_by_role("heading", name="The server does not answer").wait_for()
        page.get_by_label("This browser", exact=True).check()
        page.get_by_role("button", name="Offline").click()
        wait_for_names(page, "one")
        page.get_by_label("Server", exact=True).check()
        page.get_by_role("heading", name="The server does not answer").wait_for()
        server.start()
        page.get_by_role("button", name="Try again").click()
        page.get_by_role("heading", name="The server’s board is empty").wait_for()


def test_what_another_tab_has_changed_is_shown(server: DemoServer, profile: Path) -> None:
    with tab_of(profile, server) as tab:
        page = tab.board()
        add_project(page, "Apollo")
        add_tasks(page, "one")
        wait_for_names(page, "one")
        page.evaluate(
            "code => velociousCLI.run('runner', code)", "await Task.all().update_all(name='two')"
        )
        wait_for_names(page, "one")
        # As the worker of another tab says it; this one's hears all but itself.
        page.evaluate(
            "([name, text]) => new BroadcastChannel(name).postMessage(text)",
            ["velocious:velocious-demo:changes", "[[null, null, null]]"],
        )
        wait_for_names(page, "two")
        tab.is_clean()


def test_a_second_tab_works_beside_the_first_and_after_it(
    server: DemoServer, profile: Path
) -> None:
    with browser(profile) as context:
        first, second = open_tab(context, server), open_tab(context, server)
        add_project(first.board(), "Apollo")
        add_tasks(first.page, "one")
        page = second.board()
        page.get_by_role("button", name="Apollo").click()
        wait_for_names(page, "one")
        first.page.close()
        add_tasks(page, "two")
        wait_for_names(page, "one", "two")
        second.is_clean()


def test_going_to_another_page_and_back_does_not_lock_the_database(
    server: DemoServer, profile: Path
) -> None:
    with tab_of(profile, server) as tab:
        add_project(tab.board(), "Apollo")
        tab.ready("/devtools.html")
        tab.page.go_back()
        page = tab.shown()
        expect(page.get_by_role("button", name="Apollo")).to_be_visible()
        tab.page.go_forward()
        tab.page.wait_for_selector('#main[data-phase="ready"]', timeout=60_000)


def test_a_browser_that_cannot_keep_a_database_says_so(server: DemoServer, tmp_path: Path) -> None:
    rules = "--host-resolver-rules=MAP insecure.test 127.0.0.1"
    with tab_of(tmp_path / "profile", server, rules) as tab:
        tab.origin = tab.origin.replace("127.0.0.1", "insecure.test")
        page = tab.open()
        page.get_by_role("heading", name="This browser cannot keep a database").wait_for(
            timeout=60_000
        )
        expect(page.locator("#storage")).to_have_text("failed")
        page.get_by_role("link", name="Open the pages of the server").click()
        expect(page.get_by_text("answered by the server")).to_be_visible()


def test_a_server_without_the_runtime_is_explained(server: DemoServer, tmp_path: Path) -> None:
    # What the server answers then is the matter of tests/node/test_browser_assets.py.
    refusal = {"error": {"code": "runtime_missing", "message": "Install it: make runtime."}}
    with tab_of(tmp_path / "profile", server) as tab:
        tab.page.route("**/boot.json", lambda route: route.fulfill(status=503, json=refusal))
        page = tab.open()
        page.get_by_role("heading", name="The server has no Python for browsers yet").wait_for(
            timeout=60_000
        )


def test_python_that_stopped_is_said_and_a_reload_finds_the_data(
    server: DemoServer, profile: Path
) -> None:
    with tab_of(profile, server) as tab:
        page = tab.board()
        add_project(page, "Apollo")
        add_tasks(page, "one")
        page.workers[0].evaluate("() => { setTimeout(() => { throw new Error('broken'); }); }")
        page.get_by_role("heading", name="Python did not start, or stopped").wait_for()
        page.get_by_role("button", name="Reload the page").click()
        wait_for_names(tab.shown(), "one")


@pytest.mark.parametrize("colours", ["light", "dark"])
def test_nothing_is_cut_off_on_a_phone(server: DemoServer, profile: Path, colours: str) -> None:
    with tab_of(profile, server) as tab:
        tab.page.emulate_media(color_scheme="dark" if colours == "dark" else "light")
        page = tab.board(width=NARROW)
        fits(page)
        dark = page.evaluate("getComputedStyle(document.body).color") != "rgb(27, 28, 32)"
        assert dark == (colours == "dark")
        page.get_by_role("button", name="Projects").click()
        fits(page)
        add_project(page, "A project with quite a long name, longer than any phone is wide")
        add_tasks(page, "A task with quite a long name, longer than any phone is wide, twice")
        fits(page)
        page.get_by_role("button", name="Move, date, details (M)").click()
        fits(page)
        page.keyboard.press("Escape")
        for path in ("/pyscript.html", "/devtools.html"):
            fits(tab.ready(path, width=NARROW))
        tab.is_clean()


def fits(page: Page) -> None:
    widths = "[document.documentElement.scrollWidth, innerWidth]"
    scrolled, width = page.evaluate(widths)
    assert scrolled <= width == NARROW
