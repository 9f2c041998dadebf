"""Templates inside of templates."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from markupsafe import Markup

from velocious.errors import RenderError
from velocious.naming import pluralize, underscore
from velocious.record import Record
from velocious.view.lookup import partial_name
from velocious.view.rendering import current_rendering

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


def content(name: str = "") -> Markup:
    """In a layout: the page, or what its ``{% content_for name %}`` said; else nothing."""
    return current_rendering().contents.get(name, Markup())


def partial(
    name: Any,
    /,
    *,
    collection: Iterable[Any] | None = None,
    as_: str | None = None,
    **given: Any,
) -> Markup:
    """The template ``_form.html`` for ``partial("form", post=post)``; it sees what it is given.

    A record alone means its own partial: ``partial(post)`` is
    ``partial("posts/post", post=post)``.

    Arguments:
        collection: renders it once for each; it sees each one under its own name (or *as_*), and
            its place as ``index``.
    """
    if isinstance(name, Record):
        singular = underscore(type(name).__name__)
        given, name = {singular: name, **given}, f"{pluralize(singular)}/{singular}"
    if not isinstance(name, str):
        raise RenderError(f"partial takes a name or a record, not {name!r}.")
    path = _path(name)
    if collection is None:
        return current_rendering().render(path, given)
    return _collection(path, as_ or name.rpartition("/")[2], collection, given)


def _path(name: str) -> str:
    rendering = current_rendering()
    here = rendering.template.rpartition("/")[0]
    # Beside the template that asks, then wherever the controller finds templates.
    folders = tuple(dict.fromkeys((here, *rendering.folders)))
    return rendering.views.lookup.find_or_fail(folders, partial_name(name), rendering.format)


def _collection(
    path: str, called: str, collection: Iterable[Any], given: Mapping[str, Any]
) -> Markup:
    render = current_rendering().render
    texts = [render(path, {**given, called: one, "index": at}) for at, one in enumerate(collection)]
    return Markup("").join(cast("list[str]", texts))
