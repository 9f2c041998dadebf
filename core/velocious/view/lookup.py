"""Finds the file of a template.

Law: a name from a request never leads out of ``app/views``.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from velocious.errors import MissingTemplateError, RenderError, close_matches
from velocious.naming import underscore
from velocious.view.formats import MEDIA_TYPES, format_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from velocious.files import Files

FOLDER = "app/views"
#: Where every controller finds templates, after its own folders.
SHARED = "application"

_NAME = re.compile(r"[A-Za-z0-9_][\w.-]*(?:/[A-Za-z0-9_][\w.-]*)*")
_CONTROLLERS = "app.controllers."


@lru_cache(maxsize=1024)
def view_folders(controller_class: type) -> tuple[str, ...]:
    """The folders of a controller's templates: its own, its parents', and the shared one."""
    found = [_folder(one) for one in controller_class.__mro__ if one.__name__ != "Controller"]
    return tuple(dict.fromkeys([*filter(None, found), SHARED]))


def _folder(controller_class: type) -> str | None:
    given = vars(controller_class).get("view_path")
    if given is not None:
        return str(given)
    if not controller_class.__name__.endswith("Controller"):
        return None
    name = underscore(controller_class.__name__.removesuffix("Controller"))
    *namespace, _ = controller_class.__module__.removeprefix(_CONTROLLERS).split(".")
    inside = controller_class.__module__.startswith(_CONTROLLERS)
    return "/".join([*(namespace if inside else ()), name])


class Lookup:
    """Finds templates by name among the files of one application.

    Arguments:
        settled: files do not change while the process runs, so that what was found is kept.
    """

    def __init__(self, files: Files, *, settled: bool) -> None:
        self._files = files
        self._settled = settled
        self._found: dict[tuple[tuple[str, ...], str, str | None], str | None] = {}
        #: What :attr:`_found` is of, where files change.
        self._revision: object = None

    def find(self, folders: tuple[str, ...], name: str, wanted: str | None) -> str | None:
        """The template *name* (``"edit"``, ``"posts/edit"``, ``"feed.xml"``), as a path below
        ``app/views``; None where there is none.

        Arguments:
            wanted: the ending of a name that has none; without it, any ending will do.
        """
        if not self._settled:
            self._notice()
        key = (folders, name, wanted)
        if key in self._found:
            return self._found[key]
        found = next(
            (path for path in candidates(folders, name, wanted) if self._is_there(path)), None
        )
        self._found[key] = found
        return found

    def find_or_fail(self, folders: tuple[str, ...], name: str, wanted: str | None) -> str:
        """As :meth:`find`. Raises MissingTemplateError, with every file that was looked for."""
        found = self.find(folders, name, wanted)
        if found is not None:
            return found
        # Whatever ending would do, nobody wants to read them all.
        paths = [f"{FOLDER}/{path}" for path in candidates(folders, name, wanted or "html")]
        raise MissingTemplateError(name, paths, self._advice(paths))

    def forget(self) -> None:
        """Look for every file anew, after templates were written."""
        self._found.clear()

    def _notice(self) -> None:
        """Forget what may not be so any more."""
        revision = self._files.revision()
        if revision is None or revision != self._revision:
            self._revision = revision
            self._found.clear()

    def _is_there(self, path: str) -> bool:
        return self._files.exists(f"{FOLDER}/{path}")

    def _advice(self, paths: Sequence[str]) -> str:
        for path in paths:
            folder, _, name = path.rpartition("/")
            close = close_matches(name, self._files.list(folder))
            if close:
                return f"Did you mean {folder}/{close[0]}?"
        return (
            f"Create {paths[0]}, or answer with something else: another template, "
            "self.render(json=…), self.redirect_to(…), self.head(204)."
        )


def candidates(folders: tuple[str, ...], name: str, wanted: str | None) -> Iterator[str]:
    """Every path below ``app/views`` that *name* may mean, the best first.

    Raises:
        RenderError: *name* is no name of a template.
    """
    if not _NAME.fullmatch(name):
        raise RenderError(
            f"{name!r} is no name of a template. Write it like 'edit', 'posts/edit' or 'feed.xml': "
            "below app/views, without .. and without a slash in front."
        )
    places = [name] if "/" in name else [f"{folder}/{name}" for folder in folders]
    endings = [""] if format_of(name) else [f".{one}" for one in _endings(wanted)]
    for ending in endings:
        for place in places:
            yield f"{place}{ending}"


def _endings(wanted: str | None) -> tuple[str, ...]:
    return tuple(MEDIA_TYPES) if wanted is None else (wanted,)


def partial_name(name: str) -> str:
    """``"posts/post"`` → ``"posts/_post"``."""
    folder, slash, last = name.rpartition("/")
    return f"{folder}{slash}_{last}"
