"""The forms of rendered pages, sent as a browser without scripts sends them."""

from __future__ import annotations

from contextlib import asynccontextmanager
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

import pytest

from tests.suites.visiting import SECRET, Visitor, routes_of
from velocious.configuration import Configuration
from velocious.controller import Controller

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from velocious.testing.environment import TestEnvironment

LAYOUT = "<main>{{ flash_messages() }}{{ content() }}</main>"
PAGE = "{{ button_to('Delete', '/remove', method='delete') }}"
OWN_FORM = """
<form method="post" action="/remove" enctype="multipart/form-data">
  {{ csrf_field() }}<input type="hidden" name="_method" value="delete">
  <input name="title" value="Ü">
</form>
<script nonce="{{ controller.csp_nonce() }}">1</script>
"""


class ItemsController(Controller):
    async def page(self) -> None:
        self.render()

    async def own_form(self) -> None:
        self.render()

    async def remove(self) -> None:
        self.flash["notice"] = f"{self.request.method} <{self.params.get('title', 'nothing')}>"
        self.redirect_to("/page")


class Form(HTMLParser):
    """The fields of the only form of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.fields: dict[str, str] = {}
        self.attributes: dict[str, str | None] = {}
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "form":
            self.attributes = given
        elif tag == "input" and given.get("name"):
            self.fields[str(given["name"])] = str(given.get("value") or "")


@asynccontextmanager
async def items(environment: TestEnvironment, **http: Any) -> AsyncGenerator[Visitor]:
    async with environment.directory() as directory:
        made = Configuration(
            environment_handler=environment.handler(),
            environment="test",
            directory=directory,
            routes=routes_of(ItemsController),
            secret=SECRET,
            http=http,
        )
        views = {"layouts/application": LAYOUT, "items/page": PAGE, "items/own_form": OWN_FORM}
        for name, text in views.items():
            made.files.write_text(f"app/views/{name}.html", text)
        async with made:
            yield Visitor(made)


def multipart(fields: dict[str, str]) -> bytes:
    parts = [
        f'--edge\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in fields.items()
    ]
    return "".join([*parts, "--edge--\r\n"]).encode()


@pytest.mark.parametrize("says", [{}, {"origin": "http://app.test"}], ids=["nothing", "origin"])
async def test_a_button_deletes_and_the_next_page_says_so(
    environment: TestEnvironment, says: dict[str, str]
) -> None:
    async with items(environment) as visitor:
        form = Form((await visitor.get("/page")).text)
        assert form.attributes["method"] == "post"
        answer = await visitor.post("/remove", form.fields, sec_fetch_site="", **says)
        assert (answer.status, answer.header("location")) == (303, "/page")
        page = (await visitor.get("/page")).text
        assert "DELETE &lt;nothing&gt;" in page
        assert "DELETE" not in (await visitor.get("/page")).text


async def test_a_form_with_files_deletes_alike(environment: TestEnvironment) -> None:
    async with items(environment) as visitor:
        form = Form((await visitor.get("/own_form")).text)
        kind = "multipart/form-data; boundary=edge"
        answer = await visitor.ask("POST", "/remove", {}, multipart(form.fields), kind)
        assert answer.status == 303
        assert "DELETE &lt;Ü&gt;" in (await visitor.get("/page")).text


async def test_a_form_without_its_token_deletes_nothing(environment: TestEnvironment) -> None:
    async with items(environment) as visitor:
        fields = Form((await visitor.get("/page")).text).fields
        del fields["authenticity_token"]
        answer = await visitor.post("/remove", fields, sec_fetch_site="")
        assert answer.status == 403
        assert "flash" not in (await visitor.get("/page")).text


async def test_a_script_of_a_page_has_the_nonce_of_its_policy(environment: TestEnvironment) -> None:
    policy = "script-src {nonce}"
    async with items(environment, content_security_policy=policy) as visitor:
        answer = await visitor.get("/own_form")
    nonce = answer.text.partition('<script nonce="')[2].partition('"')[0]
    assert answer.header("content-security-policy") == f"script-src 'nonce-{nonce}'"
