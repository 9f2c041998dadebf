"""Says where in a template something went wrong.

Law: an error of the application stays what it is, so that filters and answers still know it; what
is wrong with a template itself becomes a TemplateError.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from jinja2 import TemplateNotFound, TemplateSyntaxError, UndefinedError

from velocious.errors import TemplateError, suggestion
from velocious.view.lookup import FOLDER

if TYPE_CHECKING:
    from types import TracebackType

    from velocious.files import Files


def explained(error: Exception, path: str, files: Files) -> Exception:
    """What to raise in place of *error*, which came out of the template at *path*."""
    if isinstance(error, TemplateSyntaxError):
        place = f"{FOLDER}/{error.name or path}"
        return TemplateError(place, error.lineno, _sentence(str(error.message)))
    place, line = _place(error.__traceback__, path, files)
    if isinstance(error, TemplateNotFound):
        return TemplateError(place, line, _not_found(str(error.name), files))
    if isinstance(error, UndefinedError):
        return TemplateError(place, line, str(error.message))
    note = f"while rendering {place}, line {line}"
    if line and note not in getattr(error, "__notes__", ()):
        error.add_note(note)
    return error


def _place(trace: TracebackType | None, path: str, files: Files) -> tuple[str, int]:
    """The innermost line of a template that *trace* goes through: its file, below the application,
    and its number.
    """
    root = files.absolute(FOLDER)
    place, line = f"{FOLDER}/{path}", 0
    while trace is not None:
        name = trace.tb_frame.f_code.co_filename
        if name.startswith(root):
            place, line = FOLDER + name[len(root) :].replace("\\", "/"), trace.tb_lineno
        trace = trace.tb_next
    return place, line


def _not_found(name: str, files: Files) -> str:
    folder, _, _ = name.rpartition("/")
    known = [f"{folder}/{one}" if folder else one for one in files.list(f"{FOLDER}/{folder}")]
    return (
        f"There is no template {name!r}. {suggestion(name, known)} Write its path below "
        f"{FOLDER}, with its ending."
    )


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]
