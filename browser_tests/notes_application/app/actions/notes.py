"""What the page may ask for."""

from __future__ import annotations

import sys

from app.models.note import Note

from velocious.configuration import Configuration
from velocious.live import live
from velocious_browser import storage
from velocious_browser.actions import action
from velocious_browser.worker import application

IMPORTED_AT_START = sorted(sys.modules)


@action("notes.add")
async def add(text: str) -> Note:
    return await Note.create(text=text)


@action("notes.list")
async def list_notes() -> list[str]:
    return await Note.order("id").pluck("text")


@action("storage.state")
async def storage_state() -> str:
    return storage.current().state


@action("files")
async def files() -> list[str]:
    """What lies in the folder of the databases."""
    return Configuration.current().files.list("db")


@action("modules")
async def modules() -> list[str]:
    """What was imported before the application was ready."""
    return IMPORTED_AT_START


@action("notes.follow")
async def follow() -> None:
    """Tell the page all notes, now and after each change."""
    host = application().host
    live(list_notes, lambda notes: host.emit("notes", notes))
