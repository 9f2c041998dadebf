"""Asking the application about an upgrade."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from velocious.realtime.upgrade import Admit, Reject

if TYPE_CHECKING:
    from velocious.realtime.engine import OnUpgrade
    from velocious.realtime.upgrade import Upgrade

logger = logging.getLogger("velocious.realtime")


async def ask(hook: OnUpgrade, upgrade: Upgrade, seconds: float) -> Admit | Reject:
    """What *hook* says; whatever is no clear yes is a no."""
    try:
        async with asyncio.timeout(seconds):
            found = await hook(upgrade)
    except TimeoutError:
        logger.warning("The upgrade hook took longer than %s seconds", seconds)
        return Reject(503, "Try again later")
    except Exception:
        logger.exception("The upgrade hook failed")
        return Reject(500, "Internal error")
    return found if isinstance(found, Admit | Reject) else Reject()
