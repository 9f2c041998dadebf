"""Reads templates from the application's files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jinja2 import BaseLoader, TemplateNotFound

from velocious.view.lookup import FOLDER

if TYPE_CHECKING:
    from collections.abc import Callable

    from jinja2 import Environment

    from velocious.files import Files


class ApplicationLoader(BaseLoader):
    """The templates below ``app/views``, wherever the application's files are."""

    def __init__(self, files: Files) -> None:
        self._files = files

    def get_source(
        self, environment: Environment, template: str
    ) -> tuple[str, str, Callable[[], bool]]:
        path = f"{FOLDER}/{template}"
        if ".." in template.split("/") or not self._files.exists(path):
            raise TemplateNotFound(template)
        seen = self._files.revision()
        text = self._files.read_text(path)

        def is_unchanged() -> bool:
            nonlocal seen
            now = self._files.revision()
            if now is not None and now == seen:
                return True
            seen = now
            # Two changes within one tick of a clock are seen as well.
            return self._files.exists(path) and self._files.read_text(path) == text

        return text, self._files.absolute(path), is_unchanged
