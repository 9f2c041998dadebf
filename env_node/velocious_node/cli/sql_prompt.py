"""A prompt for SQL, where a database's own shell is not installed."""

from __future__ import annotations

import asyncio
import sqlite3
import sys
from typing import TYPE_CHECKING

from velocious.cli.statement import run_statement
from velocious.cli.tabular import FORMATS
from velocious.errors import VelociousError, suggestion

if TYPE_CHECKING:
    from velocious.cli.output import Output
    from velocious.database.database import Database

HELP = """\
Statements end with a semicolon; each is stored at once.
.tables         the tables and views
.columns TABLE  the columns of one
.mode FORMAT    show rows as table, csv or json
.quit           leave (so does Ctrl+D)"""
_COMMANDS = (".tables", ".columns", ".mode", ".help", ".quit")


class SqlPrompt:
    """Reads statements, runs them and shows their rows until the input ends."""

    def __init__(self, database: Database, output: Output) -> None:
        self._database = database
        self._output = output
        self._format = "table"
        self._left = False

    async def run(self) -> int:
        """Serve whoever types; 1 where a statement of a file or pipe failed, which ends it."""
        interactive = sys.stdin.isatty()
        text = ""
        while not self._left:
            line = await asyncio.to_thread(_read, _prompt(text) if interactive else "")
            if line is None:
                break
            text = f"{text}\n{line}" if text else line
            if not (text.startswith(".") or not text.strip() or sqlite3.complete_statement(text)):
                continue
            if not await self._run(text.strip()) and not interactive:
                return 1
            text = ""
        if text.strip() and not self._left:
            return 0 if await self._run(text.strip()) else 1
        return 0

    async def _run(self, text: str) -> bool:
        try:
            if text.startswith("."):
                await self._command(*text.split(maxsplit=1))
            elif text:
                self._output.write(await run_statement(self._database, text, self._format))
        except VelociousError as error:
            self._output.error(f"{self._output.style('Error:', 'red')} {error}")
            return False
        return True

    async def _command(self, name: str, argument: str = "") -> None:
        match name:
            case ".tables":
                self._output.write("\n".join(await self._database.table_names()))
            case ".columns":
                table = await self._database.table(argument)
                for column in table.columns:
                    null = "" if column.null else "  NOT NULL"
                    self._output.write(f"{column.name}  {column.declared}{null}")
            case ".mode" if argument in FORMATS:
                self._format = argument
            case ".mode":
                raise VelociousError(f"There is no mode {argument!r}. Use {', '.join(FORMATS)}.")
            case ".help":
                self._output.write(HELP)
            case ".quit" | ".exit":
                self._left = True
            case _:
                raise VelociousError(
                    f"There is no command {name!r}. {suggestion(name, _COMMANDS)} "
                    ".help explains them."
                )


def _prompt(text: str) -> str:
    return "  ...> " if text else "sql> "


def _read(prompt: str) -> str | None:
    """The next line, or None where there is none."""
    if prompt:
        try:
            return input(prompt)
        except EOFError:
            return None
    line = sys.stdin.readline()
    return line.rstrip("\n") if line else None
