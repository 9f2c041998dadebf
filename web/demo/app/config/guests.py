"""Who looks at the board together: guests, by names that nobody has to think of."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from zlib import crc32

from velocious.realtime import Admit, Identity, Reject

if TYPE_CHECKING:
    from velocious.realtime import Upgrade

ANIMALS = (
    *("Badger", "Beaver", "Crane", "Dolphin", "Falcon", "Gecko", "Heron", "Ibex", "Jackdaw"),
    *("Lynx", "Marten", "Newt", "Otter", "Puffin", "Raven", "Seal", "Tapir", "Wombat"),
)
_GUEST = re.compile(r"[0-9a-f-]{8,40}")


async def guest(request: Upgrade) -> Admit | Reject:
    """Let everybody in whose page says who it is; all tabs of a browser are the same guest."""
    id = request.query.get("guest", "")
    if _GUEST.fullmatch(id) is None:
        return Reject(400, "Say which guest it is: ?guest=<hexadecimal digits>")
    return Admit(Identity(id, info={"name": ANIMALS[crc32(id.encode()) % len(ANIMALS)]}))
