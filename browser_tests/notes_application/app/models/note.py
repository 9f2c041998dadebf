"""A note."""

from __future__ import annotations

from velocious.record import Record, validates


class Note(Record):
    """Something written down."""

    validations = [validates("text", presence=True)]
