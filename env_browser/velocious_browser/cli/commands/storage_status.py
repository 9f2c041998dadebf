"""``storage:status``."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from velocious.cli.command import Needs, command
from velocious.cli.table import table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from velocious.cli.command import Invocation
    from velocious_browser.interop import Host

SPACE = {"low": " (nearly full)", "full": " (full: the newest write was refused)"}


@command("storage:status", needs=Needs.CONFIGURATION)
@click.option("--json", "as_json", is_flag=True, help="As JSON, for programs.")
async def storage_status(invocation: Invocation, as_json: bool) -> None:
    """Show how safe the data of this page is, how much room it takes, and what can be done.

    In the page, `await app.storage.status()` answers the same as an object.
    """
    host: Host = invocation.services["host"]
    status = await host.storage_status()
    if as_json:
        invocation.output.write(json.dumps(status, ensure_ascii=False, indent=2))
        return
    for line in _lines(status):
        invocation.output.write(line)


def _lines(status: dict[str, Any]) -> Iterator[str]:
    yield f"State:  {status['state']}, {status['reason']}."
    yield f"Space:  {_used(status)}{SPACE.get(status.get('space', 'enough'), '')}."
    yield f"Kept when the disk is nearly full:  {'yes' if status.get('persisted') else 'no'}."
    yield f"Files:  {len(status['contents'])}, and room for {status.get('free', 0)} more."
    beside = status["beside"]
    if beside["files"]:
        yield (
            f"Beside the databases:  {beside['files']:,} files of attachments and uploads, "
            f"{beside['bytes']:,} bytes."
        )
    if status["contents"]:
        rows = [(one["path"], f"{one['size']:,}") for one in status["contents"]]
        yield from table(("file", "bytes"), rows)
    if status["advice"]:
        yield "What you can do:"
        yield from (f"- {advice}" for advice in status["advice"])


def _used(status: dict[str, Any]) -> str:
    usage, quota = status.get("usage"), status.get("quota")
    if not quota:
        return "the browser does not say"
    return f"{usage:,} of {quota:,} bytes, {status['percent']} %"
