"""``web:manifest``."""

from __future__ import annotations

import json
from io import BytesIO
from itertools import groupby
from typing import TYPE_CHECKING, Any
from zipfile import ZipFile

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
    """List every file that a browser can get, with its size, and what is in the application's
    archive.

    Fails where the application lists something that is never sent: a database, a hidden file, a
    password.
    """
    from velocious_node.browser.site import Site

    site = Site(invocation.configuration)
    output = invocation.output
    if as_json:
        output.write(json.dumps(_document(site), indent=2))
        return
    for group, members in groupby(site.files, key=lambda file: file.group):
        files = list(members)
        output.write(output.style(group, "bold"))
        for line in table(HEADS, [_row(file) for file in files]):
            output.write(line)
        for file in files if group == "application" else []:
            output.write()
            for line in table(("In it", "Bytes"), _rows_of(file)):
                output.write(line)
        output.write()
    first = [file for file in site.files if file.first_visit]
    output.write(f"All: {_said(site.files)}")
    output.write(f"A first visit: {_said(first)}")


def _row(file: SiteFile) -> tuple[str, ...]:
    brotli = file.squeezed.get("br")
    size = "" if brotli is None else f"{len(brotli):,}"
    return file.path, f"{len(file.content):,}", size, "yes" if file.first_visit else ""


def _rows_of(archive: SiteFile) -> list[tuple[str, ...]]:
    return [(one["path"], f"{one['bytes']:,}") for one in _contained(archive)]


def _contained(file: SiteFile) -> list[dict[str, Any]]:
    """The files of an archive of sources, as they are when they are unpacked."""
    with ZipFile(BytesIO(file.content)) as archive:
        return [{"path": one.filename, "bytes": one.file_size} for one in archive.infolist()]


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
    is_archive = file.group in ("application", "velocious")
    return {
        "path": file.path,
        "group": file.group,
        "bytes": len(file.content),
        "brotli": squeezed.get("br"),
        "gzip": squeezed.get("gzip"),
        "first_visit": file.first_visit,
        **({"contains": _contained(file)} if is_archive else {}),
    }
