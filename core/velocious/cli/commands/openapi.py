"""``openapi``."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from velocious.cli.command import Needs, command

if TYPE_CHECKING:
    from velocious.cli.command import Invocation


@command("openapi", needs=Needs.CONFIGURATION)
@click.option("--output", metavar="PATH", help="Write it to a file instead.")
async def openapi(invocation: Invocation, output: str | None) -> None:
    """Print the OpenAPI 3.1 document of the application as JSON.

    It describes the routes, and what actions declare with @accepts and @responds.
    """
    from velocious.openapi import openapi_document

    configuration = invocation.configuration
    text = json.dumps(openapi_document(configuration), indent=2, ensure_ascii=False)
    if output is None:
        invocation.output.write(text)
        return
    configuration.files.write_text(output, f"{text}\n")
    invocation.output.write(f"Wrote {output}.")
