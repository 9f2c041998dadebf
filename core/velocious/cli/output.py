"""Where a command's words go.

Law: commands write through this port only, never with ``print``; colours only where a person looks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, TextIO

from velocious.progress import BarReporter, LineReporter, Progress

if TYPE_CHECKING:
    from velocious.progress import Reporter

STYLES = {"bold": "1", "dim": "2", "red": "31", "green": "32", "yellow": "33", "cyan": "36"}


class Output(Protocol):
    """Takes the text of commands."""

    def write(self, text: str = "") -> None:
        """A line of result."""
        ...

    def raw(self, text: str) -> None:
        """A piece of result without a line end, as a program prints it."""
        ...

    def error(self, text: str) -> None:
        """A line about what went wrong."""
        ...

    def style(self, text: str, style: str) -> str:
        """*text* in bold or colour (a key of STYLES) where that shows, else as it is."""
        ...

    @property
    def progress(self) -> Progress: ...


class TextOutput:
    """Collects everything as text: for browsers and tests.

    Arguments:
        reporter: who is told about progress; by default a line per step is written.
    """

    def __init__(self, reporter: Reporter | None = None) -> None:
        self._pieces: list[str] = []
        self.progress = Progress(reporter or LineReporter(self.write))

    @property
    def text(self) -> str:
        """All that was written so far."""
        return "".join(self._pieces)

    def write(self, text: str = "") -> None:
        self._pieces.append(f"{text}\n")

    def raw(self, text: str) -> None:
        self._pieces.append(text)

    def error(self, text: str) -> None:
        self.write(text)

    def style(self, text: str, style: str) -> str:
        return text


class StreamOutput:
    """Writes to two text streams; colours and progress bars where they are a terminal."""

    def __init__(self, out: TextIO, err: TextIO, *, colour: bool | None = None) -> None:
        self._out = out
        self._err = err
        self._colour = out.isatty() if colour is None else colour
        self.progress = Progress(
            BarReporter(self._draw) if err.isatty() else LineReporter(self.error)
        )

    def write(self, text: str = "") -> None:
        print(text, file=self._out, flush=True)

    def raw(self, text: str) -> None:
        print(text, end="", file=self._out, flush=True)

    def error(self, text: str) -> None:
        print(text, file=self._err, flush=True)

    def style(self, text: str, style: str) -> str:
        return f"\x1b[{STYLES[style]}m{text}\x1b[0m" if self._colour else text

    def _draw(self, text: str) -> None:
        print(text, end="", file=self._err, flush=True)
