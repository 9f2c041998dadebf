"""Where the cookie jar lies: a file beside the databases, so that a session survives a reload."""

from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING

from velocious_browser.http.cookie_jar import CookieJar

if TYPE_CHECKING:
    from velocious.clock import Clock
    from velocious.files import Files

PATH = "velocious/cookies.json"

logger = logging.getLogger("velocious.browser")


def read_jar(files: Files, clock: Clock) -> CookieJar:
    """The jar as it was last written; an empty one where there is none.

    A file that cannot be understood costs the person a sign-in, not the application; the log says
    so.
    """
    if not files.exists(PATH):
        return CookieJar(clock)
    try:
        return CookieJar.from_data(clock, json.loads(files.read_text(PATH)))
    except (ValueError, TypeError) as error:
        logger.warning("the cookies in %s are not readable and start anew: %s", PATH, error)
        return CookieJar(clock)


def write_jar(files: Files, jar: CookieJar) -> None:
    """Write *jar* to the disk; done when this returns."""
    files.write_text(PATH, json.dumps(jar.to_data()))
