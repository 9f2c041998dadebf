"""A post."""

from __future__ import annotations

from velocious.record import Record


class Post(Record):
    """A row of the page."""
