"""Keeps rendered fragments, up to a size, and names them by what they were made of.

Law: a fragment is kept under everything it depends on: its template's text, the locale, the tenant,
and the version of every record in its key. What has no version is refused.
"""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING, Any, cast

from velocious.errors import RenderError
from velocious.record import Record

if TYPE_CHECKING:
    from markupsafe import Markup

#: Characters that all fragments of a process have together at most.
LIMIT = 16 * 1024 * 1024


class Fragments:
    """The least recently used fragments are forgotten when *limit* is reached."""

    def __init__(self, limit: int = LIMIT) -> None:
        self._kept: OrderedDict[tuple[Any, ...], Markup] = OrderedDict()
        self._limit = limit
        self._size = 0

    def __len__(self) -> int:
        return len(self._kept)

    def get(self, key: tuple[Any, ...]) -> Markup | None:
        """The fragment of *key*, if it is still kept."""
        found = self._kept.get(key)
        if found is not None:
            self._kept.move_to_end(key)
        return found

    def put(self, key: tuple[Any, ...], text: Markup) -> None:
        """Keep *text*, unless it alone is too much."""
        self._size -= len(self._kept.pop(key, ""))
        if len(text) > self._limit // 4:
            return
        self._kept[key] = text
        self._size += len(text)
        while self._size > self._limit:
            _, oldest = self._kept.popitem(last=False)
            self._size -= len(oldest)

    def clear(self) -> None:
        """Forget all fragments."""
        self._kept.clear()
        self._size = 0


def key_part(value: Any) -> Any:
    """What stands for *value* in a key.

    Raises:
        RenderError: nothing tells whether it has changed.
    """
    if isinstance(value, Record):
        return _version(value)
    if value is None or isinstance(value, str | int | float | bytes):
        return value
    if isinstance(value, list | tuple):
        return tuple(key_part(one) for one in cast("list[Any]", value))
    if hasattr(value, "isoformat"):
        return value.isoformat()
    raise RenderError(
        f"{{% cache %}} was given a {type(value).__name__}, and nothing tells when that has "
        "changed. Give it records, texts, numbers, dates, or lists of them."
    )


def owner_part(tenant: Any) -> Any:
    """What stands for *tenant* in a key: itself, whatever it is called later.

    Raises:
        RenderError: it has no identity.
    """
    try:
        hash(tenant)
    except TypeError as error:
        raise RenderError(
            f"{{% cache %}} runs for the tenant {type(tenant).__name__}, which cannot be told from "
            "others (it has no hash). Give tenants that are texts, numbers or records."
        ) from error
    return tenant


def _version(record: Record) -> tuple[Any, ...]:
    known = type(record)._definition.schema_or_fail().attributes
    column = next((name for name in ("lock_version", "updated_at") if name in known), None)
    if column is None:
        raise RenderError(
            f"{{% cache %}} was given {record!r}, whose table has neither updated_at nor "
            "lock_version: nothing tells when it has changed. Add one (t.timestamps()), or name "
            "what it depends on: {% cache record.id, record.name %}."
        )
    if record.is_new_record or record.is_changed():
        raise RenderError(
            f"{{% cache %}} was given {record!r} with unsaved changes; others would see them. Save "
            "it first, or do not cache it."
        )
    version = record.read(column)
    shown = version.isoformat() if hasattr(version, "isoformat") else version
    return (type(record).__name__, str(record.primary_key_value()), shown)
