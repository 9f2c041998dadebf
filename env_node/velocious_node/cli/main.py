"""The program `velocious`."""

from __future__ import annotations

import asyncio
import os
import sys
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING

from velocious.cli.main import run
from velocious.cli.output import StreamOutput
from velocious_node.cli.application import load
from velocious_node.cli.manifest import registry

if TYPE_CHECKING:
    from collections.abc import Callable

INTERRUPTED = 130


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; the exit code."""
    words = sys.argv[1:] if arguments is None else arguments
    output = StreamOutput(sys.stdout, sys.stderr, colour=_wants_colour())
    try:
        return asyncio.run(
            run(load, words, output, registry=registry()), loop_factory=_loop_factory(words)
        )
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # Whoever read our output has gone (`| head`); Python would complain again when it exits.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1


def _loop_factory(words: list[str]) -> Callable[[], asyncio.AbstractEventLoop] | None:
    """uvloop's, where a server is asked for and it is installed; else Python's own."""
    if "server" not in words or find_spec("uvloop") is None:
        return None
    return import_module("uvloop").new_event_loop


def _wants_colour() -> bool:
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR")


if __name__ == "__main__":
    sys.exit(main())
