"""A paper."""

from __future__ import annotations

from typing import TYPE_CHECKING

from velocious.record import Record, has_one_attachment

if TYPE_CHECKING:
    from velocious.record.attribute import Attribute


class Paper(Record):
    """Something with a scan."""

    if TYPE_CHECKING:
        title: Attribute[str]

    scan = has_one_attachment()
