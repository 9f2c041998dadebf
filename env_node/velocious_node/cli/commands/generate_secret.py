"""``g:secret``."""

from __future__ import annotations

from secrets import token_urlsafe
from typing import TYPE_CHECKING

from velocious.cli.command import Needs, command

if TYPE_CHECKING:
    from velocious.cli.command import Invocation

#: Of the system's randomness; 64 characters.
BYTES = 48


@command("g:secret", needs=Needs.NOTHING)
async def generate_secret(invocation: Invocation) -> None:
    """Print a new secret for VELOCIOUS_SECRET.

    Nothing is written: keep it where the server's other secrets are, and never in the repository.
    """
    invocation.output.write(token_urlsafe(BYTES))
