"""What Redis does in one step.

Law: all keys of a script belong to one channel, and are in one slot of a cluster. A history belongs
to one run of Redis: what a restart or a failover may have lost cannot be continued.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha1

# KEYS: at (run, epoch, last, count, age), kept (the stream). ARGV[1]: the run, where the connection
# knows it; ARGV[2]: a new epoch, should one be needed.
_HISTORY = """
local run, token = ARGV[1], ARGV[2]
if run == '' then run = string.match(redis.call('INFO', 'server'), 'run_id:(%w+)') end
local function stand()
  local at = redis.call('HMGET', KEYS[1], 'run', 'epoch', 'last')
  if at[1] == run then return at[2], tonumber(at[3]) end
  redis.call('DEL', KEYS[2])
  redis.call('HSET', KEYS[1], 'run', run, 'epoch', token, 'last', 0)
  return token, 0
end
local function now()
  local time = redis.call('TIME')
  return time[1] * 1000 + math.floor(time[2] / 1000)
end
local function live(age)
  redis.call('PEXPIRE', KEYS[1], math.max(86400000, age * 2))
  redis.call('PEXPIRE', KEYS[2], age + 1000)
end
local function add(channel, text, count, age)
  local epoch, last = stand()
  last = redis.call('HINCRBY', KEYS[1], 'last', 1)
  redis.call('XADD', KEYS[2], 'MAXLEN', '~', count, last .. '-0', 't', now(), 'e', text)
  live(age)
  local position = epoch .. '-' .. string.format('%d', last)
  redis.call('PUBLISH', channel, position .. ' ' .. text)
  return position
end
"""

_ADD = (
    _HISTORY
    + """
redis.call('HSET', KEYS[1], 'count', ARGV[5], 'age', ARGV[6])
return add(ARGV[3], ARGV[4], ARGV[5], tonumber(ARGV[6]))
"""
)

# For whoever does not know the channels: what has a history goes there. No count, no age.
_TELL = (
    _HISTORY
    + """
local keep = redis.call('HMGET', KEYS[1], 'count', 'age')
if keep[1] then return add(ARGV[3], ARGV[4], keep[1], tonumber(keep[2])) end
redis.call('PUBLISH', ARGV[3], ARGV[4])
return ''
"""
)

# What came after an offset: epoch, last, and pairs of (offset, text), none older than allowed.
_SINCE = (
    _HISTORY
    + """
local after, count, age = ARGV[3], tonumber(ARGV[4]), tonumber(ARGV[5])
local epoch, last = stand()
redis.call('HSET', KEYS[1], 'count', count, 'age', age)
live(age)
local found = {}
if after ~= '' then
  local oldest, first = now() - age, math.max(tonumber(after) + 1, last - count + 1)
  for _, one in ipairs(redis.call('XRANGE', KEYS[2], string.format('%d-0', first), '+')) do
    if tonumber(one[2][2]) >= oldest then
      table.insert(found, string.match(one[1], '^%d+'))
      table.insert(found, one[2][4])
    end
  end
end
return {epoch, string.format('%d', last), found}
"""
)

# KEYS: who (connection → lease:member), info, count. ARGV: connection, lease, member, info, where
# it is announced, the announcements of an addition and of an update.
_JOIN = """
local mine = ARGV[2] .. ':' .. ARGV[3]
local known = redis.call('HGET', KEYS[1], ARGV[1])
if known and string.match(known, '^[^:]*:(.*)$') ~= ARGV[3] then return {'another', 0} end
redis.call('HSET', KEYS[1], ARGV[1], mine)
local there = redis.call('HINCRBY', KEYS[3], ARGV[3], known and 0 or 1)
local before = redis.call('HGET', KEYS[2], ARGV[3])
if before == ARGV[4] then return {'', there} end
redis.call('HSET', KEYS[2], ARGV[3], ARGV[4])
redis.call('PUBLISH', ARGV[5], before and ARGV[7] or ARGV[6])
return {before and 'member.updated' or 'member.added', there}
"""

# KEYS: as above. ARGV: connection, the lease it must belong to ('' for any), where it is announced,
# the announcement, the member.
_LEAVE = """
local known = redis.call('HGET', KEYS[1], ARGV[1])
if not known then return '' end
local lease, member = string.match(known, '^([^:]*):(.*)$')
if member ~= ARGV[5] or (ARGV[2] ~= '' and lease ~= ARGV[2]) then return '' end
redis.call('HDEL', KEYS[1], ARGV[1])
if redis.call('HINCRBY', KEYS[3], member, -1) > 0 then return '' end
redis.call('HDEL', KEYS[3], member)
redis.call('HDEL', KEYS[2], member)
redis.call('PUBLISH', ARGV[3], ARGV[4])
return 'member.removed'
"""

_MEMBERS = """
return {redis.call('HGETALL', KEYS[2]), redis.call('HGETALL', KEYS[3])}
"""

# KEYS: the leases by their ends. ARGV: the lease, milliseconds. 0: it had ended, or never began.
_RENEW = """
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local ends = redis.call('ZSCORE', KEYS[1], ARGV[1])
if not ends or tonumber(ends) < now then return 0 end
redis.call('ZADD', KEYS[1], now + tonumber(ARGV[2]), ARGV[1])
return 1
"""

_BEGIN = """
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
return redis.call('ZADD', KEYS[1], now + tonumber(ARGV[2]), ARGV[1])
"""

_ENDED = """
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
return redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', '(' .. string.format('%d', now))
"""


@dataclass(frozen=True, slots=True)
class Script:
    """A script, and what Redis calls it."""

    text: str
    sha: str

    def on(self, keys: tuple[str, ...]) -> tuple[object, ...]:
        """The command that runs it on *keys*; its values follow."""
        return ("EVALSHA", self.sha, len(keys), *keys)


def _script(text: str) -> Script:
    return Script(text, sha1(text.encode(), usedforsecurity=False).hexdigest())


ADD = _script(_ADD)
TELL = _script(_TELL)
SINCE = _script(_SINCE)
JOIN = _script(_JOIN)
LEAVE = _script(_LEAVE)
MEMBERS = _script(_MEMBERS)
RENEW = _script(_RENEW)
BEGIN = _script(_BEGIN)
ENDED = _script(_ENDED)
ALL = (ADD, TELL, SINCE, JOIN, LEAVE, MEMBERS, RENEW, BEGIN, ENDED)
