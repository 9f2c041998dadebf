"""Tables of Velocious' own in an application's SQLite file, which are no part of its schema."""

from __future__ import annotations

from typing import Final

#: Which write of each other tab of the browser was done last, and what it was answered.
APPLIED: Final = "velocious_applied"
