"""What every template can call: links, texts, numbers, days, messages, pages."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from tests.suites.rendering import pages_of
from velocious.errors import RenderError
from velocious.translation import use_locale
from velocious.view import Page, display, element, l, number, simple_format, time_ago, truncate
from velocious.view.addresses import safe_address
from velocious.view.markup import empty_element

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.suites.rendering import Pages
    from velocious.testing.environment import TestEnvironment

XSS = "\"'><script>alert(1)</script>"
MESSAGES = {
    "en": {
        "posts": {"shown": {"title": "Posts", "hello_html": "<b>{name}</b>"}, "row": {"x": "Row"}},
        "mails": {"one": "{count} mail", "other": "{count} mails"},
    },
    "de": {
        "posts": {"shown": {"title": "Beiträge"}},
        "formats": {
            "number": {"thousands": ".", "decimal": ","},
            "date": {"default": "{day}. {month_name} {year}"},
            "months": {"3": "März"},
        },
    },
}


@pytest.fixture
async def pages(environment: TestEnvironment) -> AsyncIterator[Pages]:
    async with pages_of(environment, messages=MESSAGES) as made:
        yield made


# Nothing that was typed in becomes markup


@pytest.mark.parametrize(
    "text",
    [
        "{{ value }}",
        '<a title="{{ value }}">',
        "{{ link_to(value, '/') }}",
        "{{ link_to('x', '/', title=value) }}",
        "{{ link_to('x', '/?q=' ~ value) }}",
        "{{ button_to(value, '/') }}",
        "{{ truncate(value, 100) }}",
        "{{ value | simple_format }}",
        "{{ display(value) }}",
        "{{ element('p', value, data_x=value) }}",
        "<script>let x = {{ [value] | tojson }}</script>",
        "{% content_for 'x' %}{{ value }}{% endcontent_for %}{{ content('x') }}",
        "{% cache value %}{{ value }}{% endcache %}",
    ],
)
def test_what_was_typed_in_never_becomes_markup(pages: Pages, text: str) -> None:
    shown = pages.shown(text, value=XSS)
    assert "<script>alert" not in shown
    assert "\"'>" not in shown


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "java\nscript:alert(1)",
        " \x01javascript:alert(1)",
        "\u200bjavascript:alert(1)",
        "data:text/html,<script>",
        "vbscript:x",
        "blob:x",
    ],
)
def test_an_address_that_runs_a_script_leads_nowhere(address: str) -> None:
    assert safe_address(address).startswith("unsafe:")


@pytest.mark.parametrize(
    "address",
    [
        "/posts",
        "?page=2",
        "#top",
        "https://example.com/a:b",
        "mailto:a@b.c",
        "//cdn.test/x",
        "a:1/"[1:],
    ],
)
def test_other_addresses_stay_as_they_are(address: str) -> None:
    assert safe_address(address) == address


@pytest.mark.parametrize("name", ["p onclick=x", "a>b", "", "1x", "/p", "script\n", "!--"])
def test_an_element_s_name_is_a_name(name: str) -> None:
    for make in (element, empty_element):
        with pytest.raises(RenderError, match="is no name of an element"):
            make(name)


@pytest.mark.parametrize("name", ["on click", 'x"', "a>b", "", "1x", "a=b"])
def test_an_attribute_s_name_never_ends_its_element(name: str) -> None:
    with pytest.raises(RenderError, match="is no name of an attribute"):
        element("p", "x", {name: "1"})


# Links and buttons


def test_a_link_takes_attributes(pages: Pages) -> None:
    text = "{{ link_to('New', '/new', class_='button', data_x=1, hidden=true, rel=none) }}"
    assert pages.shown(text) == '<a href="/new" class="button" data-x="1" hidden>New</a>'


def test_a_link_may_be_around_markup(pages: Pages) -> None:
    text = "{% call link_to('/x') %}<b>{{ 'a&b' }}</b>{% endcall %}"
    assert pages.shown(text) == '<a href="/x"><b>a&amp;b</b></a>'


def test_a_button_sends_what_forms_cannot(pages: Pages) -> None:
    shown = pages.shown("{{ button_to('Delete', '/posts/1', method='delete', class_='danger') }}")
    assert shown.startswith('<form action="/posts/1" class="button-to" method="post">')
    assert '<input type="hidden" name="_method" value="delete">' in shown
    assert shown.endswith('<button type="submit" class="danger">Delete</button></form>')
    plain = pages.shown("{{ button_to('Find', '/', method='get') }}")
    assert 'method="get"' in plain and "_method" not in plain


# Texts, numbers, days


def test_a_text_is_cut_between_words() -> None:
    assert truncate("one two three", 9) == "one two…"
    assert truncate("short", 9) == "short"
    assert truncate("indivisible", 5) == "indi…"
    assert truncate(None) == ""


def test_a_plain_text_becomes_paragraphs() -> None:
    assert simple_format("a\r\nb\n\n\n<c>") == "<p>a<br>\nb</p>\n<p>&lt;c&gt;</p>"
    assert simple_format(None) == ""


def test_numbers_are_grouped() -> None:
    assert number(1234567) == "1,234,567"
    assert number(Decimal("-1234.5"), 2) == "-1,234.50"
    assert number(2.675, 2) == "2.68"
    assert number(None) == ""


def test_days_moments_and_times_are_written_out() -> None:
    assert l(date(2026, 3, 1)) == "1 March 2026"
    assert l(datetime(2026, 3, 1, 9, 5, tzinfo=UTC), "short") == "1 Mar 09:05"
    assert l(time(7, 30)) == "07:30"
    assert l(None) == ""
    with pytest.raises(RenderError, match=r"no format 'lng' for a date.*Known: default, short"):
        l(date(2026, 3, 1), "lng")


def test_the_locale_writes_numbers_and_days_its_way(pages: Pages) -> None:
    with use_locale("de"):
        assert number(1234.5, 2) == "1.234,50"
        assert l(date(2026, 3, 1)) == "1. März 2026"


@pytest.mark.parametrize(
    ("passed", "said"),
    [
        (timedelta(seconds=20), "just now"),
        (timedelta(minutes=1), "1 minute ago"),
        (timedelta(hours=5, minutes=59), "5 hours ago"),
        (timedelta(days=800), "2 years ago"),
        (timedelta(days=-2), "in 2 days"),
    ],
)
def test_how_long_ago_is_said_roughly(passed: timedelta, said: str) -> None:
    now = datetime(2026, 1, 1, tzinfo=UTC)
    shown = time_ago(now - passed, now)
    assert shown.endswith(f">{said}</time>")
    assert f'datetime="{(now - passed).isoformat()}"' in shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, "–"),
        ("", "–"),
        (True, "Yes"),
        (1234, "1,234"),
        (date(2026, 3, 1), "1 March 2026"),
        ({"a": 1}, '{"a": 1}'),
        ("text", "text"),
    ],
)
def test_any_value_has_a_way_to_be_shown(value: Any, shown: str) -> None:
    assert shown in display(value)


# Translations


def test_a_text_is_found_below_the_template_that_asks(pages: Pages) -> None:
    pages.write(posts___row="{{ t('.x') }}")
    assert pages.shown("{{ t('.title') }} {{ partial('row') }}") == "Posts Row"
    with use_locale("de"):
        assert pages.shown("{{ t('.title') }}") == "Beiträge"


def test_values_are_filled_in_and_escaped(pages: Pages) -> None:
    assert pages.shown("{{ t('mails', count=1) }}, {{ t('mails', count=2) }}") == "1 mail, 2 mails"
    assert pages.shown("{{ t('.hello_html', name='<i>') }}") == "<b>&lt;i&gt;</b>"
    assert pages.shown("{{ t('a.b', default='Else {x}', x='<') }}") == "Else &lt;"


def test_a_text_that_no_locale_has_is_an_error(pages: Pages) -> None:
    with pytest.raises(RenderError, match=r"No locale has a text for 'posts\.shown\.absent'"):
        pages.shown("{{ t('.absent') }}")


async def test_in_production_a_missing_text_does_not_take_the_page_down(
    environment: TestEnvironment,
) -> None:
    async with pages_of(environment, environment="production") as pages:
        assert pages.shown("{{ t('.first_name') }}") == "First name"


# Pages


def page_of(number: int, total: int) -> Page[Any]:
    return Page([], number=number, per_page=10, total=total)


def test_the_links_between_pages_keep_what_else_was_asked(pages: Pages) -> None:
    pages.write(posts__shown="{{ paginate(page) }}")
    controller = pages.controller(query=b"q=a%26b&page=2", action="shown")
    controller.render(page=page_of(2, 30))
    assert controller.response is not None
    shown = bytes(controller.response.body).decode()
    assert 'href="/posts?q=a%26b&amp;page=1" rel="prev"' in shown
    assert 'href="/posts?q=a%26b&amp;page=3" rel="next"' in shown
    assert 'aria-current="page" href="/posts?q=a%26b&amp;page=2"' in shown


@pytest.mark.parametrize(
    ("path", "address"),
    [
        ("//evil.example", "/evil.example?page=1"),
        ("/\\evil.example", "/%5Cevil.example?page=1"),
        ("/a?b#c", "/a%3Fb%23c?page=1"),
    ],
)
def test_the_links_between_pages_stay_on_this_site(pages: Pages, path: str, address: str) -> None:
    pages.write(posts__shown="{{ paginate(page) }}")
    controller = pages.controller(path=path, action="shown")
    controller.render(page=page_of(2, 30))
    assert controller.response is not None
    assert f'href="{address}"' in bytes(controller.response.body).decode()


def test_many_pages_are_not_all_listed(pages: Pages) -> None:
    shown = pages.shown("{{ paginate(page) }}", page=page_of(50, 1000))
    assert shown.count("…") == 2
    assert all(f">{at}</a>" in shown for at in (1, 48, 49, 50, 51, 52, 100))
    assert ">53</a>" not in shown


def test_a_single_page_needs_no_links(pages: Pages) -> None:
    assert pages.shown("{{ paginate(page) }}", page=page_of(1, 10)) == ""


# Assets


def test_an_asset_s_address_changes_with_its_content(pages: Pages) -> None:
    pages.configuration.files.write_text("web/app.css", "a {}")
    first = pages.shown("{{ asset_path('app.css') }}")
    assert first.startswith("/app.css?v=") and len(first) == len("/app.css?v=") + 16
    pages.configuration.files.write_text("web/app.css", "body {}")
    assert pages.shown("{{ asset_path('app.css') }}") != first


def test_addresses_are_below_the_path_that_the_application_is_served_at(pages: Pages) -> None:
    pages.configuration.files.write_text("web/app.css", "a {}")
    assert pages.shown("{{ app_path('/') }} {{ app_path('about.html') }}") == "/ /about.html"
    pages.root_path = "/be low"
    assert pages.shown("{{ app_path('/about.html') }}") == "/be%20low/about.html"
    assert pages.shown("{{ asset_path('app.css') }}").startswith("/be%20low/app.css?v=")


def test_an_asset_s_address_is_quoted_as_addresses_are(pages: Pages) -> None:
    pages.configuration.files.write_text("web/a #1.css", "a {}")
    assert pages.shown("{{ asset_path('a #1.css') }}").startswith("/a%20%231.css?v=")


def test_an_asset_that_is_missing_is_an_error_where_there_are_assets(pages: Pages) -> None:
    assert pages.shown("{{ asset_path('app.css') }}") == "/app.css"
    pages.configuration.files.write_text("web/app.css", "")
    for name in ("ap.css", "../app/x.css"):
        with pytest.raises(RenderError, match="There is no file web/"):
            pages.shown(f"{{{{ asset_path('{name}') }}}}")
