"""Writes generated files, and says of each what happened to it.

Law: a file that exists is never overwritten unless that was asked for in so many words.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from velocious.cli.output import Output
    from velocious.files import Files

STYLES = {"create": "green", "replace": "yellow", "skip": "yellow", "same": "dim"}


class GeneratedFiles:
    """Writes files into an application and tells *output* about each."""

    def __init__(self, files: Files, output: Output, *, force: bool = False) -> None:
        self._files = files
        self._output = output
        self._force = force
        self.skipped: list[str] = []

    def write(self, path: str, text: str) -> None:
        """Write *text* to *path*, or leave what is there."""
        verb = self._verb(path, text)
        if verb in ("create", "replace"):
            self._files.write_text(path, text)
        if verb == "skip":
            self.skipped.append(path)
        note = "  (exists; --force replaces it)" if verb == "skip" else ""
        self._output.write(f"  {self._output.style(f'{verb:>7}', STYLES[verb])}  {path}{note}")

    def _verb(self, path: str, text: str) -> str:
        if not self._files.exists(path):
            return "create"
        if self._files.read_text(path) == text:
            return "same"
        return "replace" if self._force else "skip"
