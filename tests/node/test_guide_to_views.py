"""What the guide to views says is run: its templates, its controller, its helpers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.node.guides import python_blocks, run
from tests.project._snippets import snippets
from tests.suites.rendering import pages_of
from velocious.record import Record
from velocious.routing import Routes

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.node.application import GeneratedApplication
    from tests.suites.rendering import Pages
    from velocious.testing.environment import TestEnvironment

GUIDE = "docs/views.md"
TEMPLATES = [block.text for block in snippets(GUIDE) if block.language == "jinja"]
SCHEMA = """
CREATE TABLE writers (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, name TEXT);
CREATE TABLE posts (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, title TEXT, body TEXT, writer_id INTEGER,
  published BOOLEAN NOT NULL DEFAULT 0, created_at DATETIME, updated_at DATETIME
);
"""


class Writer(Record):
    pass


class Post(Record):
    pass


@pytest.fixture
async def pages(environment: TestEnvironment) -> AsyncIterator[Pages]:
    routes = Routes()
    routes.resources("posts", id="int")
    async with pages_of(environment, models=[Writer, Post], schema=SCHEMA, routes=routes) as made:
        yield made


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda text: text.strip().split("\n")[0][:40])
async def test_a_template_of_the_guide_is_rendered(pages: Pages, template: str) -> None:
    pages.write(posts___card="<p>{{ post.title }}</p>")
    post = await Post.create(title="A & B", body="Text")
    writer = await Writer.create(name="Ada")
    shown = pages.shown(template, post=post, posts=[post], writer=writer, writers=[writer])
    assert any(text in shown for text in ("A &amp; B", "<title>Blog</title>"))


def test_every_helper_is_in_the_guide() -> None:
    from tests.project._repository import REPOSITORY
    from velocious.view.helper_table import HELPERS

    guide = (REPOSITORY / GUIDE).read_text(encoding="utf-8")
    assert [name for name in HELPERS if f"{name}(" not in guide] == []


def test_the_helpers_of_the_guide_work() -> None:
    made = run(python_blocks(GUIDE)[1])
    assert made["price"](1250) == '<data value="1250">12.50 €</data>'


async def test_the_controller_of_the_guide_answers(generated: GeneratedApplication) -> None:
    await generated.done("g:scaffold", "Post", "title:string!", "body:text")
    controller = generated.directory / "app/controllers/posts_controller.py"
    controller.write_text(python_blocks(GUIDE)[0])
    generated.write("app/views/posts/feed.xml", "<feed>{% for post in posts %}x{% endfor %}</feed>")
    generated.write("app/views/posts/index.html", "{{ posts.total }} posts")
    generated.write(
        "app/config/routes.py",
        "from velocious.routing import Routes\n\nroutes = Routes()\n"
        'routes.get("/posts", to="posts#index")\nroutes.get("/feed", to="posts#feed")\n',
    )
    generated.write("app/views/layouts/_navigation.html", "")
    await generated.done("db:migrate")
    code = (
        "import httpx\n"
        "transport = httpx.ASGITransport(configuration.asgi())\n"
        'client = httpx.AsyncClient(transport=transport, base_url="http://localhost")\n'
        'for path in ("/posts?page=x", "/feed"):\n'
        "    answer = await client.get(path)\n"
        '    print(answer.status_code, answer.headers["content-type"], "0 posts" in answer.text)'
    )
    text = await generated.done("runner", code)
    assert text.splitlines() == [
        "200 text/html; charset=utf-8 True",
        "200 application/xml; charset=utf-8 False",
    ]
