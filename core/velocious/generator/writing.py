"""Writes generated files, and says of each what happened to it.

Law: a file that exists is never overwritten or removed unless that was asked for in so many words.
"""

from __future__ import annotations

from difflib import unified_diff
from typing import TYPE_CHECKING

from velocious.errors import CommandError

if TYPE_CHECKING:
    from velocious.cli.output import Output
    from velocious.files import Files

STYLES = {
    "create": "green",
    "edit": "green",
    "replace": "yellow",
    "skip": "yellow",
    "same": "dim",
    "remove": "red",
}


class GeneratedFiles:
    """Writes files into an application and tells *output* about each.

    Arguments:
        force: replace and remove files that differ from what is generated.
        pretend: only say what would be done.
    """

    def __init__(
        self, files: Files, output: Output, *, force: bool = False, pretend: bool = False
    ) -> None:
        self._files = files
        self._output = output
        self.force = force
        self._pretend = pretend
        self.skipped: list[str] = []

    def write(self, path: str, text: str) -> None:
        """Write *text* to *path*, or leave what is there and show how it differs."""
        verb = self._verb(path, text)
        if verb in ("create", "replace") and not self._pretend:
            self._files.write_text(path, text)
        note = "  (exists; --force replaces it)" if verb == "skip" else ""
        self._say(verb, path, note)
        if verb == "skip":
            self.skipped.append(path)
            self._output.write(difference(self._files, path, text).strip("\n"))

    def edit(self, path: str, text: str, note: str) -> None:
        """Make *text* of the file *path*, which somebody wrote and may go on writing; *note* says
        what was added.
        """
        if self._files.read_text(path) == text:
            self._say("same", path)
            return
        if not self._pretend:
            self._files.write_text(path, text)
        self._say("edit", path, note)

    def remove(self, path: str, text: str | None, again: str) -> None:
        """Remove the file *path*, if it still is the generated *text* (None: whatever it is).

        Raises:
            CommandError: it is not, with the difference; *again* says how to mean it anyway.
        """
        if text is not None and not self.force and self._files.read_text(path) != text:
            raise CommandError(
                f"{path} is not what was generated, so it is kept. {again}"
                f"{difference(self._files, path, text)}"
            )
        if not self._pretend:
            self._files.remove(path)
        self._say("remove", path)

    def _say(self, verb: str, path: str, note: str = "") -> None:
        self._output.write(f"  {self._output.style(f'{verb:>7}', STYLES[verb])}  {path}{note}")

    def _verb(self, path: str, text: str) -> str:
        if not self._files.exists(path):
            return "create"
        if self._files.read_text(path) == text:
            return "same"
        return "replace" if self.force else "skip"


def difference(files: Files, path: str, text: str) -> str:
    """What tells the file *path* from the generated *text*, as a unified diff behind an empty
    line; "" where nothing does.
    """
    if not files.exists(path):
        return ""
    lines = unified_diff(
        files.read_text(path).splitlines(),
        text.splitlines(),
        path,
        f"{path} (generated)",
        "",
        "",
        lineterm="",
    )
    shown = "\n".join(lines)
    return f"\n\n{shown}" if shown else ""
