"""The links between the pages of a long list."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

from markupsafe import Markup

from velocious.translation.catalogue import find_message
from velocious.view.helpers.numbers import number
from velocious.view.markup import element
from velocious.view.rendering import current_rendering

if TYPE_CHECKING:
    from collections.abc import Iterator

    from velocious.view.page import Page

#: Pages shown on each side of the current one.
AROUND = 2


def paginate(page: Page[Any], *, parameter: str = "page") -> Markup:
    """``<nav>`` with the pages around *page*; nothing where there is only one.

    Links keep what else the address asks for.
    """
    if page.last == 1:
        return Markup()
    back, on = _said("previous", "Previous"), _said("next", "Next")
    items = [_step(back, page.previous, "prev", parameter)]
    items += [_number(at, page.number, parameter) for at in _shown(page.number, page.last)]
    items.append(_step(on, page.next, "next", parameter))
    listed = element("ul", Markup().join(items))
    return element("nav", listed, {"class": "pages", "aria-label": _said("label", "Pages")})


def _shown(current: int, last: int) -> Iterator[int | None]:
    """The numbers to show, with None where some are left out."""
    before = 0
    for at in range(1, last + 1) if last < 12 else _near(current, last):
        if at - before > 1:
            yield None
        yield at
        before = at


def _near(current: int, last: int) -> list[int]:
    around = range(max(1, current - AROUND), min(last, current + AROUND) + 1)
    return sorted({1, *around, last})


def _number(at: int | None, current: int, parameter: str) -> Markup:
    if at is None:
        return element("li", element("span", "…"), {"class": "gap"})
    if at == current:
        attributes = {"aria-current": "page", "href": _address(at, parameter)}
        return element("li", element("a", number(at), attributes))
    return element("li", element("a", number(at), {"href": _address(at, parameter)}))


def _step(text: str, at: int | None, rel: str, parameter: str) -> Markup:
    if at is None:
        return element("li", element("span", text, {"aria-disabled": "true"}), {"class": rel})
    attributes = {"href": _address(at, parameter), "rel": rel}
    return element("li", element("a", text, attributes), {"class": rel})


def _address(at: int, parameter: str) -> str:
    request = current_rendering().request
    kept = [one for one in request.query_params.multi_items() if one[0] != parameter]
    # Two slashes in front would be another host, and so would a backslash.
    path = "/" + quote(request.scope["path"].lstrip("/"), safe="/:@!$&'()*+,;=~")
    return f"{path}?{urlencode([*kept, (parameter, str(at))])}"


def _said(key: str, default: str) -> str:
    return find_message([("pages", key)]) or default
