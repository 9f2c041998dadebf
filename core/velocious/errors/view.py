"""Templates that are not there, or that cannot be rendered.

Law: a message names files by their path below the application, never by where it is installed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from velocious.errors.request import RenderError

if TYPE_CHECKING:
    from collections.abc import Sequence


class MissingTemplateError(RenderError):
    """There is no template of that name in any of the folders that were looked in.

    Attributes:
        name: what was asked for.
        paths: the files that were looked for, below the application.
    """

    code = "missing_template"

    def __init__(self, name: str, paths: Sequence[str], advice: str) -> None:
        self.name = name
        self.paths = tuple(paths)
        shown = ", ".join(paths)
        super().__init__(f"There is no template {name!r}. Looked for: {shown}. {advice}")


class TemplateError(RenderError):
    """A template that is no template, or that uses what is not there.

    Attributes:
        path: the template's file, below the application.
        line: where in it.
    """

    code = "template_error"

    def __init__(self, path: str, line: int, message: str) -> None:
        self.path = path
        self.line = line
        super().__init__(f"{path}, line {line}: {message}")
