"""A row that a tab has written."""

from __future__ import annotations

from velocious.record import Record


class Line(Record):
    """The *number*-th of the tab *writer*."""
