"""Where a record, or a record below another, is found.

Law: an address that would run as a script never becomes a link.
"""

from __future__ import annotations

import logging
import re
from typing import Any, cast

from velocious.errors import RenderError
from velocious.naming import pluralize, underscore
from velocious.record import Record
from velocious.view.rendering import current_rendering

logger = logging.getLogger("velocious.view")

SCHEMES = frozenset({"http", "https", "mailto", "tel", "sms", "ftp", "geo"})
#: Browsers pass over these in front of a scheme, and over some of them inside of it.
_UNSEEN = re.compile(r"[\x00-\x20\x7f-\xa0\u200b-\u200f\u2028-\u202e\ufeff]+")
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")


def safe_address(address: str) -> str:
    """*address*, or with ``unsafe:`` in front where following it could run a script.

    A page is shown whatever somebody stored as their home page; that link leads nowhere.
    """
    if address[:1] in ("/", "?", "#"):
        return address
    scheme = _SCHEME.match(_UNSEEN.sub("", address))
    if scheme is None or scheme[1].lower() in SCHEMES:
        return address
    logger.warning("a link to %r was made harmless", address[:80])
    return f"unsafe:{address}"


def address_of(target: Any) -> str:
    """The address of *target*: a text, a record (``task_path(task)``), or a list of names and
    records (``[project, task]`` → ``project_task_path(project, task)``).

    Raises:
        RenderError: no route leads there.
    """
    if isinstance(target, str):
        return safe_address(target)
    return helper_for(target, collection=False)


def collection_address(target: Any) -> str:
    """Where a new *target* is posted to: ``tasks_path()``, ``project_tasks_path(project)``."""
    return helper_for(target, collection=True)


def helper_for(target: Any, *, collection: bool) -> str:
    """The address of *target*, or of all that it is one of."""
    parts = cast("list[Any]", [*target] if isinstance(target, list | tuple) else [target])
    names = [_name(part) for part in parts]
    if collection:
        names[-1] = _several(names[-1])
    given = [part for part in parts if isinstance(part, Record)]
    name = f"{'_'.join(names)}_path"
    try:
        helper = current_rendering().url_helper(name)
    except LookupError as error:
        raise RenderError(
            f"{target!r} has no address: no route gives {name}(…). Draw one "
            f"(routes.resources({pluralize(_name(parts[-1]))!r}) in app/config/routes.py), or give "
            "the address as a text."
        ) from error
    return helper(*(given[:-1] if collection else given))


def _several(name: str) -> str:
    """What routes call the list of all: ``tasks``, but ``news_index`` where one is ``news``."""
    plural = pluralize(name)
    return plural if plural != name else f"{name}_index"


def _name(part: Any) -> str:
    if isinstance(part, str):
        return part
    if isinstance(part, Record):
        return underscore(type(part).__name__)
    raise RenderError(
        f"{part!r} has no address. Give a text, a record, or a list of records as in "
        "[project, task]."
    )
