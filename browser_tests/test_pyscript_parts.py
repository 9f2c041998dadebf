"""What a script in a worker shows at its page and hears from it, in one browser."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from browser_tests._browser import browser
from browser_tests._modules import module_url
from browser_tests._site import serving
from browser_tests.pages import Tab

if TYPE_CHECKING:
    from collections.abc import Generator

    from playwright.sync_api import Page

NOTES = Path(__file__).parent / "notes_application"
STARTED = 60_000
#: A machine that has other work needs longer than the five seconds of the default.
expect.set_options(timeout=30_000)


@pytest.fixture(scope="module")
def tab(tmp_path_factory: pytest.TempPathFactory) -> Generator[Tab]:
    with (
        serving(NOTES, ("app",)) as origin,
        browser(tmp_path_factory.mktemp("parts") / "profile") as context,
    ):
        yield Tab(context.new_page(), origin)


@pytest.fixture(scope="module")
def page(tab: Tab) -> Page:
    """The page with the parts, with two notes that were added by its form."""
    page = tab.open("/pyscript_parts.html")
    page.wait_for_selector('html[data-python="ready"]', timeout=STARTED)
    for number, text in enumerate(("one", "two"), start=1):
        page.get_by_label("Note", exact=True).fill(text)
        page.get_by_role("button", name="Add").click()
        expect(page.locator("#notes li")).to_have_count(number)
    return page


def test_a_function_and_a_count_are_shown_again_after_a_form_was_sent(page: Page) -> None:
    expect(page.locator("#notes li")).to_contain_text(["one", "two"])
    expect(page.locator("#count")).to_have_text("2")


def test_rows_that_change_places_keep_the_focus_the_caret_and_what_is_written(page: Page) -> None:
    field = page.get_by_label("About one")
    field.fill("half a sentence")
    field.evaluate(
        "(field) => { field.setSelectionRange(5, 5); window.row = field.closest('li'); }"
    )
    page.locator("details").first.evaluate("(details) => { details.open = true; }")
    # A click would take the focus away.
    page.locator("#shuffle").dispatch_event("click")
    expect(page.locator("#notes li")).to_contain_text(["two", "one"])
    expect(field).to_be_focused()
    expect(field).to_have_value("half a sentence")
    assert field.evaluate("(field) => field.selectionStart") == 5
    assert field.evaluate("(field) => field.closest('li') === window.row")
    assert page.locator("#note-1 details").evaluate("(details) => details.open")
    assert not page.locator("#note-2 details").evaluate("(details) => details.open")


def test_an_event_inside_of_an_element_brings_the_data_of_the_element(page: Page) -> None:
    page.locator("#note-2 summary").click()
    expect(page.locator("#said")).to_contain_text("click")
    page.get_by_label("About two").focus()
    expect(page.locator("#said")).to_have_text("focused")


def test_what_is_committed_by_anybody_is_shown(page: Page) -> None:
    page.get_by_role("button", name="Later").click()
    expect(page.locator("#count")).to_have_text("3")
    expect(page.locator("#notes li")).to_have_count(3)


def test_what_a_handler_raises_is_shown_and_a_tick_is_taken_back(tab: Tab, page: Page) -> None:
    place = page.locator('body > [data-velocious="problem"]')
    page.get_by_role("button", name="Break").click()
    expect(place).to_have_text("ValueError: nothing is left")
    page.get_by_label("Refused").click()
    expect(place).to_have_text("ValueError: refused was True")
    expect(page.get_by_label("Refused")).not_to_be_checked()
    assert any("in refuse" in said for said in tab.complaints)


def test_what_cannot_be_shown_any_more_is_told_until_it_can(page: Page) -> None:
    place = page.locator('body > [data-velocious="problem"]')
    page.get_by_role("button", name="Stumble").click()
    expect(place).to_contain_text("the template, line 1: None has no 'strip'.")
    page.get_by_role("button", name="Stumble").click()
    expect(page.locator("#said")).to_have_text("up again")
    expect(place).to_be_empty()


def test_a_binding_that_cannot_be_says_what_would_be_right(page: Page) -> None:
    told = page.locator("#refusal")
    expect(told).to_contain_text("PageError: no element of this page fits '#nowhere'")
    expect(told).to_contain_text('write <script type="text/jinja" id="parsed">')
    expect(told).to_contain_text(
        "TemplateError: the template, line 1: There is no variable 'nobody'"
    )
    expect(told).to_contain_text("TemplateError: the template, line 1: Expected an expression")


def test_a_script_that_is_removed_gives_the_database_to_others(page: Page) -> None:
    page.evaluate("document.querySelector('script[type=py]').remove()")
    page.wait_for_function(
        """async () => {
            const { held } = await navigator.locks.query();
            return !held.some(({ name }) => name === 'velocious:notes');
        }"""
    )


def test_a_script_that_raises_shows_why(tab: Tab) -> None:
    page = tab.open("/pyscript_broken.html")
    page.get_by_label("Text").fill("typed in vain")
    page.keyboard.press("Enter")
    page.wait_for_selector('html[data-python="failed"]', timeout=STARTED)
    expect(page.get_by_role("alert")).to_have_text("ZeroDivisionError: division by zero")
    assert any("in half" in said for said in tab.complaints)
    # The form that waited for it is as the person left it.
    expect(page.get_by_label("Text")).to_have_value("typed in vain")
    assert page.url.endswith("/pyscript_broken.html")


def test_two_scripts_of_a_page_show_what_the_other_one_writes(tab: Tab) -> None:
    page = tab.open("/pyscript_two.html")
    page.wait_for_selector('html[data-python="ready"]', timeout=STARTED)
    expect(page.locator("#count")).to_have_text("0")
    page.get_by_label("Note").fill("from the other script")
    page.get_by_role("button", name="Add").click()
    expect(page.locator("#count")).to_have_text("1")


def test_a_configuration_that_leads_to_another_site_is_refused(tab: Tab) -> None:
    page = tab.open("/pyscript_stranger.html")
    page.wait_for_selector('html[data-python="failed"]', timeout=STARTED)
    expect(page.get_by_role("alert")).to_contain_text(
        'name ours: interpreter = "/velocious/interpreter.mjs"'
    )
    assert tab.foreign == []


RANDOM_LISTS = """async (address) => {
  const { morph } = await import(address);
  let seed = 7;
  const random = (below) => (seed = (seed * 1103515245 + 12345) % 2147483648) % below;
  const item = (key) => (key < 9
    ? `<li id="key-${key}" class="c${random(3)}"><input value="${random(3)}"></li>`
    : ['<li>plain</li>', 'text', '<p>other</p>', '<!-- note -->'][random(4)]);
  const list = () => {
    const keys = Array.from({ length: random(8) }, () => random(13));
    return keys.filter((key, at) => key >= 9 || keys.indexOf(key) === at).map(item).join('');
  };
  const place = document.body.appendChild(document.createElement('ul'));
  const wanted = document.createElement('ul');
  const wrong = [];
  for (let round = 0; round < 500; round += 1) {
    const inputs = [...place.querySelectorAll('input')];
    const focused = inputs[random(inputs.length || 1)];
    focused?.focus();
    const before = new Map([...place.querySelectorAll('[id]')].map((one) => [one.id, one]));
    const html = list();
    wanted.innerHTML = html;
    morph(place, html);
    const now = [...place.querySelectorAll('[id]')];
    const isSame = now.every((one) => (before.get(one.id) ?? one) === one);
    const isFocused = !focused?.isConnected || document.activeElement === focused;
    if (place.innerHTML !== wanted.innerHTML || !isSame || !isFocused) {
      wrong.push([html, place.innerHTML, isSame, isFocused]);
    }
  }
  place.remove();
  return wrong;
}"""


@pytest.mark.parametrize("mover", ["moveBefore", "none"])
def test_any_list_becomes_any_other_with_its_elements_and_its_focus(tab: Tab, mover: str) -> None:
    page = tab.open("/pyscript_stranger.html")
    if mover == "none":
        page.evaluate("delete Element.prototype.moveBefore")
    assert page.evaluate(RANDOM_LISTS, module_url("dom/morph.mjs")) == []
