"""Files that lie squeezed beside their originals (``app.css.br``, ``app.css.gz``): squeezed once,
and harder than any server would do it for each request.
"""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING, NamedTuple

from velocious_node.http.codings import chosen_coding

if TYPE_CHECKING:
    from starlette.datastructures import Headers

SUFFIXES = {"br": ".br", "zstd": ".zst", "gzip": ".gz"}


class SentFile(NamedTuple):
    """What is sent for a file: its path and coding, and whether that depends on the client."""

    path: str
    coding: str | None
    varies: bool


def precompressed(path: str, asked: Headers) -> SentFile:
    """The file to send for the one at *path*."""
    there = tuple(coding for coding, suffix in SUFFIXES.items() if _is_of(path, suffix))
    if not there:
        return SentFile(path, None, varies=False)
    # Parts are parts of the original.
    accepted = "" if "range" in asked else ",".join(asked.getlist("accept-encoding"))
    coding = chosen_coding(accepted.encode("latin-1"), there)
    suffix = "" if coding is None else SUFFIXES[coding]
    return SentFile(path + suffix, coding, varies=True)


def _is_of(path: str, suffix: str) -> bool:
    """Whether there is such a file, no link to another one, and not older than its original."""
    try:
        squeezed = os.lstat(path + suffix)
    except OSError:
        return False
    is_file = stat.S_ISREG(squeezed.st_mode)
    return is_file and squeezed.st_mtime_ns >= os.stat(path).st_mtime_ns
