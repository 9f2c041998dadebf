"""Templates that are a text, rendered where nobody asked for a page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.suites.rendering import pages_of
from velocious.errors import RenderError, TemplateError
from velocious.routing import Routes
from velocious.view.standalone import TextTemplate

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.suites.rendering import Pages
    from velocious.testing.environment import TestEnvironment


@pytest.fixture
async def pages(environment: TestEnvironment) -> AsyncIterator[Pages]:
    routes = Routes()
    routes.get("/posts", to="posts#index")
    async with pages_of(environment, routes=routes) as made:
        yield made


def rendered(pages: Pages, text: str, *, root: str = "", **given: Any) -> str:
    template = TextTemplate(pages.configuration.views, text, "the rows", root=root)
    return template.render(given)


def test_values_are_escaped_and_helpers_are_known(pages: Pages) -> None:
    text = "{% for one in names %}<li>{{ one }}, {{ 1234 | number }}</li>{% endfor %}"
    assert rendered(pages, text, names=["<b>"]) == "<li>&lt;b&gt;, 1,234</li>"


def test_partials_and_addresses_work_without_a_request(pages: Pages) -> None:
    pages.write(posts___row="[{{ name }}]")
    assert rendered(pages, "{{ partial('posts/row', name='&') }}") == "[&amp;]"
    text = "{{ app_path('about.html') }} {{ posts_path() }}"
    assert rendered(pages, text, root="/below") == "/below/about.html /below/posts"


def test_a_text_that_is_no_template_says_the_line(pages: Pages) -> None:
    with pytest.raises(TemplateError, match=r"^the rows, line 2: Expected an expression"):
        rendered(pages, "first\n{% if %}")


def test_a_name_that_is_not_there_says_what_is_and_how_to_give_it(pages: Pages) -> None:
    with pytest.raises(TemplateError) as caught:
        rendered(pages, "\n\n{{ taks }}", tasks=[])
    assert str(caught.value) == (
        "the rows, line 3: There is no variable 'taks' here. Did you mean 'tasks'? The template "
        'was given: tasks. Give it more: return {"taks": …} from the function whose result it '
        "shows."
    )


def test_what_belongs_to_a_request_says_so(pages: Pages) -> None:
    with pytest.raises(RenderError, match="rendered without a request"):
        rendered(pages, "{{ flash_messages() }}")
    with pytest.raises(TemplateError, match="There is no variable 'params'"):
        rendered(pages, "{{ params }}")


def test_an_error_of_the_application_stays_what_it_is(pages: Pages) -> None:
    with pytest.raises(ZeroDivisionError) as caught:
        rendered(pages, "first\n{{ 1 / none_left }}", none_left=0)
    assert caught.value.__notes__ == ["while rendering the rows, line 2"]
