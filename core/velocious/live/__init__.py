"""Results that follow the database: ``async for tasks in Task.where(done=False).live():``."""

from __future__ import annotations

from velocious.live.handle import LiveHandle as LiveHandle
from velocious.live.results import LiveResults as LiveResults
from velocious.live.source import Live as Live
from velocious.live.source import live as live
