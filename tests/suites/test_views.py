"""Templates: where they are found, what is around them, and what is said of a broken one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.suites.rendering import PostsController, pages_of
from velocious.errors import MissingTemplateError, RenderError, TemplateError
from velocious.routing import Routes
from velocious.testing.client import Client
from velocious.view.lookup import view_folders

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.suites.rendering import Pages
    from velocious.testing.environment import TestEnvironment


@pytest.fixture
async def pages(environment: TestEnvironment) -> AsyncIterator[Pages]:
    async with pages_of(environment) as made:
        yield made


def test_an_action_renders_the_template_of_its_name(pages: Pages) -> None:
    pages.write(posts__index="<h1>{{ title }}</h1>")
    assert pages.render(title="Posts") == "<h1>Posts</h1>"


def test_a_controller_finds_the_templates_of_its_parents(pages: Pages) -> None:
    pages.write(application__gone="gone", posts__own="own")
    assert (pages.render("gone"), pages.render("own")) == ("gone", "own")


def test_a_controller_in_a_namespace_has_a_folder_below_it() -> None:
    made = type(
        "PostsController",
        (PostsController,),
        {"__module__": "app.controllers.admin.posts_controller"},
    )
    assert view_folders(made) == ("admin/posts", "posts", "application")


def test_a_layout_is_around_the_page(pages: Pages) -> None:
    pages.write(
        layouts__application="<title>{{ content('title') or 'Blog' }}</title>"
        "<main>{{ content() }}</main>",
        layouts__bare="[{{ content() }}]",
        posts__index="{% content_for 'title' %}A & {{ b }}{% endcontent_for %}<p>page</p>",
    )
    around = "<title>A & &lt;</title><main><p>page</p></main>"
    assert pages.render(b="<") == around
    assert pages.render(b="<", layout="bare") == "[<p>page</p>]"
    assert pages.render(b="<", layout=False) == "<p>page</p>"


def test_a_layout_that_was_asked_for_must_exist(pages: Pages) -> None:
    pages.write(posts__index="x")
    assert pages.render() == "x"
    with pytest.raises(MissingTemplateError, match=r"app/views/layouts/fancy\.html"):
        pages.render(layout="fancy")


def test_a_controller_names_its_layout(pages: Pages) -> None:
    pages.write(
        layouts__application="({{ content() }})",
        layouts__bare="[{{ content() }}]",
        posts__index="x",
    )
    for layout, shown in (("bare", "[x]"), (False, "x"), (True, "(x)")):
        controller = pages.controller(
            type("PostsController", (PostsController,), {"layout": layout})
        )
        controller.render()
        assert controller.response is not None
        assert bytes(controller.response.body).decode() == shown


async def test_an_action_that_says_nothing_renders_its_own_template(
    environment: TestEnvironment,
) -> None:
    routes = Routes()
    routes.get("/posts", to=(PostsController, "index"))
    routes.get("/shared", to=(PostsController, "shared"))
    async with pages_of(environment, routes=routes) as pages:
        pages.write(posts__index="<h1>{{ request.url.path }}</h1>")
        client = Client(pages.configuration, raises=False)
        answer = await client.get("/posts")
        assert (answer.status, answer.text) == (200, "<h1>/posts</h1>")
        assert answer.headers["content-type"] == "text/html; charset=utf-8"
        missing = await client.get("/shared")
        assert missing.status == 500


def test_what_is_missing_is_named_by_paths_below_the_application(pages: Pages) -> None:
    pages.write(posts__index="x")
    with pytest.raises(MissingTemplateError) as caught:
        pages.render("indx")
    assert caught.value.paths == ("app/views/posts/indx.html", "app/views/application/indx.html")
    assert "Did you mean app/views/posts/index.html?" in str(caught.value)
    assert str(pages.configuration.directory) not in str(caught.value)


@pytest.mark.parametrize("name", ["../secret", "/etc/passwd", "a//b", "", "posts/../x", "a b"])
def test_a_name_never_leads_out_of_the_folder_of_templates(pages: Pages, name: str) -> None:
    with pytest.raises(RenderError, match="is no name of a template|There is no template"):
        pages.controller(action="absent").render(name)


@pytest.mark.parametrize(
    ("ending", "kind", "shown"),
    [
        ("html", "text/html; charset=utf-8", "&lt;b&gt;"),
        ("xml", "application/xml; charset=utf-8", "&lt;b&gt;"),
        ("svg", "image/svg+xml; charset=utf-8", "&lt;b&gt;"),
        ("js", "text/javascript; charset=utf-8", "&lt;b&gt;"),
        ("txt", "text/plain; charset=utf-8", "<b>"),
        ("csv", "text/csv; charset=utf-8", "<b>"),
    ],
)
def test_the_ending_says_what_is_sent_and_whether_it_is_escaped(
    pages: Pages, ending: str, kind: str, shown: str
) -> None:
    pages.write_at(f"posts/feed.{ending}", "{{ value }}")
    pages.write(layouts__application="never around a feed: {{ content() }}")
    controller = pages.controller(action="feed")
    controller.render(f"feed.{ending}", value="<b>", layout=ending != "html")
    assert controller.response is not None
    assert controller.response.headers["content-type"] == kind
    assert bytes(controller.response.body).decode() == shown


def test_an_action_without_html_renders_what_there_is(pages: Pages) -> None:
    pages.write_at("posts/index.txt", "plain")
    assert pages.render() == "plain"


def test_every_template_knows_its_request(pages: Pages) -> None:
    controller = pages.controller(path="/posts", query=b"q=1")
    controller.params["q"] = "1"
    pages.write(posts__index="{{ request.url.path }} {{ params.q }} {{ controller.action }}")
    controller.render()
    assert controller.response is not None
    assert bytes(controller.response.body) == b"/posts 1 index"


# Partials


def test_a_partial_sees_what_it_is_given_and_nothing_else(pages: Pages) -> None:
    pages.write(posts__index="{{ partial('row', name='<a>') }}", posts___row="<li>{{ name }}</li>")
    assert pages.render() == "<li>&lt;a&gt;</li>"
    pages.write(posts___row2="{{ other }}")
    with pytest.raises(TemplateError, match=r"_row2\.html, line 1: There is no variable 'other'"):
        pages.shown("{{ partial('row2') }}", other="x")


def test_a_partial_is_rendered_for_each_of_a_collection(pages: Pages) -> None:
    pages.write(comments___comment="{{ index }}:{{ comment }}{{ end }} ")
    shown = pages.shown("{{ partial('comments/comment', collection=['a', 'b'], end='.') }}")
    assert shown == "0:a. 1:b. "
    assert pages.shown("{{ partial('comments/comment', collection=[]) }}") == ""


def test_a_partial_beside_the_template_that_asks_is_found_first(pages: Pages) -> None:
    pages.write(posts___name="posts", comments___name="comments")
    pages.write(comments___outer="{{ partial('name') }}")
    assert pages.shown("{{ partial('comments/outer') }} {{ partial('name') }}") == "comments posts"


def test_templates_may_extend_and_include_each_other(pages: Pages) -> None:
    pages.write(layouts__wide="<{% block body %}{% endblock %}>")
    assert (
        pages.shown("{% extends 'layouts/wide.html' %}{% block body %}in{% endblock %}") == "<in>"
    )


# Errors


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "a\n{{ titel }}",
            r"shown\.html, line 2: There is no variable 'titel' here\. Did you mean 'title'",
        ),
        ("{% if titel %}{% endif %}", "There is no variable 'titel'"),
        ("{{ post.titel }}", "The dictionary has no 'titel'. Did you mean 'title'"),
        ("{{ nothing.name }}", "None has no 'name'"),
        ("{{ title.uper() }}", "A str has no 'uper'. Did you mean 'upper'"),
        ("\n\n{% for %}", r"app/views/posts/shown\.html, line 3: Expected"),
        ("\n{% include 'posts/_frm.html' %}", r"line 2: There is no template 'posts/_frm\.html'"),
        ("{{ task_pth(1) }}", "There is no variable 'task_pth'"),
    ],
)
def test_what_is_wrong_with_a_template_is_said_with_its_line(
    pages: Pages, text: str, said: str
) -> None:
    with pytest.raises(TemplateError, match=said):
        pages.shown(text, title="x", post={"title": 1}, nothing=None)


def test_an_error_of_the_application_stays_what_it_is(pages: Pages) -> None:
    def fail() -> None:
        raise LookupError("no such shelf")

    with pytest.raises(LookupError, match="no such shelf") as caught:
        pages.shown("\n{{ fail() }}", fail=fail)
    assert caught.value.__notes__ == ["while rendering app/views/posts/shown.html, line 2"]


def test_a_name_may_be_asked_for_without_using_it(pages: Pages) -> None:
    assert pages.shown("{{ 'yes' if absent is defined else 'no' }}") == "no"


def test_json_and_a_template_are_not_rendered_at_once(pages: Pages) -> None:
    with pytest.raises(RenderError, match=r"either JSON or a template"):
        pages.controller().render("index", json={})


# Reloading


async def test_in_development_a_changed_template_is_read_again(
    environment: TestEnvironment,
) -> None:
    async with pages_of(environment, environment="development") as pages:
        pages.write(posts__index="one")
        assert pages.render() == "one"
        pages.write(posts__index="two")
        assert pages.render() == "two"


async def test_in_production_a_template_is_read_once(environment: TestEnvironment) -> None:
    async with pages_of(environment, environment="production") as pages:
        pages.write(posts__index="one")
        assert pages.render() == "one"
        pages.write(posts__index="two")
        assert pages.render() == "one"
