"""What the tests of the JavaScript surface call."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime, time
from decimal import Decimal
from enum import Enum
from typing import Any
from uuid import UUID

from app.models.note import Note

from velocious_browser.actions import action
from velocious_browser.worker import application

NOON = datetime(2026, 6, 1, 12, 0, 0, 123456, tzinfo=UTC)


class Colour(Enum):
    RED = "red"


#: The table of docs/javascript.md, from Python's side.
VALUES: dict[str, Any] = {
    "None": None,
    "bool": True,
    "int": 2**53 - 1,
    "big int": 2**53,
    "negative big int": -(10**30),
    "float": 1.5,
    "negative zero": -0.0,
    "nan": float("nan"),
    "infinity": float("inf"),
    "str": "ø \U0001f600 \x00 </script>",
    "half a character": "\ud83d",
    "bytes": b"\x00\xff",
    "aware datetime": NOON,
    "naive datetime": datetime(2026, 6, 1, 12),
    "date": date(2026, 6, 1),
    "time": time(9, 30),
    "Decimal": Decimal("1.10"),
    "UUID": UUID("12345678-1234-5678-1234-567812345678"),
    "Enum": Colour.RED,
    "tuple": (1, (2,)),
    "set": {1},
    "dict": {"a": {"b": []}, "__proto__": 1},
    "mark": {"__velocious_type": "date", "value": "text"},
}


@action("surface.value")
async def value(name: str) -> Any:
    return VALUES[name]


@action("surface.shown")
async def shown(*values: Any, **named: Any) -> list[str]:
    """What Python got, as Python writes it."""
    return [*map(repr, values), *(f"{name}={one!r}" for name, one in named.items())]


@action("surface.echo")
async def echo(given: Any) -> Any:
    return given


@action("surface.record")
async def record() -> Note:
    return await Note.create(text="a record")


@action("surface.refuse")
async def refuse() -> None:
    await Note.create(text="")


@action("surface.caused")
async def caused() -> None:
    try:
        raise ValueError("the cause")
    except ValueError as error:
        raise LookupError("the error") from error


@action("surface.unfit")
async def unfit() -> Any:
    return {"tasks": [{}, {"owner": object()}]}


@action("surface.emit")
async def emit() -> None:
    application().host.emit("happened", {"at": NOON})


@action("surface.wait")
async def wait() -> None:
    """Until it is cancelled; a note that was written before is not there afterwards."""
    async with Note.transaction():
        await Note.create(text="half")
        await emit()
        await asyncio.Event().wait()


@action("surface.add")
async def add(text: str) -> None:
    await Note.create(text=text)


@action("surface.clear")
async def clear() -> None:
    await Note.query().delete_all()


@action("surface.like")
async def like(pattern: str) -> list[str]:
    """The notes that match; one that says so is an error."""
    found = await Note.where("text LIKE ?", pattern).order("id").pluck("text")
    if "broken" in found:
        raise LookupError("broken")
    return found


@action("surface.rows")
async def rows(count: int, dates: bool = False) -> list[dict[str, Any]]:
    """As many rows of five columns."""
    return [
        {
            "id": number,
            "name": f"Task number {number}",
            "done": number % 2 == 0,
            "position": number * 1.5,
            "at": NOON if dates else "2026-06-01T12:00:00+00:00",
        }
        for number in range(count)
    ]
