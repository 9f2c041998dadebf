"""Processes that hear of each other through Redis (extra ``redis``).

Law: nothing here runs in an application that did not ask for it.
"""

from __future__ import annotations

from velocious_node.realtime.redis.emitter import RedisEmitter as RedisEmitter
from velocious_node.realtime.redis.foreign import ForeignProvider as ForeignProvider
from velocious_node.realtime.redis.provider import RedisProvider as RedisProvider
from velocious_node.realtime.redis.settings import RedisSettings as RedisSettings
