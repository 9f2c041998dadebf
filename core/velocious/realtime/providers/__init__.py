"""What connects the processes of an application, one file each. Law: see ``base.py``."""

from __future__ import annotations

from velocious.realtime.providers.base import Provider as Provider
from velocious.realtime.providers.memory import MemoryProvider as MemoryProvider
