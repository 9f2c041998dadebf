"""Addresses of files that carry the digest of their content: browsers may keep them for ever.

Law: one digest for whoever writes an address and whoever answers it. A file that changes gets
another address; an address of before is answered, but kept by nobody.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

if TYPE_CHECKING:
    from velocious.files import Files

#: The folder whose files are served, and how many digits of a digest an address has.
FOLDER = "web"
DIGITS = 16
#: For a file whose address has the digest of what is sent, and for all others.
FOR_EVER = "public, max-age=31536000, immutable"
ASK_AGAIN = "no-cache"


class AssetDigests:
    """The digests of the files in ``web/``."""

    def __init__(self, files: Files) -> None:
        self._files = files

    def address(self, path: str) -> str:
        """Where *path* (``"assets/app.css"``) is found: ``"/assets/app.css?v=…"``; without a digest
        where there is no such file.
        """
        below = path.removeprefix("/")
        digest = self.digest(f"{FOLDER}/{below}")
        address = f"/{quote(below)}"
        return address if digest is None else f"{address}?v={digest}"

    def digest(self, path: str) -> str | None:
        """The first digits of the digest of the file at *path*, as the files port takes it."""
        digest = self._files.digest(path)
        return None if digest is None else digest[:DIGITS]

    def caching(self, path: str, query: bytes) -> str:
        """The Cache-Control of the file at *path*, asked for with *query*."""
        if not query.startswith(b"v="):
            return ASK_AGAIN
        asked = query[2:].partition(b"&")[0].decode("latin-1")
        return FOR_EVER if asked and asked == self.digest(path) else ASK_AGAIN
