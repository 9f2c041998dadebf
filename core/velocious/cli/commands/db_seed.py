"""``db:seed``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from velocious.cli.command import Needs, command
from velocious.cli.printed import printed_to
from velocious.cli.seeding import seed

if TYPE_CHECKING:
    from velocious.cli.command import Invocation


@command("db:seed", needs=Needs.OPEN)
async def db_seed(invocation: Invocation) -> None:
    """Fill the database with the data of app/db/seed.py.

    The file defines `async def seed(configuration, progress)`.
    """
    with printed_to(invocation.output):
        await seed(invocation.configuration, invocation.output)
