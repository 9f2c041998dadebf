"""What the fields of a record are called, in the form's data and in the page."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from velocious.naming import underscore

if TYPE_CHECKING:
    from velocious.record import Record

_OUTSIDE = re.compile(r"[^A-Za-z0-9-]+")


def form_name(record: Record) -> str:
    """What a form of *record* is called: ``post`` for ``params["post"]``."""
    return underscore(type(record).__name__)


def field_name(form: str, attribute: str) -> str:
    """``post[title]``; the attribute alone in a form without a name."""
    return f"{form}[{attribute}]" if form else attribute


def field_id(form: str, attribute: str) -> str:
    """``post_title``, from ``post`` or ``post[tasks_attributes][0]``."""
    return _OUTSIDE.sub("_", f"{form}_{attribute}" if form else attribute).strip("_")
