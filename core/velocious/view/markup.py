"""Writes elements of HTML.

Law: every value is escaped, and a name that would end its place raises.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any, cast

from markupsafe import Markup, escape

from velocious.errors import RenderError

if TYPE_CHECKING:
    from collections.abc import Mapping

_NAME = re.compile(r"[A-Za-z_:@][\w:.@-]*")
_ELEMENT = re.compile(r"[A-Za-z][A-Za-z0-9:._-]*")
#: A name of Python's own gets an underscore behind it: ``class_``, ``for_``.
_WITH_DASH = ("data_", "aria_", "http_", "accept_")


def element(
    name: str, content: Any = None, attributes: Mapping[str, Any] | None = None, /, **more: Any
) -> Markup:
    """``<name …>content</name>``. Raises RenderError where *name* can be none."""
    name = element_name(name)
    return Markup(f"<{name}{attributes_text(attributes, **more)}>{_text(content)}</{name}>")


def empty_element(name: str, attributes: Mapping[str, Any] | None = None, /, **more: Any) -> Markup:
    """``<name …>``, which has no end: input, br, hr, img."""
    return Markup(f"<{element_name(name)}{attributes_text(attributes, **more)}>")


def attributes_text(attributes: Mapping[str, Any] | None = None, /, **more: Any) -> Markup:
    """Attributes, each with a space in front: ``class_="x"``, ``data_id=5``, ``required=True``.

    None and False leave one out, True writes its name alone (``aria-…`` the word), a list is joined
    with spaces.
    """
    given = {**attributes, **more} if attributes else more
    return Markup("".join(_attribute(name, value) for name, value in given.items()))


def _attribute(name: str, value: Any) -> str:
    if value is None:
        return ""
    name = attribute_name(name)
    if isinstance(value, bool) and not name.startswith(("aria-", "data-")):
        return f" {name}" if value else ""
    if isinstance(value, bool):
        value = "true" if value else "false"
    elif isinstance(value, list | tuple):
        value = " ".join(str(one) for one in cast("list[object]", value) if one)
    # Markup is escaped as well: a quote inside of it would end the attribute.
    return f' {name}="{escape(str(value))}"'


@lru_cache(maxsize=256)
def element_name(name: str) -> str:
    """*name*, where an element can be called so. Raises RenderError."""
    if not _ELEMENT.fullmatch(name):
        raise RenderError(
            f"{name!r} is no name of an element. Write it like 'p', and its attributes as in "
            'element("p", text, class_="quiet").'
        )
    return name


@lru_cache(maxsize=1024)
def attribute_name(name: str) -> str:
    """``"class_"`` → ``"class"``, ``"data_id"`` → ``"data-id"``.

    Raises:
        RenderError: it cannot be the name of an attribute.
    """
    written = name.removesuffix("_")
    if written.startswith(_WITH_DASH):
        written = written.replace("_", "-")
    if not _NAME.fullmatch(written):
        raise RenderError(
            f"{name!r} is no name of an attribute. Use letters, digits, _, - and :, as in "
            'class_="button" or data_id=5.'
        )
    return written


def _text(content: Any) -> str:
    return "" if content is None else str(escape(content))
