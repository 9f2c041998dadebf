"""The secret that the in-browser application makes for itself: it signs what never leaves here.

Law: it lies on the durable storage, is never the server's, and never one that came with the
application's files.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from velocious.files import Files

PATH = "tmp/.secret"


def own_secret(files: Files) -> str:
    """The secret of this origin's application, made when it is first asked for. One worker alone
    owns the storage, so nobody makes another meanwhile.
    """
    path = files.absolute(PATH)
    if not files.exists(path):
        files.write_text(path, secrets.token_urlsafe(48))
    return files.read_text(path)
