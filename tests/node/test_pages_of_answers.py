"""What a test reads from pages, how it fills in forms, and what a failed expectation says."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING

import pytest

from tests.suites.shop import shop
from velocious.errors import TestingError
from velocious.testing.environment import environment_called
from velocious.testing.form_data import form_pairs

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from velocious.testing.client import Client


@pytest.fixture
async def client() -> AsyncIterator[Client]:
    async with shop(environment_called("node-sqlite")) as client:
        yield client


async def test_elements_are_selected_and_their_text_compared(client: Client) -> None:
    answer = await client.get("/form")
    (title,) = answer.assert_select("h1.title", "New task")
    assert title.get("class") == ["title"]
    assert len(answer.assert_select("form", count=3)) == 3
    answer.assert_select("a", re.compile("^He"), count=2)
    answer.assert_select("h2", count=0)
    answer.assert_text("New task", "Help").assert_ok()


@pytest.mark.parametrize(
    ("selector", "text", "count", "said"),
    [
        ("h1", "Old task", None, "GET /form answered 200 OK with 0 elements 'h1' with the text"),
        ("h1", "Old task", None, "'h1' finds:\n  <h1 class=\"title\">New task</h1>"),
        ("#page h1.big", None, None, "of <h1> there are:\n  <h1 class"),
        ("h2", None, None, "The page says: 'New task Help"),
        ("form", None, 1, "with 3 elements 'form', not 1"),
    ],
)
async def test_a_missing_element_is_explained_by_what_there_is(
    client: Client, selector: str, text: str | None, count: int | None, said: str
) -> None:
    answer = await client.get("/form")
    with pytest.raises(AssertionError, match=re.escape(said)):
        answer.assert_select(selector, text, count=count)


async def test_expectations_of_an_answer_say_what_came_instead(client: Client) -> None:
    answer = await client.get("/page", params={"name": "Hello"})
    answer.assert_header("Content-Type").assert_header("X-None", None)
    for wrong, said in (
        (lambda: answer.assert_status(201, 204), "200 OK, not 201 Created or 204 No Content"),
        (lambda: answer.assert_status(201), "Hello\nA  page\nof words"),
        (lambda: answer.assert_redirect(), "which is no redirect"),
        (lambda: answer.assert_header("X-None"), "without the header X-None. There are: con"),
        (lambda: answer.assert_header("content-type", None), "should not be there"),
        (lambda: answer.assert_header("content-type", "text/plain"), "html; charset=utf-8, not t"),
        (lambda: answer.assert_text("Bye"), "but without the text 'Bye'"),
        (lambda: answer.json(), "which is no JSON"),
    ):
        with pytest.raises(AssertionError, match=re.escape(said)):
            wrong()
    moved = await client.get("/enter")
    with pytest.raises(AssertionError, match=re.escape("not 200 OK.\n\nIt leads to /told?from=")):
        moved.assert_status(200)
    with pytest.raises(AssertionError, match="leads to '/told.from=enter', not to '/'"):
        moved.assert_redirect("/")


async def test_the_message_of_an_error_page_is_part_of_the_failure(client: Client) -> None:
    for answer in (await client.get("/page"), await client.as_("json").get("/page")):
        with pytest.raises(AssertionError, match="400 Bad Request.*\n\n(.*\n)*.*'name' is missing"):
            answer.assert_ok()


async def test_a_form_is_sent_as_it_stands_on_the_page(client: Client) -> None:
    await client.get("/form")
    told = (await client.submit("#new")).json()
    assert told["method"] == "POST"
    sent = [value for _, value in form_pairs(told["params"])]
    assert sent == ["kept", "Draft", "1", "s", "a", "one\r\ntwo", "Save"]


async def test_fields_are_filled_in_by_label_name_or_id(client: Client) -> None:
    page = await client.get("/form")
    fields = {"Name": "Launch", "Done": True, "task[urgent]": False, "size": "l", "kind": "second"}
    told = (await client.submit("#new", fields, button="Save more")).json()
    assert dict(form_pairs(told["params"])) == {
        "hidden": "kept",
        "task[name]": "Launch",
        "task[done]": "1",
        "size": "l",
        "kind": "second",
        "note": "one\r\ntwo",
        "then": "more",
    }
    assert client.page is page, "an answer of JSON is no page"


async def test_a_form_that_searches_and_one_with_files(client: Client) -> None:
    await client.get("/form")
    told = (await client.submit("#find", {"q": "a b"})).json()
    assert (told["method"], told["query"]) == ("GET", "q=a+b")
    told = (await client.submit("#photo", {"photo": ("a.png", b"bytes", "image/png")})).json()
    assert told["params"]["photo"] == ["a.png", "image/png", "bytes"]


async def test_links_are_followed_by_their_text_or_a_selector(client: Client) -> None:
    await client.get("/form")
    (await client.follow("Help")).assert_select("h1", "help")
    await client.get("/form")
    (await client.follow("a.again")).assert_select("h1", "help")


async def test_what_the_page_does_not_have_cannot_be_used(client: Client) -> None:
    with pytest.raises(TestingError, match="No page was answered yet"):
        await client.follow("Help")
    await client.get("/form")
    for wrong, said in (
        (client.submit("#new", {"Nmae": "x"}), "no field 'Nmae'. Did you mean 'Name'"),
        (client.submit("#new", {"gone": "x"}), "no field 'gone'"),
        (client.submit("#new", {"kind": "third"}), "'kind' has no choice 'third'"),
        (client.submit("#new", {"size": "xl"}), "'size' has no choice 'xl'"),
        (client.submit("#new", button="Delete"), "no button 'Delete'"),
        (client.submit(), "has 3 of the form. Say which"),
        (client.submit("#nwe"), "no form '#nwe'"),
        (client.follow("Hepl"), "no link 'Hepl'. Did you mean 'Help'"),
    ):
        with pytest.raises(AssertionError, match=said):
            await wrong


async def test_without_beautiful_soup_a_page_says_what_to_install(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = await client.get("/form")
    monkeypatch.setitem(sys.modules, "bs4", None)
    with pytest.raises(TestingError, match="pip install beautifulsoup4"):
        answer.assert_select("h1")
