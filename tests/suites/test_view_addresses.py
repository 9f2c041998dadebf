"""Links and forms that know where a record is found."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.suites.rendering import pages_of
from velocious.errors import RenderError
from velocious.record import Record
from velocious.routing import Routes

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.suites.rendering import Pages
    from velocious.testing.environment import TestEnvironment

SCHEMA = """
CREATE TABLE blog_posts (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, title TEXT);
CREATE TABLE remarks (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, blog_post_id INTEGER, text TEXT
);
CREATE TABLE news (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, title TEXT);
"""


class BlogPost(Record):
    pass


class Remark(Record):
    pass


class News(Record):
    table_name = "news"


def drawn() -> Routes:
    routes = Routes()
    with routes.resources("blog_posts", id="int"):
        routes.resources("remarks", id="int")
    routes.resources("news", id="int")
    return routes


@pytest.fixture
async def pages(environment: TestEnvironment) -> AsyncIterator[Pages]:
    async with pages_of(
        environment, models=[BlogPost, Remark, News], schema=SCHEMA, routes=drawn()
    ) as made:
        yield made


async def test_a_record_has_an_address(pages: Pages) -> None:
    post = await BlogPost.create(title="A & B")
    key = post.primary_key_value()
    assert pages.shown("{{ blog_post_path(post) }}", post=post) == f"/blog_posts/{key}"
    linked = pages.shown("{{ link_to(post.title, post) }}", post=post)
    assert linked == f'<a href="/blog_posts/{key}">A &amp; B</a>'
    queried = pages.shown("{{ blog_posts_path(q='a&b') }}")
    assert queried == "/blog_posts?q=a%26b"


async def test_a_form_goes_where_its_record_belongs(pages: Pages) -> None:
    def action(record: object) -> str:
        text = "{% call(f) form(record) %}{% endcall %}"
        return pages.shown(text, record=record).split('action="')[1].split('"')[0]

    post = await BlogPost.create(title="x")
    remark = await Remark.create(text="y")
    above, below = post.primary_key_value(), remark.primary_key_value()
    assert action(BlogPost()) == "/blog_posts"
    assert action(post) == f"/blog_posts/{above}"
    assert action([post, Remark()]) == f"/blog_posts/{above}/remarks"
    assert action([post, remark]) == f"/blog_posts/{above}/remarks/{below}"
    assert action(News()) == "/news"


def test_what_no_route_leads_to_is_explained(pages: Pages) -> None:
    with pytest.raises(RenderError, match=r"no route gives remarks_path.*routes\.resources"):
        pages.shown("{% call(f) form(remark) %}{% endcall %}", remark=Remark())
    with pytest.raises(RenderError, match="5 has no address"):
        pages.shown("{{ link_to('x', 5) }}")
