"""The type of a file by its name.

Law: it does not depend on the machine: ``mimetypes`` reads what the system happens to say, and a
module or WebAssembly with the wrong type does not run in a browser.
"""

from __future__ import annotations

import mimetypes
import os

TYPES = {
    ".css": "text/css; charset=utf-8",
    ".csv": "text/csv; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".ico": "image/x-icon",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".md": "text/markdown; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".mts": "text/plain; charset=utf-8",
    ".svg": "image/svg+xml",
    ".toml": "application/toml",
    ".txt": "text/plain; charset=utf-8",
    ".wasm": "application/wasm",
    ".webmanifest": "application/manifest+json",
    ".webp": "image/webp",
    ".woff2": "font/woff2",
    ".xml": "application/xml",
    ".zip": "application/zip",
}

_OTHERS = mimetypes.MimeTypes(filenames=())


def media_type(path: str) -> str:
    """The Content-Type of the file at *path*."""
    suffix = os.path.splitext(path)[1].lower()
    return TYPES.get(suffix) or _OTHERS.guess_type(path)[0] or "application/octet-stream"
