"""``web:build``."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

import click

from velocious.cli.command import Needs, command
from velocious.errors import ConfigurationError, WrongUsageError

if TYPE_CHECKING:
    from velocious.cli.command import Invocation

_PREFIX = re.compile(r"(/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)*/?")


@command("web:build", needs=Needs.CONFIGURATION)
@click.option(
    "--output", default="dist/web", show_default=True, metavar="PATH", help="The folder to make."
)
@click.option(
    "--prefix", default="/", show_default=True, help="The path that the site is served below."
)
@click.option(
    "--pages",
    metavar="PATHS",
    help="What a first visit may ask for, with commas: /,/posts. All pages without parameters "
    "by default.",
)
async def web_build(invocation: Invocation, output: str, prefix: str, pages: str | None) -> None:
    """Make a folder that any web server can serve, with no Python behind it.

    The pages are answered by the browser, on its own database. The application runs in the
    environment "production" there, unless --environment or VELOCIOUS_ENV says another one.
    """
    from velocious_node.browser.site import Site
    from velocious_node.browser.site_folder import write_site

    configuration = invocation.configuration
    if not configuration.browser:
        raise ConfigurationError(
            "browser=[…] of the configuration lists nothing, so there is no application that a "
            'browser could run. List what it may have: browser=["app/config", "app/models", …].'
        )
    said = "VELOCIOUS_ENV" in os.environ
    site = Site(
        configuration,
        root=_root(prefix),
        environment=configuration.environment if said else "production",
        pages=None if pages is None else [page for page in pages.split(",") if page.strip()],
    )
    directory = Path(configuration.directory or ".")
    write_site(site, directory / output, directory)
    size = sum(file.sent for file in site.files if file.first_visit)
    for page in site.pages:
        invocation.output.write(f"   page  {_root(prefix)}{page}")
    invocation.output.write(
        f"Built {len(site.files)} files in {output} for {_root(prefix)}/; a first visit takes "
        f"{size:,} bytes."
    )


def _root(prefix: str) -> str:
    if not _PREFIX.fullmatch(prefix):
        raise WrongUsageError(
            f"--prefix {prefix!r} is no path. Write it like /app/, with letters, digits, '-', '_', "
            "'.' and '~'."
        )
    return prefix.rstrip("/")
