"""A prompt for Python with ``await``.

Law: the event loop keeps running while a person types, so reading happens in a thread of its own;
everything that is typed is evaluated on the loop.
"""

from __future__ import annotations

import ast
import asyncio
import builtins
import codeop
import inspect
import os
import signal
import sys
import traceback
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from types import CodeType

    from velocious.cli.output import Output


class Repl:
    """Reads, evaluates and prints until the input ends."""

    def __init__(self, names: dict[str, Any], output: Output, *, history: str) -> None:
        self._names = names
        self._output = output
        self._history = History(history)
        self._compile = codeop.CommandCompiler()
        self._compile.compiler.flags |= ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
        self._running: asyncio.Task[object] | None = None
        self._left = False

    async def run(self, banner: str) -> None:
        """Greet and serve whoever types."""
        interactive = sys.stdin.isatty()
        if interactive:
            self._output.write(banner)
            self._history.open(self._names)
        try:
            with self._interrupts():
                await self._serve(interactive)
        finally:
            if interactive:
                self._history.save()

    async def _serve(self, interactive: bool) -> None:
        lines: list[str] = []
        while not self._left:
            line = await self._read(interactive, continued=bool(lines))
            if line is None:
                break
            lines.append(line)
            source = "\n".join(lines)
            code = self._compiled(source)
            if code is _INCOMPLETE:
                continue
            lines = []
            if code is not None:
                await self._evaluate(code)
        if lines and (code := self._compiled("\n".join(lines) + "\n")) not in (None, _INCOMPLETE):
            await self._evaluate(code)

    async def _read(self, interactive: bool, *, continued: bool) -> str | None:
        prompt = ("... " if continued else ">>> ") if interactive else ""
        try:
            return await asyncio.to_thread(input, prompt)
        except EOFError:
            if interactive:
                self._output.write()
            return None

    def _compiled(self, source: str) -> Any:
        try:
            code = self._compile(source, "<console>", "single")
        except (SyntaxError, ValueError, OverflowError) as error:
            self._output.error("".join(traceback.format_exception_only(error)).rstrip())
            return None
        return _INCOMPLETE if code is None else code

    async def _evaluate(self, code: CodeType) -> None:
        self._running = asyncio.create_task(self._run(code))
        try:
            await self._running
        except asyncio.CancelledError:
            self._output.error("Interrupted.")
        except Exception as error:
            self._output.error(_without_our_frames(error))
        finally:
            self._running = None

    async def _run(self, code: CodeType) -> None:
        # "single" code hands its values to the display hook, which keeps the last one as _.
        try:
            value = eval(code, self._names)
            if inspect.isawaitable(value) and code.co_flags & inspect.CO_COROUTINE:
                await value
        except SystemExit:
            # It would end the event loop at once, before anything was closed.
            self._left = True
        self._names["_"] = getattr(builtins, "_", None)

    def _interrupts(self) -> _Interrupts:
        return _Interrupts(self)

    def interrupt(self) -> None:
        """Ctrl+C: stop what is being evaluated, if anything is."""
        if self._running is not None:
            self._running.cancel()
        else:
            self._output.error("Ctrl+D leaves the console.")


class _Interrupts:
    """Ctrl+C stops an evaluation, not the console, for the duration of the block."""

    def __init__(self, repl: Repl) -> None:
        self._repl = repl
        self._previous: Any = None

    def __enter__(self) -> None:
        loop = asyncio.get_running_loop()

        def interrupted(*_: object) -> None:
            loop.call_soon_threadsafe(self._repl.interrupt)

        self._previous = signal.signal(signal.SIGINT, interrupted)

    def __exit__(self, *_: object) -> None:
        signal.signal(signal.SIGINT, self._previous)


class History:
    """The lines typed in earlier sessions, and completion of names."""

    def __init__(self, path: str) -> None:
        self._path = path

    def open(self, names: dict[str, Any]) -> None:
        readline = _readline()
        if readline is None:
            return
        import rlcompleter

        readline.set_completer(rlcompleter.Completer(names).complete)
        readline.parse_and_bind("tab: complete")
        if os.path.exists(self._path):
            readline.read_history_file(self._path)

    def save(self) -> None:
        readline = _readline()
        if readline is not None:
            readline.set_history_length(2000)
            readline.write_history_file(self._path)


def _readline() -> Any:
    try:
        import readline
    except ImportError:  # Windows has none: then there is no history
        return None
    return readline


def _without_our_frames(error: BaseException) -> str:
    own = error.__traceback__
    while own is not None and own.tb_frame.f_code.co_filename == __file__:
        own = own.tb_next
    return "".join(traceback.format_exception(type(error), error, own)).rstrip()


_INCOMPLETE = object()
