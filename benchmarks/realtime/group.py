"""Servers of one side that know of each other through Redis."""

from __future__ import annotations

import os

REDIS_URL = os.environ.get("VELOCIOUS_TEST_REDIS", "redis://127.0.0.1:6379/0")
#: What all names in Redis begin with: one for each group, so that two of them never meet.
GROUP = os.environ.get("BENCHMARK_GROUP", "benchmark")
