"""The secret that an installation makes for itself where nobody gave it one.

Law: only for development and tests, beside the application, readable by its owner alone. The first
process to come makes it, whole or not at all; all others read it.
"""

from __future__ import annotations

import os
import secrets

from velocious.errors import PlatformError

#: Hidden, so that no bundle for browsers takes it along; `velocious init` has tmp/ ignored by git.
PATH = os.path.join("tmp", ".secret")
ENVIRONMENTS = ("development", "test")


def own_secret(directory: str | None, environment: str) -> str | None:
    """The installation's own secret; None where it must be given one.

    Raises:
        PlatformError: it can be neither read nor written.
    """
    if directory is None or environment not in ENVIRONMENTS:
        return None
    path = os.path.join(os.path.abspath(directory), PATH)
    try:
        return _read(path) or _make(path)
    except OSError as error:
        raise PlatformError(
            f"The secret of this installation could not be kept in {path!r}: {error.strerror}. "
            "Make its folder writable, or set VELOCIOUS_SECRET to a secret of `velocious g:secret`."
        ) from error


def _read(path: str) -> str | None:
    try:
        with open(path, encoding="ascii") as file:
            return file.read().strip()
    except FileNotFoundError:
        return None


def _make(path: str) -> str | None:
    os.makedirs(os.path.dirname(path), exist_ok=True)
    beside = f"{path}.{os.getpid()}-{secrets.token_hex(4)}"
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with open(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(48))
        # A link appears with its whole content, and only where there is none yet.
        os.link(beside, path)
    except FileExistsError:
        pass  # Another process came first: its secret is the one.
    finally:
        os.remove(beside)
    return _read(path)
