"""``console``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from velocious.cli.command import Needs, command
from velocious.cli.evaluate import scope
from velocious_node.cli.repl import Repl

if TYPE_CHECKING:
    from velocious.cli.command import Invocation


@command("console", needs=Needs.OPEN, takes_rest=True)
async def console(invocation: Invocation) -> None:
    """Type Python with the application's models; `await` works at the prompt.

    Known are every model by its name, configuration, and database (the default one).
    """
    configuration = invocation.configuration
    history = configuration.files.absolute(".velocious-console-history")
    names = scope(configuration)
    models = ", ".join(sorted(configuration.models.names())) or "none yet"
    banner = f"Velocious console ({configuration.environment}). Models: {models}. Ctrl+D leaves."
    await Repl(names, invocation.output, history=history).run(banner)
