"""Reads the pages of answers with Beautiful Soup.

Law: imported only by a test that looks into a page; nothing else needs the package.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from velocious.errors import TestingError, suggestion

if TYPE_CHECKING:
    from bs4 import BeautifulSoup, Tag

_SHOWN = 5


def parse(text: str) -> BeautifulSoup:
    """The page. Raises TestingError where beautifulsoup4 is not installed."""
    try:
        from bs4 import BeautifulSoup
    except ModuleNotFoundError as error:
        raise TestingError(
            "Looking into pages needs Beautiful Soup, which is not installed here. "
            "Run: pip install beautifulsoup4"
        ) from error
    return BeautifulSoup(text, "html.parser")


def words(element: Tag) -> str:
    """The text of *element*, with single spaces."""
    return " ".join(element.get_text(" ").split())


def page_words(page: BeautifulSoup) -> str:
    """What a person reads on the page; its title is not on it."""
    title = "" if page.title is None else page.title.get_text()
    text = page.get_text(" ") if page.body is None else page.body.get_text(" ")
    return " ".join((text if page.body else text.replace(title, "", 1)).split())


def check_selection(
    page: BeautifulSoup,
    selector: str,
    text: str | re.Pattern[str] | None,
    count: int | None,
    said: str,
) -> list[Tag]:
    """The elements that fit. Raises AssertionError, telling what there is instead."""
    selected = list(page.select(selector))
    found = [element for element in selected if text is None or _fits(words(element), text)]
    if len(found) == count or (found and count is None):
        return found
    wanted = "at least one" if count is None else str(count)
    with_text = "" if text is None else f" with the text {_name(text)}"
    raise AssertionError(
        f"{said} with {len(found)} elements {selector!r}{with_text}, not {wanted}. "
        + _instead(page, selector, selected)
    )


def _fits(words: str, text: str | re.Pattern[str]) -> bool:
    return words == text if isinstance(text, str) else text.search(words) is not None


def _name(text: str | re.Pattern[str]) -> str:
    return repr(text) if isinstance(text, str) else f"like {text.pattern!r}"


def _instead(page: BeautifulSoup, selector: str, selected: list[Tag]) -> str:
    if selected:
        return f"{selector!r} finds:\n{_listed(selected)}"
    # "#posts h1.title" finds nothing: are there any h1?
    last = re.findall(r"(?:^|[\s>+~])([a-z][a-z0-9]*)[^\s>+~]*$", selector)
    similar = list(page.select(last[0])) if last else []
    if similar:
        return f"Nothing fits {selector!r}; of <{last[0]}> there are:\n{_listed(similar)}"
    return f"Nothing fits {selector!r}. The page says: {page_words(page)[:300]!r}"


def _listed(elements: list[Tag]) -> str:
    lines = [f"  {_short(element)}" for element in elements[:_SHOWN]]
    more = len(elements) - _SHOWN
    return "\n".join([*lines, *([f"  and {more} more"] if more > 0 else [])])


def _short(element: Tag) -> str:
    return " ".join(str(element).split())[:160]


def one_of(elements: list[Tag], wanted: str | None, kind: str, names: dict[str, Any]) -> Tag:
    """The only one of *elements*. Raises AssertionError that lists *names* otherwise."""
    if len(elements) == 1:
        return elements[0]
    if not elements and wanted is not None:
        raise AssertionError(f"The page has no {kind} {wanted!r}. {suggestion(wanted, names)}")
    if not elements:
        raise AssertionError(f"The page has no {kind}.")
    which = "" if wanted is None else f" {wanted!r}"
    raise AssertionError(
        f"The page has {len(elements)} of the {kind}{which}. Say which:\n{_listed(elements)}"
    )


def find_link(page: BeautifulSoup, link: str) -> str:
    """The address of the link called *link*, else of the one that it selects.

    Raises:
        AssertionError: there is none, or several that lead to different places.
    """
    links = list(page.select("a[href]"))
    found = [one for one in links if words(one) == link]
    if not found and re.search(r"[.#\[>]|^a\b", link):
        found = [one for one in page.select(link) if one.has_attr("href")]
    addresses = {str(one["href"]): one for one in found}
    names = {words(one): one for one in links}
    return str(one_of(list(addresses.values()), link, "link", names)["href"])
