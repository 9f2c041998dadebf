"""What the page may ask for."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pyodide_js
from app.models.paper import Paper

from velocious.configuration import Configuration
from velocious.errors import PlatformError
from velocious_browser import worker
from velocious_browser.actions import action

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from velocious.files import ScratchFile

PIECE = bytes(range(256)) * 1024

#: Uploads of requests that are not over.
open_uploads: list[ScratchFile] = []


def memory() -> int:
    """Bytes of Python's memory: it grows with what was kept at a time, and never shrinks."""
    js_module: Any = getattr(pyodide_js, "_module")  # noqa: B009
    return js_module.HEAPU8.length


async def stream(pieces: int) -> AsyncGenerator[bytes]:
    for _ in range(pieces):
        yield PIECE


@action("papers.scan")
async def scan(title: str, pieces: int) -> int:
    """Make a paper with a scan of so many pieces; the bytes by which the memory grew."""
    before = memory()
    paper = await Paper.create(title=title)
    await paper.scan.attach({"content": stream(pieces), "filename": f"{title}.bin"})
    return memory() - before


@action("papers.read")
async def read(title: str) -> tuple[int, int]:
    """The bytes of a scan, each compared with what was attached; and the memory's growth."""
    before = memory()
    paper = await Paper.preload("scan").find_by_or_fail(title=title)
    size = 0
    async for chunk in paper.scan.stream():
        size += len(chunk)
    return size, memory() - before


@action("papers.scan_forever")
async def scan_forever() -> None:
    async def endless() -> AsyncGenerator[bytes]:
        yield PIECE
        worker.application().host.log("info", "in the middle")
        await asyncio.Event().wait()

    paper = await Paper.create(title="endless")
    await paper.scan.attach({"content": endless(), "filename": "endless.bin"})


@action("papers.list")
async def papers() -> list[tuple[str, bool]]:
    found = await Paper.preload("scan").order("id").to_list()
    return [(paper.title, paper.scan.is_attached) for paper in found]


@action("papers.sweep")
async def sweep() -> int:
    swept = await Configuration.current().attachments.sweep(older_than=timedelta(0))
    return len(swept)


@action("uploads.begin")
async def begin_upload() -> None:
    upload = await Configuration.current().environment_handler.scratch_file()
    await upload.write(PIECE)
    open_uploads.append(upload)


@action("uploads.read")
async def read_upload(start: int, size: int) -> bool:
    return await open_uploads[-1].read(start, size) == PIECE[start : start + size]


@action("uploads.end")
async def end_upload() -> str | None:
    try:
        await open_uploads.pop().close()
    except PlatformError as error:
        return str(error)
    return None
