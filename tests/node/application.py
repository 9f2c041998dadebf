"""A generated application in a temporary folder, and its command line in this process."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

from velocious.cli.main import run
from velocious.cli.output import TextOutput
from velocious_node.cli.application import load
from velocious_node.cli.manifest import registry

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PROGRAM = (sys.executable, "-m", "velocious_node")


class GeneratedApplication:
    """An application made by `velocious init`."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory

    async def line(self, *words: str) -> tuple[int, str]:
        """Run a command line on it in this process; the exit code and all text."""
        output = TextOutput()
        code = await run(
            load, ["--directory", str(self.directory), *words], output, registry=registry()
        )
        return code, output.text

    async def done(self, *words: str) -> str:
        """Run a command line that must work; its text."""
        code, text = await self.line(*words)
        assert code == 0, text
        return text

    def write(self, path: str, text: str) -> None:
        """Write a file of the application."""
        place = self.directory / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text)

    def program(self, *words: str, text: str = "") -> subprocess.CompletedProcess[str]:
        """Run the program itself in the application's directory."""
        return self.program_of(*PROGRAM, *words, text=text)

    def program_of(self, *words: str, text: str = "") -> subprocess.CompletedProcess[str]:
        """Run another program there."""
        return subprocess.run(
            words,
            cwd=self.directory,
            input=text,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
            env={**os.environ, "VELOCIOUS_ENV": "", "NO_COLOR": "1"},
        )


def without_modules_of_applications() -> Iterator[None]:
    """Forget the modules called app.… and the search path afterwards, for the next application."""
    path, environment = list(sys.path), os.environ.get("VELOCIOUS_ENV")
    forget_applications()
    try:
        yield
    finally:
        forget_applications()
        sys.path[:] = path
        os.environ.pop("VELOCIOUS_ENV", None)
        if environment is not None:
            os.environ["VELOCIOUS_ENV"] = environment


def forget_applications() -> None:
    """Let the modules called app.… be imported anew."""
    for name in [name for name in sys.modules if name == "app" or name.startswith("app.")]:
        del sys.modules[name]
