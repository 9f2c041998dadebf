"""A post."""

from __future__ import annotations

from typing import TYPE_CHECKING

from velocious.record import Record, validates


class Post(Record):
    """Something to read."""

    if TYPE_CHECKING:
        id: int
        title: str

    validations = [validates("title", presence=True)]
