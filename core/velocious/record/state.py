"""The three states of a record."""

from __future__ import annotations

NEW = 0
PERSISTED = 1
DESTROYED = 2
