"""``web:manifest``."""

from __future__ import annotations

import json
from itertools import groupby
from typing import TYPE_CHECKING

import click

from velocious.cli.command import Needs, command
from velocious.cli.table import table

if TYPE_CHECKING:
    from collections.abc import Iterable

    from velocious.cli.command import Invocation
    from velocious_node.browser.site import Site, SiteFile

HEADS = ("File", "Bytes", "Brotli", "First visit")


@command("web:manifest", needs=Needs.CONFIGURATION)
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
async def web_manifest(invocation: Invocation, as_json: bool) -> None:
    """List every file that a browser can get, with its size.

    Fails where the application lists something that is never sent: a database, a hidden file, a
    password.
    """
    from velocious_node.browser.site import Site

    site = Site(invocation.configuration)
    output = invocation.output
    if as_json:
        output.write(json.dumps(_document(site), indent=2))
        return
    for group, files in groupby(site.files, key=lambda file: file.group):
        output.write(output.style(group, "bold"))
        for line in table(HEADS, [_row(file) for file in files]):
            output.write(line)
        output.write()
    first = [file for file in site.files if file.first_visit]
    output.write(f"All: {_said(site.files)}")
    output.write(f"A first visit: {_said(first)}")


def _row(file: SiteFile) -> tuple[str, ...]:
    brotli = file.squeezed.get("br")
    size = "" if brotli is None else f"{len(brotli):,}"
    return file.path, f"{len(file.content):,}", size, "yes" if file.first_visit else ""


def _said(files: Iterable[SiteFile]) -> str:
    said = _sums(files)
    return f"{said['files']} files, {said['bytes']:,} bytes, sent as {said['sent']:,}."


def _sums(files: Iterable[SiteFile]) -> dict[str, int]:
    counted = list(files)
    return {
        "files": len(counted),
        "bytes": sum(len(file.content) for file in counted),
        "sent": sum(file.sent for file in counted),
    }


def _document(site: Site) -> dict[str, object]:
    return {
        "files": [_entry(file) for file in site.files],
        "groups": {
            group: _sums(files) for group, files in groupby(site.files, lambda file: file.group)
        },
        "total": _sums(site.files),
        "first_visit": _sums(file for file in site.files if file.first_visit),
    }


def _entry(file: SiteFile) -> dict[str, object]:
    squeezed = {coding: len(content) for coding, content in file.squeezed.items()}
    return {
        "path": file.path,
        "group": file.group,
        "bytes": len(file.content),
        "brotli": squeezed.get("br"),
        "gzip": squeezed.get("gzip"),
        "first_visit": file.first_visit,
    }
